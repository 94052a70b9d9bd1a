package models

import (
	"fmt"
	"io"
	"strings"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
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
func (id BalanceID) MarshalGQL(w io.Writer) { scalar.WriteID(w, "Balance", id.String()) }

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *BalanceID) UnmarshalGQL(v any) error { return scalar.ReadTextID("Balance", v, id) }

// Balance is a commit or a credit. All its amounts are in units of its credit
// type: cents for USD.
//
// Source: Metronome POST /v1/contracts/customerBalances/list.
type Balance struct {
	store.Siblings[Balance] `gorm:"-"`

	ID                       BalanceID `gorm:"primaryKey"`
	CustomerID               scalar.CustomerID
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
	CreatedAt                *scalar.DateTime
	ArchivedAt               *scalar.DateTime // nil while it is live
	UpdatedAt                scalar.DateTime
	Digest                   []byte // of the row without its ledger
	LedgerDigest             []byte // of the ledger; nil when none was ever imported
}

// Balances is the table of commits and credits.
var Balances = store.NewTable[Balance]("customer_id").
	Filters("id", "customerId", "type", "contractId", "creditTypeId", "archivedAt", "updatedAt").
	FilterBy("coveringDate", onSegment(`%[1]s."starting_at" <= ? AND ? < %[1]s."ending_before"`)).
	FilterBy("startingAt", onSegment(`%s."ending_before" > ?`)).
	FilterBy("effectiveBefore", onSegment(`%s."starting_at" < ?`)).
	FilterBy("notZeroAt", store.FilterWith(store.Scalar[scalar.DateTime], notZero)).
	FilterBy("customFields", store.FilterField{Test: &store.FilterTest{Read: customFields, Write: hasCustomFields}}).
	Orderable("CREATED_AT", "PRIORITY", "UPDATED_AT").
	SearchIn("name", "description").
	Asking(balanceFlags)

// AllBalances is the list at the root, Query.balances.
var AllBalances = store.NewList(Balances).Field("Query.balances")

var segmentPath = &store.Path{
	Row: []string{`t."id"`}, Far: []string{`s."balance_id"`},
	From: func(s *store.Statement, _ map[string]bool) { s.From(AccessSegments, "s") },
}

// onSegment asks of a segment what sql says, in which the first place is for its
// alias and each ? for the instant.
func onSegment(sql string) store.FilterField {
	return store.FilterWith(store.Scalar[scalar.DateTime], func(w *store.FilterWriter, alias string, at scalar.DateTime) {
		for range strings.Count(sql, "?") {
			w.Args = append(w.Args, at)
		}
		w.Add(fmt.Sprintf(sql, alias))
	}).Along(segmentPath, "s")
}

// customFields reads a list of {key, value}, each of which is a condition.
func customFields(r *store.FilterReader, v any) (any, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v} // GraphQL takes one value where a list is wanted
	}
	fields := make([]CustomFieldInput, len(list))
	for i := range list {
		err := r.Count()
		if err == nil {
			fields[i], err = customField(list[i])
		}
		if err == nil {
			err = scalar.CheckText(fields[i].Key + fields[i].Value)
		}
		if err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// hasCustomFields asks for all of some custom fields.
func hasCustomFields(w *store.FilterWriter, alias string, fields any) {
	w.Add("(TRUE")
	for _, want := range fields.([]CustomFieldInput) {
		w.Add(" AND EXISTS (SELECT 1 FROM ").From(BalanceCustomFields, "f")
		w.Add(` WHERE f."balance_id" = `+alias+`."id" AND f."key" = ? AND f."value" = ?)`, want.Key, want.Value)
	}
	w.Add(")")
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
	return field, fault.Invalid("want {key, value}")
}

// BalanceByID finds a row by its key.
var BalanceByID = store.NewNode("Balance", Balances, func(row *Balance) BalanceID { return row.ID }, scalar.ReadID[BalanceID]).Field("Query.balance")

// How balances are reached, and what they reach.
var (
	BalancesOfCustomer = store.NewRelation(Balances, []string{"customer_id"},
		func(c *Customer) scalar.CustomerID { return c.ID },
		func(b *Balance) scalar.CustomerID { return b.CustomerID }).Field("Customer.balances")
	CustomerOfBalance   = store.NewLookup(CustomerByID, func(b *Balance) scalar.CustomerID { return b.CustomerID }, "customer_id").Field("Balance.customer")
	ContractOfBalance   = store.NewLookup(ContractByID, func(b *Balance) ContractID { return scalar.OrZero(b.ContractID) }, "contract_id").Field("Balance.contract")
	ProductOfBalance    = store.NewLookup(ProductByID, func(b *Balance) string { return scalar.OrZero(b.ProductID) }, "product_id").Field("Balance.product")
	CreditTypeOfBalance = store.NewLookup(CreditTypeByID, func(b *Balance) string { return scalar.OrZero(b.CreditTypeID) }, "credit_type_id").Field("Balance.creditType")
)

// balanceFlags reads the flags that lists of balances have. Chosen are the balances of the
// customer as a whole that are live, and those of contracts and those that were archived
// if asked for; not those that are 0 now, if that is asked.
func balanceFlags(a *store.Arguments, q *store.Request) error {
	isNull := map[string]any{"isNull": true}
	where := store.Filter{}
	if !a.Flag("includeContractBalances") {
		where["contractId"] = isNull
	}
	if !a.Flag("includeArchived") {
		where["archivedAt"] = isNull
	}
	if a.Flag("excludeZeroBalances") {
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
