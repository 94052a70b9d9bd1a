package coerce

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// schema has one field for each form of type.
var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	scalar Decimal scalar DateTime scalar Date scalar LocalDateTime
	enum Mode { FINALIZED DRAFT }
	input Order { field: Mode! direction: Mode = DRAFT }
	input Filter { text: String number: Int needed: ID! list: [String!] and: [Filter!] order: [Order!] byDefault: Int! = 3 }
	type Query {
		int(a: Int): Int float(a: Float): Int string(a: String): Int id(a: ID): Int boolean(a: Boolean): Int mode(a: Mode): Int
		decimal(a: Decimal): Int dateTime(a: DateTime): Int date(a: Date): Int local(a: LocalDateTime): Int
		list(a: [Int]): Int lists(a: [[Int]]): Int strict(a: [String!]!): Int filter(a: Filter): Int
		threshold(a: Float! = 0.25): Int required(a: Int!): Int
	}`})

// parsed is a document that is valid but for its values.
func parsed(t *testing.T, text string) *ast.QueryDocument {
	t.Helper()
	all := rules.NewDefaultRules()
	all.RemoveRule(rules.ValuesOfCorrectTypeRule.Name)
	document, errs := gqlparser.LoadQueryWithRules(schema, text, all)
	if errs != nil {
		t.Fatalf("%s: %v", text, errs)
	}
	return document
}

// operation is the first of a document, and its variables.
func operation(t *testing.T, text, variables string) (*ast.OperationDefinition, map[string]any, gqlerror.List) {
	t.Helper()
	document := parsed(t, text)
	if errs := Literals(schema, document); errs != nil {
		return nil, nil, errs
	}
	given, errs := Variables(schema, document.Operations[0], decode(t, variables))
	return document.Operations[0], given, errs
}

// values reads the argument a of the first field, as a literal is, or by variables.
func values(t *testing.T, text, variables string) (any, gqlerror.List) {
	t.Helper()
	operation, given, errs := operation(t, text, variables)
	if errs != nil {
		return nil, errs
	}
	arguments, err := Arguments(schema, operation.SelectionSet[0].(*ast.Field), given)
	if err != nil {
		t.Fatal(err)
	}
	return arguments["a"], nil
}

// decode reads variables in order, with numbers as they stand.
func decode(t *testing.T, text string) map[string]any {
	t.Helper()
	if text == "" {
		return nil
	}
	sent, err := ordered(json.NewDecoder(strings.NewReader(text)))
	object, ok := sent.(Object)
	if err != nil || !ok {
		t.Fatalf("%s is no object: %v", text, err)
	}
	return object.Map()
}

// ordered reads JSON with the order of its objects.
func ordered(decoder *json.Decoder) (any, error) {
	decoder.UseNumber()
	token, err := decoder.Token()
	switch {
	case err != nil:
		return nil, err
	case token == json.Delim('['):
		list := []any{}
		for decoder.More() {
			element, err := ordered(decoder)
			if err != nil {
				return nil, err
			}
			list = append(list, element)
		}
		_, err = decoder.Token()
		return list, err
	case token == json.Delim('{'):
		members := Object{}
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			value, err := ordered(decoder)
			if err != nil {
				return nil, err
			}
			members = append(members, Member{name.(string), value})
		}
		_, err = decoder.Token()
		return members, err
	}
	return token, nil
}

var errText = cmp.Transformer("error", func(errs gqlerror.List) (texts []string) {
	for _, err := range errs {
		texts = append(texts, err.Message)
	}
	return texts
})

// TestValues holds what becomes of a value that stands in the document, and of one that
// a variable brings; "" is that it is refused.
func TestValues(t *testing.T) {
	micros := func(text string) scalar.Decimal {
		d, err := scalar.ParseDecimal(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	refused := any("refused")
	for _, tt := range []struct {
		field, literal string
		want           any
		json           string // "" where the literal is JSON, too
		byVariable     any    // nil where it is what the literal gives
	}{
		{"int", "7", 7, "", nil},
		{"int", "-0", 0, "", nil},
		{"int", "2147483647", 2147483647, "", nil},
		{"int", "2147483648", refused, "", nil},
		{"int", "1.0", refused, "", 1},
		{"int", "1e0", refused, "", 1},
		{"int", "1.5", refused, "", nil},
		{"int", `"5"`, refused, "", nil},
		{"int", "true", refused, "", nil},
		{"int", "{}", refused, "", nil},
		{"int", "[1]", refused, "", nil},
		{"int", "null", nil, "", nil},
		{"float", "0.5", 0.5, "", nil},
		{"float", "1", 1.0, "", nil},
		{"float", "1e400", refused, "", nil},
		{"float", `"0.5"`, refused, "", nil},
		{"float", `"Infinity"`, refused, "", nil},
		{"float", `"0x1p-2"`, refused, "", nil},
		{"string", `"5"`, "5", "", nil},
		{"string", "5", refused, "", nil},
		{"string", "FINALIZED", refused, `{}`, nil},
		{"string", `"""block"""`, "block", `"block"`, nil},
		{"id", "5", "5", "", nil},
		{"id", "12345678901234567890", "12345678901234567890", "", nil},
		{"id", `"Site:10"`, "Site:10", "", nil},
		{"id", "1.0", refused, "", "1"},
		{"id", "1e3", refused, "", "1000"},
		{"id", "1e999999", refused, "", nil},
		{"id", "1.5", refused, "", nil},
		{"id", "true", refused, "", nil},
		{"boolean", "true", true, "", nil},
		{"boolean", "1", refused, "", nil},
		{"boolean", `"true"`, refused, "", nil},
		{"boolean", "{}", refused, "", nil},
		{"mode", "FINALIZED", "FINALIZED", `"FINALIZED"`, nil},
		{"mode", "finalized", refused, `"finalized"`, nil},
		{"mode", `"FINALIZED"`, refused, "", "FINALIZED"},
		{"mode", "{}", refused, "", nil},
		{"mode", "1", refused, "", nil},
		{"decimal", "12345678901.123456", micros("12345678901.123456"), "", nil},
		{"decimal", `"123456789012.123456"`, micros("123456789012.123456"), "", nil},
		{"decimal", "1.50000000", micros("1.5"), "", nil},
		{"decimal", "1.0000000000000001", refused, "", nil},
		{"decimal", "true", refused, "", nil},
		{"decimal", "{}", refused, "", nil},
		{"decimal", "X", refused, "[]", nil},
		{"dateTime", `"2025-09-01T00:00:00Z"`, scalar.DateTime(1756684800000000), "", nil},
		{"dateTime", `"2025-09-01"`, scalar.DateTime(1756684800000000), "", nil},
		{"dateTime", "1756684800000", scalar.DateTime(1756684800000000), "", nil},
		{"dateTime", `""`, refused, "", nil},
		{"date", `"2025-02-28"`, scalar.Date("2025-02-28"), "", nil},
		{"date", `"2025-02-30"`, refused, "", nil},
		{"date", "20250228", refused, "", nil},
		{"local", `"2025-02-28T01:00:00"`, scalar.LocalDateTime("2025-02-28T01:00:00"), "", nil},
		{"list", "[1, null]", []any{1, nil}, "", nil},
		{"list", "[]", []any{}, "", nil},
		{"list", "1", []any{1}, "", nil},
		{"list", "[[1]]", refused, "", nil},
		{"lists", "[1, [2]]", []any{[]any{1}, []any{2}}, "", nil},
		{"lists", "1", []any{[]any{1}}, "", nil},
		{"filter", `{needed: 1}`, map[string]any{"needed": "1", "byDefault": 3}, `{"needed": 1}`, nil},
		{
			"filter", `{needed: 1, text: null, order: {field: DRAFT}}`,
			map[string]any{"needed": "1", "text": nil, "byDefault": 3, "order": []any{map[string]any{"field": "DRAFT", "direction": "DRAFT"}}},
			`{"needed": 1, "text": null, "order": {"field": "DRAFT"}}`, nil,
		},
		{"filter", `{text: "a"}`, refused, `{"text": "a"}`, nil},
		{"filter", `{needed: null}`, refused, `{"needed": null}`, nil},
		{"filter", `{needed: 1, byDefault: null}`, refused, `{"needed": 1, "byDefault": null}`, nil},
		{"filter", `{needed: 1, list: [null]}`, refused, `{"needed": 1, "list": [null]}`, nil},
		{"filter", `{needed: 1, other: 1}`, refused, `{"needed": 1, "other": 1}`, nil},
		{"filter", `{needed: 1, and: {needed: {}}}`, refused, `{"needed": 1, "and": {"needed": {}}}`, nil},
		{"filter", `[{needed: 1}]`, refused, `[{"needed": 1}]`, nil},
		{"filter", `"a"`, refused, "", nil},
	} {
		definition := schema.Query.Fields.ForName(tt.field).Arguments[0].Type.String()
		if tt.json == "" {
			tt.json = tt.literal
		}
		if tt.byVariable == nil {
			tt.byVariable = tt.want
		}
		for _, way := range []struct {
			text, variables string
			want            any
		}{
			{"{ " + tt.field + "(a: " + tt.literal + ") }", "", tt.want},
			{"query($a: " + definition + " = " + tt.literal + ") { " + tt.field + "(a: $a) }", "", tt.want},
			{"query($a: " + definition + ") { " + tt.field + "(a: $a) }", `{"a": ` + tt.json + `}`, tt.byVariable},
		} {
			if way.variables != "" && !json.Valid([]byte(way.variables)) {
				continue // a literal that JSON has not
			}
			got, errs := values(t, way.text, way.variables)
			if errs != nil {
				got = refused
			}
			if diff := cmp.Diff(way.want, got); diff != "" {
				t.Errorf("%s with %s: %v\n%s", way.text, way.variables, errs, diff)
			}
		}
	}
}

// TestZero holds that no float is a negative zero, which the engines write differently.
func TestZero(t *testing.T) {
	for _, zero := range []string{"-0", "-0.0", "-0e5", "-1e-400"} {
		for text, variables := range map[string]string{"{ float(a: " + zero + ") }": "", "query($a: Float) { float(a: $a) }": `{"a": ` + zero + `}`} {
			got, errs := values(t, text, variables)
			if f, ok := got.(float64); !ok || f != 0 || math.Signbit(f) {
				t.Errorf("%s with %s: %v, %v", text, variables, got, errs)
			}
		}
	}
}

// TestNulls holds where a variable that takes null may bring it, as a default makes it fit
// a place that takes none.
func TestNulls(t *testing.T) {
	for _, tt := range []struct {
		text, variables string
		want            any
		refused         string
	}{
		{"query($a: Float) { threshold(a: $a) }", "", 0.25, ""},
		{"query($a: Float) { threshold(a: $a) }", `{"a": 0.5}`, 0.5, ""},
		{"query($a: Float) { threshold(a: $a) }", `{"a": null}`, nil, "a: null, which $a gives, is not of type Float!"},
		{"query($a: Float, $no: Boolean!) { threshold(a: $a) @skip(if: $no) }", `{"a": null, "no": false}`, nil, "a: null, which $a gives, is not of type Float!"},
		{"query($a: Float) { ...F } fragment F on Query { threshold(a: $a) }", `{"a": null}`, nil, "a: null, which $a gives, is not of type Float!"},
		{`query($a: String = "Zed") { strict(a: [$a]) }`, "", []any{"Zed"}, ""},
		{`query($a: String = "Zed") { strict(a: [$a]) }`, `{"a": null}`, nil, "a[0]: null, which $a gives, is not of type String!"},
		{`query($a: ID = 5) { filter(a: {needed: $a}) }`, `{"a": null}`, nil, "a.needed: null, which $a gives, is not of type ID!"},
		{`query($a: Int) { filter(a: {needed: 1, byDefault: $a}) }`, "", map[string]any{"needed": "1", "byDefault": 3}, ""},
		{`query($a: Int) { filter(a: {needed: 1, number: $a}) }`, "", map[string]any{"needed": "1", "byDefault": 3}, ""},
		{`query($a: Int) { filter(a: {needed: 1, number: $a}) }`, `{"a": null}`, map[string]any{"needed": "1", "byDefault": 3, "number": nil}, ""},
		{`query($a: Int) { list(a: [1, $a]) }`, "", []any{1, nil}, ""},
		{`query($a: Boolean = true) { int @skip(if: $a) }`, `{"a": null}`, nil, "if: null, which $a gives, is not of type Boolean!"},
		{"query($a: Int!) { required(a: $a) }", "", nil, "$a: this variable, of type Int!, has no value"},
		{"query($a: Int!) { required(a: $a) }", `{"a": null}`, nil, "$a: null is not of type Int!"},
		{"query($a: Int = 4) { required(a: $a) }", "", 4, ""},
	} {
		got, errs := values(t, tt.text, tt.variables)
		switch {
		case tt.refused != "" && (len(errs) != 1 || errs[0].Message != tt.refused):
			t.Errorf("%s with %s: %v, want %s", tt.text, tt.variables, errs, tt.refused)
		case tt.refused == "" && (errs != nil || !cmp.Equal(tt.want, got)):
			t.Errorf("%s with %s: %v, %v, want %v", tt.text, tt.variables, got, errs, tt.want)
		}
	}
}

// TestNullsLeftOut holds that a null is no error in a place that is left out.
func TestNullsLeftOut(t *testing.T) {
	for _, text := range []string{
		"query($a: Float, $no: Boolean!) { threshold(a: $a) @skip(if: $no) }",
		"query($a: Float, $no: Boolean!) { ... @skip(if: $no) { threshold(a: $a) } }",
		"query($a: Float, $no: Boolean!) { ...F @skip(if: $no) } fragment F on Query { threshold(a: $a) }",
	} {
		if _, _, errs := operation(t, text, `{"a": null, "no": true}`); errs != nil {
			t.Errorf("%s: %v", text, errs)
		}
		if _, _, errs := operation(t, text, `{"a": null, "no": false}`); len(errs) != 1 {
			t.Errorf("%s, where it is not left out: %v", text, errs)
		}
	}
}

// TestErrors holds that errors say where a value stands, what was sent and what is
// wanted, in the order of the schema, and then of what was sent.
func TestErrors(t *testing.T) {
	for _, tt := range []struct {
		text, variables string
		want            []string
	}{
		{"query($a: Filter) { filter(a: $a) }", `{"a": {"zeta": 1, "alpha": 2, "number": 1.5, "mu": 3}}`, []string{
			"$a.number: 1.5 is not of type Int", "$a.needed: Filter requires this field, of type ID!",
			"$a.zeta: Filter has no such field", "$a.alpha: Filter has no such field", "$a.mu: Filter has no such field",
		}},
		{"{ filter(a: {zeta: 1, alpha: 2, needed: {}}) }", "", []string{
			"a.needed: an object is not of type ID!", "a.zeta: Filter has no such field", "a.alpha: Filter has no such field",
		}},
		{"query($a: Filter) { filter(a: $a) }", `{"a": {"needed": 1, "and": [{"needed": 2}, {"needed": [3]}]}}`, []string{"$a.and[1].needed: a list is not of type ID!"}},
		{"query($a: Int, $b: Boolean) { int(a: $a) boolean(a: $b) }", `{"b": 1, "a": "` + strings.Repeat("x", 100) + `"}`, []string{
			`$a: "` + strings.Repeat("x", 60) + `…" is not of type Int`, "$b: 1 is not of type Boolean",
		}},
		{"query($a: DateTime) { dateTime(a: $a) }", `{"a": "soon"}`, []string{`$a: "soon" is not a DateTime: not an RFC 3339 date and time`}},
	} {
		for range 5 {
			if _, errs := values(t, tt.text, tt.variables); !cmp.Equal(gqlerrors(tt.want), errs, errText) {
				t.Fatalf("%s with %s:\n%s", tt.text, tt.variables, cmp.Diff(gqlerrors(tt.want), errs, errText))
			}
		}
	}
}

func gqlerrors(messages []string) (list gqlerror.List) {
	for _, message := range messages {
		list = append(list, &gqlerror.Error{Message: message})
	}
	return list
}

// TestScalars holds that each scalar of the API is one that is read here.
func TestScalars(t *testing.T) {
	text, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	for name, definition := range gqlparser.MustLoadSchema(&ast.Source{Input: string(text)}).Types {
		if definition.Kind != ast.Scalar {
			continue
		}
		taken := false
		for _, sent := range []any{"2025-01-01", "2025-01-01T00:00:00", json.Number("1"), true} {
			_, err := readScalar(name, input{json: sent})
			taken = taken || err == nil
		}
		if !taken {
			t.Errorf("no value is a %s", name)
		}
	}
}

// FuzzVariables holds that no variables make a panic, and that the outcome is the same
// each time.
func FuzzVariables(f *testing.F) {
	for _, seed := range []string{`{"a": {"needed": 1}}`, `{"a": null}`, `{"a": [1, {"x": 2, "x": 3}], "b": 1e400}`, `{"a": {"and": {"and": {"needed": "1"}}}}`} {
		f.Add(seed)
	}
	text := "query($a: Filter, $b: Float, $c: [[Int]], $d: Decimal, $e: DateTime) { filter(a: $a) threshold(a: $b) lists(a: $c) decimal(a: $d) dateTime(a: $e) }"
	all := rules.NewDefaultRules()
	all.RemoveRule(rules.ValuesOfCorrectTypeRule.Name)
	document, errs := gqlparser.LoadQueryWithRules(schema, text, all)
	if errs != nil {
		f.Fatal(errs)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		read := func() (map[string]any, gqlerror.List) {
			value, err := ordered(json.NewDecoder(strings.NewReader(sent)))
			object, ok := value.(Object)
			if err != nil || !ok {
				return nil, nil
			}
			return Variables(schema, document.Operations[0], object.Map())
		}
		first, errs := read()
		again, same := read()
		if !cmp.Equal(errs, same, errText) || errs == nil && !cmp.Equal(first, again) {
			t.Fatalf("%q: %v, then %v", sent, errs, same)
		}
	})
}
