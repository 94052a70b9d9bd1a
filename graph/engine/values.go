package engine

import (
	"errors"
	"fmt"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
)

func pageOf(given map[string]any, limit int) (relay.Page, error) {
	var args relay.Args
	var errs [4]error
	args.First, errs[0] = argument(given, "first", relay.UnmarshalInt)
	args.Last, errs[1] = argument(given, "last", relay.UnmarshalInt)
	args.After, errs[2] = argument(given, "after", text)
	args.Before, errs[3] = argument(given, "before", text)
	if err := errors.Join(errs[:]...); err != nil {
		return relay.Page{}, err
	}
	return relay.NewPage(args, limit)
}

// argument reads an argument, nil if it is null or not given.
func argument[T any](given map[string]any, name string, read func(any) (T, error)) (*T, error) {
	value := given[name]
	if value == nil {
		return nil, nil
	}
	v, err := read(value)
	return &v, err
}

func text(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("%T is not a string", v)
	}
	return s, nil
}

func instant(v any) (at models.DateTime, err error) { return at, at.UnmarshalGQL(v) }

// orderOf is the argument orderBy. GraphQL takes one value where a list is wanted.
func orderOf(v any) (keys []models.OrderKey) {
	v = models.Plain(withLists(v))
	members, isList := v.([]any)
	if !isList {
		members = []any{v}
	}
	for _, member := range members {
		if key, ok := member.(models.OrderKey); ok {
			keys = append(keys, key)
		}
	}
	return keys
}

// withLists is a value in which lists that are empty are so. Those of a document are
// nil, which would be no list.
func withLists(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, member := range v {
			out[i] = withLists(member)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, member := range v {
			out[name] = withLists(member)
		}
		return out
	}
	return v
}

// balancesWhere is the filter of the flags that lists of balances have.
func balancesWhere(given map[string]any, now models.DateTime) models.Filter {
	is := func(name string) bool { flag, _ := given[name].(bool); return flag }
	if !is("excludeZeroBalances") {
		return models.BalancesWhere(is("includeContractBalances"), is("includeArchived"), nil)
	}
	return models.BalancesWhere(is("includeContractBalances"), is("includeArchived"), &now)
}

// netWhere is the filter of the balances that a net balance adds up.
func netWhere(given map[string]any) (models.Filter, error) {
	creditType, err := argument(given, "creditTypeId", text)
	if err != nil {
		return nil, err
	}
	if creditType == nil {
		return models.LiveOf(models.USDCents)
	}
	return models.LiveOf(*creditType)
}

// asOfOf reads the arguments of fields that look at a balance.
func asOfOf(given map[string]any, now models.DateTime) (models.AsOf, error) {
	at, err := argument(given, "asOf", instant)
	out := models.AsOf{At: now, Mode: models.InvoiceInclusionModeFinalizedAndDraft}
	if at != nil {
		out.At = *at
	}
	if mode, ok := given["invoiceInclusionMode"].(string); ok {
		out.Mode = models.InvoiceInclusionMode(mode)
	}
	return out, err
}
