package document_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
	"github.com/usagegraph/usagegraph/models/token"
)

// place is a place of the schema that takes a text: an argument, or a field
// somewhere inside it.
type place struct {
	path     []string // of fields from Query, that need no argument
	field    *ast.FieldDefinition
	argument *ast.ArgumentDefinition
	inside   []string   // fields of inputs from the argument to the text; "[]" is a list
	within   [][]string // for each of inside, the other fields that the input requires
}

// places are all places that take a text, found by walking the schema: one that is
// added there is tested from the same day.
func places(t *testing.T) (found []place) {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	type node struct {
		definition *ast.Definition
		path       []string
	}
	seen := map[string]bool{"Query": true}
	for queue := []node{{schema.Query, nil}}; len(queue) > 0; queue = queue[1:] {
		for _, field := range apitest.ListsFirst(queue[0].definition.Fields) {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			path := append(slices.Clone(queue[0].path), field.Name)
			needs := false
			for _, argument := range field.Arguments {
				needs = needs || argument.Type.NonNull && argument.DefaultValue == nil
				texts(schema, argument.Type, nil, nil, nil, func(inside []string, within [][]string) {
					found = append(found, place{queue[0].path, field, argument, inside, within})
				})
			}
			if to := schema.Types[field.Type.Name()]; to.Kind == ast.Object && !needs && !seen[to.Name] {
				seen[to.Name] = true
				queue = append(queue, node{to, path})
			}
		}
	}
	return found
}

// texts visits all texts in an input of the type.
func texts(schema *ast.Schema, kind *ast.Type, inside []string, within [][]string, above []string, visit func([]string, [][]string)) {
	if kind.Elem != nil {
		texts(schema, kind.Elem, append(inside, "[]"), append(within, nil), above, visit)
		return
	}
	definition := schema.Types[kind.Name()]
	switch {
	case definition.Kind == ast.Scalar && !slices.Contains([]string{"Int", "Float", "Boolean"}, kind.Name()):
		visit(slices.Clone(inside), slices.Clone(within))
	case definition.Kind == ast.InputObject && !slices.Contains(above, kind.Name()):
		for _, field := range definition.Fields {
			var others []string
			for _, other := range definition.Fields {
				if other != field && other.Type.NonNull && other.DefaultValue == nil {
					others = append(others, other.Name)
				}
			}
			texts(schema, field.Type, append(inside, field.Name), append(within, others), append(above, kind.Name()), visit)
		}
	}
}

func (p place) String() string {
	return fmt.Sprintf("%s.%s(%s: %s)", strings.Join(p.path, "."), p.field.Name, p.argument.Name, strings.Join(p.inside, "."))
}

// wrap puts a text into the argument, as JSON or, if literal, as GraphQL.
func (p place) wrap(text string, literal bool) string {
	name := func(field string) string {
		if literal {
			return field + ": "
		}
		return `"` + field + `": `
	}
	for i, field := range slices.Backward(p.inside) {
		if field == "[]" {
			text = "[" + text + "]"
			continue
		}
		text = name(field) + text
		for _, other := range p.within[i] {
			text += ", " + name(other) + `"x"`
		}
		text = "{" + text + "}"
	}
	return text
}

// ask is the field under an alias, with the argument's value, which is a literal
// or a variable. Other arguments that it requires have a value that fits.
func (p place) ask(alias, value string) string {
	arguments := p.argument.Name + ": " + value
	for _, other := range p.field.Arguments {
		if other != p.argument && other.Type.NonNull && other.DefaultValue == nil {
			arguments += ", " + other.Name + ": " + apitest.Fitting[other.Type.Name()]
		}
	}
	selection := " { __typename }"
	if strings.HasSuffix(p.field.Type.Name(), "Connection") {
		selection = " { nodes { __typename } }"
	} else if p.field.Type.Name() == "Decimal" || strings.HasSuffix(p.field.Type.Name(), "Status") {
		selection = ""
	}
	query := p.field.Name + "(" + arguments + ")" + selection
	for i, field := range slices.Backward(p.path) {
		if i == 0 {
			field = alias + ": " + field
		}
		query = field + " { " + query + " }"
	}
	if len(p.path) == 0 {
		query = alias + ": " + query
	}
	return query
}

// TestHostileTexts puts hostile texts into each place that takes a text: none
// breaks the server, and none has more rows than a text that nothing holds.
func TestHostileTexts(t *testing.T) {
	all := places(t)
	if len(all) < 300 {
		t.Fatalf("only %d places take a text", len(all))
	}
	const innocent = `"zzqxj"`
	literals := []string{`"\u0000"`, `"\ud800"`, `"""\u0000"""`}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}, "--max-aliases=100", "--max-root-fields=100", "--max-cost=1000000")
		seen := map[string]bool{}
		for _, p := range all {
			// The same input in another list is read by the same code: a few will do.
			values, kind := apitest.HostileJSON(), fmt.Sprint(p.argument.Name, p.argument.Type, p.inside)
			if seen[kind] {
				values = []string{`"%"`, `"'"`, `"\\"`, `"\u0000"`, `"\ud800"`}
			}
			seen[kind] = true
			found := askHostile(t, s, p, append([]string{innocent}, values...))
			for i, value := range values {
				p.check(t, value, found[fmt.Sprintf("a%d", i+1)], found["a0"])
			}
			var query strings.Builder
			for i, value := range literals {
				fmt.Fprintf(&query, " %s", p.ask(fmt.Sprintf("b%d", i), p.wrap(value, true)))
			}
			_, answer := s.Send(t, "GET", "/graphql?query="+url.QueryEscape("{"+query.String()+" }"), "")
			for _, got := range apitest.Outcomes(t, answer) {
				p.check(t, strings.Join(literals, " "), got, found["a0"])
			}
		}
		if _, answer := s.Ask(t, "{ customers { totalCount } }"); apitest.Compact(t, answer) != `{"data":{"customers":{"totalCount":2}}}` {
			t.Errorf("afterwards: %s", answer)
		}
	})
}

// askHostile puts values into a place, side by side, and returns what became of each, by
// alias. An operation is refused as a whole where a value is not of the type of the place,
// and asked again then without the values that the errors name.
func askHostile(t *testing.T, s apitest.Server, p place, values []string) map[string]apitest.Outcome {
	t.Helper()
	refused := map[string]apitest.Outcome{}
	for len(refused) < len(values) {
		var query, declared strings.Builder
		var variables []string
		for i, value := range values {
			if _, known := refused[fmt.Sprintf("a%d", i)]; !known {
				fmt.Fprintf(&declared, " $v%d: %s", i, p.argument.Type)
				fmt.Fprintf(&query, " %s", p.ask(fmt.Sprintf("a%d", i), fmt.Sprintf("$v%d", i)))
				variables = append(variables, fmt.Sprintf(`"v%d": %s`, i, p.wrap(value, false)))
			}
		}
		text, _ := json.Marshal("query(" + declared.String() + ") {" + query.String() + " }") // texts always marshal
		status, answer := s.Send(t, "POST", "/graphql", fmt.Sprintf(`{"query": %s, "variables": {%s}}`, text, strings.Join(variables, ", ")))
		found := apitest.Outcomes(t, answer)
		if status != http.StatusOK {
			t.Fatalf("%s: status %d: %.300s", p, status, answer)
		}
		if found[""].Codes == nil {
			maps.Copy(found, refused)
			return found
		}
		named := regexp.MustCompile(`"message":"\$v(\d+)[^\d]`).FindAllSubmatch(answer, -1)
		if len(named) == 0 {
			t.Fatalf("%s: %.300s", p, answer)
		}
		for _, which := range named {
			refused["a"+string(which[1])] = apitest.Outcome{Codes: found[""].Codes}
		}
	}
	return refused
}

func (p place) check(t *testing.T, value string, got, innocent apitest.Outcome) {
	t.Helper()
	for _, code := range got.Codes {
		if !slices.Contains(apitest.Refusals, code) {
			t.Errorf("%s: %.60q: %s", p, value, code)
			return
		}
	}
	if got.Rows > innocent.Rows {
		t.Errorf("%s: %.60q has %d rows, an innocent text %d", p, value, got.Rows, innocent.Rows)
	}
}

// TestHostileTextsAreFound stores hostile texts as names, and finds each by each
// operator, literally, and all of them by paging in their order.
func TestHostileTextsAreFound(t *testing.T) {
	var names []string
	for _, text := range append(apitest.HostileTexts, "İ", "ſ", "ẞ", "ǅ", "-1", "null") {
		if len(text) < 2000 { // PostgreSQL indexes names of up to 2,700 bytes
			names = append(names, text, "x"+text+"y")
		}
	}
	contains := func(name, text string) bool { return strings.Contains(strings.ToLower(name), strings.ToLower(text)) }
	matches := map[string]func(name, text string) bool{
		`filter: {name: {eq: $t}}`:         func(name, text string) bool { return name == text },
		`filter: {name: {in: [$t, "no"]}}`: func(name, text string) bool { return name == text },
		`filter: {name: {like: $t}}`:       contains,
		`filter: {name: {startsWith: $t}}`: strings.HasPrefix,
		`search: $t`: func(name, text string) bool {
			return !slices.ContainsFunc(strings.Fields(text), func(word string) bool { return !contains(name, word) })
		},
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		err := database.Write(t.Context(), db, func(tx *database.Tx) error {
			var rows []models.Customer
			for i, name := range names {
				rows = append(rows, models.Customer{ID: scalar.CustomerID(i + 1), Name: &name})
			}
			return store.Insert(tx, models.Customers, rows)
		})
		if err != nil {
			t.Fatal(err)
		}
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		ask := func(arguments, text string) []string {
			t.Helper()
			variables, _ := json.Marshal(text) // texts always marshal
			query, _ := json.Marshal("query($t: String!) { customers(first: 1000, " + arguments + ") { nodes { name } } }")
			_, answer := s.Send(t, "POST", "/graphql", fmt.Sprintf(`{"query": %s, "variables": {"t": %s}}`, query, variables))
			return namesOf(t, answer).names
		}
		for arguments, match := range matches {
			for _, text := range names {
				var want []string
				for _, name := range names {
					if match(name, text) {
						want = append(want, name)
					}
				}
				if got := ask(arguments, text); !slices.Equal(got, want) {
					t.Errorf("%s of %.60q: %.300q, want %.300q", arguments, text, got, want)
				}
			}
		}
		for _, direction := range []string{"ASC", "DESC"} {
			want := slices.Sorted(slices.Values(names))
			if direction == "DESC" {
				slices.Reverse(want)
			}
			var got []string
			for page := (namePage{more: true}); page.more; {
				_, answer := s.Ask(t, fmt.Sprintf(`{ customers(first: 3, orderBy: {field: NAME, direction: %s}, after: %q) { nodes { name } pageInfo { hasNextPage endCursor } } }`, direction, page.cursor))
				page = namesOf(t, answer)
				got = append(got, page.names...)
			}
			if !slices.Equal(got, want) {
				t.Errorf("by name, %s: %.500q, want %.500q", direction, got, want)
			}
		}
	})
}

// namePage is a page of customers.
type namePage struct {
	names  []string
	more   bool
	cursor string
}

func namesOf(t *testing.T, answer []byte) (page namePage) {
	t.Helper()
	var body struct {
		Data struct {
			Customers struct {
				Nodes    []struct{ Name string }
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}
		Errors json.RawMessage
	}
	if err := json.Unmarshal(answer, &body); err != nil || body.Errors != nil {
		t.Fatalf("%v: %.300s", err, answer)
	}
	for _, node := range body.Data.Customers.Nodes {
		page.names = append(page.names, node.Name)
	}
	page.more, page.cursor = body.Data.Customers.PageInfo.HasNextPage, body.Data.Customers.PageInfo.EndCursor
	return page
}

// TestForgedCursors puts hostile values into cursors that are well made: each is a
// place in the order, or is refused.
func TestForgedCursors(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		list := func(order, after string) string {
			return fmt.Sprintf(`{ usageProductInventories(orderBy: {field: %s}, after: %q) { nodes { __typename } pageInfo { hasPreviousPage endCursor } } }`, order, after)
		}
		for _, order := range []string{"ID", "SERVICE_ID", "END_DATE", "UPDATED_AT"} {
			_, answer := s.Ask(t, list(order, ""))
			var first struct {
				Data struct {
					UsageProductInventories struct{ PageInfo struct{ EndCursor string } }
				}
			}
			if err := json.Unmarshal(answer, &first); err != nil {
				t.Fatal(err)
			}
			text, err := base64.RawURLEncoding.DecodeString(first.Data.UsageProductInventories.PageInfo.EndCursor)
			if err != nil {
				t.Fatal(err)
			}
			var keys []json.RawMessage
			if err := json.Unmarshal(text, &keys); err != nil {
				t.Fatal(err)
			}
			for i := range keys {
				for _, value := range append(apitest.HostileJSON(), "null", "true", "{}", "[]", "1e400", "-0", "1.5", "9223372036854775808", `"infinity"`, `"-infinity"`, `"~"`) {
					forged := make([]string, len(keys))
					for j, key := range keys {
						if forged[j] = string(key); j == i {
							forged[j] = value
						}
					}
					cursor := base64.RawURLEncoding.EncodeToString([]byte("[" + strings.Join(forged, ",") + "]"))
					_, answer := s.Ask(t, list(order, cursor))
					found := apitest.Outcomes(t, answer)
					(place{field: &ast.FieldDefinition{Name: order}, argument: &ast.ArgumentDefinition{Name: "after"}}).check(t, value, found["usageProductInventories"], apitest.Outcome{Rows: 4})
				}
			}
		}
	})
}
