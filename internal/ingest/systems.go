package ingest

import (
	"maps"
	"slices"
	"strings"
)

// system is another billing system's answer, by fields that no row of Elevate,
// Metronome or Zenskar has.
type system struct {
	name string
	rows string   // what its rows are; "" where that follows from the answer
	keys []string // that the object has, each with a value
}

// systems are the other billing systems whose answers are recognised. The first
// that fits is meant.
var systems = []system{
	{"Chargebee", "", []string{"object", "resource_version"}},
	{"Chargebee", "", []string{"list", "next_offset"}},
	{"Recurly", "", []string{"object", "hosted_login_token"}},
	{"Recurly", "", []string{"object", "next", "has_more"}},
	{"Stripe", "", []string{"object"}},
	{"Lago", "", []string{"lago_id"}},
	{"Orb", "credit blocks", []string{"per_unit_cost_basis"}},
	{"Orb", "credit blocks", []string{"maximum_initial_balance"}},
	{"Orb", "credit ledger entries", []string{"credit_block", "entry_type"}},
	{"Orb", "customers", []string{"external_customer_id", "portal_url"}},
	{"Orb", "customers", []string{"external_customer_id", "payment_provider"}},
	{"Orb", "customers", []string{"external_customer_id", "timezone"}},
	{"Orb", "", []string{"pagination_metadata"}},
	{"OpenMeter", "entitlements", []string{"featureKey", "featureId"}},
	{"OpenMeter", "entitlements", []string{"featureKey", "subjectKey"}},
	{"OpenMeter", "entitlements", []string{"subjectKey", "currentUsagePeriod"}},
	{"OpenMeter", "grants", []string{"effectiveAt", "expiration"}},
	{"OpenMeter", "grants", []string{"maxRolloverAmount"}},
	{"OpenMeter", "customers", []string{"usageAttribution"}},
	{"OpenMeter", "meters", []string{"eventType", "aggregation"}},
	{"OpenMeter", "features", []string{"meterSlug"}},
	{"OpenMeter", "", []string{"items", "pageSize", "totalCount"}},
	{"Flexprice", "wallets", []string{"wallet_status"}},
	{"Flexprice", "wallets", []string{"credit_balance", "conversion_rate"}},
	{"Flexprice", "", []string{"environment_id", "tenant_id"}},
	{"Kill Bill", "credits", []string{"auditLogs", "creditId"}},
	{"Kill Bill", "invoices", []string{"auditLogs", "invoiceId"}},
	{"Kill Bill", "accounts", []string{"auditLogs", "accountId"}},
	{"Kill Bill", "", []string{"auditLogs"}},
	{"Kill Bill", "accounts", []string{"accountId", "accountBalance"}},
}

// foreignRow says which other system a row is of, by its own fields, "" if none is
// recognised.
func foreignRow(n *node) string {
	if foreignOf(n) == nil {
		return ""
	}
	return foreign(n)
}

// foreign says the same of an answer, whose rows may be in any list of it.
func foreign(n *node) string { return foreignWithin(n, "", 3) }

// foreignWithin looks at an object, which the answer holds in the field called in,
// and then at what it holds.
func foreignWithin(n *node, in string, depth int) string {
	if n.kind != object || depth == 0 {
		return ""
	}
	outer := foreignOf(n)
	if outer != nil && outer.rowsOf(n, in) != "" {
		return outer.like(outer.rowsOf(n, in))
	}
	for _, key := range slices.Sorted(maps.Keys(n.fields)) {
		field := n.fields[key]
		if field.kind == list && len(field.items) > 0 {
			field = field.items[0]
		}
		if like := foreignWithin(field, key, depth-1); like != "" {
			return like
		}
	}
	if outer != nil {
		return outer.like("")
	}
	return ""
}

// foreignOf is the system that an object is of, nil if none is recognised.
func foreignOf(n *node) *system {
	for i, s := range systems {
		if !slices.ContainsFunc(s.keys, func(key string) bool { return !n.has(key) }) && (s.keys[0] != "object" || n.fields["object"].kind == words) {
			return &systems[i]
		}
	}
	return nil
}

// has reports whether an object has a field with a value.
func (n *node) has(key string) bool {
	field := n.fields[key]
	return field != nil && field.kind != null
}

// rowsOf is what the rows are that an object of the system is one of or holds.
func (s *system) rowsOf(n *node, in string) string {
	if s.rows != "" {
		return s.rows
	}
	if object := n.fields["object"]; object != nil && object.kind == words && object.text != "list" && object.text != "search_result" {
		_, name, _ := cutLast(object.text, ".")
		return plain(name)
	}
	if address := n.fields["url"]; address != nil && address.kind == words {
		_, name, _ := cutLast(address.text, "/")
		return plain(name)
	}
	if in != "" && !slices.Contains(envelopeKeys, in) && in != "items" && in != "list" {
		return plain(in)
	}
	return ""
}

// plain is the name of rows in words: billing.credit_grant gives credit grants.
func plain(name string) string {
	name = strings.TrimSuffix(strings.ReplaceAll(name, "_", " "), "s")
	if name == "" {
		return ""
	}
	if stem, ok := strings.CutSuffix(name, "y"); ok {
		return short(stem) + "ies"
	}
	return short(name) + "s"
}

// cutLast cuts around the last separator. Without one all is after it.
func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}
	return "", text, false
}

// like says what an answer looks like, and what usagegraph reads instead.
func (s *system) like(rows string) string {
	const reads = "; usagegraph reads Elevate, Metronome and Zenskar"
	if rows == "" {
		return "this looks like an answer of " + s.name + reads
	}
	return "this looks like " + s.name + "'s list of " + rows + reads
}
