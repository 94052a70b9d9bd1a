package ingest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/usagegraph/usagegraph/models"
)

// fields reads the fields of one object by name. Absent and null are alike. What
// is wrong is noted on the row, and the zero value returned.
type fields struct {
	row  *rowContext
	node *node
	path string // "" for the row itself
}

// rowContext is the row that is being read.
type rowContext struct {
	number   int64
	round    bool
	lenient  bool // unknown values of enums are left out, where no number depends on them
	rounded  int
	failed   bool
	absorbed bool // it is part of a row that stays as it is, and what it adds is seen to
	warnings []string
	notKept  []string // fields whose values usagegraph reckons itself
	report   *report
}

// fail notes an error.
func (r *rowContext) fail(path, found, expected string) {
	r.failed = true
	r.report.add(issue{r.number, path, found, expected})
}

func (r *rowContext) warn(message string) { r.warnings = append(r.warnings, message) }

// at is the path of a field.
func (f fields) at(key string) string {
	if f.path == "" {
		return key
	}
	return f.path + "." + key
}

// fail notes an error of a field.
func (f fields) fail(key, expected string) {
	f.row.fail(f.at(key), f.node.fields[key].found(), expected)
}

// breaches notes the rules that a row breaks: an error at the field, or a warning.
func (f fields) breaches(breaches []models.Breach) {
	for _, b := range breaches {
		if b.Rule.Severity == models.SeverityWarning {
			f.row.warn(b.Rule.Broken)
		} else {
			f.fail(b.Field, b.Expected)
		}
	}
}

// get is the value of a field, nil when there is none.
func (f fields) get(key string) *node {
	n := f.node.fields[key]
	if n == nil {
		return nil
	}
	n.known = true
	if n.kind == null {
		return nil
	}
	return n
}

// ignore says of fields that they are known and not kept.
func (f fields) ignore(keys ...string) {
	for _, key := range keys {
		f.get(key)
	}
}

// reckoned says of fields that usagegraph reckons them itself, and reports those that
// have a value.
func (f fields) reckoned(keys ...string) {
	for _, key := range keys {
		if f.has(key) {
			f.row.notKept = append(f.row.notKept, f.at(key))
		}
	}
}

// require notes an error unless the field has a value.
func (f fields) require(key, expected string) *node {
	n := f.get(key)
	if n == nil {
		f.fail(key, expected)
	}
	return n
}

// text is a string that an index holds.
func (f fields) text(key string) *string {
	text := f.prose(key)
	if text != nil && len(*text) > maxTextBytes {
		f.fail(key, "a string of at most "+strconv.Itoa(maxTextBytes)+" bytes")
		return nil
	}
	return text
}

// prose is any string.
func (f fields) prose(key string) *string {
	n := f.get(key)
	if n == nil {
		return nil
	}
	if n.kind != words {
		f.fail(key, "a string")
		return nil
	}
	return &n.text
}

// bool is a truth value, otherwise when there is none.
func (f fields) bool(key string, otherwise bool) bool {
	if truth := f.boolOrNil(key); truth != nil {
		return *truth
	}
	return otherwise
}

func (f fields) boolOrNil(key string) *bool {
	n := f.get(key)
	if n == nil {
		return nil
	}
	if n.kind != boolean {
		f.fail(key, "true or false")
		return nil
	}
	return &n.truth
}

// texts is a list of strings.
func texts[K ~string](f fields, key string) []K {
	var out []K
	for i, item := range f.items(key) {
		if item.kind != words {
			f.row.fail(f.at(key)+index(i), item.found(), "a string")
			continue
		}
		out = append(out, K(item.text))
	}
	return out
}

// index is the last step of the path to an element.
func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// items are the elements of a list, none when it is absent.
func (f fields) items(key string) []*node {
	n := f.get(key)
	if n == nil {
		return nil
	}
	if n.kind != list {
		f.fail(key, "a list")
		return nil
	}
	return n.items
}

// has reports whether the field is there and not null.
func (f fields) has(key string) bool { return f.get(key) != nil }

// object is an object in a field.
func (f fields) object(key string) (fields, bool) {
	n := f.get(key)
	if n == nil {
		return fields{}, false
	}
	return f.row.open(n, f.at(key))
}

// objects are the objects in a list.
func (f fields) objects(key string) []fields {
	var out []fields
	for i, item := range f.items(key) {
		if inner, ok := f.row.open(item, f.at(key)+index(i)); ok {
			out = append(out, inner)
		}
	}
	return out
}

// open reads n as an object.
func (r *rowContext) open(n *node, path string) (fields, bool) {
	if n.kind != object {
		where := path
		if where == "" {
			where = "$"
		}
		r.fail(where, n.found(), "an object")
		return fields{}, false
	}
	n.read = true
	return fields{r, n, path}, true
}

// pairs are the fields of an object whose values are strings, in order of key.
func (f fields) pairs(key string) []*models.CustomField {
	inner, ok := f.object(key)
	if !ok {
		return nil
	}
	var out []*models.CustomField
	for name, n := range inner.node.fields {
		n.known = true
		switch {
		case n.kind == null:
		case n.kind != words:
			inner.row.fail(inner.at(short(name)), n.found(), "a string")
		case len(name) > maxIDBytes:
			inner.row.fail(inner.at(short(name)), quoted(name), "a key of at most "+strconv.Itoa(maxIDBytes)+" bytes")
		case len(n.text) > maxValueBytes:
			inner.row.fail(inner.at(short(name)), n.found(), "a string of at most "+strconv.Itoa(maxValueBytes)+" bytes")
		default:
			out = append(out, &models.CustomField{Key: name, Value: n.text})
		}
	}
	slices.SortFunc(out, func(a, b *models.CustomField) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// required is the value of a pointer that must be there.
func required[T any](f fields, key, expected string, value *T) (zero T) {
	if value == nil {
		f.require(key, expected) // a value of the wrong kind is noted already
		return zero
	}
	return *value
}
