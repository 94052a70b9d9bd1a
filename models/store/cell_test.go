package store

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/usagegraph/usagegraph/models/scalar"
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
		want := scalar.DateTime(micros)
		if got := string(appendInstant(nil, micros-epoch2000)); got != want.String() {
			t.Fatalf("%d is shown as %s, want %s", micros, got, want)
		}
		if got := string(appendSecond(nil, micros-epoch2000)); got != want.Time().Format(scalar.LocalLayout) {
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
}
