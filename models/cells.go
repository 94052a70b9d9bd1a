package models

import (
	"bytes"
	"io"
)

// Cells are the cells of a row that a Computed is reckoned from, in the order of its
// columns.
type Cells struct {
	Rows   *Rows
	Row    int
	Places []int
}

func (c Cells) isNull(i int) bool     { return c.Rows.Cell(c.Row, c.Places[i]) == nil }
func (c Cells) decimal(i int) Decimal { return Decimal(c.Rows.Int(c.Row, c.Places[i])) }
func (c Cells) bool(i int) bool       { return c.Rows.Cell(c.Row, c.Places[i])[0] != 0 }
func (c Cells) text(i int) string     { return string(c.Rows.Cell(c.Row, c.Places[i])) }

func (c Cells) orDecimal(i int) *Decimal {
	if c.isNull(i) {
		return nil
	}
	d := c.decimal(i)
	return &d
}

func (c Cells) day(i int) Date {
	return Date(column{kind: kindDate}.fromCell(c.Rows.Cell(c.Row, c.Places[i]), c.Rows.postgres).(string))
}

func (c Cells) orDay(i int) *Date {
	if c.isNull(i) {
		return nil
	}
	d := c.day(i)
	return &d
}

func (c Cells) instant(i int) DateTime {
	if c.Rows.postgres {
		return DateTime(c.Rows.Int(c.Row, c.Places[i]) + epoch2000)
	}
	at, err := ParseDateTime(c.text(i))
	if err != nil {
		panic(err) // the column holds what DateTime has written
	}
	return at
}

func appendDecimal(b []byte, d *Decimal) []byte {
	if d == nil {
		return append(b, "null"...)
	}
	return append(d.append(append(b, '"')), '"')
}

func appendRatio(b []byte, ratio *float64) []byte {
	if ratio == nil {
		return append(b, "null"...)
	}
	return appendFloat(b, *ratio)
}

func appendScalar(b []byte, scalar interface{ MarshalGQL(io.Writer) }) []byte {
	out := bytes.NewBuffer(b)
	scalar.MarshalGQL(out)
	return out.Bytes()
}
