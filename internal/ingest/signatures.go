package ingest

import (
	"slices"
	"strconv"
	"strings"
)

// signature is how a row of a kind is known.
type signature struct {
	kind     string
	numbered bool // its ID is an integer; else it is a text
	requires []requirement
	marks    []string // fields that rows of this kind, and of no kind without them here, may have
}

// requirement is something that a row has in one of some fields.
type requirement struct {
	what string // for messages; "" where the reading of the row says it in its own words
	keys []string
}

func field(key string) requirement { return requirement{keys: []string{key}} }

// productMarks are those of usage products and of plans, which may be taken for
// each other: both may have nothing but an ID and a name.
var productMarks = []string{
	"availableFrom", "availableTo", "usageProductId", "usageProductCategoryId", "direction", "productReferenceCanBeRange", "serviceIdRequired",
	"boltOn", "rolloverPeriods", "triggerChargeId", "minQualifyingQuantity", "maxPerEventQuantity", "inclusiveUsageComponents", "boltOnCharges",
}

// signatures are those of all kinds, in the order of Kinds. A field that a billing
// system may come to write into rows of other kinds is no mark of any.
var signatures = []signature{
	{
		kind: "customers",
		requires: []requirement{field("id"), {"a name, an account number or a type", []string{
			"customerName", "customerAccountNumber", "customerType", "externalIds", "customer_name", "ingest_aliases", "customer_config",
		}}},
		marks: []string{"customerName", "customerAccountNumber", "customerType", "externalIds", "customer_name", "ingest_aliases", "customer_config"},
	},
	{
		kind: "sites", numbered: true,
		requires: []requirement{field("id"), field("customerId")},
		marks:    []string{"customerId", "siteName", "siteReference", "siteAddress", "siteInvoiceDetails", "siteIdReceivingInvoice", "siteContacts"},
	},
	{
		kind: "usage-products", numbered: true,
		requires: []requirement{field("id"), {"a name", []string{"name", "nominalCode"}}},
		marks:    productMarks,
	},
	{
		kind: "bill-runs", numbered: true,
		requires: []requirement{field("id"), {"a period", []string{"periodStartDate", "periodEndDate"}}},
		marks:    []string{"periodStartDate", "periodEndDate", "billRunStatus", "summaryStatus", "includeUsageUntilDate"},
	},
	{
		kind: "inclusive-usage-plans", numbered: true,
		requires: []requirement{field("id"), {"a name", []string{"name", "nominalCode"}}},
		marks:    productMarks,
	},
	{
		kind: "usage-product-inventories", numbered: true,
		requires: []requirement{field("id"), field("siteId"), field("usageProductId"), field("productReferences")},
		marks: []string{
			"customerId", "siteId", "usageProductId", "productReferences", "supplierAccountId", "billByServiceId", "serviceId", "inFlightOrder",
			"externalOrderReference", "externalNetworkOrderReference", "pendingEndDate", "usageCapEnabled", "defaultUsageCap", "overrideUsageCap",
			"applySurcharges", "tripwirePlanId",
		},
	},
	{
		kind: "inclusive-usage-balances", numbered: true,
		requires: []requirement{field("billRunId"), field("usageProductInventoryId")},
		marks: []string{
			"customerId", "siteId", "billRunId", "usageProductInventoryId", "inclusiveUsageBalanceAssignments", "periodStartDate", "periodEndDate",
		},
	},
	{
		kind:     "invoices",
		requires: []requirement{field("id"), field("status")},
		marks: []string{
			"customer_name", "contract_id", "line_items", "start_timestamp", "end_timestamp", "issued_at", "subtotal", "external_invoice", "billable_status",
			"invoice_adjustments",
		},
	},
	{
		kind:     "balances",
		requires: []requirement{field("id"), field("type")},
		marks: []string{
			"customer_name", "contract_id", "contract", "product", "access_schedule", "invoice_schedule", "invoice_contract", "rate_type", "ledger", "applicable_product_ids",
			"applicable_product_tags", "applicable_contract_ids", "specifiers", "rollover_fraction", "rolled_over_from", "recurring_commit_id",
			"recurring_credit_id", "subscription_config", "hierarchy_configuration", "cost_basis", "netsuite_sales_order_id", "uniqueness_key",
		},
	},
	{
		kind: "entitlement-balances",
		requires: []requirement{field("id"), {"an entitlement or a quantity", []string{
			"entitlement", "entitlement_id", "quantity", "quantity_used", "quantity_remaining", "active_from",
		}}},
		marks: []string{
			"customer_name", "contract_id", "contract", "product", "invoice", "entitlement", "entitlement_id", "entitlement_name", "quantity", "quantity_used", "quantity_remaining",
			"active_from", "expiry_at", "source_type", "source_id",
		},
	},
}

// markKinds are the kinds that each mark is of.
var markKinds = func() map[string][]string {
	kinds := map[string][]string{}
	for _, s := range signatures {
		for _, mark := range s.marks {
			kinds[mark] = append(kinds[mark], s.kind)
		}
	}
	return kinds
}()

// signatureOf is the signature of a kind.
func signatureOf(kind string) signature {
	return signatures[slices.IndexFunc(signatures, func(s signature) bool { return s.kind == kind })]
}

// misfit notes why a row is not of the kind, and reports whether it is not: it is
// an error answer, of another system, or of another kind. What else is wrong with a
// row is for its reader to say.
func (s signature) misfit(f fields) bool {
	lacks := s.lacks(f.node)
	if like := foreignRow(f.node); like != "" {
		f.row.fail("$", f.node.found(), "a row of "+s.kind+": "+like)
		return true
	}
	if lacks != nil && !slices.ContainsFunc(s.marks, f.node.has) {
		if text := f.node.rowlessError(); text != "" {
			f.row.fail("$", errorAnswer(text), "rows of "+s.kind)
			return true
		}
		if like := foreign(f.node); like != "" {
			f.row.fail("$", f.node.found(), "a row of "+s.kind+": "+like)
			return true
		}
	}
	if alien := s.alien(f.node); alien != "" {
		f.row.fail(short(alien), f.node.fields[alien].found(), "a row of "+s.kind+", which has no such field"+looksLike(f.node))
		return true
	}
	if lacks == nil {
		return false
	}
	like := looksLike(f.node)
	if like != "" {
		s.incomplete(f, lacks, like)
	}
	return like != ""
}

// complete notes what a row lacks, if nothing else is wrong with it.
func (s signature) complete(f fields) {
	if lacks := s.lacks(f.node); lacks != nil && !f.row.failed {
		s.incomplete(f, lacks, "")
	}
}

// incomplete notes what a row lacks, and perhaps what it looks like.
func (s signature) incomplete(f fields, lacks *requirement, like string) {
	expected := lacks.what
	if expected == "" {
		expected = "a value"
	}
	f.row.fail(lacks.keys[0], f.node.fields[lacks.keys[0]].found(), expected+", which rows of "+s.kind+" have"+like)
}

// lacks is the first requirement that a row does not fulfil, nil if there is none.
func (s signature) lacks(n *node) *requirement {
	for i, r := range s.requires {
		if !slices.ContainsFunc(r.keys, n.has) {
			return &s.requires[i]
		}
	}
	return nil
}

// alien is the first field of the row, by name, that only other kinds have, "" if
// there is none.
func (s signature) alien(n *node) (first string) {
	for key := range n.fields {
		kinds := markKinds[key]
		if len(kinds) > 0 && n.has(key) && !slices.Contains(kinds, s.kind) && (first == "" || key < first) {
			first = key
		}
	}
	return first
}

// looksLike says which kind a row looks like, for the end of a message: the one
// that it fits with the most marks. It is "" if it fits none.
func looksLike(n *node) string {
	var like []string
	most := 0
	for _, s := range signatures {
		if s.lacks(n) != nil || s.alien(n) != "" || s.numbered && n.fields["id"] != nil && !n.fields["id"].isInteger() {
			continue
		}
		marks := 0
		for _, mark := range s.marks {
			if n.fields[mark] != nil {
				marks++
			}
		}
		if marks > most {
			most, like = marks, nil
		}
		if marks == most {
			like = append(like, "looks like "+s.kind)
		}
	}
	if len(like) == 0 {
		return ""
	}
	return ": this " + strings.Join(like, " or ")
}

// isInteger reports whether a value is an integer, or the text of one.
func (n *node) isInteger() bool {
	if n.kind != number && n.kind != words {
		return false
	}
	_, err := strconv.ParseInt(n.text, 10, 64)
	return err == nil
}
