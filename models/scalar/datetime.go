package scalar

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/usagegraph/usagegraph/models/fault"
)

// DateTime is an instant: microseconds since 1970, UTC. PostgreSQL keeps it as a
// timestamptz, SQLite as text of one width; both order it alike.
type DateTime int64

// Date is a day of the calendar without a zone, yyyy-MM-dd. Its order as text is
// its order in time.
type Date string

// LocalDateTime is a day and a time of day without a zone, yyyy-MM-ddTHH:mm:ss.
type LocalDateTime string

// The layouts of package time in which a DateTime and a LocalDateTime are written.
const (
	InstantLayout = "2006-01-02T15:04:05.000000Z"
	LocalLayout   = "2006-01-02T15:04:05"
)

var errYear = errors.New("the year is not in 1 to 9999")

// Now is the present instant.
func Now() DateTime { return DateTime(time.Now().UnixMicro()) }

// NewDateTime is t to the microsecond, the rest cut off.
func NewDateTime(t time.Time) (DateTime, error) {
	if year := t.UTC().Year(); year < 1 || year > 9999 {
		return 0, errYear
	}
	return DateTime(t.UnixMicro()), nil
}

// rfc3339 is the form of an instant. The layouts of package time take hours of one
// digit, commas before fractions and offsets of a day, too.
var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

var errInstant = errors.New("not an RFC 3339 date and time")

// ParseDateTime reads RFC 3339 with any offset up to 23:59.
func ParseDateTime(text string) (DateTime, error) {
	t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(text))
	if err != nil || !rfc3339.MatchString(text) {
		return 0, errInstant
	}
	return NewDateTime(t)
}

// Time is the instant in UTC.
func (d DateTime) Time() time.Time { return time.UnixMicro(int64(d)).UTC() }

// Local is the instant as a clock in UTC shows it, to the second, in the years that
// there are.
func (d DateTime) Local() LocalDateTime {
	t := d.Time()
	if t.Year() > 9999 {
		return "9999-12-31T23:59:59"
	}
	return LocalDateTime(t.Format(LocalLayout))
}

// Date is the day of the instant in UTC.
func (d DateTime) Date() Date { return Date(d.Time().Format(time.DateOnly)) }

// String is the instant in UTC with six digits of a second.
func (d DateTime) String() string { return d.Time().Format(InstantLayout) }

// MarshalGQL writes a string.
func (d DateTime) MarshalGQL(w io.Writer) {
	text := append(make([]byte, 0, len(InstantLayout)+2), '"')
	_, _ = w.Write(append(d.Time().AppendFormat(text, InstantLayout), '"'))
}

// UnmarshalGQL takes a DateTime, RFC 3339 with any offset, a day, which stands for its
// midnight in UTC, or milliseconds since 1970 as a number.
func (d *DateTime) UnmarshalGQL(v any) (err error) {
	switch v := v.(type) {
	case DateTime:
		*d = v
	case string:
		if day, notDay := time.Parse(time.DateOnly, v); notDay == nil {
			*d, err = NewDateTime(day)
		} else {
			*d, err = ParseDateTime(v)
		}
	case json.Number:
		*d, err = fromMillis(string(v))
	default:
		err = errInstant
	}
	return invalid("DateTime", v, err)
}

// fromMillis reads milliseconds since 1970. A Decimal holds more of them than there are
// instants.
func fromMillis(text string) (DateTime, error) {
	n, err := ParseDecimal(text)
	if err == ErrDecimalRange {
		return 0, errYear
	}
	if err != nil || n%one != 0 {
		return 0, errors.New("not a whole number of milliseconds")
	}
	return NewDateTime(time.UnixMilli(int64(n / one)))
}

// Scan reads the column of either engine.
func (d *DateTime) Scan(v any) (err error) {
	switch v := v.(type) {
	case time.Time:
		*d = DateTime(v.UnixMicro())
	case string:
		var t time.Time
		if t, err = time.Parse(InstantLayout, v); err == nil {
			*d = DateTime(t.UnixMicro())
		}
	default:
		err = fmt.Errorf("scan %T as a DateTime", v)
	}
	return err
}

// Value is the text that both engines take.
func (d DateTime) Value() (driver.Value, error) { return d.String(), nil }

// MarshalText and UnmarshalText keep a DateTime inside a stored document.
func (d DateTime) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *DateTime) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDateTime(string(text))
	return err
}

// ParseDate reads a day that exists, as yyyy-MM-dd.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return "", errors.New("not a day of the calendar, yyyy-MM-dd")
	}
	if t.Year() < 1 {
		return "", errYear
	}
	return Date(text), nil
}

// MarshalGQL writes a string.
func (d Date) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, `"`+string(d)+`"`) }

// UnmarshalGQL takes a day that exists.
func (d *Date) UnmarshalGQL(v any) (err error) {
	if day, ok := v.(Date); ok {
		*d = day
		return nil
	}
	text, isText := v.(string)
	if !isText {
		text = ""
	}
	*d, err = ParseDate(text)
	return invalid("Date", v, err)
}

// Scan reads the column of either engine.
func (d *Date) Scan(v any) error {
	switch v := v.(type) {
	case time.Time:
		*d = Date(v.Format(time.DateOnly))
	case string:
		*d = Date(v)
	default:
		return fmt.Errorf("scan %T as a Date", v)
	}
	return nil
}

// Value is the text that both engines take.
func (d Date) Value() (driver.Value, error) { return string(d), nil }

// ParseLocalDateTime reads yyyy-MM-dd HH:mm:ss, with a space as Elevate writes it
// or with a T.
func ParseLocalDateTime(text string) (LocalDateTime, error) {
	text = strings.Replace(text, " ", "T", 1)
	t, err := time.Parse(LocalLayout, text)
	if err != nil || len(text) != len(LocalLayout) { // Parse takes fractions, and hours of one digit
		return "", errors.New("not a date and time without a zone, yyyy-MM-dd HH:mm:ss")
	}
	if t.Year() < 1 {
		return "", errYear
	}
	return LocalDateTime(text), nil
}

// MarshalGQL writes a string.
func (d LocalDateTime) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, `"`+string(d)+`"`) }

// UnmarshalGQL takes what ParseLocalDateTime takes.
func (d *LocalDateTime) UnmarshalGQL(v any) (err error) {
	if local, ok := v.(LocalDateTime); ok {
		*d = local
		return nil
	}
	text, isText := v.(string)
	if !isText {
		text = ""
	}
	*d, err = ParseLocalDateTime(text)
	return invalid("LocalDateTime", v, err)
}

// Scan reads the column of either engine.
func (d *LocalDateTime) Scan(v any) error {
	switch v := v.(type) {
	case time.Time:
		*d = LocalDateTime(v.Format(LocalLayout))
	case string:
		*d = LocalDateTime(v)
	default:
		return fmt.Errorf("scan %T as a LocalDateTime", v)
	}
	return nil
}

// Value is the text that both engines take.
func (d LocalDateTime) Value() (driver.Value, error) { return string(d), nil }

func invalid(scalar string, v any, err error) error {
	if err == nil {
		return nil
	}
	return fault.Invalid("%q is not a %s: %s", Cut(fmt.Sprint(v)), scalar, err)
}
