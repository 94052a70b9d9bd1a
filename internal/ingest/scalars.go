package ingest

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/usagegraph/usagegraph/models/scalar"
)

const (
	// maxIDBytes keeps keys short enough for PostgreSQL's indexes.
	maxIDBytes = 255
	// maxTextBytes keeps names short enough for PostgreSQL's indexes, and for cursors.
	maxTextBytes = 2000
	// maxValueBytes is for values of custom fields, which an index holds as well.
	maxValueBytes = 1024
)

// numberText is what a number of JSON looks like.
var numberText = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// float is a finite number, or the text of one. -0 is 0.
func (f fields) float(key string) *float64 {
	n := f.get(key)
	if n == nil {
		return nil
	}
	value, err := strconv.ParseFloat(n.text, 64)
	if n.kind != number && (n.kind != words || !numberText.MatchString(n.text)) || err != nil {
		f.fail(key, "a number within the range of a double")
		return nil
	}
	return new(value + 0) // the sum of -0 and 0 is 0
}

// decimal is an exact amount, as a number or a string.
func (f fields) decimal(key string) *scalar.Decimal {
	n := f.get(key)
	if n == nil {
		return nil
	}
	if n.kind != number && n.kind != words {
		f.fail(key, "a number")
		return nil
	}
	value, err := scalar.ParseDecimal(n.text)
	if err == scalar.ErrDecimalPlaces && f.row.round {
		f.row.rounded++
		value, _, err = scalar.RoundDecimal(n.text)
	}
	switch err {
	case nil:
		return &value
	case scalar.ErrDecimalPlaces:
		f.fail(key, "at most six decimal places (--round rounds them)")
	case scalar.ErrDecimalRange:
		f.fail(key, "a number from -9.2e12 to 9.2e12")
	default:
		f.fail(key, "a number")
	}
	return nil
}

// is compares a value with an amount, to the places that amounts have: sources that
// reckon with floats write more.
func (n *node) is(amount scalar.Decimal) bool {
	value, _, err := scalar.RoundDecimal(n.text)
	return err == nil && value == amount
}

// amount is an exact amount that must be there.
func (f fields) amount(key string) (zero scalar.Decimal) {
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

// sourceID is an id of something that is no row of ours, for which the sources write
// 0, too.
func sourceID(f fields, key string) *int64 {
	if n := f.get(key); n != nil {
		if value, ok := whole(n); ok && value == 0 {
			return &value
		}
	}
	return id[int64](f, key)
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
	anInstant = "an RFC 3339 date and time that exist, or milliseconds since 1970, from 100000000000 on"

	instantOrDate = anInstant + ", or a date, yyyy-MM-dd"
)

// minMillis is the least number that is taken for milliseconds since 1970, in the year
// 1973. Numbers below it are seconds, or nothing that a billing system means.
const minMillis = 100_000_000_000

func (f fields) date(key string) *scalar.Date {
	return parsed(f, key, aDate, scalar.ParseDate)
}

func (f fields) local(key string) *scalar.LocalDateTime {
	return parsed(f, key, aLocal, scalar.ParseLocalDateTime)
}

// instant is RFC 3339, or milliseconds since 1970 as a number.
func (f fields) instant(key string) *scalar.DateTime {
	return f.instantBy(key, anInstant, scalar.ParseDateTime)
}

// stamp is an instant of Elevate, which documents a date for some: then it is the
// midnight, in UTC, with which that day begins.
func (f fields) stamp(key string) *scalar.DateTime {
	return f.instantBy(key, instantOrDate, func(text string) (scalar.DateTime, error) {
		if date, err := scalar.ParseDate(text); err == nil {
			text = string(date) + "T00:00:00Z"
		}
		return scalar.ParseDateTime(text)
	})
}

// instantUTC is an instant of Zenskar, which leaves the zone out of some: they are in
// UTC, and counted.
func (f fields) instantUTC(key string) *scalar.DateTime {
	return f.instantBy(key, anInstant, func(text string) (scalar.DateTime, error) {
		at, err := scalar.ParseDateTime(text)
		if err == nil {
			return at, nil
		}
		if at, err = scalar.ParseDateTime(text + "Z"); err == nil {
			f.row.warn("a time without a zone is read as UTC")
		}
		return at, err
	})
}

// instantBy is an instant whose text parse reads.
func (f fields) instantBy(key, expected string, parse func(string) (scalar.DateTime, error)) *scalar.DateTime {
	n := f.get(key)
	if n == nil {
		return nil
	}
	if n.kind != number {
		return parsed(f, key, expected, parse)
	}
	var value scalar.DateTime
	millis, ok := whole(n)
	if !ok || millis < minMillis || value.UnmarshalGQL(json.Number(strconv.FormatInt(millis, 10))) != nil {
		f.fail(key, expected)
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

// label is an enum that no number depends on: with --lenient a value that is none of
// all is left out, and counted.
func label[E ~string](f fields, key string, all []E) *E {
	n := f.get(key)
	if n != nil && n.kind == words && f.row.lenient && !slices.Contains(all, E(n.text)) {
		f.row.warn("an unknown value of " + key + " is left out")
		return nil
	}
	return enum(f, key, all)
}

// enumAnyCase is enum for sources that differ in case.
func enumAnyCase[E ~string](f fields, key string, all []E) *E {
	if value := anyCase(f, key, all); value != nil {
		return value
	}
	return enum(f, key, all)
}

// labelAnyCase is label for sources that differ in case.
func labelAnyCase[E ~string](f fields, key string, all []E) *E {
	if value := anyCase(f, key, all); value != nil {
		return value
	}
	return label(f, key, all)
}

// anyCase is one of all, whatever its case; nil for anything else.
func anyCase[E ~string](f fields, key string, all []E) *E {
	if n := f.get(key); n != nil && n.kind == words && slices.Contains(all, E(strings.ToUpper(n.text))) {
		return new(E(strings.ToUpper(n.text)))
	}
	return nil
}

func oneOf[E ~string](all []E) string {
	names := make([]string, len(all))
	for i, value := range all {
		names[i] = string(value)
	}
	return "one of " + strings.Join(names, ", ")
}
