package scalar_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"testing"

	"github.com/usagegraph/usagegraph/models/scalar"
)

func TestParseDecimal(t *testing.T) {
	tests := []struct {
		text, want string
		err        error
	}{
		{text: "0", want: "0"},
		{text: "-0", want: "0"},
		{text: "45.2", want: "45.2"},
		{text: "54.800000", want: "54.8"},
		{text: "1.0000000000", want: "1"},
		{text: "-0.000001", want: "-0.000001"},
		{text: "0.1", want: "0.1"},
		{text: "1e7", want: "10000000"},
		{text: "1.5E-3", want: "0.0015"},
		{text: "9200000000000", want: "9200000000000"},
		{text: "-9200000000000", want: "-9200000000000"},
		{text: "9200000000000.000001", err: scalar.ErrDecimalRange},
		{text: "1e400", err: scalar.ErrDecimalRange},
		{text: "1e999999999", err: scalar.ErrDecimalText},
		{text: "0.0000001", err: scalar.ErrDecimalPlaces},
		{text: "1e-7", err: scalar.ErrDecimalPlaces},
		{text: "", err: scalar.ErrDecimalText},
		{text: "NaN", err: scalar.ErrDecimalText},
		{text: "+1", err: scalar.ErrDecimalText},
		{text: ".5", err: scalar.ErrDecimalText},
		{text: "1_000", err: scalar.ErrDecimalText},
		{text: "0x10", err: scalar.ErrDecimalText},
		{text: " 1", err: scalar.ErrDecimalText},
	}
	for _, tt := range tests {
		got, err := scalar.ParseDecimal(tt.text)
		if !errors.Is(err, tt.err) || err == nil && got.String() != tt.want {
			t.Errorf("ParseDecimal(%q) = %s, %v, want %s, %v", tt.text, got, err, tt.want, tt.err)
		}
	}
}

func TestRoundDecimal(t *testing.T) {
	for text, want := range map[string]string{
		"0.0000005": "0", "0.0000015": "0.000002", "0.0000025": "0.000002", "-0.0000015": "-0.000002", "1.2345678": "1.234568", "2": "2",
	} {
		got, _, err := scalar.RoundDecimal(text)
		if err != nil || got.String() != want {
			t.Errorf("RoundDecimal(%q) = %s, %v, want %s", text, got, err, want)
		}
	}
}

func TestDecimalInput(t *testing.T) {
	for _, in := range []any{"12.5", json.Number("12.5"), json.Number("1.25e1"), json.Number("12.50000000"), scalar.Decimal(12_500_000)} {
		var d scalar.Decimal
		if err := d.UnmarshalGQL(in); err != nil || d != 12_500_000 {
			t.Errorf("%T %v: %v, %v", in, in, d, err)
		}
	}
	for _, in := range []any{nil, true, "", "twelve", json.Number("0.1234567"), json.Number("1e300"), json.Number("1.0000000000000001"), 12.5, []any{"1"}, map[string]any{}} {
		var d scalar.Decimal
		if err := d.UnmarshalGQL(in); err == nil {
			t.Errorf("%T %v was taken as %s", in, in, d)
		}
	}
}

// FuzzDecimal holds that what is read is what the text says, and that writing and
// reading again changes nothing.
func FuzzDecimal(f *testing.F) {
	for _, seed := range []string{"0", "-1.5", "1e3", "9.2e12", "0.000001", "NaN", "1e400", "-"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := scalar.ParseDecimal(text)
		if err != nil {
			return
		}
		want, ok := new(big.Rat).SetString(text)
		if !ok || want.Cmp(big.NewRat(int64(d), 1_000_000)) != 0 {
			t.Fatalf("ParseDecimal(%q) = %s", text, d)
		}
		var b bytes.Buffer
		d.MarshalGQL(&b)
		var again string
		if err := json.Unmarshal(b.Bytes(), &again); err != nil {
			t.Fatal(err)
		}
		if back, err := scalar.ParseDecimal(again); err != nil || back != d {
			t.Fatalf("%q read back as %s, %v", again, back, err)
		}
	})
}
