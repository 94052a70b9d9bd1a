package auth_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
	"github.com/usagegraph/usagegraph/models/token"
)

// known are the values of the other token's answers that are in none of one's own: by
// the field that shows them, by Type.field, and by the type of the value.
type known map[string][]string

// explorer makes probes of what other tokens read.
type explorer struct{ apitest.Atlas }

// gather reads the values of answers, and the cursors of each.
func (a explorer) gather(t *testing.T, answers []string) (values known, cursors [][]string) {
	t.Helper()
	values, cursors = known{}, make([][]string, len(answers))
	var walk func(i int, v any)
	walk = func(i int, v any) {
		switch v := v.(type) {
		case []any:
			for _, member := range v {
				walk(i, member)
			}
		case map[string]any:
			if cursor, ok := v["cursor"].(string); ok {
				cursors[i] = append(cursors[i], cursor)
			}
			kind, _ := v["__typename"].(string)
			for name, value := range v {
				walk(i, value)
				if text, ok := value.(string); ok && kind != "" && name != "__typename" {
					of := a.Types[kind].Fields.ForName(name).Type.Name()
					for _, key := range []string{name, kind + "." + name, of} {
						if !slices.Contains(values[key], text) {
							values[key] = append(values[key], text)
						}
					}
				}
			}
		}
	}
	for i, answer := range answers {
		data, _, _ := strings.Cut(answer, "\n")
		var v any
		if err := json.Unmarshal([]byte(data), &v); err != nil {
			t.Fatalf("%v: %.300s", err, answer)
		}
		walk(i, v)
	}
	for _, list := range values {
		slices.Sort(list)
	}
	return values, cursors
}

// less takes the values away that others has, too, but for keys that have no others.
func (k known) less(others known) known {
	out := known{}
	for key, values := range k {
		out[key] = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return slices.Contains(others[key], v) })
		if len(out[key]) == 0 {
			out[key] = values
		}
	}
	return out
}

// operators are the fields of filters that say how to compare, not what.
var operators = regexp.MustCompile(`^(eq|neq|in|like|startsWith|lt|lte|gt|gte|gtOrNull|isNull|\[\])$`)

// candidates are values for a place in the arguments of a field, as literals.
func (k known) candidates(a explorer, f apitest.Field, argument string, inside []string, kind string) (literals []string) {
	definition := a.Types[kind]
	switch {
	case kind == "Boolean":
		return []string{"true", "false"}
	case kind == "Int" || kind == "Float":
		return []string{"1"}
	case len(definition.EnumValues) > 0:
		return []string{definition.EnumValues[0].Name}
	}
	name := argument
	for _, part := range inside {
		if !operators.MatchString(part) {
			name = part
		}
	}
	row := strings.TrimSuffix(f.Type.Name(), "Connection")
	values, most := k[name], 2
	if f.Object != "Query" { // the same code reads them in a list of some parents
		most = 1
	}
	switch {
	case f.Type.Name() == "Node": // takes global IDs only
		most, values = 40, slices.DeleteFunc(slices.Clone(k["ID"]), func(id string) bool { return !strings.Contains(id, ":") })
	case name == "id" && k[row+".id"] != nil:
		values = []string{k[row+".id"][0], k[row+".databaseId"][0]}
	case len(values) == 0 && argument == name && kind == "String": // search and the like
		values, most = k["String"], 20
	case len(values) == 0:
		values = k[kind]
	}
	// Some from all over the list.
	for i := range min(most, len(values)) {
		quoted, _ := json.Marshal(values[i*len(values)/min(most, len(values))]) // texts always marshal
		literals = append(literals, string(quoted))
	}
	return literals
}

// plain asks for each field as it is. Fields that are values are named with their
// objects.
func (a explorer) plain() (probes []apitest.Probe) {
	for _, f := range a.Fields() {
		if len(f.Arguments) > 0 || !a.Types[f.Type.Name()].IsLeafType() {
			probes = append(probes, apitest.Probe{Field: f, Values: nil})
		}
	}
	return probes
}

// lists asks for each list in each order.
func (a explorer) lists() (probes []apitest.Probe) {
	for _, f := range a.Fields() {
		if !f.IsList() {
			continue
		}
		probes = append(probes, apitest.Probe{Field: f, Values: nil})
		order := a.Types[f.Arguments.ForName("orderBy").Type.Name()]
		for _, key := range a.Types[order.Fields.ForName("field").Type.Name()].EnumValues {
			for _, direction := range []string{"ASC", "DESC"} {
				probes = append(probes, apitest.Probe{Field: f, Values: map[string]string{"orderBy": "{field: " + key.Name + ", direction: " + direction + "}"}})
			}
		}
	}
	return probes
}

// beyond asks for the rows beyond other's cursors of the same lists.
func (a explorer) beyond(lists []apitest.Probe, cursors [][]string) (probes []apitest.Probe) {
	for i, p := range lists {
		for _, argument := range []string{"after", "before"} {
			if len(cursors[i]) > 0 {
				arguments := map[string]string{argument: strconv.Quote(cursors[i][0])}
				maps.Copy(arguments, p.Values)
				probes = append(probes, apitest.Probe{Field: p.Field, Values: arguments})
			}
		}
	}
	return probes
}

// about asks for each field with the values that the other reads, in each place of
// its arguments.
func (a explorer) about(values known) (probes []apitest.Probe) {
	for _, f := range a.Fields() {
		for _, argument := range f.Arguments {
			if argument.Name == "after" || argument.Name == "before" {
				continue
			}
			a.Leaves(argument.Type, nil, nil, func(inside []string, kind string) {
				for _, literal := range values.candidates(a, f, argument.Name, inside, kind) {
					arguments := map[string]string{argument.Name: a.Nest(argument.Type, inside, literal)}
					if argument.Name == "last" {
						arguments["first"] = "null"
					}
					probes = append(probes, apitest.Probe{Field: f, Values: arguments})
				}
			})
		}
	}
	return probes
}

// TestIsolation asks as one token for all that the schema has, by all that another
// token with other customers reads: IDs, texts, instants and cursors. Then the
// other's rows are deleted, and each answer must stay as it was, to the byte: what is
// hidden looks like what is not there.
func TestIsolation(t *testing.T) {
	a := explorer{apitest.NewAtlas(t)}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 4)
		start := time.Now()
		mine, theirs := []scalar.CustomerID{1, 3}, []scalar.CustomerID{2, 4}
		me, they := apitest.NewServer(t, db, token.APIToken{Customers: mine}), apitest.NewServer(t, db, token.APIToken{Customers: theirs})
		own, _ := a.gather(t, a.Asked(t, me, a.plain()))
		others, _ := a.gather(t, a.Asked(t, they, a.plain()))
		_, cursors := a.gather(t, a.Asked(t, they, a.lists()))
		probes := slices.Concat(a.plain(), a.lists(), a.beyond(a.lists(), cursors), a.about(others.less(own)))

		statements := modelstest.Record(t, db)
		before := a.Asked(t, me, probes)
		inScope(t, db, statements(), mine)
		worthAsking(t, a, they, probes)
		remove(t, db, theirs)
		for i, after := range a.Asked(t, me, probes) {
			if got, want := settled(before[i], start), settled(after, start); got != want {
				text, _ := probes[i].Text(a.Atlas, "p")
				t.Errorf("%s\nwhile they are there: %.600s\nafterwards:           %.600s", text, got, want)
			}
		}
	})
}

// worthAsking holds that the probes are worth asking: most are taken, and who owns the rows
// finds some by most of them. It looks at some of the probes.
func worthAsking(t *testing.T, a explorer, owner apitest.Server, probes []apitest.Probe) {
	t.Helper()
	var some []apitest.Probe
	for i := 0; i < len(probes); i += 7 {
		some = append(some, probes[i])
	}
	rows, refused := 0, 0
	for _, answer := range a.Asked(t, owner, some) {
		if strings.Contains(answer, `"__typename"`) {
			rows++
		}
		if strings.Contains(answer, "\n") {
			refused++
		}
	}
	t.Logf("%d probes: of %d their owner finds rows by %d, %d are refused", len(probes), len(some), rows, refused)
	if len(some) < 200 || rows < len(some)/2 || refused > len(some)/10 {
		t.Error("few probes find rows, or many are refused")
	}
}

// remove deletes the rows of customers.
func remove(t *testing.T, db *gorm.DB, customers []scalar.CustomerID) {
	t.Helper()
	for _, table := range slices.Backward(store.Describe()) {
		if table.Owner == "" {
			continue
		}
		if err := db.Exec(fmt.Sprintf(`DELETE FROM "%s" WHERE "%s" IN ?`, table.Name, table.Owner), customers).Error; err != nil {
			t.Fatal(err)
		}
	}
}

var instant = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z`)

// settled is an answer without the instants at which it was asked.
func settled(answer string, start time.Time) string {
	return instant.ReplaceAllStringFunc(answer, func(text string) string {
		if at, err := time.Parse(time.RFC3339, text); err == nil && at.After(start) && at.Before(time.Now()) {
			return "now"
		}
		return text
	})
}

var (
	scopedRows = regexp.MustCompile(`\(SELECT \* FROM "(\w+)" WHERE "(\w+)" (?:= ANY\(\$(\d+)::bigint\[\]\)|IN \(SELECT value FROM json_each\((\?)\)\))\) AS \w+`)
	tableName  = regexp.MustCompile(`(?i)\b(?:FROM|JOIN|UPDATE|INTO)\s+"?(\w+)`)
)

// among reports whether a list, as a parameter of either engine, has none but these.
func among(customers []scalar.CustomerID, list string) bool {
	ids, ok := strings.CutPrefix(strings.Trim(list, "]}"), "[")
	if !ok {
		ids, ok = strings.CutPrefix(ids, "{")
	}
	for _, id := range strings.FieldsFunc(ids, func(r rune) bool { return r == ',' }) {
		ok = ok && slices.ContainsFunc(customers, func(c scalar.CustomerID) bool { return c.String() == id })
	}
	return ok
}

// inScope holds that statements read customers' rows through the scoped subquery
// only, and that it holds no customers but those of the token.
func inScope(t *testing.T, db *gorm.DB, statements []modelstest.Statement, customers []scalar.CustomerID) {
	t.Helper()
	owner := map[string]string{}
	for _, table := range store.Describe() {
		owner[table.Name] = table.Owner
	}
	seen, past := map[string]bool{}, map[string]bool{}
	for _, statement := range statements {
		for _, at := range scopedRows.FindAllStringSubmatchIndex(statement.SQL, -1) {
			table, column := statement.SQL[at[2]:at[3]], statement.SQL[at[4]:at[5]]
			n := strings.Count(statement.SQL[:at[0]], "?")
			if db.Name() == "postgres" {
				n, _ = strconv.Atoi(statement.SQL[at[6]:at[7]])
				n--
			}
			if seen[table] = true; column != owner[table] || !among(customers, fmt.Sprint(statement.Args[n])) {
				t.Errorf("%s of %s is in %v, want %v", column, table, statement.Args[n], customers)
			}
		}
		for _, found := range tableName.FindAllStringSubmatch(scopedRows.ReplaceAllString(statement.SQL, "rows"), -1) {
			if owner[found[1]] != "" && !past[found[1]] {
				past[found[1]] = true
				t.Errorf("%s is read past the scope: %s", found[1], statement.SQL)
			}
		}
	}
	for table, column := range owner {
		if column != "" && !seen[table] {
			t.Errorf("no statement reads %s", table)
		}
	}
}
