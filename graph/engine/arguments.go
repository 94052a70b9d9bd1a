package engine

import (
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
)

// arguments are those of a field that leads to rows.
type arguments struct {
	edge     *models.Edge
	field    *ast.Field
	customer string        // filter field of the argument customerId
	limit    int           // of a page, in rows
	lookup   bool          // the argument id is the key
	flags    bool          // those of balances are among them
	net      bool          // they are those of a net balance
	query    *models.Query // where it is the same in each run; else nil
}

func newArguments(edge *models.Edge, kind *ast.Definition, field graphql.CollectedField, nested bool) (arguments, error) {
	has := func(name string) bool { return field.Definition.Arguments.ForName(name) != nil }
	a := arguments{edge: edge, field: field.Field, customer: "customerId", limit: relay.MaxLimit, flags: has("includeArchived"), net: has("creditTypeId")}
	a.lookup = !nested && has("id") // a connection has none
	if nested {
		a.limit = relay.MaxNested
	}
	if kind.Name+"."+field.Name == "Query.customers" {
		a.customer = "id"
	}
	if a.lookup {
		q, err := edge.Prepare(models.Query{})
		a.query = &q
		return a, err
	}
	for _, argument := range field.Arguments {
		if varies(argument.Value) || argument.Name == "excludeZeroBalances" {
			return a, nil
		}
	}
	q, err := a.prepare(nil, 0)
	a.query = &q
	return a, err
}

// varies tells whether a value holds a variable.
func varies(value *ast.Value) bool {
	if value.Kind == ast.Variable {
		return true
	}
	for _, child := range value.Children {
		if varies(child.Value) {
			return true
		}
	}
	return false
}

// prepare reads the arguments of a list as the resolvers do.
func (a *arguments) prepare(variables map[string]any, now models.DateTime) (q models.Query, err error) {
	if a.query != nil {
		return *a.query, nil
	}
	given := a.field.ArgumentMap(variables)
	page, err := pageOf(given, a.limit)
	if err != nil {
		return q, err
	}
	q = models.Query{Page: page, OrderBy: orderOf(given["orderBy"])}
	if filter, ok := withLists(given["filter"]).(models.Filter); ok {
		q.Filters = append(q.Filters, filter)
	}
	flat, err := a.flat(given)
	if err != nil {
		return q, err
	}
	if flat != nil {
		q.Filters = append(q.Filters, flat)
	}
	if a.flags {
		q.Filters = append(q.Filters, balancesWhere(given, now))
	}
	if a.net {
		live, err := netWhere(given)
		if err != nil {
			return q, err
		}
		q.Filters = append(q.Filters, live)
	}
	return a.edge.Prepare(q)
}

// key reads the key that a field of Query asks for.
func (a *arguments) key(variables map[string]any) ([]any, error) {
	if a.value("externalId", variables) != nil || a.value("id", variables) == nil {
		return nil, errors.New("it is not asked for by its key")
	}
	id, err := relay.UnmarshalID(a.value("id", variables))
	if err != nil {
		return nil, err
	}
	return a.edge.ParseKey(id)
}

// value is that of one argument that has no default, nil if it is null or not given.
func (a *arguments) value(name string, variables map[string]any) any {
	argument := a.field.Arguments.ForName(name)
	if argument == nil {
		return nil
	}
	value, err := argument.Value.Value(variables)
	if err != nil {
		return nil
	}
	return value
}

// flat is the filter of the flat arguments, nil if none is given.
func (a *arguments) flat(given map[string]any) (models.Filter, error) {
	customer, err0 := argument(given, "customerId", text)
	search, err1 := argument(given, "search", text)
	since, err2 := argument(given, "updatedSince", instant)
	before, err3 := argument(given, "updatedBefore", instant)
	if err := errors.Join(err0, err1, err2, err3); err != nil || customer == nil && search == nil && since == nil && before == nil {
		return nil, err
	}
	return models.FlatFilter(a.customer, customer, search, since, before), nil
}
