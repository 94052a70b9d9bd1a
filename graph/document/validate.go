package document

import (
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/usagegraph/usagegraph/graph/coerce"
	"github.com/usagegraph/usagegraph/graph/document/cost"
)

// maxErrors bounds the errors of an answer.
const maxErrors = 20

// validate refuses a document that is past a limit or not valid. All that validation looks
// at counts for the limits: all operations, and the fragments that none of them spreads.
func (d *Documents) validate(document *ast.QueryDocument) gqlerror.List {
	if errs := d.settings.check(cost.Document(d.schema, document)); len(errs) > 0 {
		return errs
	}
	errs := validator.ValidateWithRules(d.schema, document, silentRules)
	for _, err := range errs {
		errcode.Set(err, errcode.ValidationFailed)
	}
	if len(errs) == 0 {
		return coerce.Literals(d.schema, document)
	}
	return errs[:min(len(errs), maxErrors)]
}

// silentRules are the rules of validation without that of values, which package coerce
// checks. None of them suggests a name for a wrong one: only introspection shows the schema.
var silentRules = func() *rules.Rules {
	silent := rules.NewDefaultRules()
	silent.RemoveRule(rules.ValuesOfCorrectTypeRule.Name)
	for suggests, replacement := range map[string]validator.Rule{
		rules.FieldsOnCorrectTypeRule.Name: rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.KnownArgumentNamesRule.Name:  rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRule.Name:      rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ScalarLeafsRule.Name:         rules.ScalarLeafsRuleWithoutSuggestions,
	} {
		silent.ReplaceRule(suggests, replacement.RuleFunc)
	}
	return silent
}()
