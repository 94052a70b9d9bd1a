package engine_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/token"
)

var differentialCases = flag.Int("differential-cases", 200, "how many random operations both the engine and the resolvers answer")

// tokensOf are tokens that read differently.
var tokensOf = []token.APIToken{
	{AllCustomers: true},
	{Customers: []scalar.CustomerID{1, 2}},
	{AllCustomers: true, Scopes: []string{"inventory", "usage"}},
}

// TestDifferential asks the engine and the resolvers random operations: all that
// the schema has, hostile values among it. Their answers are the same, to the byte.
func TestDifferential(t *testing.T) {
	for name, fill := range map[string]func(testing.TB, *gorm.DB){
		"samples": apitest.Samples,
		"seeded":  func(t testing.TB, db *gorm.DB) { apitest.Seeded(t, db, 12) },
	} {
		t.Run(name, func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				fill(t, db)
				for i, token := range tokensOf {
					p := apitest.NewPair(t, db, token)
					g := apitest.NewGenerator(t, uint64(i))
					g.Learn(p.Ask(t, g.Survey(), nil))
					cases := max(1, *differentialCases/len(tokensOf)/2)
					for range cases {
						query, variables := g.Operation()
						g.Learn(p.Ask(t, query, variables))
						if len(variables) > 0 {
							g.Learn(p.Ask(t, query, g.Others()))
						}
					}
					t.Logf("token %d: the engine answered %d of %d: %v", i, p.N-p.Declined(), p.N, p.Why)
					if i == 0 && p.Declined() > p.N/2 {
						t.Errorf("the engine left %d of %d to the resolvers: %v", p.Declined(), p.N, p.Why)
					}
				}
			})
		})
	}
}

// TestDifferentialCorpus asks both the operations of the documentation and of the
// golden answers.
func TestDifferentialCorpus(t *testing.T) {
	files, err := filepath.Glob(apitest.Path("docs/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var queries []string
	for _, file := range append(files, apitest.Path("README.md")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range strings.Split(string(text), "```graphql\n")[1:] {
			query, _, _ := strings.Cut(block, "```")
			queries = append(queries, query)
		}
	}
	for _, name := range []string{"a.graphql", "account.graphql", "everything.graphql"} {
		queries = append(queries, apitest.Read(t, name))
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		for _, token := range tokensOf {
			p := apitest.NewPair(t, db, token)
			for _, query := range queries {
				p.Ask(t, query, nil)
			}
		}
	})
}
