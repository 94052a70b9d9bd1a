package coerce_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

var coercionCases = flag.Int("coercion-cases", 0, "how many requests graphql-js judges, too, which needs Node and the packages of e2e/")

// coercionDifferences are those to graphql-js that there may be, and why.
var coercionDifferences = []struct {
	why   string
	isOne func(c coercionCase, ours, theirs string) bool
}{}

// TestCoercion sends requests of the mutator to the API, and holds what it takes and
// refuses to what graphql-js does. With the read engine and without, and each time, it
// refuses with the same text.
//
// The schema's own scalars are unknown to graphql-js: e2e/scalars.mjs has what they take,
// written from the documentation. What a value means is not compared: a page that is too
// large, or an ID of another type, is well-formed.
func TestCoercion(t *testing.T) {
	if *coercionCases == 0 {
		t.Skip("make e2e runs it")
	}
	m := newMutator(t, 1)
	cases := make([]coercionCase, *coercionCases)
	for i := range cases {
		cases[i] = m.request()
	}
	theirs := judged(t, cases)
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		p := apitest.NewPair(t, db, token.APIToken{AllCustomers: true})
		refused, differences := 0, map[string]int{}
		for i, c := range cases {
			ours := verdict(t, p, c)
			if ours != "" {
				refused++
			}
			if (ours == "") == (theirs[i] == "") {
				continue
			}
			why := explained(c, ours, theirs[i])
			if why == "" {
				t.Errorf("%s\n\tours:   %.300s\n\ttheirs: %.300s", c.body(), or(ours, "taken"), or(theirs[i], "taken"))
			}
			differences[why]++
		}
		t.Logf("%d cases: %d accepted, %d refused; differences, by their reason: %v", len(cases), len(cases)-refused, refused, differences)
	})
}

// explained is why a difference may be.
func explained(c coercionCase, ours, theirs string) string {
	for _, known := range coercionDifferences {
		if known.isOne(c, ours, theirs) {
			return known.why
		}
	}
	return ""
}

// judged are graphql-js's verdicts: why it refuses each case, empty for one that it takes.
func judged(t *testing.T, cases []coercionCase) (verdicts []string) {
	t.Helper()
	var in bytes.Buffer
	write := json.NewEncoder(&in)
	for _, line := range append([]any{graph.SDL()}, anys(cases)...) {
		if err := write.Encode(line); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), "node", "coercion.mjs")
	command.Dir, command.Stdin, command.Stderr = apitest.Path("e2e"), &in, os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var verdict struct{ Refused string }
		if err := json.Unmarshal(lines.Bytes(), &verdict); err != nil {
			t.Fatalf("%v: %s", err, lines.Bytes())
		}
		verdicts = append(verdicts, verdict.Refused)
	}
	if len(verdicts) != len(cases) {
		t.Fatalf("%d verdicts of %d cases", len(verdicts), len(cases))
	}
	return verdicts
}

func anys[T any](all []T) (out []any) {
	for _, one := range all {
		out = append(out, one)
	}
	return out
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// verdict is why the API refuses a case, empty if it takes it. With the read engine and
// without, and when asked again, it refuses with the same text.
func verdict(t *testing.T, p *apitest.Pair, c coercionCase) string {
	t.Helper()
	_, first := p.Engine.Send(t, "POST", "/graphql", c.body())
	_, other := p.Resolvers.Send(t, "POST", "/graphql", c.body())
	why, without := refusalOf(t, c, first), refusalOf(t, c, other)
	if why == "" && without == "" {
		return ""
	}
	_, again := p.Engine.Send(t, "POST", "/graphql", c.body())
	for _, answer := range [][]byte{again, other} {
		if answer, first := unnamed(answer), unnamed(first); answer != first {
			t.Errorf("%s is answered\n\t%.300s\n\t%.300s", c.body(), first, answer)
		}
	}
	return why
}

// requestIDs are those in answers, which differ.
var requestIDs = regexp.MustCompile(`request [A-Z0-9]{26}|"requestId":"[A-Z0-9]{26}"`)

func unnamed(answer []byte) string { return requestIDs.ReplaceAllString(string(answer), "") }

// misread is how the schema's own scalars refuse a value.
var misread = regexp.MustCompile(` is not a (Decimal|Date|DateTime|LocalDateTime): `)

// refusalOf is why an answer refuses to coerce the values of its request.
func refusalOf(t *testing.T, c coercionCase, answer []byte) string {
	t.Helper()
	var body struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(answer, &body); err != nil {
		t.Fatalf("%v: %.300s", err, answer)
	}
	why := ""
	for _, e := range body.Errors {
		switch code := e.Extensions.Code; {
		case code == "GRAPHQL_PARSE_FAILED", code == "GRAPHQL_VALIDATION_FAILED", code == "BAD_USER_INPUT" && misread.MatchString(e.Message):
			why = code + ": " + e.Message
		case code != "BAD_USER_INPUT" && code != "INVALID_CURSOR":
			t.Errorf("%s is answered %s: %s", c.body(), code, e.Message)
		}
	}
	return why
}
