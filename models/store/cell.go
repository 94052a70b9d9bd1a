package store

import (
	"encoding/binary"
	"math"
	"strconv"
	"time"
)

// Cells hold values as PostgreSQL sends them in binary: integers of eight bytes,
// texts as they are, instants in microseconds and days in days since 2000. SQLite's
// are put into the same form, but for its times, which are the texts that GraphQL
// shows.

// epoch2000 is the year 2000, in microseconds since 1970.
const epoch2000 = 946_684_800_000_000

func cellInt(cell []byte) int64 { return int64(binary.BigEndian.Uint64(cell)) }

func appendIntCell(b []byte, n int64) []byte { return binary.BigEndian.AppendUint64(b, uint64(n)) }

// appendTimeCell writes a time of PostgreSQL as it sends that.
func (c Column) appendTimeCell(b []byte, t time.Time) []byte {
	micros := t.UnixMicro() - epoch2000
	if c.Kind == kindDate {
		return binary.BigEndian.AppendUint32(b, uint32(micros/86_400_000_000))
	}
	return appendIntCell(b, micros)
}

func cellFloat(cell []byte) float64 { return math.Float64frombits(binary.BigEndian.Uint64(cell)) }

// appendDay writes a day, given in days since 2000, as yyyy-MM-dd. It must be of the
// years 0 to 9999.
func appendDay(b []byte, days int64) []byte {
	return appendDate(b, time.Unix(days*86_400+epoch2000/1_000_000, 0).UTC())
}

// appendDate writes the day of a time. Layouts of package time take five times as long.
func appendDate(b []byte, t time.Time) []byte {
	year, month, day := t.Date()
	b = append(appendTwo(appendTwo(b, year/100), year%100), '-')
	return appendTwo(append(appendTwo(b, int(month)), '-'), day)
}

func appendTwo(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

// appendSecond writes an instant, given in microseconds since 2000, to the second.
func appendSecond(b []byte, micros int64) []byte {
	t := time.UnixMicro(micros + epoch2000).UTC()
	hour, minute, second := t.Clock()
	b = append(appendTwo(append(appendDate(b, t), 'T'), hour), ':')
	return appendTwo(append(appendTwo(b, minute), ':'), second)
}

// appendInstant writes an instant, given in microseconds since 2000, as DateTime does.
func appendInstant(b []byte, micros int64) []byte {
	b = append(appendSecond(b, micros), '.')
	fraction := int((micros%1_000_000 + 1_000_000) % 1_000_000)
	b = appendTwo(b, fraction/10_000)
	b = appendTwo(b, fraction/100%100)
	return append(appendTwo(b, fraction%100), 'Z')
}

const hexDigits = "0123456789ABCDEF"

// appendEscaped writes a text inside quotes as gqlgen does.
func appendEscaped(b, text []byte) []byte {
	start := 0
	for i, c := range text {
		if c >= 0x20 && c != '\\' && c != '"' {
			continue
		}
		b = append(b, text[start:i]...)
		switch start = i + 1; c {
		case '\t':
			b = append(b, '\\', 't')
		case '\r':
			b = append(b, '\\', 'r')
		case '\n':
			b = append(b, '\\', 'n')
		case '\\', '"':
			b = append(b, '\\', c)
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
		}
	}
	return append(b, text[start:]...)
}

// appendKey writes a cell of a key as its raw text.
func (c Column) appendKey(b, cell []byte) []byte {
	if c.Kind == KindInt {
		return strconv.AppendInt(b, cellInt(cell), 10)
	}
	return append(b, cell...)
}

// fromCell is the value of a cell as a driver would give it to a cursor: nil, an
// integer, a float, a bool or a text.
func (c Column) fromCell(cell []byte, postgres bool) any {
	if cell == nil {
		return nil
	}
	return c.Kind.codec(postgres).value(cell)
}
