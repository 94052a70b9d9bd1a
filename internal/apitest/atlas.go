package apitest

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

// Field is a field of the schema and a way to it.
type Field struct {
	*ast.FieldDefinition
	Object string
	Route  []string // what opens each object on the way, as `customers(first: 2) { nodes`
}

// IsList returns whether the field is a connection.
func (f Field) IsList() bool { return strings.HasSuffix(f.Type.Name(), "Connection") }

// Probe asks for one field, with values of arguments by their names.
type Probe struct {
	Field
	Values map[string]string
}

// Atlas holds the schema: a field that is added there is asked from the same day.
type Atlas struct{ *ast.Schema }

// NewAtlas reads the schema.
func NewAtlas(t *testing.T) Atlas {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	return Atlas{schema}
}

// Fields are all fields of objects that can be reached, but those that make up
// connections: once each, by the shortest way, through lists where there are any.
func (a Atlas) Fields() (found []Field) {
	type object struct {
		*ast.Definition
		route []string
	}
	seen := map[string]bool{"Query": true}
	for queue := []object{{a.Query, nil}}; len(queue) > 0; queue = queue[1:] {
		for _, definition := range ListsFirst(queue[0].Fields) {
			if strings.HasPrefix(definition.Name, "__") {
				continue
			}
			f := Field{definition, queue[0].Name, queue[0].route}
			found = append(found, f)
			to, open := a.Types[f.Type.Name()], f.Name+a.List(Probe{f, nil}.All(a))+" {"
			if f.IsList() {
				to, open = a.Types[strings.TrimSuffix(to.Name, "Connection")], open+" nodes {"
			}
			if to.Kind == ast.Object && !seen[to.Name] {
				seen[to.Name] = true
				queue = append(queue, object{to, append(slices.Clone(f.Route), open)})
			}
		}
	}
	return found
}

// ListsFirst are fields with connections before others, for whoever looks for a way to
// rows: a row by its ID needs one, and is one row only.
func ListsFirst(fields ast.FieldList) (sorted []*ast.FieldDefinition) {
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

// All are the probe's arguments, those that it lacks and the schema requires, and a
// short page.
func (p Probe) All(a Atlas) map[string]string {
	all := maps.Clone(p.Values)
	if all == nil {
		all = map[string]string{}
	}
	for _, argument := range p.Arguments {
		if _, ok := all[argument.Name]; !ok && argument.Type.NonNull && argument.DefaultValue == nil {
			all[argument.Name] = a.Sample(argument.Type)
			if p.Type.Name() == "Node" {
				all[argument.Name] = `"Customer:1"` // global IDs only
			}
		}
	}
	switch {
	case !p.IsList() || all["first"] != "":
	case all["before"] != "":
		all["last"] = "2"
	default:
		all["first"] = "2"
	}
	return all
}

// List writes arguments, sorted by their names, in parentheses; "" where there are none.
func (a Atlas) List(arguments map[string]string) string {
	if len(arguments) == 0 {
		return ""
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		out = append(out, name+": "+arguments[name])
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// Sample is some value of an input type.
func (a Atlas) Sample(kind *ast.Type) string {
	if kind.Elem != nil {
		return "[" + a.Sample(kind.Elem) + "]"
	}
	definition := a.Types[kind.Name()]
	switch {
	case definition.Kind == ast.Enum:
		return definition.EnumValues[0].Name
	case definition.Kind == ast.InputObject:
		return a.Nest(kind, nil, "")
	}
	known, ok := map[string]string{"Boolean": "true", "Int": "1", "Float": "1", "Date": `"2025-09-01"`, "DateTime": `"2025-09-01T00:00:00Z"`, "LocalDateTime": `"2025-09-01T00:00:00"`}[definition.Name]
	if !ok {
		return `"1"`
	}
	return known
}

// Nest puts a value into an input, at the place that inside leads to; "[]" is a list.
func (a Atlas) Nest(kind *ast.Type, inside []string, value string) string {
	if len(inside) > 0 && inside[0] == "[]" {
		return "[" + a.Nest(kind.Elem, inside[1:], value) + "]"
	}
	definition := a.Types[kind.Name()]
	if definition.Kind != ast.InputObject {
		return value
	}
	var out []string
	for _, f := range definition.Fields {
		switch {
		case len(inside) > 0 && f.Name == inside[0]:
			out = append(out, f.Name+": "+a.Nest(f.Type, inside[1:], value))
		case f.Type.NonNull && f.DefaultValue == nil:
			out = append(out, f.Name+": "+a.Sample(f.Type))
		}
	}
	return "{" + strings.Join(out, ", ") + "}"
}

// Leaves visits the places in an input that take a value.
func (a Atlas) Leaves(kind *ast.Type, inside, above []string, visit func(inside []string, kind string)) {
	definition := a.Types[kind.Name()]
	switch {
	case kind.Elem != nil:
		a.Leaves(kind.Elem, append(inside, "[]"), above, visit)
	case definition.Kind != ast.InputObject:
		visit(slices.Clone(inside), kind.Name())
	case !slices.Contains(above, kind.Name()):
		for _, f := range definition.Fields {
			a.Leaves(f.Type, append(inside, f.Name), append(above, kind.Name()), visit)
		}
	}
}

// Text is the probe as a root field under an alias, and how many fields it selects.
func (p Probe) Text(a Atlas, alias string) (string, int) {
	selection, size := a.Selection(p.Type.Name())
	text := alias + ": " + strings.Join(append(slices.Clone(p.Route), p.Name+a.List(p.All(a))+selection), " ")
	return text + strings.Repeat(" }", strings.Count(text, "{")-strings.Count(text, "}")), size + 2*len(p.Route) + 1
}

// Selection is what is asked of a type: all its fields that are values, and of a list
// its rows, its cursors and its counts.
func (a Atlas) Selection(name string) (string, int) {
	definition := a.Types[name]
	if definition.IsLeafType() {
		return "", 0
	}
	fields := []string{"__typename"}
	if node, ok := strings.CutSuffix(name, "Connection"); ok {
		inner, size := a.Selection(node)
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

// Asked are the answers to probes: the data and errors of each, in order.
func (a Atlas) Asked(t *testing.T, s Server, probes []Probe) (answers []string) {
	t.Helper()
	var query []string
	size := 0
	flush := func() {
		if len(query) > 0 {
			_, answer := s.Ask(t, "{ "+strings.Join(query, " ")+" }")
			answers = append(answers, split(t, answer, len(query))...)
		}
		query, size = nil, 0
	}
	for _, p := range probes {
		text, fields := p.Text(a, fmt.Sprintf("p%d", len(query)))
		if len(query) == probesAtOnce || size+fields > fieldsAtOnce {
			flush()
			text, _ = p.Text(a, "p0")
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
