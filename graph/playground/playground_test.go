package playground_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/graph/document"
	"github.com/usagegraph/usagegraph/graph/playground"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// onDemo gives the playground's examples and the data of seed, whose dates they have, on each
// engine.
func onDemo(t *testing.T, do func(*testing.T, apitest.Server, []playground.Example)) {
	t.Helper()
	examples, err := playground.Examples()
	if err != nil {
		t.Fatal(err)
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, seed.DemoCustomers)
		do(t, apitest.NewServer(t, db, token.APIToken{AllCustomers: true}), examples)
	})
}

// TestPlaygroundExamples asks the playground's examples on the data of make run: each answers
// without errors and with rows, in each field of its root and each list next below.
func TestPlaygroundExamples(t *testing.T) {
	onDemo(t, func(t *testing.T, s apitest.Server, examples []playground.Example) {
		for _, e := range examples {
			variables := map[string]any{}
			if e.Variables != "" {
				if err := json.Unmarshal([]byte(e.Variables), &variables); err != nil {
					t.Fatalf("%s: %v", e.Name, err)
				}
			}
			answer := s.AskWith(t, e.Query, variables)
			if len(answer.Errors) > 0 || len(answer.Data) == 0 {
				t.Errorf("%s: %s", e.Name, answer.Errors)
			}
			for field, value := range answer.Data {
				if apitest.RowsOf(value) == 0 {
					t.Errorf("%s: %s has no rows: %v", e.Name, field, value)
				}
			}
		}
	})
}

// TestPlaygroundLoop follows the pages of the example for BI tools to their end.
func TestPlaygroundLoop(t *testing.T) {
	onDemo(t, func(t *testing.T, s apitest.Server, examples []playground.Example) {
		for _, e := range examples {
			if e.Name != "bi-pages" {
				continue
			}
			seen, total, pages := map[any]bool{}, 0.0, 0
			for after := any(nil); pages == 0 || after != nil; pages++ {
				list := s.AskWith(t, e.Query, map[string]any{"first": 100, "after": after}).Data["usageProductInventories"].(map[string]any)
				for _, node := range list["nodes"].([]any) {
					seen[node.(map[string]any)["databaseId"]] = true
				}
				total = list["totalCount"].(float64)
				after = nil
				if info := list["pageInfo"].(map[string]any); info["hasNextPage"] == true {
					after = info["endCursor"]
				}
			}
			if pages < 2 || len(seen) != int(total) {
				t.Errorf("%d rows of %v in %d pages", len(seen), total, pages)
			}
			return
		}
		t.Error("there is no example bi-pages")
	})
}

// TestReferenceHasTheLimits holds the limits of /docs to the defaults of serve.
func TestReferenceHasTheLimits(t *testing.T) {
	mux := http.NewServeMux()
	playground.Handle(mux, graph.SDL())
	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/docs", nil))
	_, text, _ := strings.Cut(answer.Body.String(), `<section id="rate-limits">`)
	text, _, _ = strings.Cut(text, "</section>")
	told := map[string]int{}
	for _, cell := range regexp.MustCompile(`<td>([0-9,]+)</td>`).FindAllStringSubmatch(text, -1) {
		told[strings.ReplaceAll(cell[1], ",", "")]++
	}
	settings := reflect.TypeFor[document.Settings]()
	for i := range settings.NumField() {
		if field := settings.Field(i); strings.HasPrefix(field.Name, "Max") {
			if told[field.Tag.Get("default")]--; told[field.Tag.Get("default")] < 0 {
				t.Errorf("%s is not there: %s", field.Name, field.Tag.Get("default"))
			}
		}
	}
}
