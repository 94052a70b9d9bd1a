package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// The servers write the same values differently: usagegraph global IDs (Site:10) and
// amounts as decimals, the others what the tables hold, bare keys and millionths;
// each its own cursors and instants. canonical brings them to one form.

// amounts are the fields that the tables keep as counts of millionths.
var amounts = []string{"allowance", "remaining", "amount", "runningBalance", "balance", "netBalance", "quantity", "quantityUsed"}

// instants are the fields that hold a moment.
var instants = []string{"timestamp", "expiryAt"}

// canonical is an answer whose values are comparable. decimal reports whether its
// amounts are decimals, not millionths.
func canonical(body []byte, decimal bool) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var answer map[string]any
	if err := decoder.Decode(&answer); err != nil {
		return nil, err
	}
	if errors, ok := answer["errors"]; ok {
		return nil, fmt.Errorf("the answer has errors: %v", errors)
	}
	return simplify("", answer["data"], decimal)
}

// simplify is the value of a field in the common form.
func simplify(field string, value any, decimal bool) (any, error) {
	var err error
	switch value := value.(type) {
	case map[string]any:
		if field == "netBalance" {
			return simplify(field, value["balance"], decimal)
		}
		for name, inner := range value {
			if value[name], err = simplify(name, inner, decimal); err != nil {
				return nil, err
			}
		}
		return value, nil
	case []any:
		for i, inner := range value {
			if value[i], err = simplify(field, inner, decimal); err != nil {
				return nil, err
			}
		}
		return value, nil
	case json.Number:
		return scalar(field, value.String(), decimal)
	case string:
		return scalar(field, value, decimal)
	default: // null, true, false
		return value, nil
	}
}

func scalar(field, text string, decimal bool) (string, error) {
	switch {
	case field == "endCursor":
		return "a cursor", nil
	case field == "id" || strings.HasSuffix(field, "Id"):
		return text[strings.LastIndexAny(text, ":/")+1:], nil
	case slices.Contains(amounts, field):
		amount, ok := new(big.Rat).SetString(text)
		if !ok {
			return "", fmt.Errorf("%s: %q is no amount", field, text)
		}
		if decimal {
			amount.Mul(amount, big.NewRat(1e6, 1))
		}
		return amount.RatString(), nil
	case slices.Contains(instants, field):
		at, err := time.Parse(time.RFC3339, text)
		return at.UTC().Format(time.RFC3339Nano), err
	default:
		return text, nil
	}
}

// difference says where two answers differ first, and how; "" if they do not.
func difference(path string, a, b any) string {
	switch left := a.(type) {
	case map[string]any:
		right, ok := b.(map[string]any)
		if !ok || len(left) != len(right) {
			break
		}
		for name, inner := range left {
			other, ok := right[name]
			if !ok {
				return fmt.Sprintf("%s has no %s", path, name)
			}
			if found := difference(path+"."+name, inner, other); found != "" {
				return found
			}
		}
		return ""
	case []any:
		right, ok := b.([]any)
		if !ok || len(left) != len(right) {
			break
		}
		for i, inner := range left {
			if found := difference(fmt.Sprintf("%s[%d]", path, i), inner, right[i]); found != "" {
				return found
			}
		}
		return ""
	default:
		if a == b {
			return ""
		}
	}
	return fmt.Sprintf("%s is %.200v, not %.200v", path, fmt.Sprint(b), fmt.Sprint(a))
}
