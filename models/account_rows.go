package models

// AsOf is when and how a balance is looked at.
type AsOf struct {
	At   DateTime
	Mode InvoiceInclusionMode
}

// AccountPlaces adds the columns of BalanceSums that an Account is made of, and
// returns their places.
func AccountPlaces(s *Selection) (places []int) {
	for _, name := range []string{"segment_id", "kind", "at", "starting_at", "ending_before", "amount"} {
		places = append(places, s.Add(name))
	}
	return places
}

// accountOf is the account of which these rows are the sums.
func accountOf(rows *Rows, from, to int, places []int) Account {
	sums := make([]BalanceSum, to-from)
	account := make(Account, to-from)
	for i := range sums {
		c := Cells{rows, from + i, places}
		sums[i] = BalanceSum{SegmentID: c.text(0), Kind: SumKind(c.text(1)), At: c.instant(2), StartingAt: c.instant(3), EndingBefore: c.instant(4), Amount: c.decimal(5)}
		account[i] = &sums[i]
	}
	return account
}

// AppendBalance writes what may be used of a balance, of which these rows are the
// sums.
func AppendBalance(b []byte, rows *Rows, from, to int, places []int, asOf AsOf) []byte {
	left := accountOf(rows, from, to, places).Balance(asOf.At, asOf.Mode)
	return appendDecimal(b, &left)
}

// AddRows is Add for a balance of which these rows are the sums.
func (n *NetBalance) AddRows(rows *Rows, from, to int, places []int, mode InvoiceInclusionMode) error {
	return n.Add(accountOf(rows, from, to, places), mode)
}

// NetBalanceFields write the fields of a NetBalance that are reckoned.
var NetBalanceFields = map[string]func(b []byte, n *NetBalance) []byte{
	"balance": func(b []byte, n *NetBalance) []byte { return appendDecimal(b, &n.Balance) },
	"settled": func(b []byte, n *NetBalance) []byte { return appendDecimal(b, &n.Settled) },
	"pending": func(b []byte, n *NetBalance) []byte { return appendDecimal(b, &n.Pending) },
	"asOf":    func(b []byte, n *NetBalance) []byte { return appendScalar(b, n.AsOf) },
}
