package document

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/coerce"
)

// take finds the document of a request and what its operation amounts to, and tells
// why it is refused. A document is parsed and validated once while it is remembered;
// its limits are checked before it is validated, for validation takes time that grows
// with the square of the fields.
func (d *Documents) take(ctx context.Context, request *graphql.RawParams, found *Operation) gqlerror.List {
	if errs := d.settings.checkGiven(request.Variables); len(errs) > 0 {
		return errs
	}
	hash, errs := d.find(request)
	if len(errs) > 0 {
		return errs
	}
	document, known := d.parsed.GetIfPresent(request.Query)
	if !known {
		made, errs := d.settings.parse(request.Query)
		if len(errs) > 0 {
			return errs
		}
		document = &parsed{QueryDocument: made}
	}
	found.Selected = document.Operations.ForName(request.OperationName)
	found.tally = d.tally(document, found.Selected, variables{schema: d.schema})
	errs = d.permit(ctx, request.Query, found.Selected, found.tally)
	if len(errs) == 0 && !known {
		errs = d.check(document.QueryDocument)
	}
	if len(errs) > 0 {
		return errs
	}
	if !known || hash != "" {
		d.remember(request.Query, hash, document)
	}
	found.Document = document.QueryDocument
	switch name := request.OperationName; {
	case found.Selected == nil && name == "":
		return refuse(apierror.ValidationFailed, "the document has %d operations: name one in operationName", len(document.Operations))
	case found.Selected == nil:
		return refuse(apierror.ValidationFailed, "operation %.60q is not in the document", name)
	}
	return d.price(document, request.Variables, found)
}

// price reads the values of the operation's variables, and refuses it if they are not of
// their types or it then costs too much.
func (d *Documents) price(document *parsed, given map[string]any, found *Operation) (errs gqlerror.List) {
	if found.Variables, errs = coerce.Variables(d.schema, found.Selected, given); len(errs) > 0 {
		found.tally = d.tally(document, found.Selected, variables{schema: d.schema, refused: true})
		return errs
	}
	found.tally = d.tally(document, found.Selected, variables{schema: d.schema, values: found.Variables})
	if found.tally.cost > found.limit {
		return refuse(apierror.QueryTooComplex, "cost: %d, and the limit is %d", found.tally.cost, found.limit)
	}
	return nil
}

// tally is what an operation, if there is one, amounts to. It is reckoned once for those
// of which it depends on no variable.
func (d *Documents) tally(document *parsed, operation *ast.OperationDefinition, values variables) tally {
	if operation == nil {
		return tally{}
	}
	if known, ok := document.fixed.Load(operation); ok {
		return known.(tally)
	}
	values.used = new(bool)
	w := walk{d.schema, document.QueryDocument, values, map[string]tally{}}
	sum := w.operation(operation)
	if !*values.used {
		document.fixed.Store(operation, sum)
	}
	return sum
}

// parse parses a text of a bounded number of tokens; comments are tokens, too.
func (s Settings) parse(text string) (*ast.QueryDocument, gqlerror.List) {
	text, errs := lexical(text)
	if len(errs) > 0 {
		return nil, errs
	}
	source := &ast.Source{Input: text}
	tokens := lexer.New(source)
	for n := 0; ; n++ {
		token, _ := tokens.ReadToken() // the parser tells what is no token
		if token.Kind == lexer.EOF || token.Kind == lexer.Invalid {
			break
		}
		if n == s.MaxTokens {
			return nil, refuse(apierror.QueryTooLarge, "tokens: %d or more, and the limit is %d", n+1, s.MaxTokens)
		}
	}
	document, err := parser.ParseQuery(source)
	if err != nil {
		bad := gqlerror.WrapIfUnwrapped(err)
		errcode.Set(bad, errcode.ParseFailed)
		return nil, gqlerror.List{bad}
	}
	if len(document.Operations) == 0 {
		return nil, refuse(apierror.ValidationFailed, "no operation provided")
	}
	return document, checkFragments(document)
}

// checkFragments refuses fragments of one name, of which only the first would be counted,
// and variables of a fragment, which the parser takes and GraphQL does not have.
// Operations are counted one by one.
func checkFragments(document *ast.QueryDocument) gqlerror.List {
	names := map[string]bool{}
	for _, fragment := range document.Fragments {
		if names[fragment.Name] {
			return refuse(apierror.ValidationFailed, "there can be only one fragment named %.60q", fragment.Name)
		}
		if len(fragment.VariableDefinition) > 0 {
			return refuse(apierror.ParseFailed, "the fragment %.60q declares variables: only operations do", fragment.Name)
		}
		names[fragment.Name] = true
	}
	return nil
}

// permit refuses what the server is set not to take, but never what connectors probe
// a server with: { __typename } and { __schema { queryType { name } } }.
func (d *Documents) permit(ctx context.Context, text string, selected *ast.OperationDefinition, sum tally) gqlerror.List {
	probe := selected != nil && !sum.tells && !slices.ContainsFunc(selected.SelectionSet, func(selection ast.Selection) bool {
		field, ok := selection.(*ast.Field)
		return !ok || field.Name != "__typename" && field.Name != "__schema"
	})
	if !probe && !d.trusted.takes(ctx, text) {
		return refuse(apierror.Forbidden, "the document is not one of those that this server runs")
	}
	if sum.tells && d.settings.Introspection == "off" {
		return refuse(apierror.Forbidden, "introspection is off: __schema and __type can't be asked for")
	}
	return nil
}

// maxErrors bounds the errors of an answer.
const maxErrors = 20

// check holds a document to the limits, and then validates it. What validation will
// look at counts: all operations, and the fragments that none of them spreads.
func (d *Documents) check(document *ast.QueryDocument) gqlerror.List {
	w := walk{schema: d.schema, document: document, variables: variables{schema: d.schema}, fragments: map[string]tally{}} // values change nothing but the cost
	var whole tally
	root := 0
	for _, operation := range document.Operations {
		part := w.operation(operation)
		root = max(root, part.root)
		whole = whole.and(part)
	}
	for _, fragment := range document.Fragments {
		if _, spread := w.fragments[fragment.Name]; !spread {
			whole = whole.and(w.fragment(fragment.Name))
		}
	}
	whole.root = root
	if errs := d.settings.check(whole); len(errs) > 0 {
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

// silentRules are the rules of validation, but that of values, which package coerce has.
// None suggests a name for a wrong one: the schema is for introspection to show.
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
