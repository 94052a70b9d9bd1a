package document

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/graph/document/cost"
	"github.com/usagegraph/usagegraph/models/fault"
)

// Settings bound what an operation may be. Each flag can be set in the environment
// too: --max-tokens is USAGEGRAPH_MAX_TOKENS.
type Settings struct {
	MaxTokens              int    `default:"2000" env:"USAGEGRAPH_MAX_TOKENS" placeholder:"N" help:"Tokens that a document may have (${default})."`
	MaxFields              int    `default:"500" env:"USAGEGRAPH_MAX_FIELDS" placeholder:"N" help:"Fields that a document may select, fragments written out (${default})."`
	MaxDepth               int    `default:"20" env:"USAGEGRAPH_MAX_DEPTH" placeholder:"N" help:"How deep a document may nest fields, fragments written out (${default})."`
	MaxAliases             int    `default:"30" env:"USAGEGRAPH_MAX_ALIASES" placeholder:"N" help:"Aliases that a document may have, fragments written out (${default})."`
	MaxRootFields          int    `default:"20" env:"USAGEGRAPH_MAX_ROOT_FIELDS" placeholder:"N" help:"Fields that an operation may have at its root (${default})."`
	MaxDirectives          int    `default:"50" env:"USAGEGRAPH_MAX_DIRECTIVES" placeholder:"N" help:"Directives that a document may have, fragments written out (${default})."`
	MaxIntrospectionFields int    `default:"500" env:"USAGEGRAPH_MAX_INTROSPECTION_FIELDS" placeholder:"N" help:"Fields that a document may select below __schema and __type, which --max-fields and --max-depth leave out (${default})."`
	MaxValues              int    `default:"2000" env:"USAGEGRAPH_MAX_VALUES" placeholder:"N" help:"Values that the variables of an operation may have, members of lists and objects included (${default})."`
	MaxCost                int    `default:"100000" env:"USAGEGRAPH_MAX_COST" placeholder:"N" help:"What an operation may cost, unless its token has a limit of its own (${default})."`
	Introspection          string `default:"tokens" enum:"public,tokens,off" env:"USAGEGRAPH_INTROSPECTION" placeholder:"WHO" help:"Who may ask for the schema by __schema and __type: off is nobody; public and tokens are alike, as each request needs a token (${default})."`
	Documents              string `env:"USAGEGRAPH_DOCUMENTS" placeholder:"FILE" help:"Trusted documents: a JSON object of the ID of each, such as its SHA-256, and its text."`
	DocumentsMode          string `default:"off" enum:"off,log,enforce" env:"USAGEGRAPH_DOCUMENTS_MODE" placeholder:"MODE" help:"What becomes of a document that is not in --documents: off runs it, log runs it and logs its SHA-256, enforce refuses it (${default})."`
}

// check refuses what is past a limit.
func (s Settings) check(tally cost.Tally) gqlerror.List {
	for _, limit := range []struct {
		of          string
		found, most int
	}{
		{"depth", tally.Depth, s.MaxDepth},
		{"fields", tally.Fields, s.MaxFields},
		{"aliases", tally.Aliases, s.MaxAliases},
		{"root fields", tally.Root, s.MaxRootFields},
		{"directives", tally.Directives, s.MaxDirectives},
		{"introspection fields", tally.Introspection, s.MaxIntrospectionFields},
	} {
		if limit.found > limit.most {
			return refuse(fault.QueryTooComplex, "%s: %d, and the limit is %d", limit.of, limit.found, limit.most)
		}
	}
	return nil
}

// refuse returns the error of a request that is refused.
func refuse(code fault.Code, format string, args ...any) gqlerror.List {
	return gqlerror.List{{Message: fmt.Sprintf(format, args...), Extensions: map[string]any{"code": code}}}
}
