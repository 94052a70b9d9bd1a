package document

import (
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/usagegraph/usagegraph/models/fault"
)

// parse parses a text of a bounded number of tokens; comments are tokens, too.
func (s Settings) parse(text string) (*ast.QueryDocument, gqlerror.List) {
	text, errs := lexical(text)
	if len(errs) > 0 {
		return nil, errs
	}
	source := &ast.Source{Input: text}
	tokens := lexer.New(source)
	for n := 0; ; n++ {
		token, _ := tokens.ReadToken() // the parser reports what is no token
		if token.Kind == lexer.EOF || token.Kind == lexer.Invalid {
			break
		}
		if n == s.MaxTokens {
			return nil, refuse(fault.QueryTooLarge, "tokens: %d or more, and the limit is %d", n+1, s.MaxTokens)
		}
	}
	document, err := parser.ParseQuery(source)
	if err != nil {
		bad := gqlerror.WrapIfUnwrapped(err)
		errcode.Set(bad, errcode.ParseFailed)
		return nil, gqlerror.List{bad}
	}
	if len(document.Operations) == 0 {
		return nil, refuse(fault.ValidationFailed, "no operation provided")
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
			return refuse(fault.ValidationFailed, "there can be only one fragment named %.60q", fragment.Name)
		}
		if len(fragment.VariableDefinition) > 0 {
			return refuse(fault.ParseFailed, "the fragment %.60q declares variables: only operations do", fragment.Name)
		}
		names[fragment.Name] = true
	}
	return nil
}
