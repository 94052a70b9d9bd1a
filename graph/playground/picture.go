package playground

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// picture is what /docs/graph draws: the objects, and the fields that lead from one
// to another. Paging is left out: a connection leads to its nodes.
type picture struct {
	Types []vertex `json:"types"`
	Links []link   `json:"links"`
}

// vertex is an object type.
type vertex struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Node        bool   `json:"node"` // it has a global ID; others are parts of what has
}

// link is all fields of one type that lead to another, or to itself.
type link struct {
	From   string   `json:"from"`
	To     string   `json:"to"`
	Fields []string `json:"fields"`
}

func newPicture(schema *ast.Schema) picture {
	var p picture
	for _, from := range slices.SortedFunc(maps.Values(schema.Types), byPlace) {
		if !isDrawn(schema, from) {
			continue
		}
		p.Types = append(p.Types, vertex{from.Name, strings.Join(paragraphs(from.Description), " "), slices.Contains(from.Interfaces, "Node")})
		fields := map[string][]string{}
		for _, field := range from.Fields {
			name := field.Type.Name()
			if node, ok := strings.CutSuffix(name, "Connection"); ok {
				name = node
			}
			if isDrawn(schema, schema.Types[name]) {
				fields[name] = append(fields[name], field.Name)
			}
		}
		for _, to := range slices.Sorted(maps.Keys(fields)) {
			p.Links = append(p.Links, link{from.Name, to, fields[to]})
		}
	}
	return p
}

// byPlace is the order of the schema, which goes from the whole to its parts, and so
// does the picture.
func byPlace(a, b *ast.Definition) int {
	return cmp.Or(cmp.Compare(a.Position.Src.Name, b.Position.Src.Name), cmp.Compare(a.Position.Line, b.Position.Line))
}

func isDrawn(schema *ast.Schema, definition *ast.Definition) bool {
	return definition.Kind == ast.Object && definition != schema.Query && !isPaging(definition.Name) && !strings.HasPrefix(definition.Name, "__")
}
