package engine

import (
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// planner makes the plan of an operation. Its errors say why there is none.
type planner struct {
	operation *graphql.OperationContext
	schema    *ast.Schema
	postgres  bool
	plan      *plan
	added     map[int]*node     // where sums of balances are read, by depth
	lists     map[listKey]*node // that are read once for several fields
}

// listKey is where a list leads from the rows of a node, and which of its rows it is of.
type listKey struct {
	of    *node
	edge  *store.Edge
	which string // "" is all
}

// compile makes the plan of an operation.
func compile(operation *graphql.OperationContext, schema *ast.Schema, postgres bool) (*plan, error) {
	c := planner{operation, schema, postgres, &plan{schema: schema, fields: map[selected]bool{}}, map[int]*node{}, map[listKey]*node{}}
	if operation.Operation.Operation != ast.Query {
		return nil, fmt.Errorf("it is a %s", operation.Operation.Operation)
	}
	var err error
	if c.plan.root, err = c.object(schema.Query, nil, operation.Operation.SelectionSet); err != nil {
		return nil, err
	}
	c.plan.mergeLevels(postgres)
	return c.plan, nil
}

// object compiles what is selected of an object whose row is one of node's.
func (c *planner) object(kind *ast.Definition, of *node, selections ast.SelectionSet) (*object, error) {
	return c.steps(kind, selections, func(s *step, field graphql.CollectedField) error {
		return c.rowField(s, kind, of, field)
	})
}

// steps compiles fields. do completes the step of each but __typename.
func (c *planner) steps(kind *ast.Definition, selections ast.SelectionSet, do func(*step, graphql.CollectedField) error) (*object, error) {
	out := &object{}
	for i, field := range graphql.CollectFields(c.operation, selections, append([]string{kind.Name}, kind.Interfaces...)) {
		s := newStep(i, field)
		switch {
		case len(field.Deferrables) > 0:
			return nil, fmt.Errorf("%s is deferred", field.Name)
		case field.Name == "__typename":
			s.text = []byte(`"` + kind.Name + `"`)
		default:
			c.plan.fields[selected{kind.Name, field.Name, field.Definition.Type.Name()}] = true
			if err := do(&s, field); err != nil {
				return nil, err
			}
		}
		out.steps = append(out.steps, s)
	}
	c.plan.steps += len(out.steps)
	return out, nil
}

// rowField compiles a field of a row, or of Query.
func (c *planner) rowField(s *step, kind *ast.Definition, of *node, field graphql.CollectedField) error {
	name := kind.Name + "." + field.Name
	if edge := store.Edges[name]; edge != nil {
		return c.relation(s, edge, kind, of, field)
	}
	switch name {
	case "Query.node":
		return c.nodeByID(s, field)
	case "Balance.balance":
		c.account(s, of, field)
		return nil
	case "Customer.netBalance":
		return c.net(s, of, field)
	}
	reckoned, isComputed := models.ComputedFields[name]
	from, isPart := models.Parts[name]
	_, _, isNode := scalar.SplitID(kind.Name + ":")
	switch {
	case of == nil || len(field.Arguments) > 0:
		return fmt.Errorf("%s is for resolvers, or as it is asked", name)
	case isComputed:
		s.kind, s.computed = computed, reckoned
		for _, column := range reckoned.Columns {
			s.places = append(s.places, of.selection.Add(column))
		}
		return nil
	case isPart:
		return c.part(s, from, of, field)
	case isNode && field.Name == "id":
		s.kind, s.text, s.places = key, []byte(`"`+kind.Name+":"), of.selection.AddKey()
		return nil
	case isNode && field.Name == "databaseId":
		s.kind, s.text, s.places = key, []byte(`"`), of.selection.AddKey()
		return nil
	}
	var ok bool
	if s.place, s.output, ok = of.selection.AddField(field.Name, field.Definition.Type.Name(), c.postgres); !ok || field.Definition.Type.Elem != nil {
		return fmt.Errorf("%s is no column", name)
	}
	s.kind = cell
	return nil
}

// part compiles an object that is part of its parent's row.
func (c *planner) part(s *step, from models.Part, of *node, field graphql.CollectedField) (err error) {
	s.kind = part
	for _, column := range from.Known {
		s.places = append(s.places, of.selection.Add(column))
	}
	s.object, err = c.steps(c.schema.Types[field.Definition.Type.Name()], field.Selections, func(inner *step, field graphql.CollectedField) error {
		var ok bool
		if inner.place, inner.output, ok = of.selection.AddColumn(from.Columns[field.Name], field.Definition.Type.Name(), c.postgres); !ok {
			return fmt.Errorf("%s is no column", field.Name)
		}
		inner.kind = cell
		return nil
	})
	return err
}
