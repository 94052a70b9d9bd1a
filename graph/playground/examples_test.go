package playground_test

import (
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/graph/playground"
	"github.com/usagegraph/usagegraph/internal/apitest"
)

// mayBeAbsent are types of which the demo data need not have an object, so that their
// examples may answer with nothing: parts of balances that few billing systems fill in,
// and what depends on the day.
var mayBeAbsent = map[string]bool{
	"BalanceSpecifier": true, "ChildAccess": true, "DrawdownUnknown": true, "ExpiringAllowance": true, "HierarchyConfiguration": true,
	"Import": true, "ImportEdge": true, "InvoiceScheduleItem": true, "RolledOverFrom": true, "SeatIncreaseConfig": true, "SubscriptionConfig": true,
}

// TestTypeExamples asks the example query of each type in the reference on the data of
// make run: each answers without errors, and with an object of the type where it is one.
func TestTypeExamples(t *testing.T) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	examples := playground.TypeExamples(schema)
	if len(examples) < 150 {
		t.Errorf("there are %d examples", len(examples))
	}
	onDemo(t, func(t *testing.T, s apitest.Server, _ []playground.Example) {
		for name, e := range examples {
			document, err := gqlparser.LoadQueryWithRules(schema, e.Query, rules.NewDefaultRules())
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			answer := s.AskWith(t, e.Query, nil)
			if len(answer.Errors) > 0 {
				t.Errorf("%s: %s\n%s", name, answer.Errors, e.Query)
			}
			if schema.Types[name].IsCompositeType() && name != "Query" && !mayBeAbsent[name] && !reaches(document.Operations[0].SelectionSet, answer.Data, name) {
				t.Errorf("%s: there is none in %v\n%s", name, answer.Data, e.Query)
			}
		}
	})
}

// reaches reports whether an answer has an object of a type in it.
func reaches(set ast.SelectionSet, value any, name string) bool {
	switch value := value.(type) {
	case []any:
		for _, each := range value {
			if reaches(set, each, name) {
				return true
			}
		}
	case map[string]any:
		for _, selection := range set {
			field := selection.(*ast.Field)
			if field.ObjectDefinition.Name == name || reaches(field.SelectionSet, value[field.Alias], name) {
				return true
			}
		}
	}
	return false
}
