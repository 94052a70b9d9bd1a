package store

import (
	"bytes"
	"io"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// Cells are the cells of a row that a Computed is reckoned from, in the order of its
// columns.
type Cells struct {
	Rows   *Rows
	Row    int
	Places []int
}

func (c Cells) isNull(i int) bool { return c.Rows.Cell(c.Row, c.Places[i]) == nil }

// Decimal is the cell i, which is not null, as a Decimal.
func (c Cells) Decimal(i int) scalar.Decimal { return scalar.Decimal(c.Rows.Int(c.Row, c.Places[i])) }

// Bool is the cell i, which is not null, as a bool.
func (c Cells) Bool(i int) bool { return c.Rows.Cell(c.Row, c.Places[i])[0] != 0 }

// Text is the cell i as a text, "" where it is null.
func (c Cells) Text(i int) string { return string(c.Rows.Cell(c.Row, c.Places[i])) }

// OrDecimal is the cell i as a Decimal, nil where it is null.
func (c Cells) OrDecimal(i int) *scalar.Decimal {
	if c.isNull(i) {
		return nil
	}
	d := c.Decimal(i)
	return &d
}

// Day is the cell i, which is not null, as a Date.
func (c Cells) Day(i int) scalar.Date {
	return scalar.Date(Column{Kind: kindDate}.fromCell(c.Rows.Cell(c.Row, c.Places[i]), c.Rows.postgres).(string))
}

// OrDay is the cell i as a Date, nil where it is null.
func (c Cells) OrDay(i int) *scalar.Date {
	if c.isNull(i) {
		return nil
	}
	d := c.Day(i)
	return &d
}

// Instant is the cell i, which is not null, as a DateTime.
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

// AppendDecimal writes d as GraphQL does: a text of digits, or null.
func AppendDecimal(b []byte, d *scalar.Decimal) []byte {
	if d == nil {
		return append(b, "null"...)
	}
	return append(d.Append(append(b, '"')), '"')
}

// AppendRatio writes a ratio as GraphQL does: a number, or null.
func AppendRatio(b []byte, ratio *float64) []byte {
	if ratio == nil {
		return append(b, "null"...)
	}
	return appendFloat(b, *ratio)
}

// AppendScalar writes a scalar as GraphQL does.
func AppendScalar(b []byte, scalar interface{ MarshalGQL(io.Writer) }) []byte {
	out := bytes.NewBuffer(b)
	scalar.MarshalGQL(out)
	return out.Bytes()
}
