package coerce_test

import (
	"fmt"
	"strings"
)

// numberForms are numbers that are the same in GraphQL and in JSON, textForms texts.
func numberForms(all string) (out []form) {
	for _, text := range strings.Fields(all) {
		out = append(out, same(text))
	}
	return out
}

func textForms(all ...string) (out []form) {
	for _, text := range all {
		out = append(out, same(fmt.Sprintf("%q", text)))
	}
	return out
}

func forms(parts ...[]form) (out []form) {
	for _, part := range parts {
		out = append(out, part...)
	}
	return out
}

// otherKinds are values that few scalars take.
var otherKinds = forms(numberForms(`{} [] [1] [[]] [null] true false null 1 0 -1 0.5 1.0 1e0`), textForms("", "a", "1", "true", "null"), []form{
	{"RED", `"RED"`}, {"true_", `"true_"`}, {"{a: 1}", `{"a": 1}`}, {"{id: {eq: 1}}", `{"id": {"eq": 1}}`}, {`["a"]`, `["a"]`}, {"[{}]", "[{}]"},
})

// scalarForms are what each scalar takes and does not take. What a value
// means is not looked at here: any number of rows is right, whatever the bounds of a page.
var scalarForms = map[string]struct{ right, wrong []form }{
	"Int": {
		forms(numberForms("0 1 2 5 -0 -1 2147483647 -2147483648"), []form{{"3", "1.0"}, {"3", "1e0"}, {"3", "20e-1"}, {"3", "-0.0"}}),
		forms(numberForms("2147483648 -2147483649 9223372036854775807 9223372036854775808 123456789012345678901234567890 1.5 1.0 1e0 1e400 -1e400 1e-400 0.5 -0.0 1.0000000000000000001 1e9999999999"), textForms("1", "0x10", " 1", "1.0", "NaN")),
	},
	"Float": {
		numberForms("0 -0 0.5 -0.5 1 1.0 1e3 1E+3 1e-3 0.1234567890123456789 9007199254740993 12345678901234567890 1.7976931348623157e308 1e-400 5e-324"),
		forms(numberForms("1e400 -1e400 1.8e308 1e9999999999"), textForms("0.5", "Infinity", "-Infinity", "NaN", "0x1p-2", "1_000", "inf", "1e3", " 1"), []form{{literal: "Infinity"}, {literal: "NaN"}}),
	},
	"Boolean": {numberForms("true false"), forms(textForms("false", "TRUE", "yes", "1"), []form{{"TRUE", `"TRUE"`}, {"True", `"True"`}, {"yes", "1"}})},
	"String":  {stringForms, brokenTexts},
	"ID": {
		forms(numberForms("1 0 -1 -0 12345678901234567890"), textForms("1", "7/100", "Customer:1", "Site:10", "", "é", "x:y"), []form{{"1", "1.0"}, {"1", "1e2"}}),
		forms(brokenTexts, numberForms("1.5 0.5 1e400 1.0 1e2 1.0000000000000000001")),
	},
	"Decimal": {
		forms(numberForms("0 -0 1 -1 12.5 0.25 1.500000000 12345678901.123456 123456789012.123456 9200000000000 -9200000000000 0.000001 1.0 0.0000000"), textForms("0", "12.5", "-1", "12345678901.123456", "1.500000000")),
		forms(numberForms("1.0000001 0.0000001 1.0000000000000001 12345678901.1234567 9200000000000.000001 1e13 1e400 9300000000000 12345678901234567890 1e-400 1e9999999999"), textForms("1.0000001", "x", " 1", "0x10", "1,5", "1_000", "Infinity", "NaN", "1e400", "--1", "٣")),
	},
	"Date": {
		textForms("2025-09-01", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"),
		forms(textForms("2025-02-30", "2023-02-29", "1900-02-29", "2025-13-01", "2025-00-10", "2025-1-1", "25-01-01", "2025-09-01 ", "2025-09-01T00:00:00Z", "20250901", "0000-01-01", "٢٠٢٥-09-01", "soon"), numberForms("20250901 1735689600000")),
	},
	"DateTime": {
		forms(textForms("2025-09-01T00:00:00Z", "2024-01-01T00:00:00+02:00", "2026-01-01T00:00:00.000001Z", "2025-09-01T00:00:00.5-23:59", "2025-09-01T00:00:00+23:59", "2025-09-01T23:59:59.123456789Z"),
			numberForms("1735689600000 0 -1 1.7356896e12 1735689600000.0 -0")),
		forms(textForms("", "soon", "2025-02-30T00:00:00Z", "2025-09-01T1:00:00Z", "2025-09-01T00:00:00+24:00", "2025-09-01T00:00:00+00:60", "2025-09-01T24:00:00Z", "2025-09-01T00:60:00Z", "2025-09-01T00:00:00,5Z", "2025-09-01T00:00:00", "2025-09-01T00:00Z", "2025-09-01T00:00:00+0200", "2025-09-01T00:00:00+2:00", "2025-9-01T00:00:00Z", "2025-02-30", "1735689600000"),
			numberForms("1.5 0.0001 1e400 1e17 -1e17 1735689600000.5 99999999999999999999 1.0000000000000000001")),
	},
}

// stringForms are texts, in the ways to write them.
var stringForms = forms(textForms("a", "", "Zed", "é", "😀", "a\u200bb"), []form{
	{`"\u0041"`, `"\u0041"`},
	{`"\uD83D\uDE00"`, `"\uD83D\uDE00"`},
	{`"\ud83d\ude00 x"`, `"\ud83d\ude00 x"`},
	{`"\u{1F600}"`, `"\uD83D\uDE00"`},
	{`"\u{41}"`, `"A"`},
	{`"\u{00000041}"`, `"A"`},
	{`"\u{10FFFF}"`, `"\uDBFF\uDFFF"`},
	{`"\"\\\/\b\f\n\r\t"`, `"\"\\\/\b\f\n\r\t"`},
	{`"""a"""`, `"a"`},
	{`""""""`, `""`},
	{`"""\""""""`, `"\"\"\""`},
	{`"""\u12 \x"""`, `"\\u12"`},
	{`""" "a" ""b """`, `"a"`},
	{"\"\"\"a\n  b\r\n  c\rd\"\"\"", `"a"`},
	{`"""é"""`, `"é"`},
	{`"""\uD83D"""`, `"\\uD83D"`},
	{`"#"`, `"#"`},
	{`"""#"""`, `"#"`},
	{"\"\ufeff\"", "\"\ufeff\""},
	{"\"\t\"", `"\t"`},
})

// brokenTexts are no texts, brokenLiterals no literals at all.
var (
	brokenTexts = []form{
		{`"\uD83D x"`, `"\uD83D x"`},
		{`"\uD83D"`, `"\uD83D"`},
		{`"x\uDE00"`, `"x\uDE00"`},
		{`"\uDE00\uD83D"`, `"\uDE00\uD83D"`},
		{`"\uD83D\uD83D\uDE00"`, `"\uD83D\uD83D\uDE00"`},
		{`"\uD83D\u0041"`, `"\uD83D\u0041"`},
		{`"\uD83D\n"`, `"\uD83D\n"`},
		{`"\uD83D\\uDE00"`, `"\uD83D\\uDE00"`},
		{`"\u{D83D}"`, `"\uD83D"`},
		{`"\u{D83D}\u{DE00}"`, `"\uDE00"`},
		{`"\uD83D\u{DE00}"`, `"\uDBFF"`},
		{`"\udc00"`, `["\udc00"]`},
		{`"\udfff"`, `{"eq": "\udfff"}`},
	}
	broken = func() (out []form) {
		for _, text := range append([]string{
			`""""`, `"""a\\"""`, `"""a""""`, `"""a"""""`, `"""""""`, `"""`, `"a`, "\"a\nb\"", `"\x"`, `"\u12"`, `"\u{}"`, `"\u{110000}"`, `"\u{000000041}"`, `"\u{-1}"`, `"\u{1F600"`, `"\uD8"`, `"\u{FFFFFFFF}"`, `"\U0041"`, `'a'`, `"a"b"`,
		}, strings.Fields("00 01 -01 1. .5 -.5 +1 1e 1e+ 1.5. 1.5.5 1a 1.0a 0x1 0x1p-2 0xF 1_000 1e5x 1.e1 - -- 1.5e5.5 [1 {a {a:} {1:1} ... $ @ ! %")...) {
			out = append(out, form{literal: text})
		}
		return out
	}()
	strangeForms = func() (out []form) {
		for _, f := range forms(otherKinds, stringForms, brokenTexts, numberForms("1.5 1e400 -0.0 2147483648 1e-7 12345678901.123456"), textForms("2025-09-01", "ASC", "0.5"), []form{{"ASC", `"ASC"`}, {"asc", `"asc"`}}) {
			if f.json != "" {
				out = append(out, f)
			}
		}
		return out
	}()
)
