package document

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/models/fault"
)

// parsedValue is the value of the argument x of the only field, as its text.
func parsedValue(document *ast.QueryDocument) string {
	return document.Operations[0].SelectionSet[0].(*ast.Field).Arguments.ForName("x").Value.String()
}

// TestLexical holds values to what graphql-js 16 makes of them. An error says where it
// stands.
func TestLexical(t *testing.T) {
	settings := Settings{MaxTokens: 100}
	for literal, want := range map[string]string{
		`"a"`: `"a"`, `""`: `""`, `"\u0041"`: `"A"`, `"\uD83D\uDE00"`: `"😀"`, `"\ud83d\ude00 x"`: `"😀 x"`, `"\u{1F600}"`: `"😀"`, `"\\uD83D"`: `"\\uD83D"`, `"\""`: `"\""`, `"é#"`: `"é#"`,
		`""""""`: `""`, `"""a"""`: `"a"`, `"""\""""""`: `"\"\"\""`, `"""\uD83D"""`: `"\\uD83D"`, `["""a"""""]`: `["a",""]`, `["""a""" """b"""]`: `["a","b"]`, `["""a""""b"]`: `["a","b"]`,
		`1`: `1`, `-1`: `-1`, `-0`: `-0`, `1.5`: `1.5`, `1e3`: `1e3`, `1E+3`: `1E+3`, `[1,2]`: `[1,2]`, `[1 -2]`: `[1,-2]`, `[1#a` + "\n" + `2]`: `[1,2]`, `a1e`: `a1e`, `{a:1}`: `{a:1}`,

		`"\uD83D x"`: "", `"\uD83D"`: "", `"\uDE00"`: "", `"\uDE00\uD83D"`: "", `"\uD83D\uD83D\uDE00"`: "", `"\uD83D\u0041"`: "", `"\uD83D\u{DE00}"`: "", `"\u{D83D}"`: "", `"\u{110000}"`: "", `"\u{}"`: "", `"\uD8"`: "", `"\x"`: "", "\"a\nb\"": "",
		"\"\xed\xa0\xbd\"": "", "\"\"\"\xed\xa0\xbd\"\"\"": "", "#\xed\xa0\xbd\n1": "",
		`""""`: "", `"""a""""`: "", `"""a"""""`: "", `"""""""`: "", `"""a""""""`: "", `"""a\\"""`: "", `"""`: "",
		`1a`: "", `1.5a`: "", `1e5x`: "", `0x1`: "", `0x1p-2`: "", `1_000`: "", `1.5.5`: "", `[1.]`: "", `1..2`: "", `00`: "", `01`: "", `-`: "", `.5`: "", `+1`: "", `[1...]`: "",
	} {
		text := "{ f(x: " + literal + ") }"
		document, errs := settings.parse(text)
		switch {
		case want == "" && len(errs) == 0:
			t.Errorf("%s is taken as %s", text, parsedValue(document))
		case want == "" && (errs[0].Extensions["code"] != fault.ParseFailed && errs[0].Extensions["code"] != string(fault.ParseFailed) || len(errs[0].Locations) == 0):
			t.Errorf("%s: %v %v", text, errs[0].Extensions, errs[0].Locations)
		case want != "" && len(errs) > 0:
			t.Errorf("%s: %v", text, errs)
		case want != "" && parsedValue(document) != want:
			t.Errorf("%s is %s, want %s", text, parsedValue(document), want)
		}
	}
	_, errs := settings.parse("{\r\n é: f(x: \"\"\"a\rb\"\"\", y: \"\\uD83D\") }")
	if len(errs) != 1 || len(errs[0].Locations) != 1 || errs[0].Locations[0].Line != 3 || errs[0].Locations[0].Column != 11 {
		t.Errorf("%v", errs)
	}
}

// FuzzLexical holds that a text is changed only where a quote follows a block string, and
// by nothing but blanks.
func FuzzLexical(f *testing.F) {
	for _, text := range []string{`{ f(x: "\uD83D\uDE00", y: 1.5e3) # "`, "{ f }", `query Q($a: Int = 1) { f(x: """ "a" \""" """) }`, `{ f(x: ["""a"""" 1]) }`, "\ufeff{ f }", `{...F} fragment F on Q { g(n: -0) }`, `"\`, `1.`, `"""`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		changed, errs := lexical(text)
		without := func(text string) string { return strings.ReplaceAll(text, " ", "") }
		if len(errs) == 0 && changed != text && (!strings.Contains(text, `""""`) || without(changed) != without(text)) {
			t.Errorf("%q became %q", text, changed)
		}
	})
}
