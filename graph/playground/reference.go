package playground

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// reference is what /docs shows.
type reference struct {
	Query    *ast.Definition
	Codes    *ast.Definition
	Groups   []group
	Examples []Example

	// UsedBy has the places that name a type, such as Query.customers.
	UsedBy map[string][]place
}

// group is types of a kind, in order of name.
type group struct {
	Title, Sentence string
	Types           []*ast.Definition
}

// place is a field of a type, which takes or gives another type.
type place struct{ Type, Field string }

func newReference(schema *ast.Schema, examples []Example) reference {
	r := reference{Query: schema.Query, Codes: schema.Types["ErrorCode"], Examples: examples, UsedBy: map[string][]place{}}
	groups := map[string]*group{
		"objects": {Title: "Objects", Sentence: "What the API answers with."},
		"pages":   {Title: "Pages", Sentence: "Relay connections: how lists are read page by page."},
		"inputs":  {Title: "Filters and orders", Sentence: "What arguments take."},
		"enums":   {Title: "Enums", Sentence: "Closed sets of values."},
		"scalars": {Title: "Scalars", Sentence: "How single values are written."},
	}
	for _, definition := range slices.SortedFunc(maps.Values(schema.Types), byName) {
		if strings.HasPrefix(definition.Name, "__") {
			continue
		}
		r.use(definition)
		if definition != schema.Query {
			of := groups[groupOf(definition)]
			of.Types = append(of.Types, definition)
		}
	}
	for _, name := range []string{"objects", "pages", "inputs", "enums", "scalars"} {
		r.Groups = append(r.Groups, *groups[name])
	}
	return r
}

func byName(a, b *ast.Definition) int { return cmp.Compare(a.Name, b.Name) }

func groupOf(definition *ast.Definition) string {
	switch definition.Kind {
	case ast.InputObject:
		return "inputs"
	case ast.Enum:
		return "enums"
	case ast.Scalar:
		return "scalars"
	}
	if isPaging(definition.Name) {
		return "pages"
	}
	return "objects"
}

// isPaging tells whether a type is there for paging alone.
func isPaging(name string) bool {
	return name == "PageInfo" || strings.HasSuffix(name, "Connection") || strings.HasSuffix(name, "Edge")
}

// use notes what the fields of a type name. GraphQL's own fields are left out, here
// and of the type.
func (r reference) use(definition *ast.Definition) {
	definition.Fields = slices.DeleteFunc(definition.Fields, func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "__") })
	for _, field := range definition.Fields {
		named := []string{field.Type.Name()}
		for _, argument := range field.Arguments {
			named = append(named, argument.Type.Name())
		}
		slices.Sort(named)
		for _, name := range slices.Compact(named) {
			r.UsedBy[name] = append(r.UsedBy[name], place{definition.Name, field.Name})
		}
	}
}

// paragraphs are those of a description, which may be broken into lines.
func paragraphs(text string) []string {
	var found []string
	for part := range strings.SplitSeq(text, "\n\n") {
		if words := strings.Fields(part); len(words) > 0 {
			found = append(found, strings.Join(words, " "))
		}
	}
	return found
}
