package billing

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// AsOf is when and how a balance is looked at.
type AsOf struct {
	At   scalar.DateTime
	Mode models.InvoiceInclusionMode
}

// AccountPlaces adds the columns of BalanceSums that an Account is made of, and
// returns their places.
func AccountPlaces(s *store.Selection) (places []int) {
	for _, name := range []string{"segment_id", "kind", "at", "starting_at", "ending_before", "amount"} {
		places = append(places, s.Add(name))
	}
	return places
}

// accountOf is the account of which these rows are the sums.
func accountOf(rows *store.Rows, from, to int, places []int) Account {
	sums := make([]models.BalanceSum, to-from)
	account := make(Account, to-from)
	for i := range sums {
		c := store.Cells{Rows: rows, Row: from + i, Places: places}
		sums[i] = models.BalanceSum{SegmentID: c.Text(0), Kind: models.SumKind(c.Text(1)), At: c.Instant(2), StartingAt: c.Instant(3), EndingBefore: c.Instant(4), Amount: c.Decimal(5)}
		account[i] = &sums[i]
	}
	return account
}

// AppendBalance writes what may be used of a balance, of which these rows are the
// sums.
func AppendBalance(b []byte, rows *store.Rows, from, to int, places []int, asOf AsOf) []byte {
	left := accountOf(rows, from, to, places).Balance(asOf.At, asOf.Mode)
	return store.AppendDecimal(b, &left)
}

// AddRows is Add for a balance of which these rows are the sums.
func (n *NetBalance) AddRows(rows *store.Rows, from, to int, places []int, mode models.InvoiceInclusionMode) error {
	return n.Add(accountOf(rows, from, to, places), mode)
}

// NetBalanceFields write the fields of a NetBalance that are reckoned.
var NetBalanceFields = map[string]func(b []byte, n *NetBalance) []byte{
	"balance": func(b []byte, n *NetBalance) []byte { return store.AppendDecimal(b, &n.Balance) },
	"settled": func(b []byte, n *NetBalance) []byte { return store.AppendDecimal(b, &n.Settled) },
	"pending": func(b []byte, n *NetBalance) []byte { return store.AppendDecimal(b, &n.Pending) },
	"asOf":    func(b []byte, n *NetBalance) []byte { return store.AppendScalar(b, n.AsOf) },
}
