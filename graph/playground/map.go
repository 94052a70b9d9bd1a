package playground

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// schemaMap is what /docs/graph draws: Query and the objects, and the fields that lead
// from one to another. Paging is left out: a connection leads to its nodes.
type schemaMap struct {
	Types []vertex `json:"types"`
	Links []link   `json:"links"`
}

// vertex is Query, Node or an object type.
type vertex struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Kind        string `json:"kind"` // query, node (it has a global ID), or part of what has one
}

// link is all fields of one type that lead to another, or to itself.
type link struct {
	From   string   `json:"from"`
	To     string   `json:"to"`
	Fields []string `json:"fields"`
}

func newSchemaMap(schema *ast.Schema) schemaMap {
	var m schemaMap
	for _, from := range slices.SortedFunc(maps.Values(schema.Types), byPlace) {
		if !isDrawn(from) {
			continue
		}
		m.Types = append(m.Types, vertex{from.Name, strings.Join(paragraphs(from.Description), " "), kindOnMap(schema, from)})
		fields := map[string][]string{}
		for _, field := range from.Fields {
			name := field.Type.Name()
			if node, ok := strings.CutSuffix(name, "Connection"); ok {
				name = node
			}
			if isDrawn(schema.Types[name]) {
				fields[name] = append(fields[name], field.Name)
			}
		}
		for _, to := range slices.Sorted(maps.Keys(fields)) {
			m.Links = append(m.Links, link{from.Name, to, fields[to]})
		}
	}
	return m
}

// kindOnMap chooses the colour of a type.
func kindOnMap(schema *ast.Schema, definition *ast.Definition) string {
	switch {
	case definition == schema.Query:
		return "query"
	case definition.IsAbstractType() || slices.Contains(definition.Interfaces, "Node"):
		return "node"
	}
	return "part"
}

// byPlace is the order of the schema, which goes from the whole to its parts, and so
// does the map.
func byPlace(a, b *ast.Definition) int {
	return cmp.Or(cmp.Compare(a.Position.Src.Name, b.Position.Src.Name), cmp.Compare(a.Position.Line, b.Position.Line))
}

func isDrawn(definition *ast.Definition) bool {
	return definition.IsCompositeType() && !isPaging(definition.Name) && !strings.HasPrefix(definition.Name, "__")
}
