package store

import (
	"strings"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// OrderKey is a key of an orderBy argument as the client sent it: field, direction
// and nulls.
type OrderKey = map[string]any

// Request is a list as a client asks for it. Nothing of it is checked: Edge.Prepare makes
// a Query of it.
type Request struct {
	Page    PageArguments
	OrderBy []OrderKey         // keys {field, direction, nulls}; none is the relation's own order
	Filters []Filter           // all of which a row must pass; a nil one is no filter
	At      scalar.DateTime    // the instant that rows made of others are of
	Only    *scalar.CustomerID // whose rows others are made of; nil for all
}

// Arguments are the arguments of one field by name, as package coerce or gqlgen has read
// them: a value of the argument's type or a pointer to it, nil or absent if none is given.
type Arguments struct {
	given   map[string]any
	now     scalar.DateTime
	usesNow bool
}

// NewArguments are the arguments of a field of an operation whose present instant is now.
func NewArguments(given map[string]any, now scalar.DateTime) *Arguments {
	return &Arguments{given: given, now: now}
}

// Now is the operation's present instant.
func (a *Arguments) Now() scalar.DateTime {
	a.usesNow = true
	return a.now
}

// UsesNow returns whether what was read of the arguments depends on the present instant.
func (a *Arguments) UsesNow() bool { return a.usesNow }

// Argument is the value of an argument, nil if it is null or not given.
func Argument[T any](a *Arguments, name string) *T {
	switch value := a.given[name].(type) {
	case T:
		return &value
	case *T:
		return value
	}
	return nil
}

// Flag is the value of a Boolean argument, false if it is null or not given.
func (a *Arguments) Flag(name string) bool { return scalar.OrZero(Argument[bool](a, name)) }

// Request reads the arguments of a field that leads along the edge: those of all lists,
// and those that lists of its table have besides.
func (e *Edge) Request(a *Arguments) (q Request, err error) {
	q.Page = PageArguments{
		First: Argument[int](a, "first"), Last: Argument[int](a, "last"),
		After: Argument[string](a, "after"), Before: Argument[string](a, "before"),
	}
	q.OrderBy = orderKeys(a.given["orderBy"])
	if filter := Argument[Filter](a, "filter"); filter != nil {
		q.Filters = append(q.Filters, *filter)
	}
	if e.Target.filter["search"].Test != nil {
		if flat := e.Target.flat(a); flat != nil {
			q.Filters = append(q.Filters, flat)
		}
	}
	if e.Target.arguments != nil {
		err = e.Target.arguments(a, &q)
	}
	return q, err
}

// orderKeys are the keys of the argument orderBy.
func orderKeys(v any) (keys []OrderKey) {
	switch v := v.(type) {
	case []OrderKey:
		return v
	case []any:
		for _, member := range v {
			if key, ok := member.(OrderKey); ok {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// Asking gives the lists of a table arguments besides those of all lists. read adds to the
// request what they mean.
func (t *Table[T]) Asking(read func(*Arguments, *Request) error) *Table[T] {
	t.arguments = read
	return t
}

// flat is the filter of the flat arguments, which lists that can be searched have for
// connectors that send texts only; nil if none is given.
func (t *table) flat(a *Arguments) Filter {
	owner, search := Argument[string](a, "customerId"), Argument[string](a, "search")
	since, before := Argument[scalar.DateTime](a, "updatedSince"), Argument[scalar.DateTime](a, "updatedBefore")
	if owner == nil && search == nil && since == nil && before == nil {
		return nil
	}
	filter, updated := Filter{}, map[string]any{}
	if owner != nil {
		filter[t.ownerField()] = map[string]any{"eq": *owner}
	}
	if search != nil {
		filter["search"] = *search
	}
	if since != nil {
		updated["gte"] = since.String()
	}
	if before != nil {
		updated["lt"] = before.String()
	}
	filter["updatedAt"] = updated
	return filter
}

// ownerField is the filter field that compares the customer whose row it is.
func (t *table) ownerField() string {
	words := strings.Split(t.owner, "_")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}
