package engine

import (
	"errors"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
)

// relation compiles a field that leads to rows.
func (c *compiler) relation(s *step, edge *models.Edge, kind *ast.Definition, of *node, field graphql.CollectedField) (err error) {
	result := c.schema.Types[field.Definition.Type.Name()]
	n, err := c.node(edge, of, field)
	if err != nil {
		return err
	}
	s.node = n
	switch {
	case n.connection:
		s.kind = connection
		s.object, err = c.connection(result, n, field.Selections)
	case field.Definition.Type.Elem != nil:
		s.kind = list
		s.object, err = c.object(result, n, field.Selections)
	default:
		s.kind = one
		if column := models.Firsts[kind.Name+"."+field.Name]; column != "" {
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
func (c *compiler) nodeByID(s *step, field graphql.CollectedField) (err error) {
	name := typeOf(field.Field, c.operation.Variables)
	edge := models.Nodes[name]
	if edge == nil || !slices.Contains(c.operation.Operation.SelectionSet, ast.Selection(field.Field)) {
		return errors.New("the type of Query.node is not known")
	}
	c.plan.fields[selected{"Query", "node", name}] = true
	s.kind, s.node = one, c.add(edge, nil, false)
	s.node.arguments = c.newKey(edge, field)
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
	name, _, _ := relay.SplitID(id)
	if models.Nodes[name] == nil {
		return ""
	}
	return name
}

// list is where a field without arguments reads all rows of its parents.
func (c *compiler) list(edge *models.Edge, of *node) *node {
	if known := of.lists[listKey{edge, ""}]; known != nil {
		return known
	}
	n := c.add(edge, of, true)
	n.plain, n.arguments = true, everything(edge)
	of.lists[listKey{edge, ""}] = n
	return n
}

// node is where a field reads its rows. Fields without arguments that lead the same
// way read them together.
func (c *compiler) node(edge *models.Edge, of *node, field graphql.CollectedField) (*node, error) {
	isConnection := strings.HasSuffix(field.Definition.Type.Name(), "Connection")
	if of != nil && !isConnection && len(field.Arguments) == 0 {
		return c.list(edge, of), nil
	}
	n := c.add(edge, of, false)
	n.connection, n.plain = isConnection, isPlain(field.Arguments)
	if of == nil && !isConnection {
		n.arguments = c.newKey(edge, field)
		return n, nil
	}
	var err error
	n.arguments, err = c.newArguments(field, edge.Ask)
	return n, err
}

// isPlain tells whether arguments neither choose nor order rows but by flags that cost
// nothing, and begin at an end of the list.
func isPlain(arguments ast.ArgumentList) bool {
	return !slices.ContainsFunc(arguments, func(argument *ast.Argument) bool {
		return !slices.Contains([]string{"first", "last", "includeContractBalances", "includeArchived"}, argument.Name)
	})
}

// add adds a place at which rows are read. Whole is that they are all rows of each parent.
func (c *compiler) add(edge *models.Edge, of *node, whole bool) *node {
	n := &node{index: len(c.plan.nodes), entry: len(c.plan.nodes), parent: of, edge: edge, whole: whole, selection: &models.Selection{Edge: edge}, lists: map[listKey]*node{}}
	switch {
	case of == nil:
	case n.joins(of):
		n.depth = of.depth
	default:
		n.at, n.depth = of.selection.AddParent(edge), of.depth+1
		if n.known = of.arguments.lookup && edge.OfLookedUp(of.edge); n.known {
			n.depth = of.depth
		}
	}
	c.plan.nodes = append(c.plan.nodes, n)
	for len(c.plan.levels) <= n.depth {
		c.plan.levels = append(c.plan.levels, nil)
	}
	c.plan.levels[n.depth] = append(c.plan.levels[n.depth], n)
	return n
}

// joins lets a list be read with its parents', by the same keys, if it can.
func (n *node) joins(of *node) bool {
	edge := n.edge.Within(of.edge)
	if edge == nil || !n.whole || !of.whole || of.within {
		return false
	}
	n.within, n.selection.Edge = true, edge
	n.rest, n.theirs = n.selection.Rest(n.edge, of.selection)
	n.edge = edge
	return true
}

// fieldsOf are the steps of the fields of connections, edges and page infos.
var fieldsOf = map[string]kind{
	"edges": edges, "nodes": nodes, "pageInfo": pageInfo, "totalCount": totalCount,
	"cursor": cursor, "node": edgeNode,
	"hasNextPage": hasNext, "hasPreviousPage": hasPrevious, "startCursor": startCursor, "endCursor": endCursor,
}

// connection compiles a connection, and the edges and the page info in it.
func (c *compiler) connection(kind *ast.Definition, n *node, selections ast.SelectionSet) (*object, error) {
	return c.steps(kind, selections, func(s *step, field graphql.CollectedField) (err error) {
		s.kind = fieldsOf[field.Name]
		n.needs(s.kind)
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
