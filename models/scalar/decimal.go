package scalar

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/usagegraph/usagegraph/models/fault"
)

// Decimal is an exact amount or quantity: a count of millionths. Sums and
// comparisons of it are those of integers, on both engines.
type Decimal int64

const (
	one        Decimal = 1_000_000
	maxDecimal Decimal = 9_200_000_000_000 * one
)

// The errors of ParseDecimal.
var (
	ErrDecimalText   = errors.New("not a decimal number")
	ErrDecimalRange  = errors.New("past 9.2e12")
	ErrDecimalPlaces = errors.New("more than six decimal places")
)

// decimalText is a number as JSON writes it. Exponents of more than three digits
// are out of range whatever comes before them.
var decimalText = regexp.MustCompile(`^-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?$`)

// ParseDecimal reads a number, exactly. The error is one of the three above.
func ParseDecimal(text string) (Decimal, error) {
	micros, err := parseMicros(text)
	if err == nil && !micros.IsInteger() {
		err = ErrDecimalPlaces
	}
	if err != nil {
		return 0, err
	}
	return Decimal(micros.IntPart()), nil
}

// RoundDecimal reads a number, rounds it half to even at the sixth decimal place
// and reports whether that changed it.
func RoundDecimal(text string) (value Decimal, rounded bool, err error) {
	micros, err := parseMicros(text)
	if err != nil {
		return 0, false, err
	}
	whole := micros.RoundBank(0)
	return Decimal(whole.IntPart()), !whole.Equal(micros), nil
}

func parseMicros(text string) (decimal.Decimal, error) {
	if !decimalText.MatchString(text) {
		return decimal.Decimal{}, ErrDecimalText
	}
	d, err := decimal.NewFromString(text)
	if err != nil {
		return decimal.Decimal{}, ErrDecimalText
	}
	micros := d.Shift(6)
	if micros.Abs().GreaterThan(decimal.NewFromInt(int64(maxDecimal))) {
		return decimal.Decimal{}, ErrDecimalRange
	}
	return micros, nil
}

// String writes the number without trailing zeros.
func (d Decimal) String() string { return string(d.Append(nil)) }

// Append writes the number to b as String does.
func (d Decimal) Append(b []byte) []byte {
	n := uint64(d)
	if d < 0 {
		b = append(b, '-')
		n = -n
	}
	b = strconv.AppendUint(b, n/uint64(one), 10)
	if fraction := n % uint64(one); fraction != 0 {
		digits := strconv.FormatUint(uint64(one)+fraction, 10)
		digits = "." + strings.TrimRight(digits[1:], "0")
		b = append(b, digits...)
	}
	return b
}

// CanSubtract reports whether d less other is a Decimal, too.
func (d Decimal) CanSubtract(other Decimal) bool {
	difference := d - other
	overflown := (d < 0) != (other < 0) && (difference < 0) != (d < 0)
	return !overflown && difference >= -maxDecimal && difference <= maxDecimal
}

// Ratio is d over of, nil when of is 0. It is never -0.
func (d Decimal) Ratio(of Decimal) *float64 {
	if of == 0 {
		return nil
	}
	ratio := 0.0
	if d != 0 {
		ratio = float64(d) / float64(of)
	}
	return &ratio
}

// MarshalGQL writes a string.
func (d Decimal) MarshalGQL(w io.Writer) {
	text := append(make([]byte, 0, 24), '"')
	_, _ = w.Write(append(d.Append(text), '"'))
}

// UnmarshalGQL takes a Decimal, or its text: a string or a number as it was sent, which
// without trailing zeros has at most six decimal places.
func (d *Decimal) UnmarshalGQL(v any) error {
	text := ""
	switch v := v.(type) {
	case Decimal:
		*d = v
		return nil
	case string:
		text = v
	case json.Number:
		text = string(v)
	}
	value, err := ParseDecimal(text)
	if err != nil {
		return fault.Invalid("%s is not a Decimal: %s", Cut(fmt.Sprint(v)), err)
	}
	*d = value
	return nil
}

// MarshalText and UnmarshalText keep a Decimal inside a stored document.
func (d Decimal) MarshalText() ([]byte, error) { return d.Append(nil), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Decimal) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDecimal(string(text))
	return err
}

// Exact is d as a number without a bound.
func (d Decimal) Exact() decimal.Decimal { return decimal.New(int64(d), -6) }
