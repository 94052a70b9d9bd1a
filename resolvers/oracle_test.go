package resolvers_test

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// This file is a second answer to what a filter and an order mean: a plain
// evaluation over rows in memory, which shares no code with the SQL.

// record is a row as the oracle sees it: its key, and for each field the values
// that a filter looks at, nil for null.
type record struct {
	key    string
	parent map[string]string // keys of the parents, by type
	order  map[string][]any  // values of an order field; that of ID is the key's columns
	fields map[string]any    // a value, or values for a field that any of several may pass
	paths  map[string][]map[string]any
}

// several are the values of a field of which any may pass.
type several []any

// pathOf is the path that a field's conditions must hold on together.
var pathOf = map[string]string{
	"assignmentId": "usage", "inclusiveUsagePlanId": "usage", "assignmentLevel": "usage", "componentId": "usage",
	"chargingType": "usage", "remaining": "usage", "usedRatio": "usage",
	"coveringDate": "segment", "startingAt": "segment", "effectiveBefore": "segment",
}

// passes reports whether the filter chooses the record.
func passes(r record, filter map[string]any) bool {
	onPath := map[string][]string{}
	for name, want := range filter {
		if want == nil {
			continue
		}
		members, _ := want.([]any)
		switch {
		case name == "and":
			for _, member := range members {
				if !passes(r, member.(map[string]any)) {
					return false
				}
			}
		case name == "or":
			if !slices.ContainsFunc(members, func(member any) bool { return passes(r, member.(map[string]any)) }) {
				return false
			}
		case name == "not":
			if passes(r, want.(map[string]any)) {
				return false
			}
		case r.paths[pathOf[name]] != nil:
			onPath[pathOf[name]] = append(onPath[pathOf[name]], name)
		default:
			if !fieldPasses(name, r.fields, want) {
				return false
			}
		}
	}
	for path, names := range onPath {
		if !slices.ContainsFunc(r.paths[path], func(at map[string]any) bool {
			return !slices.ContainsFunc(names, func(name string) bool {
				_, here := at[name]
				return path == "usage" && !here || !fieldPasses(name, at, filter[name])
			})
		}) {
			return false
		}
	}
	return true
}

// fieldPasses reports whether one field of the values passes.
func fieldPasses(name string, values map[string]any, want any) bool {
	at := func(field string) string { s, _ := values[field].(string); return s }
	switch name {
	case "liveOn":
		return at("startDate") <= want.(string) && (values["endDate"] == nil || want.(string) <= at("endDate"))
	case "available":
		left, _ := values["quantityRemaining"].(float64)
		return (left > 0) == want.(bool)
	case "activeAt":
		return (values["activeFrom"] == nil || at("activeFrom") <= want.(string)) && (values["expiryAt"] == nil || want.(string) < at("expiryAt"))
	case "coveringDate":
		return at("from") <= want.(string) && want.(string) < at("to")
	case "startingAt":
		return at("to") > want.(string)
	case "effectiveBefore":
		return at("from") < want.(string)
	case "customFields":
		for _, field := range want.([]any) {
			pair := field.(map[string]any)
			if !slices.Contains(values["customFields"].(several), any(pair["key"].(string)+"="+pair["value"].(string))) {
				return false
			}
		}
		return true
	}
	candidates, ok := values[name].(several)
	if !ok {
		candidates = several{values[name]}
	}
	return slices.ContainsFunc(candidates, func(value any) bool { return operatorsPass(value, want.(map[string]any)) })
}

func operatorsPass(value any, operators map[string]any) bool {
	for operator, want := range operators {
		if !operatorPasses(value, operator, want) {
			return false
		}
	}
	return true
}

func operatorPasses(value any, operator string, want any) bool {
	switch {
	case operator == "isNull":
		return (value == nil) == want.(bool)
	case operator == "gtOrNull" && value == nil:
		return true
	case value == nil || want == nil:
		return false
	}
	switch operator {
	case "in":
		return slices.ContainsFunc(want.([]any), func(member any) bool { return compare(value, member) == 0 })
	case "eq":
		return compare(value, want) == 0
	case "neq":
		return compare(value, want) != 0
	case "lt":
		return compare(value, want) < 0
	case "lte":
		return compare(value, want) <= 0
	case "gt", "gtOrNull":
		return compare(value, want) > 0
	case "gte":
		return compare(value, want) >= 0
	case "like":
		return strings.Contains(strings.ToLower(value.(string)), strings.ToLower(want.(string)))
	case "startsWith":
		return strings.HasPrefix(value.(string), want.(string))
	}
	panic("no operator " + operator)
}

// compare orders texts by code point and numbers by value.
func compare(a, b any) int {
	switch a := a.(type) {
	case string:
		return cmp.Compare(a, b.(string))
	case bool:
		if a == b.(bool) {
			return 0
		}
		return 1
	default:
		return cmp.Compare(number(a), number(b))
	}
}

func number(v any) float64 {
	switch v := v.(type) {
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return math.NaN()
}

// inOrder sorts records by the keys of an orderBy argument, and then by the key.
func inOrder(records []record, keys []map[string]any) []record {
	sorted := slices.Clone(records)
	slices.SortStableFunc(sorted, func(a, b record) int {
		for _, key := range append(slices.Clone(keys), map[string]any{"field": "ID"}) {
			field := key["field"].(string)
			desc := key["direction"] == "DESC"
			nullsFirst := desc
			if nulls, ok := key["nulls"].(string); ok {
				nullsFirst = nulls == "FIRST"
			}
			for i := range a.order[field] {
				if c := compareNulls(a.order[field][i], b.order[field][i], desc, nullsFirst); c != 0 {
					return c
				}
			}
		}
		return 0
	})
	return sorted
}

func compareNulls(a, b any, desc, nullsFirst bool) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		if nullsFirst {
			return -1
		}
		return 1
	case b == nil:
		return -compareNulls(b, a, desc, nullsFirst)
	case desc:
		return compare(b, a)
	default:
		return compare(a, b)
	}
}
