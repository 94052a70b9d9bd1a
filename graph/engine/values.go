package engine

import (
	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
)

func pageOf(given map[string]any, limit int) (relay.Page, error) {
	return relay.NewPage(relay.Args{
		First: argument[int](given, "first"), Last: argument[int](given, "last"),
		After: argument[string](given, "after"), Before: argument[string](given, "before"),
	}, limit)
}

// argument is a coerced argument, nil if it is null or not given.
func argument[T any](given map[string]any, name string) *T {
	value, ok := given[name].(T)
	if !ok {
		return nil
	}
	return &value
}

// orderOf is the argument orderBy.
func orderOf(v any) (keys []models.OrderKey) {
	members, _ := v.([]any)
	for _, member := range members {
		if key, ok := member.(models.OrderKey); ok {
			keys = append(keys, key)
		}
	}
	return keys
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
	if creditType := argument[string](given, "creditTypeId"); creditType != nil {
		return models.LiveOf(*creditType)
	}
	return models.LiveOf(models.USDCents)
}

// asOfOf reads the arguments of fields that look at a balance.
func asOfOf(given map[string]any, now models.DateTime) models.AsOf {
	out := models.AsOf{At: now, Mode: models.InvoiceInclusionModeFinalizedAndDraft}
	if at := argument[models.DateTime](given, "asOf"); at != nil {
		out.At = *at
	}
	if mode := argument[string](given, "invoiceInclusionMode"); mode != nil {
		out.Mode = models.InvoiceInclusionMode(*mode)
	}
	return out
}
