package scalar_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/usagegraph/usagegraph/models/scalar"
)

func TestDateTimeInput(t *testing.T) {
	for _, tt := range []struct {
		in   any
		want string // "" is refused
	}{
		{"2025-09-01T00:00:00Z", "2025-09-01T00:00:00.000000Z"},
		{"2025-09-01t02:00:00.1234567+02:00", "2025-09-01T00:00:00.123456Z"},
		{"2020-03-01T00:00:00.000Z", "2020-03-01T00:00:00.000000Z"},
		{json.Number("1700000000123"), "2023-11-14T22:13:20.123000Z"},
		{json.Number("0"), "1970-01-01T00:00:00.000000Z"},
		{json.Number("1.700000000123e+12"), "2023-11-14T22:13:20.123000Z"},
		{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"},
		{"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
		{"0001-01-01T00:00:00+01:00", ""},
		{"9999-12-31T23:59:59-01:00", ""},
		{"2025-02-30T00:00:00Z", ""},
		{"2025-09-01", "2025-09-01T00:00:00.000000Z"},
		{scalar.DateTime(1), "1970-01-01T00:00:00.000001Z"},
		{"2025-02-30", ""},
		{"2025-09-01T1:00:00Z", ""},
		{"2025-09-01T01:00:00,5Z", ""},
		{"2025-09-01T01:00:00+24:00", ""},
		{"2025-09-01T01:00:00+01:60", ""},
		{"2025-09-01T01:00:00+1:00", ""},
		{"2025-09-01T01:00:00-23:59", "2025-09-02T00:59:00.000000Z"},
		{"", ""},
		{json.Number("0.5"), ""},
		{json.Number("1704067200000.00000000001"), ""},
		{json.Number("4611686018427387904"), ""},
		{json.Number("1e400"), ""},
		{nil, ""},
		{true, ""},
	} {
		var d scalar.DateTime
		err := d.UnmarshalGQL(tt.in)
		if (err == nil) != (tt.want != "") || err == nil && d.String() != tt.want {
			t.Errorf("%T %v: got %s, %v, want %q", tt.in, tt.in, d, err, tt.want)
		}
	}
}

func TestDateInput(t *testing.T) {
	for in, ok := range map[string]bool{
		"2025-09-30": true, "2024-02-29": true, "2025-02-30": false, "2025-2-3": false, "20250930": false, "": false, "0000-01-01": false, "2025-09-30T00:00:00Z": false,
	} {
		var d scalar.Date
		if err := d.UnmarshalGQL(in); (err == nil) != ok {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestLocalDateTimeInput(t *testing.T) {
	for in, want := range map[string]string{
		"2025-08-31 11:59:59": "2025-08-31T11:59:59", "2025-08-31T23:59:59": "2025-08-31T23:59:59", "2025-08-31": "", "2025-08-31T1:59:59": "", "2025-08-31T01:59:59.5": "", "2025-08-32 00:00:00": "", "2025-08-31T23:59:59Z": "",
	} {
		got, err := scalar.ParseLocalDateTime(in)
		if (err == nil) != (want != "") || string(got) != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

// FuzzDateTime holds that what is read is written so that it reads the same.
func FuzzDateTime(f *testing.F) {
	f.Add("2025-09-01T00:00:00Z")
	f.Add("2025-09-01T00:00:00.999999999-23:59")
	f.Fuzz(func(t *testing.T, text string) {
		var d scalar.DateTime
		if d.UnmarshalGQL(text) != nil {
			return
		}
		var b bytes.Buffer
		d.MarshalGQL(&b)
		var again string
		if err := json.Unmarshal(b.Bytes(), &again); err != nil || len(again) != len("2006-01-02T15:04:05.000000Z") {
			t.Fatalf("%s, %v", b.String(), err)
		}
		if back, err := scalar.ParseDateTime(again); err != nil || back != d {
			t.Fatalf("%q read back as %s, %v", again, back, err)
		}
	})
}

// FuzzDate holds that a day and a time of day that are read are written as they
// were, and exist.
func FuzzDate(f *testing.F) {
	for _, text := range []string{"2025-02-28", "2025-02-30", "0000-01-01", "2025-09-01 23:59:59", "2025-09-01T24:00:00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var d scalar.Date
		if d.UnmarshalGQL(text) == nil {
			if _, err := time.Parse(time.DateOnly, text); err != nil || string(d) != text {
				t.Errorf("%q is read as %q", text, d)
			}
		}
		var l scalar.LocalDateTime
		if l.UnmarshalGQL(text) == nil {
			if again, err := scalar.ParseLocalDateTime(string(l)); err != nil || again != l {
				t.Errorf("%q is read as %q, and that as %q, %v", text, l, again, err)
			}
		}
	})
}
