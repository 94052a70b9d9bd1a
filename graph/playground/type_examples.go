package playground

import (
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// TypeExamples has an example query for each type of the schema but GraphQL's own, by
// the type's name: one that answers with the type, or, for inputs, that takes it, and
// for a type that stands in no answer's data one that describes it. Each asks the demo
// data for little.
func TypeExamples(schema *ast.Schema) map[string]Example {
	writer := newExampleWriter(schema)
	examples := map[string]Example{}
	for name, definition := range schema.Types {
		if strings.HasPrefix(name, "__") {
			continue
		}
		examples[name] = Example{Name: name, Title: name, Query: writer.write(definition)}
	}
	return examples
}

// exampleWriter writes example queries. It has the shortest way from Query to each
// object type, as the fields with their arguments, and the types in the order of the
// length of their ways.
type exampleWriter struct {
	schema *ast.Schema
	ways   map[string][]string
	order  []*ast.Definition
}

func newExampleWriter(schema *ast.Schema) exampleWriter {
	w := exampleWriter{schema: schema, ways: map[string][]string{schema.Query.Name: nil}, order: []*ast.Definition{schema.Query}}
	for i := 0; i < len(w.order); i++ {
		w.follow(w.order[i], false)
	}
	for i := 0; i < len(w.order); i++ {
		w.follow(w.order[i], true)
	}
	return w
}

// seldom are fields that answer with nothing for most rows. They are the way to a type
// only where there is no other.
var seldom = map[string]bool{"Customer.expiring": true, "BalanceBreakdown.withoutSegment": true, "EntitlementBalance.invoice": true}

// follow finds the types that the fields of a type lead to.
func (w *exampleWriter) follow(from *ast.Definition, all bool) {
	for _, field := range from.Fields {
		to := w.schema.Types[field.Type.Name()]
		if _, known := w.ways[to.Name]; known || !to.IsCompositeType() || strings.HasPrefix(field.Name, "__") || !all && seldom[from.Name+"."+field.Name] {
			continue
		}
		if text, ok := w.call(from, field, nil); ok {
			w.ways[to.Name] = append(slices.Clone(w.ways[from.Name]), text)
			w.order = append(w.order, to)
		}
	}
}

// write is the example of a type.
func (w exampleWriter) write(definition *ast.Definition) string {
	if way, ok := w.ways[definition.Name]; ok && definition != w.schema.Query {
		return w.document(definition.Name, way, w.selection(definition, 12, 2))
	}
	if definition == w.schema.Query {
		return w.document(definition.Name, nil, []string{"customers(first: 3) {", "  nodes { id name }", "}"})
	}
	if query := w.answeringWith(definition); query != "" {
		return query
	}
	if query := w.taking(definition); query != "" {
		return query
	}
	about := []string{"__type(name: \"" + definition.Name + "\") {", "  description", "  enumValues { name description }", "}"}
	return w.document(definition.Name, nil, about)
}

// answeringWith shows a scalar or an enum in the first field that has it.
func (w exampleWriter) answeringWith(definition *ast.Definition) string {
	for _, owner := range w.order {
		for _, field := range owner.Fields {
			if field.Type.Name() != definition.Name || strings.HasPrefix(field.Name, "__") || owner == w.schema.Query {
				continue
			}
			text, ok := w.call(owner, field, nil)
			if !ok {
				continue
			}
			fields := append(w.labels(owner), text)
			slices.Sort(fields)
			return w.document(definition.Name, w.ways[owner.Name], slices.Compact(fields))
		}
	}
	return ""
}

// taking shows an input, or an enum that only inputs have, in an argument.
func (w exampleWriter) taking(definition *ast.Definition) string {
	for _, owner := range w.order {
		for _, field := range owner.Fields {
			for _, argument := range field.Arguments {
				value, ok := w.holding(argument.Type, argument.Name, definition, 3)
				if !ok {
					continue
				}
				text, ok := w.call(owner, field, map[string]string{argument.Name: value})
				if !ok {
					continue
				}
				inner := []string{text}
				if to := w.schema.Types[field.Type.Name()]; to.IsCompositeType() {
					inner = nest(text, w.selection(to, 4, 1))
				}
				return w.document(definition.Name, w.ways[owner.Name], inner)
			}
		}
	}
	return ""
}

// selection is what an example asks of a type: its own values, at most so many, and a
// little of the objects that it leads to.
func (w exampleWriter) selection(definition *ast.Definition, values, objects int) []string {
	var leaves, inner []string
	if definition.IsAbstractType() {
		leaves = append(leaves, "__typename")
	}
	for _, field := range definition.Fields {
		to := w.schema.Types[field.Type.Name()]
		text, ok := w.call(definition, field, nil)
		paging := field.Name == "edges" || strings.HasSuffix(to.Name, "Connection")
		switch {
		case !ok || paging || strings.HasPrefix(field.Name, "__"):
		case to.IsLeafType() && len(leaves) < values:
			leaves = append(leaves, text)
		case to.IsCompositeType() && objects > 0:
			objects--
			inner = append(inner, text+" { "+strings.Join(w.labels(to), " ")+" }")
		}
	}
	return append(leaves, inner...)
}

// labels are the fields by which a reader recognises a row of a type.
func (w exampleWriter) labels(definition *ast.Definition) []string {
	if definition.Name == "PageInfo" {
		return []string{"hasNextPage", "endCursor"}
	}
	var found []string
	for _, name := range []string{"id", "name", "type", "databaseId", "key"} {
		if field := definition.Fields.ForName(name); field != nil && len(found) < 2 && w.schema.Types[field.Type.Name()].IsLeafType() {
			found = append(found, name)
		}
	}
	for _, field := range definition.Fields {
		if len(found) == 0 && w.schema.Types[field.Type.Name()].IsLeafType() && len(field.Arguments) == 0 && !strings.HasPrefix(field.Name, "__") {
			found = append(found, field.Name)
		}
	}
	if len(found) == 0 {
		return []string{"__typename"}
	}
	return found
}

// document writes an operation that goes a way and selects lines at its end.
func (w exampleWriter) document(name string, way []string, lines []string) string {
	for _, each := range slices.Backward(way) {
		lines = nest(each, lines)
	}
	return strings.Join(nest("query "+name, lines), "\n") + "\n"
}

// nest puts lines into the braces of what stands before them.
func nest(head string, lines []string) []string {
	nested := []string{head + " {"}
	for _, line := range lines {
		nested = append(nested, "  "+line)
	}
	return append(nested, "}")
}

// sortedTypes are the types of a schema but GraphQL's own, by name.
func sortedTypes(schema *ast.Schema) []*ast.Definition {
	return slices.SortedFunc(maps.Values(schema.Types), byName)
}
