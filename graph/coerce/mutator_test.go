package coerce_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph"
)

// coercionCase is a request whose values may be right or wrong. Variables is JSON.
type coercionCase struct {
	Query         string `json:"query"`
	OperationName string `json:"operationName,omitempty"`
	Variables     string `json:"variables,omitempty"`
}

// body is the case as a request.
func (c coercionCase) body() string {
	body := map[string]any{"query": c.Query}
	if c.OperationName != "" {
		body["operationName"] = c.OperationName
	}
	if c.Variables != "" {
		body["variables"] = json.RawMessage(c.Variables)
	}
	text, _ := json.Marshal(body) // of valid JSON, which always marshals
	return string(text)
}

// form is one value twice: as a literal and as JSON. One that no JSON can be has none,
// and one that no literal can be none either.
type form struct{ literal, json string }

// same is a value that is the same text in both.
func same(text string) form { return form{text, text} }

// mutator makes requests from the schema: all arguments and directives, with values of
// all types, of which now and then one is not what its place wants.
type mutator struct {
	*rand.Rand
	schema *ast.Schema
	sites  []site
	types  [2][]string       // of arguments: of leaves and their lists, and of inputs
	takers map[string][]site // by the type of an argument, which is chosen

	declared []string // the variables' declarations
	given    []string // and values, as members of a JSON object
}

// site is a field with arguments, one of which is chosen, and what to select to get there.
type site struct {
	before, after string
	field         *ast.FieldDefinition
	chosen        *ast.ArgumentDefinition
}

func newMutator(t testing.TB, seed uint64) *mutator {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	m := &mutator{Rand: rand.New(rand.NewPCG(seed, 2)), schema: schema, takers: map[string][]site{}}
	m.explore(schema.Query, "", "", map[string]bool{})
	for _, at := range m.sites {
		kind := at.chosen.Type.String()
		if m.takers[kind] == nil {
			leaves := 1
			if schema.Types[at.chosen.Type.Name()].IsLeafType() {
				leaves = 0
			}
			m.types[leaves] = append(m.types[leaves], kind)
		}
		m.takers[kind] = append(m.takers[kind], at)
	}
	return m
}

// explore finds the sites of a type and of those that it leads to, each type once. On the
// way there, what has an ID is the one of ID 1.
func (m *mutator) explore(kind *ast.Definition, before, after string, seen map[string]bool) {
	seen[kind.Name] = true
	for _, field := range kind.Fields {
		for _, argument := range field.Arguments {
			if !strings.HasPrefix(field.Name, "__") {
				m.sites = append(m.sites, site{before, after, field, argument})
			}
		}
	}
	for _, field := range kind.Fields {
		result := m.schema.Types[field.Type.Name()]
		if strings.HasPrefix(field.Name, "__") || result.Kind != ast.Object || seen[result.Name] {
			continue
		}
		var required []string
		for _, a := range field.Arguments {
			if a.Name == "id" || a.Type.NonNull && a.DefaultValue == nil {
				value := m.right(a.Type).literal
				if a.Name == "id" {
					value = "1"
				}
				required = append(required, a.Name+": "+value)
			}
		}
		call := field.Name
		if len(required) > 0 {
			call += "(" + strings.Join(required, ", ") + ")"
		}
		m.explore(result, before+call+" { ", " }"+after, seen)
	}
}

// request makes a request. Each type of arguments is as likely as the others, and leaves
// and inputs are.
func (m *mutator) request() coercionCase {
	m.declared, m.given = nil, nil
	kinds := m.types[m.IntN(2)]
	takers := m.takers[kinds[m.IntN(len(kinds))]]
	at := takers[m.IntN(len(takers))]
	selection := at.before + at.field.Name + m.arguments(at) + m.directives() + m.below(at.field) + at.after
	switch m.IntN(20) {
	case 0:
		return m.finish("{ ...F"+m.directives()+" }", " fragment F on Query { "+selection+" }")
	case 1:
		selection = "... on Query" + m.directives() + " { " + selection + " }"
	}
	return m.finish("{ "+selection+" }", "")
}

// below is what is selected of a field, nothing of a leaf.
func (m *mutator) below(field *ast.FieldDefinition) string {
	if m.schema.Types[field.Type.Name()].IsCompositeType() {
		return " { __typename" + m.directives() + " }"
	}
	return ""
}

// finish adds the head of the operation, and now and then what belongs to none.
func (m *mutator) finish(selections, fragments string) coercionCase {
	if m.IntN(60) == 0 {
		m.variable(m.anyType(), false) // unused
	}
	if m.IntN(60) == 0 && len(m.declared) > 0 {
		m.declared = append(m.declared, m.declared[0]) // twice
	}
	if m.IntN(20) == 0 {
		m.given = append(m.given, `"undeclared": `+m.strange().json)
	}
	c := coercionCase{Query: "query"}
	if m.IntN(50) == 0 {
		c.Query, fragments = "query A", fragments+" query B { __typename }"
		c.OperationName = []string{"A", "B", "C", "a", ""}[m.IntN(5)]
	}
	if len(m.declared) > 0 {
		c.Query += "(" + strings.Join(m.declared, ", ") + ")"
	}
	c.Query += " " + selections + fragments
	if len(m.given) > 0 {
		c.Variables = "{" + strings.Join(m.given, ", ") + "}"
	}
	return c
}

// arguments are the one that is chosen, those that are required, and a few others. Now and then one is missing,
// unknown or there twice.
func (m *mutator) arguments(at site) string {
	var out []string
	for _, a := range at.field.Arguments {
		required := a.Type.NonNull && a.DefaultValue == nil
		if a == at.chosen && m.IntN(60) > 0 || required && m.IntN(60) > 0 || m.IntN(12) == 0 {
			out = append(out, a.Name+": "+m.place(a.Type, a.DefaultValue != nil))
		}
	}
	if m.IntN(150) == 0 {
		out = append(out, "unknown: 1")
	}
	if m.IntN(150) == 0 && len(out) > 0 {
		out = append(out, out[0])
	}
	if len(out) == 0 {
		return ""
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// directives are none as a rule.
func (m *mutator) directives() string {
	if m.IntN(10) > 0 {
		return ""
	}
	name := []string{"skip", "include"}[m.IntN(2)]
	return " @" + name + "(if: " + m.place(&ast.Type{NamedType: "Boolean", NonNull: true}, false) + ")"
}

// place is a literal for a place of the type, in which there may be variables.
func (m *mutator) place(kind *ast.Type, hasDefault bool) string {
	if m.IntN(4) == 0 {
		return m.variable(kind, hasDefault)
	}
	return m.value(kind, 2, false).literal
}

// variable declares a variable for a place of the type, and gives it a value or none.
func (m *mutator) variable(kind *ast.Type, hasDefault bool) string {
	name := fmt.Sprintf("v%d", len(m.declared))
	declared := *kind
	switch n := m.IntN(30); {
	case n < 6 || n < 15 && hasDefault:
		declared.NonNull = false
	case n < 18:
		declared.NonNull = true
	case n == 19:
		declared = ast.Type{Elem: ast.NonNullNamedType(kind.Name(), nil)}
	case n == 20 && kind.Elem != nil:
		declared = *kind.Elem
	case n == 21:
		declared = *m.anyType()
	}
	text := "$" + name + ": " + declared.String()
	if m.IntN(4) == 0 || kind.NonNull && !declared.NonNull && m.IntN(4) > 0 {
		text += " = " + m.value(&declared, 1, true).literal
	}
	m.declared = append(m.declared, text)
	switch n := m.IntN(12); {
	case n < 2:
		m.given = append(m.given, fmt.Sprintf("%q: null", name))
	case n > 3:
		if value := m.value(&declared, 2, true).json; value != "" {
			m.given = append(m.given, fmt.Sprintf("%q: %s", name, value))
		}
	}
	if m.IntN(100) == 0 {
		return "$V" + name[1:] // not declared
	}
	return "$" + name
}

// anyType is the type of some argument.
func (m *mutator) anyType() *ast.Type {
	return m.sites[m.IntN(len(m.sites))].chosen.Type
}

// value is a value for a place of the type, as a rule a right one. A constant one has no
// variable in it, and can be JSON.
func (m *mutator) value(kind *ast.Type, depth int, constant bool) form {
	switch {
	case m.IntN(60) == 0:
		return m.strange()
	case m.IntN(40) == 0, !kind.NonNull && m.IntN(15) == 0:
		return same("null")
	case !constant && m.IntN(12) == 0:
		return form{literal: m.variable(kind, false)}
	case kind.Elem != nil:
		return m.list(kind, depth, constant)
	}
	definition := m.schema.Types[kind.NamedType]
	switch definition.Kind {
	case ast.InputObject:
		return m.object(definition, depth, constant)
	case ast.Enum:
		return m.enum(definition)
	}
	return m.scalar(kind.NamedType)
}

// right is a right value, without variables.
func (m *mutator) right(kind *ast.Type) form {
	if kind.Elem != nil {
		one := m.right(kind.Elem)
		return form{"[" + one.literal + "]", "[" + one.json + "]"}
	}
	if definition := m.schema.Types[kind.NamedType]; definition.Kind == ast.Enum {
		name := definition.EnumValues[0].Name
		return form{name, `"` + name + `"`}
	}
	values := scalarForms[kind.NamedType].right
	return values[m.IntN(len(values))]
}

func (m *mutator) list(kind *ast.Type, depth int, constant bool) form {
	if m.IntN(8) == 0 {
		return m.value(kind.Elem, depth, constant) // one value for a list
	}
	var literals, jsons []string
	for range m.IntN(4) {
		member := m.value(kind.Elem, depth, constant)
		literals, jsons = append(literals, member.literal), append(jsons, member.json)
	}
	out := form{literal: "[" + strings.Join(literals, ", ") + "]"}
	if !slices.Contains(jsons, "") {
		out.json = "[" + strings.Join(jsons, ", ") + "]"
	}
	if m.IntN(30) == 0 {
		out.literal = "[" + out.literal + "]" // a list of lists
		if out.json != "" {
			out.json = "[" + out.json + "]"
		}
	}
	return out
}

// object has what it requires, and a few other fields. Now and then one is missing,
// unknown or, in a literal, there twice.
func (m *mutator) object(definition *ast.Definition, depth int, constant bool) form {
	var literals, jsons []string
	add := func(name string, value form) {
		literals = append(literals, name+": "+value.literal)
		if value.json == "" {
			constant = false // no JSON, then
		}
		jsons = append(jsons, fmt.Sprintf("%q: %s", name, value.json))
	}
	for _, field := range definition.Fields {
		leads := m.schema.Types[field.Type.Name()].Kind == ast.InputObject
		if depth == 0 && leads && !field.Type.NonNull {
			continue
		}
		if field.Type.NonNull && field.DefaultValue == nil && m.IntN(30) > 0 || m.IntN(len(definition.Fields)) == 0 {
			add(field.Name, m.value(field.Type, max(0, depth-1), constant))
		}
	}
	if m.IntN(60) == 0 {
		add([]string{"unknown", "EQ", "toString", "__proto__", "__typename"}[m.IntN(5)], same("1"))
	}
	out := form{literal: "{" + strings.Join(literals, ", ") + "}"}
	if constant {
		out.json = "{" + strings.Join(jsons, ", ") + "}"
	}
	if m.IntN(100) == 0 && len(literals) > 0 {
		out.literal = "{" + strings.Join(append(literals, literals[0]), ", ") + "}"
	}
	return out
}

func (m *mutator) enum(definition *ast.Definition) form {
	name := definition.EnumValues[m.IntN(len(definition.EnumValues))].Name
	out := form{name, `"` + name + `"`}
	switch m.IntN(20) {
	case 0:
		name = strings.ToLower(name)
		out = form{name, `"` + name + `"`}
	case 1:
		name = name[:1] + strings.ToLower(name[1:])
		out = form{name, `"` + name + `"`}
	case 2:
		out.literal = out.json // a text
	case 3:
		out = form{"UNKNOWN", `"UNKNOWN"`}
	case 4:
		out = form{`" ` + name + `"`, `" ` + name + `"`}
	}
	return out
}

// scalar is a value of a scalar: five of six times a right one. Else it is one of those that
// look like it, or now and then one of another kind, or what is no value at all.
func (m *mutator) scalar(name string) form {
	forms := scalarForms[name]
	switch n := m.IntN(24); {
	case n < 3:
		return forms.wrong[m.IntN(len(forms.wrong))]
	case n == 3 && m.IntN(2) == 0:
		return otherKinds[m.IntN(len(otherKinds))]
	case n == 3:
		return broken[m.IntN(len(broken))]
	}
	return forms.right[m.IntN(len(forms.right))]
}

// strange is a value of any kind.
func (m *mutator) strange() form { return strangeForms[m.IntN(len(strangeForms))] }
