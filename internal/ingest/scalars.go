package ingest

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/usagegraph/usagegraph/models"
)

const (
	// maxIDBytes keeps keys short enough for PostgreSQL's indexes.
	maxIDBytes = 255
	// maxTextBytes keeps names short enough for PostgreSQL's indexes, and for cursors.
	maxTextBytes = 2000
	// maxValueBytes is for values of custom fields, which an index holds as well.
	maxValueBytes = 1024
)

// float is a finite number.
func (f fields) float(key string) *float64 {
	n := f.get(key)
	if n == nil {
		return nil
	}
	value, err := strconv.ParseFloat(n.text, 64)
	if n.kind != number || err != nil || math.IsInf(value, 0) {
		f.fail(key, "a number within the range of a double")
		return nil
	}
	return &value
}

// decimal is an exact amount, as a number or a string.
func (f fields) decimal(key string) *models.Decimal {
	n := f.get(key)
	if n == nil {
		return nil
	}
	if n.kind != number && n.kind != words {
		f.fail(key, "a number")
		return nil
	}
	value, err := models.ParseDecimal(n.text)
	if err == models.ErrDecimalPlaces && f.row.round {
		f.row.rounded++
		value, _, err = models.RoundDecimal(n.text)
	}
	switch err {
	case nil:
		return &value
	case models.ErrDecimalPlaces:
		f.fail(key, "at most six decimal places (--round rounds them)")
	case models.ErrDecimalRange:
		f.fail(key, "a number from -9.2e12 to 9.2e12")
	default:
		f.fail(key, "a number")
	}
	return nil
}

// amount is an exact amount that must be there.
func (f fields) amount(key string) (zero models.Decimal) {
	if f.require(key, "a number") == nil {
		return zero
	}
	if value := f.decimal(key); value != nil {
		return *value
	}
	return zero
}

var (
	digits    = regexp.MustCompile(`^[0-9]{1,19}$`)
	wholeText = regexp.MustCompile(`^[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?$`)
)

const wholeNumber = "an integer from 1 to 9223372036854775807"

// id is an integer from 1 on, or a string of its digits: Elevate's keys.
func id[K ~int64](f fields, key string) *K {
	n := f.get(key)
	if n == nil {
		return nil
	}
	value, ok := whole(n)
	if !ok || value < 1 {
		f.fail(key, wholeNumber)
		return nil
	}
	return new(K(value))
}

// requireID is an id that must be there.
func requireID[K ~int64](f fields, key string) (zero K) {
	if f.require(key, wholeNumber) == nil {
		return zero
	}
	if value := id[K](f, key); value != nil {
		return *value
	}
	return zero
}

// whole is an integer, which a number may also write with an exponent.
func whole(n *node) (int64, bool) {
	if n.kind == words && digits.MatchString(n.text) || n.kind == number {
		if value, err := strconv.ParseInt(n.text, 10, 64); err == nil {
			return value, true
		}
	}
	if n.kind != number || !wholeText.MatchString(n.text) {
		return 0, false
	}
	d, err := decimal.NewFromString(n.text)
	if err != nil || !d.IsInteger() || !d.BigInt().IsInt64() {
		return 0, false
	}
	return d.IntPart(), true
}

// count is an integer from 0 on.
func (f fields) count(key string) *int {
	n := f.get(key)
	if n == nil {
		return nil
	}
	value, ok := whole(n)
	if !ok || value < 0 || value > math.MaxInt32 {
		f.fail(key, "an integer from 0 to 2147483647")
		return nil
	}
	return new(int(value))
}

// textID is a key that is a text, or an integer taken as its text.
func textID[K ~string](f fields, key string) *K {
	n := f.get(key)
	if n == nil {
		return nil
	}
	if problem := keyProblem(n); problem != "" {
		f.fail(key, problem)
		return nil
	}
	return new(K(n.text))
}

// keyProblem says what a key that is a text should be, "" when it is.
func keyProblem(n *node) string {
	isInteger := n.kind == number && !strings.ContainsAny(n.text, ".eE")
	switch {
	case n.kind != words && !isInteger:
		return "a string"
	case n.text == "":
		return "a string that is not empty"
	case len(n.text) > maxIDBytes:
		return "a string of at most " + strconv.Itoa(maxIDBytes) + " bytes"
	}
	return ""
}

// requireTextID is a textID that must be there.
func requireTextID[K ~string](f fields, key string) (zero K) {
	if f.require(key, "a string") == nil {
		return zero
	}
	if value := textID[K](f, key); value != nil {
		return *value
	}
	return zero
}

// textIDs is a list of keys that are texts.
func textIDs[K ~string](f fields, key string) []K {
	var out []K
	for i, item := range f.items(key) {
		if problem := keyProblem(item); problem != "" {
			f.row.fail(f.at(key)+index(i), item.found(), problem)
			continue
		}
		out = append(out, K(item.text))
	}
	return out
}

// parsed is a string that parse takes.
func parsed[T any](f fields, key, expected string, parse func(string) (T, error)) *T {
	n := f.get(key)
	if n == nil {
		return nil
	}
	value, err := parse(n.text)
	if n.kind != words || err != nil {
		f.fail(key, expected)
		return nil
	}
	return &value
}

const (
	aDate     = "a date that exists, yyyy-MM-dd"
	aLocal    = "a date and time that exist, yyyy-MM-dd HH:mm:ss"
	anInstant = "an RFC 3339 date and time that exist, or milliseconds since 1970"
)

func (f fields) date(key string) *models.Date {
	return parsed(f, key, aDate, models.ParseDate)
}

func (f fields) local(key string) *models.LocalDateTime {
	return parsed(f, key, aLocal, models.ParseLocalDateTime)
}

// instant is RFC 3339, or milliseconds since 1970 as a number.
func (f fields) instant(key string) *models.DateTime {
	n := f.get(key)
	if n == nil {
		return nil
	}
	if n.kind != number {
		return parsed(f, key, anInstant, models.ParseDateTime)
	}
	var value models.DateTime
	if err := value.UnmarshalGQL(json.Number(n.text)); err != nil {
		f.fail(key, anInstant)
		return nil
	}
	return &value
}

// enum is one of all, which the source writes exactly so.
func enum[E ~string](f fields, key string, all []E) *E {
	n := f.get(key)
	if n == nil {
		return nil
	}
	if n.kind != words || !slices.Contains(all, E(n.text)) {
		f.fail(key, oneOf(all))
		return nil
	}
	return new(E(n.text))
}

// enumAnyCase is enum for sources that differ in case.
func enumAnyCase[E ~string](f fields, key string, all []E) *E {
	if n := f.get(key); n != nil && n.kind == words && slices.Contains(all, E(strings.ToUpper(n.text))) {
		return new(E(strings.ToUpper(n.text)))
	}
	return enum(f, key, all)
}

func oneOf[E ~string](all []E) string {
	names := make([]string, len(all))
	for i, value := range all {
		names[i] = string(value)
	}
	return "one of " + strings.Join(names, ", ")
}
