package models

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"gorm.io/gorm/schema"
)

// TestCells holds that cells are shown as the scalars that they hold show themselves.
func TestCells(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	gql := func(v interface{ MarshalGQL(io.Writer) }) string {
		var b bytes.Buffer
		v.MarshalGQL(&b)
		return b.String()
	}
	first, last := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro(), time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC).UnixMicro()
	instants := []int64{first, last, 0, -1, epoch2000, epoch2000 - 1, epoch2000 + 1}
	for year := 1; year < 10_000; year++ {
		for _, day := range []time.Time{time.Date(year, 2, 28, 0, 0, 0, 0, time.UTC), time.Date(year, 2, 29, 12, 0, 0, 0, time.UTC), time.Date(year, 12, 31, 23, 59, 59, 1000, time.UTC)} {
			instants = append(instants, day.UnixMicro())
		}
		instants = append(instants, first+random.Int64N(last-first))
	}
	for _, micros := range instants {
		want := DateTime(micros)
		if got := string(appendInstant(nil, micros-epoch2000)); got != want.String() {
			t.Fatalf("%d is shown as %s, want %s", micros, got, want)
		}
		if got := string(appendSecond(nil, micros-epoch2000)); got != want.Time().Format(localLayout) {
			t.Fatalf("%d is shown as %s to the second, want %s", micros, got, want)
		}
		days := want.Time().Truncate(24 * time.Hour).Sub(time.UnixMicro(epoch2000).UTC())
		if year := want.Time().Year(); year > 1750 && year < 2250 { // a Duration has no more
			if got := string(appendDay(nil, int64(days/(24*time.Hour)))); got != string(want.Date()) {
				t.Fatalf("%s is shown as %s", want.Date(), got)
			}
		}
	}
	for _, text := range []string{"", "a", `"`, `\`, "\t\r\n\x00\x01\x1f\x7f", "é😀\u2028\u2029", "\xff\xfe", "</script>&"} {
		if got, want := string(appendEscaped([]byte{'"'}, []byte(text)))+`"`, gql(graphql.MarshalString(text)); got != want {
			t.Errorf("%q is shown as %s, want %s", text, got, want)
		}
	}
	for range 2000 {
		f := math.Float64frombits(random.Uint64())
		if random.IntN(2) == 0 {
			f = float64(random.IntN(2_000_000)) / float64(1+random.IntN(1000))
		}
		if got, want := string(appendFloat(nil, f)), fmt.Sprintf("%g", f); got != want {
			t.Errorf("%g is shown as %s", f, got)
		}
	}
	for _, c := range Customers.columns {
		if c.name == "id" {
			if got, want := string(c.output("ID", true)(nil, appendIntCell(nil, -7))), gql(CustomerID(-7)); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
	if got, want := string(Balances.column("id").output("ID", true)(nil, []byte(`a"b`))), gql(BalanceID(`a"b`)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestEdgesNameTheirParents holds the columns by which edges find their rows to the
// functions by which the typed reader does.
func TestEdgesNameTheirParents(t *testing.T) {
	tested := 0
	for _, r := range references {
		if !slices.ContainsFunc(tables, func(t *table) bool { return t.schema.ModelType == r.parent }) {
			continue // of rows that a statement selects, and of the root
		}
		tested++
		relation := r.relation
		of := reflect.ValueOf(relation).Elem()
		edge, keyOf := of.FieldByName("Edge").Addr().Interface().(*Edge), of.FieldByName("Parent")
		row := reflect.New(keyOf.Type().In(0).Elem())
		parsed, err := schema.Parse(row.Interface(), &schemas, schema.NamingStrategy{})
		if err != nil {
			t.Fatal(err)
		}
		held, via := map[string]reflect.Value{}, edge.via
		for n, field := range parsed.Fields {
			if field.DBName == "" {
				continue
			}
			value := field.ReflectValueOf(t.Context(), row.Elem())
			if value.Kind() == reflect.Pointer {
				value.Set(reflect.New(value.Type().Elem()))
				value = value.Elem()
			}
			switch value.Kind() {
			case reflect.Int64:
				value.SetInt(int64(n + 1))
			case reflect.String:
				value.SetString(fmt.Sprint("text ", n))
			}
			if held[field.DBName] = value; len(edge.via) == 0 && field.PrimaryKey {
				via = append(via, field.DBName)
			}
		}
		var byColumns []any
		for _, name := range via {
			byColumns = append(byColumns, keyColumns(held[name])...)
		}
		if key := keyColumns(keyOf.Call([]reflect.Value{row})[0]); !reflect.DeepEqual(key, byColumns) || len(key) != len(edge.columns) {
			t.Errorf("from %s to %s: the key is %v, and the columns hold %v", r.parent, edge.to.name, key, byColumns)
		}
	}
	if tested < 39 {
		t.Errorf("%d relations are tested", tested)
	}
}
