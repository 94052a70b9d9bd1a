package playground

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/docs"
)

// reference is what the pages under /docs show.
type reference struct {
	Schema   *ast.Schema
	Groups   []group
	Guides   []guide
	Examples []Example // those of the playground

	// TypeExamples has the example query of a type, by its name.
	TypeExamples map[string]Example

	// UsedBy has the places that name a type, such as Query.customers.
	UsedBy map[string][]place
}

// group is types of a kind, in order of name.
type group struct {
	Title string
	Types []*ast.Definition
}

// place is a field of a type, which takes or gives another type.
type place struct{ Type, Field string }

// chapter is a part of the contents.
type chapter struct {
	Title   string
	Entries []entry
}

// entry is a line of the contents, which leads to a page or a part of one.
type entry struct{ Title, Address string }

// view is one page under /docs: where it is, what stands on it, and the contents beside
// it. Above has the pages that lead to it.
type view struct {
	Path, Title string
	Above       []entry
	Contents    []chapter
	Reference   *reference
	Subject     any // a definition or a guide; nil on pages that have none
}

func newReference(schema *ast.Schema, examples []Example) (*reference, error) {
	guides, err := readGuides(docs.Guides)
	if err != nil {
		return nil, fmt.Errorf("read the guides: %w", err)
	}
	r := &reference{Schema: schema, Guides: guides, Examples: examples, TypeExamples: TypeExamples(schema), UsedBy: map[string][]place{}}
	groups := map[string][]*ast.Definition{}
	for _, definition := range sortedTypes(schema) {
		if strings.HasPrefix(definition.Name, "__") {
			continue
		}
		r.use(definition)
		groups[groupOf(definition)] = append(groups[groupOf(definition)], definition)
	}
	for _, title := range []string{"Objects", "Connections", "Inputs", "Enums", "Scalars"} {
		r.Groups = append(r.Groups, group{title, groups[title]})
	}
	return r, nil
}

func byName(a, b *ast.Definition) int { return cmp.Compare(a.Name, b.Name) }

// groupOf is the title of the group that has a type.
func groupOf(definition *ast.Definition) string {
	switch definition.Kind {
	case ast.InputObject:
		return "Inputs"
	case ast.Enum:
		return "Enums"
	case ast.Scalar:
		return "Scalars"
	}
	if isPaging(definition.Name) {
		return "Connections"
	}
	return "Objects"
}

// isPaging reports whether a type is there for paging alone.
func isPaging(name string) bool {
	return name == "PageInfo" || strings.HasSuffix(name, "Connection") || strings.HasSuffix(name, "Edge")
}

// use notes what the fields of a type name. GraphQL's own fields are left out, here
// and of the type.
func (r *reference) use(definition *ast.Definition) {
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

// typeAddress is the page of a type.
func typeAddress(name string) string { return "/docs/types/" + name }

// started are the parts of the first page, and the pages that are neither guides nor
// types.
var started = []entry{
	{"Making requests", "/docs#making-requests"},
	{"Authentication", "/docs#authentication"},
	{"Pagination", "/docs#pagination"},
	{"Errors", "/docs#errors"},
	{"Rate limits", "/docs#rate-limits"},
	{"Example queries", "/docs/examples"},
	{"Schema map", "/docs/graph"},
}

// contents are the same beside each page.
func (r *reference) contents() []chapter {
	guides, queries := chapter{Title: "Guides"}, chapter{Title: "Queries"}
	for _, g := range r.Guides {
		guides.Entries = append(guides.Entries, entry{g.Title, "/docs/guides/" + g.Name})
	}
	for _, field := range r.Schema.Query.Fields {
		queries.Entries = append(queries.Entries, entry{field.Name, typeAddress("Query") + "#" + field.Name})
	}
	chapters := []chapter{{"Getting started", started}, guides, queries}
	for _, g := range r.Groups {
		types := chapter{Title: g.Title}
		for _, definition := range g.Types {
			types.Entries = append(types.Entries, entry{definition.Name, typeAddress(definition.Name)})
		}
		chapters = append(chapters, types)
	}
	return chapters
}

// views are all pages of the reference, by the template that renders them.
func (r *reference) views() map[string][]view {
	contents, first := r.contents(), entry{"Reference", "/docs"}
	page := func(path, title string, subject any, above ...entry) view {
		return view{path, title, above, contents, r, subject}
	}
	views := map[string][]view{
		"start.html":    {page("/docs", "Reference", nil)},
		"examples.html": {page("/docs/examples", "Example queries", nil, first)},
	}
	for _, g := range r.Guides {
		views["guide.html"] = append(views["guide.html"], page("/docs/guides/"+g.Name, g.Title, g, first))
	}
	for _, g := range r.Groups {
		for _, definition := range g.Types {
			views["type.html"] = append(views["type.html"], page(typeAddress(definition.Name), definition.Name, definition, first))
		}
	}
	return views
}

// Parts are what stands on the page, in its order.
func (v view) Parts() []entry {
	var parts []entry
	switch subject := v.Subject.(type) {
	case guide:
		for _, s := range subject.Sections[1:] {
			parts = append(parts, entry{s.Title, "#" + s.ID})
		}
	case *ast.Definition:
		for _, field := range subject.Fields {
			parts = append(parts, entry{field.Name, "#" + field.Name})
		}
		for _, value := range subject.EnumValues {
			parts = append(parts, entry{value.Name, "#" + value.Name})
		}
	}
	return parts
}

// Has reports whether an entry of the contents is the page or a part of it.
func (v view) Has(address string) bool {
	path, _, _ := strings.Cut(address, "#")
	return path == v.Path
}

// Opens reports whether a chapter of the contents has the page, and so is open.
func (v view) Opens(c chapter) bool {
	return slices.ContainsFunc(c.Entries, func(e entry) bool { return v.Has(e.Address) })
}

// kindNames are the kinds of types in words.
var kindNames = map[ast.DefinitionKind]string{
	ast.Object: "object", ast.Interface: "interface", ast.Union: "union", ast.InputObject: "input", ast.Enum: "enum", ast.Scalar: "scalar",
}

func kindName(definition *ast.Definition) string { return kindNames[definition.Kind] }

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
