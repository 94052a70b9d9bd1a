package engine

import (
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph/coerce"
	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
)

// arguments are those of a field that leads to rows.
type arguments struct {
	schema   *ast.Schema
	edge     *models.Edge
	field    *ast.Field
	customer string        // filter field of the argument customerId
	limit    int           // of a page, in rows
	lookup   bool          // the argument id is the key
	flags    bool          // those of balances are among them
	net      bool          // they are those of a net balance
	query    *models.Query // where it is the same in each run; else nil
}

func (c *compiler) newArguments(edge *models.Edge, kind *ast.Definition, field graphql.CollectedField, nested bool) (arguments, error) {
	has := func(name string) bool { return field.Definition.Arguments.ForName(name) != nil }
	a := arguments{schema: c.schema, edge: edge, field: field.Field, customer: "customerId", limit: relay.MaxLimit, flags: has("includeArchived"), net: has("creditTypeId")}
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
		if coerce.HasVariable(argument.Value) || argument.Name == "excludeZeroBalances" {
			return a, nil
		}
	}
	q, err := a.prepare(nil, 0)
	a.query = &q
	return a, err
}

// prepare reads the arguments of a list as the resolvers do.
func (a *arguments) prepare(variables map[string]any, now models.DateTime) (q models.Query, err error) {
	if a.query != nil {
		return *a.query, nil
	}
	given, err := coerce.Arguments(a.schema, a.field, variables)
	if err != nil {
		return q, err
	}
	page, err := pageOf(given, a.limit)
	if err != nil {
		return q, err
	}
	q = models.Query{Page: page, OrderBy: orderOf(given["orderBy"])}
	if filter, ok := given["filter"].(models.Filter); ok {
		q.Filters = append(q.Filters, filter)
	}
	if flat := a.flat(given); flat != nil {
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
	id, isKey := a.value("id", variables).(string)
	if !isKey || a.value("externalId", variables) != nil {
		return nil, errors.New("it is not asked for by its key")
	}
	return a.edge.ParseKey(id)
}

// value is that of one argument that has no default, nil if it is null or not given.
func (a *arguments) value(name string, variables map[string]any) any {
	given := a.field.Arguments.ForName(name)
	if given == nil {
		return nil
	}
	value, _, err := coerce.Argument(a.schema, a.field.Definition.Arguments.ForName(name), given, variables)
	if err != nil {
		return nil
	}
	return value
}

// flat is the filter of the flat arguments, nil if none is given.
func (a *arguments) flat(given map[string]any) models.Filter {
	customer, search := argument[string](given, "customerId"), argument[string](given, "search")
	since, before := argument[models.DateTime](given, "updatedSince"), argument[models.DateTime](given, "updatedBefore")
	if customer == nil && search == nil && since == nil && before == nil {
		return nil
	}
	return models.FlatFilter(a.customer, customer, search, since, before)
}
