package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph"
)

// field is a field of the schema and a way to it.
type field struct {
	*ast.FieldDefinition
	object string
	route  []string // what opens each object on the way, as `customers(first: 2) { nodes`
}

func (f field) isList() bool { return strings.HasSuffix(f.Type.Name(), "Connection") }

// probe asks for one field with arguments, by name.
type probe struct {
	field
	arguments map[string]string
}

// atlas knows the schema: a field that is added there is asked from the same day.
type atlas struct{ *ast.Schema }

func newAtlas(t *testing.T) atlas {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	return atlas{schema}
}

// fields are all fields of objects that can be reached, but those that make up
// connections: once each, by the shortest way, through lists where there are any.
func (a atlas) fields() (found []field) {
	type object struct {
		*ast.Definition
		route []string
	}
	seen := map[string]bool{"Query": true}
	for queue := []object{{a.Query, nil}}; len(queue) > 0; queue = queue[1:] {
		for _, definition := range listsFirst(queue[0].Fields) {
			if strings.HasPrefix(definition.Name, "__") {
				continue
			}
			f := field{definition, queue[0].Name, queue[0].route}
			found = append(found, f)
			to, open := a.Types[f.Type.Name()], f.Name+a.list(probe{f, nil}.all(a))+" {"
			if f.isList() {
				to, open = a.Types[strings.TrimSuffix(to.Name, "Connection")], open+" nodes {"
			}
			if to.Kind == ast.Object && !seen[to.Name] {
				seen[to.Name] = true
				queue = append(queue, object{to, append(slices.Clone(f.route), open)})
			}
		}
	}
	return found
}

// listsFirst are fields with connections before others, for whoever looks for a way to
// rows: a row by its ID needs one, and is one row only.
func listsFirst(fields ast.FieldList) (sorted []*ast.FieldDefinition) {
	var others []*ast.FieldDefinition
	for _, f := range fields {
		if strings.HasSuffix(f.Type.Name(), "Connection") {
			sorted = append(sorted, f)
		} else {
			others = append(others, f)
		}
	}
	return append(sorted, others...)
}

// all are the probe's arguments, those that it lacks and the schema requires, and a
// short page.
func (p probe) all(a atlas) map[string]string {
	all := maps.Clone(p.arguments)
	if all == nil {
		all = map[string]string{}
	}
	for _, argument := range p.Arguments {
		if _, ok := all[argument.Name]; !ok && argument.Type.NonNull && argument.DefaultValue == nil {
			all[argument.Name] = a.sample(argument.Type)
			if p.Type.Name() == "Node" {
				all[argument.Name] = `"Customer:1"` // global IDs only
			}
		}
	}
	switch {
	case !p.isList() || all["first"] != "":
	case all["before"] != "":
		all["last"] = "2"
	default:
		all["first"] = "2"
	}
	return all
}

func (a atlas) list(arguments map[string]string) string {
	if len(arguments) == 0 {
		return ""
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		out = append(out, name+": "+arguments[name])
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// sample is some value of an input type.
func (a atlas) sample(kind *ast.Type) string {
	if kind.Elem != nil {
		return "[" + a.sample(kind.Elem) + "]"
	}
	definition := a.Types[kind.Name()]
	switch {
	case definition.Kind == ast.Enum:
		return definition.EnumValues[0].Name
	case definition.Kind == ast.InputObject:
		return a.nest(kind, nil, "")
	}
	known, ok := map[string]string{"Boolean": "true", "Int": "1", "Float": "1", "Date": `"2025-09-01"`, "DateTime": `"2025-09-01T00:00:00Z"`, "LocalDateTime": `"2025-09-01T00:00:00"`}[definition.Name]
	if !ok {
		return `"1"`
	}
	return known
}

// nest puts a value into an input, at the place that inside leads to; "[]" is a list.
func (a atlas) nest(kind *ast.Type, inside []string, value string) string {
	if len(inside) > 0 && inside[0] == "[]" {
		return "[" + a.nest(kind.Elem, inside[1:], value) + "]"
	}
	definition := a.Types[kind.Name()]
	if definition.Kind != ast.InputObject {
		return value
	}
	var out []string
	for _, f := range definition.Fields {
		switch {
		case len(inside) > 0 && f.Name == inside[0]:
			out = append(out, f.Name+": "+a.nest(f.Type, inside[1:], value))
		case f.Type.NonNull && f.DefaultValue == nil:
			out = append(out, f.Name+": "+a.sample(f.Type))
		}
	}
	return "{" + strings.Join(out, ", ") + "}"
}

// leaves visits the places in an input that take a value.
func (a atlas) leaves(kind *ast.Type, inside, above []string, visit func(inside []string, kind string)) {
	definition := a.Types[kind.Name()]
	switch {
	case kind.Elem != nil:
		a.leaves(kind.Elem, append(inside, "[]"), above, visit)
	case definition.Kind != ast.InputObject:
		visit(slices.Clone(inside), kind.Name())
	case !slices.Contains(above, kind.Name()):
		for _, f := range definition.Fields {
			a.leaves(f.Type, append(inside, f.Name), append(above, kind.Name()), visit)
		}
	}
}

// text is the probe as a root field under an alias, and how many fields it selects.
func (p probe) text(a atlas, alias string) (string, int) {
	selection, size := a.selection(p.Type.Name())
	text := alias + ": " + strings.Join(append(slices.Clone(p.route), p.Name+a.list(p.all(a))+selection), " ")
	return text + strings.Repeat(" }", strings.Count(text, "{")-strings.Count(text, "}")), size + 2*len(p.route) + 1
}

// selection is what is told of a type: all its fields that are values, and of a list
// its rows, its cursors and its counts.
func (a atlas) selection(name string) (string, int) {
	definition := a.Types[name]
	if definition.IsLeafType() {
		return "", 0
	}
	fields := []string{"__typename"}
	if node, ok := strings.CutSuffix(name, "Connection"); ok {
		inner, size := a.selection(node)
		return " { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor } nodes" + inner + " }", size + 9
	}
	for _, f := range definition.Fields {
		needs := slices.ContainsFunc(f.Arguments, func(x *ast.ArgumentDefinition) bool { return x.Type.NonNull && x.DefaultValue == nil })
		if a.Types[f.Type.Name()].IsLeafType() && !needs {
			fields = append(fields, f.Name)
		}
	}
	return " { " + strings.Join(fields, " ") + " }", len(fields)
}

// Bounds of one request, well within the server's limits.
const (
	probesAtOnce = 15
	fieldsAtOnce = 300
)

// asked are the answers to probes: the data and errors of each, in order.
func (a atlas) asked(t *testing.T, s server, probes []probe) (answers []string) {
	t.Helper()
	var query []string
	size := 0
	flush := func() {
		if len(query) > 0 {
			_, answer := s.ask(t, "{ "+strings.Join(query, " ")+" }")
			answers = append(answers, split(t, answer, len(query))...)
		}
		query, size = nil, 0
	}
	for _, p := range probes {
		text, fields := p.text(a, fmt.Sprintf("p%d", len(query)))
		if len(query) == probesAtOnce || size+fields > fieldsAtOnce {
			flush()
			text, _ = p.text(a, "p0")
		}
		query, size = append(query, text), size+fields
	}
	flush()
	return answers
}

// split is the data and the errors of each alias of an answer.
func split(t *testing.T, answer []byte, n int) []string {
	t.Helper()
	var body struct {
		Data   map[string]json.RawMessage
		Errors []struct {
			Message    string
			Path       []any
			Extensions json.RawMessage
		}
	}
	if err := json.Unmarshal(answer, &body); err != nil || body.Data == nil {
		t.Fatalf("%v: %.600s", err, answer)
	}
	out := make([]string, n)
	for i := range out {
		alias := fmt.Sprintf("p%d", i)
		out[i] = string(body.Data[alias])
		for _, e := range body.Errors {
			if e.Path[0] == alias {
				out[i] += fmt.Sprintf("\n%v %s %s", e.Path[1:], e.Message, e.Extensions)
			}
		}
	}
	return out
}
