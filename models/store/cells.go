package store

import (
	"bytes"
	"github.com/usagegraph/usagegraph/models/scalar"
	"io"
)

// Cells are the cells of a row that a Computed is reckoned from, in the order of its
// columns.
type Cells struct {
	Rows   *Rows
	Row    int
	Places []int
}

func (c Cells) isNull(i int) bool            { return c.Rows.Cell(c.Row, c.Places[i]) == nil }
func (c Cells) Decimal(i int) scalar.Decimal { return scalar.Decimal(c.Rows.Int(c.Row, c.Places[i])) }
func (c Cells) Bool(i int) bool              { return c.Rows.Cell(c.Row, c.Places[i])[0] != 0 }
func (c Cells) Text(i int) string            { return string(c.Rows.Cell(c.Row, c.Places[i])) }

func (c Cells) OrDecimal(i int) *scalar.Decimal {
	if c.isNull(i) {
		return nil
	}
	d := c.Decimal(i)
	return &d
}

func (c Cells) Day(i int) scalar.Date {
	return scalar.Date(Column{Kind: kindDate}.fromCell(c.Rows.Cell(c.Row, c.Places[i]), c.Rows.postgres).(string))
}

func (c Cells) OrDay(i int) *scalar.Date {
	if c.isNull(i) {
		return nil
	}
	d := c.Day(i)
	return &d
}

func (c Cells) Instant(i int) scalar.DateTime {
	if c.Rows.postgres {
		return scalar.DateTime(c.Rows.Int(c.Row, c.Places[i]) + epoch2000)
	}
	at, err := scalar.ParseDateTime(c.Text(i))
	if err != nil {
		panic(err) // the column holds what DateTime has written
	}
	return at
}

func AppendDecimal(b []byte, d *scalar.Decimal) []byte {
	if d == nil {
		return append(b, "null"...)
	}
	return append(d.Append(append(b, '"')), '"')
}

func AppendRatio(b []byte, ratio *float64) []byte {
	if ratio == nil {
		return append(b, "null"...)
	}
	return appendFloat(b, *ratio)
}

func AppendScalar(b []byte, scalar interface{ MarshalGQL(io.Writer) }) []byte {
	out := bytes.NewBuffer(b)
	scalar.MarshalGQL(out)
	return out.Bytes()
}
