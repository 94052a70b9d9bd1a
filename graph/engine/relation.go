package engine

import (
	"errors"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// relation compiles a field that leads to rows.
func (c *planner) relation(s *step, edge *store.Edge, kind *ast.Definition, of *node, field graphql.CollectedField) (err error) {
	result := c.schema.Types[field.Definition.Type.Name()]
	n, err := c.node(edge, of, field)
	if err != nil {
		return err
	}
	s.node = n
	switch {
	case n.connection != nil:
		s.kind = connection
		s.object, err = c.connection(result, n, field.Selections)
	case field.Definition.Type.Elem != nil:
		s.kind = list
		s.object, err = c.object(result, n, field.Selections)
	default:
		s.kind = one
		if column := store.Firsts[kind.Name+"."+field.Name]; column != "" {
			s.kind, s.place = first, n.selection.Add(column)
		}
		s.object, err = c.object(result, n, field.Selections)
	}
	if len(n.selection.Places()) == 0 {
		n.selection.AddKey()
	}
	return err
}

// nodeByID compiles Query.node. Its plan is for the type that the ID names, on which it
// depends for the fields that stand in the operation itself.
func (c *planner) nodeByID(s *step, field graphql.CollectedField) (err error) {
	name := typeOf(field.Field, c.operation.Variables)
	edge := store.Nodes[name]
	if edge == nil || !slices.Contains(c.operation.Operation.SelectionSet, ast.Selection(field.Field)) {
		return errors.New("the type of Query.node is not known")
	}
	c.plan.fields[selected{"Query", "node", name}] = true
	s.kind, s.node = one, c.add(edge, nil, c.newKey(edge, field))
	s.object, err = c.object(c.schema.Types[name], s.node, field.Selections)
	s.node.selection.AddKey()
	return err
}

// typeOf is the type of the global ID that Query.node is asked for, "" if it is none.
func typeOf(field *ast.Field, variables map[string]any) string {
	var id string
	switch argument := field.Arguments.ForName("id"); argument.Value.Kind {
	case ast.Variable:
		id, _ = variables[argument.Value.Raw].(string)
	default:
		id = argument.Value.Raw
	}
	name, _, _ := scalar.SplitID(id)
	if store.Nodes[name] == nil {
		return ""
	}
	return name
}

// list is where a field without arguments reads all rows of its parents.
func (c *planner) list(edge *store.Edge, of *node) *node {
	key := listKey{of, edge, ""}
	if c.lists[key] == nil {
		c.lists[key] = c.add(edge, of, everything(edge))
	}
	return c.lists[key]
}

// node is where a field reads its rows. Fields without arguments that lead the same
// way read them together.
func (c *planner) node(edge *store.Edge, of *node, field graphql.CollectedField) (*node, error) {
	isConnection := strings.HasSuffix(field.Definition.Type.Name(), "Connection")
	switch {
	case of == nil && !isConnection:
		return c.add(edge, nil, c.newKey(edge, field)), nil
	case of != nil && !isConnection && len(field.Arguments) == 0:
		return c.list(edge, of), nil
	}
	given, err := c.newArguments(field, edge.Ask)
	n := c.add(edge, of, given)
	if isConnection {
		n.connection = &connectionParts{}
	}
	return n, err
}

// add adds a place at which rows are read.
func (c *planner) add(edge *store.Edge, of *node, given arguments) *node {
	n := &node{index: len(c.plan.nodes), entry: len(c.plan.nodes), parent: of, edge: edge, arguments: given, selection: &store.Selection{Edge: edge}}
	switch {
	case of == nil && given.lookup:
		n.strategy = byArgument{}
	case of == nil:
		n.strategy = allRows{}
	case n.joins(of):
		n.depth = of.depth
	default:
		n.keyCells, n.depth, n.strategy = of.selection.AddParent(edge), of.depth+1, listsOfParents{}
		if of.arguments.lookup && edge.KeyKnownFromLookup(of.edge) {
			n.depth, n.strategy = of.depth, knownKey{}
		}
	}
	c.plan.nodes = append(c.plan.nodes, n)
	for len(c.plan.levels) <= n.depth {
		c.plan.levels = append(c.plan.levels, nil)
	}
	c.plan.levels[n.depth] = append(c.plan.levels[n.depth], n)
	return n
}

// joins lets all rows be read with all rows of the parent, by the same keys, if they can.
func (n *node) joins(of *node) bool {
	edge := n.edge.ByGrandparent(of.edge)
	_, joined := of.strategy.(*byGrandparents)
	if edge == nil || !n.arguments.takesNone() || !of.arguments.takesNone() || joined {
		return false
	}
	n.selection.Edge = edge
	rest, theirs := n.selection.Rest(n.edge, of.selection)
	n.edge, n.strategy = edge, &byGrandparents{rest: rest, theirs: theirs}
	return true
}

// fieldsOf are the steps of the fields of connections, edges and page infos.
var fieldsOf = map[string]kind{
	"edges": edges, "nodes": nodes, "pageInfo": pageInfo, "totalCount": totalCount,
	"cursor": cursor, "node": edgeNode,
	"hasNextPage": hasNext, "hasPreviousPage": hasPrevious, "startCursor": startCursor, "endCursor": endCursor,
}

// connection compiles a connection, and the edges and the page info in it.
func (c *planner) connection(kind *ast.Definition, n *node, selections ast.SelectionSet) (*object, error) {
	return c.steps(kind, selections, func(s *step, field graphql.CollectedField) (err error) {
		s.kind = fieldsOf[field.Name]
		n.connection.need(s.kind)
		result := c.schema.Types[field.Definition.Type.Name()]
		switch s.kind {
		case nodes, edgeNode:
			s.object, err = c.object(result, n, field.Selections)
		case edges, pageInfo:
			s.object, err = c.connection(result, n, field.Selections)
		}
		return err
	})
}
