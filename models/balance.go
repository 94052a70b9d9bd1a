package models

import (
	"fmt"
	"io"
	"strings"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/relay"
)

// BalanceConnection is a page of balances.
type (
	BalanceConnection = relay.Connection[*Balance]
	BalanceEdge       = relay.Edge[*Balance]
)

// BalanceID is the key of a Balance, Metronome's id.
type BalanceID string

// String is the raw key, the databaseId of GraphQL.
func (id BalanceID) String() string { return string(id) }

// MarshalGQL writes the global ID.
func (id BalanceID) MarshalGQL(w io.Writer) { relay.WriteID(w, "Balance", id.String()) }

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *BalanceID) UnmarshalGQL(v any) error { return relay.ReadTextID("Balance", v, id) }

// Balance is a commit or a credit. All its amounts are in units of its credit
// type: cents for USD.
//
// Source: Metronome POST /v1/contracts/customerBalances/list.
type Balance struct {
	Read[Balance] `gorm:"-"`

	ID                       BalanceID `gorm:"primaryKey"`
	CustomerID               CustomerID
	Type                     BalanceType
	ContractID               *ContractID // nil for a balance of the customer as a whole
	ProductID                *string     // what invoices it, not what it may be spent on
	Name                     *string     `fold:"yes"`
	Description              *string     `fold:"yes"`
	Priority                 *float64    // the lower burns first
	RateType                 *BalanceRateType
	CreditTypeID             *string
	ApplicableProductIds     []string            `gorm:"serializer:json"`
	ApplicableProductTags    []string            `gorm:"serializer:json"`
	ApplicableContractIds    []ContractID        `gorm:"serializer:json"`
	Specifiers               []*BalanceSpecifier `gorm:"serializer:json"`
	RolloverFraction         *float64            // 0 to 1
	RolledOverFromBalanceID  *BalanceID
	RolledOverFromContractID *ContractID
	RecurringBalanceID       *string
	InvoiceSchedule          *InvoiceSchedule `gorm:"serializer:json"`
	InvoiceContractID        *ContractID
	SubscriptionConfig       *SubscriptionConfig     `gorm:"serializer:json"`
	HierarchyConfiguration   *HierarchyConfiguration `gorm:"serializer:json"`
	CostBasis                *float64
	UniquenessKey            *string
	NetsuiteSalesOrderID     *string
	SalesforceOpportunityID  *string
	CreatedBy                *string
	CreatedAt                *DateTime
	ArchivedAt               *DateTime // nil while it is live
	UpdatedAt                DateTime
	Digest                   []byte // of the row without its ledger
	LedgerDigest             []byte // of the ledger; nil when none was ever imported
}

// Balances is the table of commits and credits.
var Balances = newTable[Balance]("customer_id").
	filters("id", "customerId", "type", "contractId", "creditTypeId", "archivedAt", "updatedAt").
	filterBy("coveringDate", onSegment(`%[1]s."starting_at" <= ? AND ? < %[1]s."ending_before"`)).
	filterBy("startingAt", onSegment(`%s."ending_before" > ?`)).
	filterBy("effectiveBefore", onSegment(`%s."starting_at" < ?`)).
	filterBy("notZeroAt", testOf(scalar[DateTime], notZero)).
	filterBy("customFields", filterField{test: &filterTest{customFields, hasCustomFields}}).
	orderable("CREATED_AT", "PRIORITY", "UPDATED_AT").
	searchIn("name", "description").
	asking(balanceFlags)

// AllBalances is the list at the root, Query.balances.
var AllBalances = all(Balances).field("Query.balances")

var segmentPath = &path{
	row: []string{`t."id"`}, far: []string{`s."balance_id"`},
	from: func(s *statement, _ map[string]bool) { s.from(AccessSegments, "s") },
}

// onSegment asks of a segment what sql says, in which the first place is for its
// alias and each ? for the instant.
func onSegment(sql string) filterField {
	return testOf(scalar[DateTime], func(w *filterWriter, alias string, at DateTime) {
		for range strings.Count(sql, "?") {
			w.args = append(w.args, at)
		}
		w.add(fmt.Sprintf(sql, alias))
	}).along(segmentPath, "s")
}

// customFields reads a list of {key, value}, each of which is a condition.
func customFields(r *filterReader, v any) (any, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v} // GraphQL takes one value where a list is wanted
	}
	fields := make([]CustomFieldInput, len(list))
	for i := range list {
		err := r.count()
		if err == nil {
			fields[i], err = customField(list[i])
		}
		if err == nil {
			err = relay.CheckText(fields[i].Key + fields[i].Value)
		}
		if err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// hasCustomFields asks for all of some custom fields.
func hasCustomFields(w *filterWriter, alias string, fields any) {
	w.add("(TRUE")
	for _, want := range fields.([]CustomFieldInput) {
		w.add(" AND EXISTS (SELECT 1 FROM ").from(BalanceCustomFields, "f")
		w.add(` WHERE f."balance_id" = `+alias+`."id" AND f."key" = ? AND f."value" = ?)`, want.Key, want.Value)
	}
	w.add(")")
}

// customField reads a custom field, which gqlgen may have read already.
func customField(v any) (field CustomFieldInput, err error) {
	switch v := v.(type) {
	case CustomFieldInput:
		return v, nil
	case map[string]any:
		key, isKey := v["key"].(string)
		value, isValue := v["value"].(string)
		if isKey && isValue {
			return CustomFieldInput{Key: key, Value: value}, nil
		}
	}
	return field, apierror.Invalid("want {key, value}")
}

// BalanceByID finds a row by its key.
var BalanceByID = newNode("Balance", Balances, func(row *Balance) BalanceID { return row.ID }, readID[BalanceID]).field("Query.balance")

// How balances are reached, and what they reach.
var (
	BalancesOfCustomer = newRelation(Balances, []string{"customer_id"},
		func(c *Customer) CustomerID { return c.ID },
		func(b *Balance) CustomerID { return b.CustomerID }).field("Customer.balances")
	CustomerOfBalance   = newLookup(CustomerByID, func(b *Balance) CustomerID { return b.CustomerID }, "customer_id").field("Balance.customer")
	ContractOfBalance   = newLookup(ContractByID, func(b *Balance) ContractID { return orZero(b.ContractID) }, "contract_id").field("Balance.contract")
	ProductOfBalance    = newLookup(ProductByID, func(b *Balance) string { return orZero(b.ProductID) }, "product_id").field("Balance.product")
	CreditTypeOfBalance = newLookup(CreditTypeByID, func(b *Balance) string { return orZero(b.CreditTypeID) }, "credit_type_id").field("Balance.creditType")
)

// balanceFlags reads the flags that lists of balances have. Chosen are the balances of the
// customer as a whole that are live, and those of contracts and those that were archived
// if asked for; not those that are 0 now, if that is asked.
func balanceFlags(a *Arguments, q *Request) error {
	isNull := map[string]any{"isNull": true}
	where := Filter{}
	if !a.flag("includeContractBalances") {
		where["contractId"] = isNull
	}
	if !a.flag("includeArchived") {
		where["archivedAt"] = isNull
	}
	if a.flag("excludeZeroBalances") {
		where["notZeroAt"] = a.Now()
	}
	q.Filters = append(q.Filters, where)
	return nil
}

// IsNode marks what Query.node reaches.
func (Balance) IsNode() {}

// DatabaseID is the raw key.
func (b *Balance) DatabaseID() string { return b.ID.String() }

// RolledOverFrom is the balance that this one was rolled over from, nil when it
// was not.
func (b *Balance) RolledOverFrom() *RolledOverFrom {
	if b.RolledOverFromBalanceID == nil {
		return nil
	}
	return &RolledOverFrom{*b.RolledOverFromBalanceID, b.RolledOverFromContractID}
}

// RolledOverFrom names the balance and contract that a balance came from.
type RolledOverFrom struct {
	BalanceID  BalanceID
	ContractID *ContractID
}

// CustomField is a key and its value.
type CustomField struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// BalanceSpecifier is a rule of what may draw on a balance. Fields in order of
// key.
type BalanceSpecifier struct {
	ProductID               *string        `json:"productId,omitempty"`
	ProductTags             []string       `json:"productTags,omitempty"`
	PricingGroupValues      []*CustomField `json:"pricingGroupValues,omitempty"`
	PresentationGroupValues []*CustomField `json:"presentationGroupValues,omitempty"`
}

// SubscriptionConfig is how seats of a subscription share a balance.
type SubscriptionConfig struct {
	Allocation              *string             `json:"allocation,omitempty"` // INDIVIDUAL or POOLED
	SubscriptionID          *string             `json:"subscriptionId,omitempty"`
	ApplySeatIncreaseConfig *SeatIncreaseConfig `json:"applySeatIncreaseConfig,omitempty"`
}

// SeatIncreaseConfig is what a new seat adds.
type SeatIncreaseConfig struct {
	IsProrated *bool `json:"isProrated,omitempty"`
}

// HierarchyConfiguration is which child contracts may draw on a balance.
type HierarchyConfiguration struct {
	ChildAccess *ChildAccess `json:"childAccess,omitempty"`
}

// ChildAccess is which child contracts may draw on a balance.
type ChildAccess struct {
	Type        *string      `json:"type,omitempty"` // ALL, NONE or CONTRACT_IDS
	ContractIds []ContractID `json:"contractIds,omitempty"`
}
