package models

import (
	"strconv"
	"strings"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// LedgerEntryConnection is a page of ledger entries.
type (
	LedgerEntryConnection = relay.Connection[*LedgerEntry]
	LedgerEntryEdge       = relay.Edge[*LedgerEntry]
)

// LedgerEntry is one movement of a balance.
//
// Source: Metronome ledger[].
type LedgerEntry struct {
	store.Siblings[LedgerEntry] `gorm:"-"`

	BalanceID     BalanceID `gorm:"primaryKey"`
	Number        int64     `gorm:"primaryKey"` // place in the source's list, from 1
	CustomerID    scalar.CustomerID
	Type          LedgerEntryType
	TypeRank      int            // LedgerEntryType.Rank, which orders entries of one instant
	Amount        scalar.Decimal // below 0 it takes away
	Timestamp     scalar.DateTime
	SegmentID     *string
	InvoiceID     *string
	ContractID    *ContractID
	NewContractID *ContractID
	Reason        *string

	// RunningBalance is the sum of the entries up to this one in the order of the
	// ledger, but those of void invoices. Imports keep it.
	RunningBalance scalar.Decimal
}

// LedgerEntryKey is the key of a LedgerEntry, in GraphQL LedgerEntry:BALANCE/N.
type LedgerEntryKey struct {
	BalanceID BalanceID
	Number    int64
}

// LedgerKey is the key of a balance's ledger. The ledgers of a customer lie together.
type LedgerKey struct {
	CustomerID scalar.CustomerID
	BalanceID  BalanceID
}

// LedgerEntries is the table of ledger entries.
var LedgerEntries = store.NewTable[LedgerEntry]("customer_id").Filters("type", "timestamp").Orderable("AMOUNT").OrderedBy("TIMESTAMP", "timestamp", "type_rank")

// LedgerEntryByKey finds a row by its key.
var LedgerEntryByKey = store.NewNode("LedgerEntry", LedgerEntries, (*LedgerEntry).Key, ParseLedgerEntryKey)

// How ledger entries are reached, and what they reach. Imports reach them by the
// balance alone, for it may have moved to another customer. A ledger is in order of
// timestamp, rank of type and place in the source's list, because a deduction
// and an expiration bear the timestamp of the same segment end.
var (
	LedgerOfBalance = store.NewRelation(LedgerEntries, []string{"customer_id", "balance_id"},
		func(b *Balance) LedgerKey { return LedgerKey{b.CustomerID, b.ID} },
		func(e *LedgerEntry) LedgerKey { return LedgerKey{e.CustomerID, e.BalanceID} }).Through("customer_id", "id").By("timestamp", "type_rank").Field("Balance.ledger")
	EntriesByBalance = store.NewRelation(LedgerEntries, []string{"balance_id"},
		func(b *Balance) BalanceID { return b.ID },
		func(e *LedgerEntry) BalanceID { return e.BalanceID }).By("timestamp", "type_rank")
	InvoiceOfEntry = store.NewLookup(InvoiceByID, func(e *LedgerEntry) string { return scalar.OrZero(e.InvoiceID) }, "invoice_id").Field("LedgerEntry.invoice")
)

// IsNode marks what Query.node reaches.
func (LedgerEntry) IsNode() {}

// Key is the primary key.
func (e *LedgerEntry) Key() LedgerEntryKey { return LedgerEntryKey{e.BalanceID, e.Number} }

// DatabaseID is the raw key, BALANCE/N.
func (e *LedgerEntry) DatabaseID() string {
	return e.BalanceID.String() + "/" + strconv.FormatInt(e.Number, 10)
}

// NodeID is the global ID.
func (e *LedgerEntry) NodeID() string { return "LedgerEntry:" + e.DatabaseID() }

// ParseLedgerEntryKey reads a global ID or BALANCE/N.
func ParseLedgerEntryKey(id string) (key LedgerEntryKey, err error) {
	raw, err := scalar.ParseID("LedgerEntry", id)
	if err != nil {
		return key, err
	}
	slash := strings.LastIndexByte(raw, '/')
	n, err := strconv.ParseInt(raw[slash+1:], 10, 64)
	if slash < 1 || err != nil || strconv.FormatInt(n, 10) != raw[slash+1:] {
		return key, fault.Invalid("%q is not the ID of a LedgerEntry: want LedgerEntry:BALANCE/N or BALANCE/N", scalar.Cut(id))
	}
	return LedgerEntryKey{BalanceID(raw[:slash]), n}, nil
}

// The kinds of effect that an entry has, in the order in which entries of one
// instant stand in a ledger.
const (
	RankStart      = iota + 1 // a segment or an obligation begins
	RankManual                // by hand, or by seats
	RankDeduction             // usage on an invoice
	RankCredited              // an invoice was credited or canceled
	RankRollover              // moved to a new contract
	RankTrueup                // the rest was invoiced
	RankExpiration            // the rest was lost
)

// Rank is the place of the type among entries of one instant. 0 is an unknown
// type.
func (t LedgerEntryType) Rank() int {
	for _, kind := range []struct {
		suffix string
		rank   int
	}{
		{"_SEGMENT_START", RankStart},
		{"_INITIAL_BALANCE", RankStart},
		{"_MANUAL", RankManual},
		{"_SEAT_BASED_ADJUSTMENT", RankManual},
		{"_AUTOMATED_INVOICE_DEDUCTION", RankDeduction},
		{"_CREDITED", RankCredited},
		{"_CANCELED", RankCredited},
		{"_ROLLOVER", RankRollover},
		{"_TRUEUP", RankTrueup},
		{"_EXPIRATION", RankExpiration},
	} {
		if strings.HasSuffix(string(t), kind.suffix) {
			return kind.rank
		}
	}
	return 0
}

// IsManual reports whether someone made entries of the type by hand.
func (t LedgerEntryType) IsManual() bool { return strings.HasSuffix(string(t), "_MANUAL") }
