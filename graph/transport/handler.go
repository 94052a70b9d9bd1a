// Package transport serves GraphQL over HTTP, as the GraphQL-over-HTTP specification
// requires.
package transport

import (
	"context"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/models/fault"
)

// Prepared is the operation of a request, ready to be run or to be refused.
type Prepared interface {
	// Document is the one that the operation is of, nil if that was refused.
	Document() *ast.QueryDocument
	// Respond runs the operation, or returns the answer that refuses it.
	Respond(context.Context) *graphql.Response
}

// Prepare finds the operation of a request, and checks it. It may put the text of a
// persisted document into the request.
type Prepare func(context.Context, *graphql.RawParams) Prepared

// Handler answers GraphQL requests. An operation, from its parsing to its response, is
// run by around, which may refuse it: it begins when the request has been read, and is
// over before the answer is written. The handler then owns the data of the response, which
// must be one of Buffer's or no one else's.
func Handler(prepare Prepare, around graphql.ResponseMiddleware) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		strict, bad := isStrict(r)
		var params *graphql.RawParams
		if bad == nil {
			params, bad = read(w, r)
		}
		if bad != nil {
			bad.write(w)
			return
		}
		params.Headers = r.Header
		response := around(r.Context(), func(ctx context.Context) *graphql.Response {
			return run(ctx, prepare, params, r.Method == http.MethodPost)
		})
		if response == nil {
			w.Header().Set("Allow", http.MethodPost)
			apierror.Write(w, http.StatusMethodNotAllowed, fault.BadRequest, "send what is not a query by POST")
			return
		}
		if data := write(w, r, response, strict); cap(data) <= maxBuffer {
			buffers.Put(&data)
		}
	})
}

// strictHeader is X-GraphQL-Strict as headers are kept.
const strictHeader = "X-Graphql-Strict"

// isStrict reports whether a request wants strict mode.
func isStrict(r *http.Request) (bool, *refusal) {
	text := r.Header.Get(strictHeader)
	if text == "" && r.URL.RawQuery != "" {
		text = r.URL.Query().Get("strict")
	}
	if text == "" {
		return false, nil
	}
	strict, err := strconv.ParseBool(text)
	if err != nil {
		return false, badRequest("strict mode is 1 or 0")
	}
	return strict, nil
}

// run runs an operation. It returns nil for one that is not a query, where only
// queries may come.
func run(ctx context.Context, prepare Prepare, params *graphql.RawParams, mayWrite bool) *graphql.Response {
	prepared := prepare(ctx, params)
	if !mayWrite && !isQuery(prepared.Document(), params) {
		return nil
	}
	return prepared.Respond(ctx)
}

// maxTokens bounds the parsing of documents that were refused.
const maxTokens = 2000

// isQuery reports whether the chosen operation is a query, or not known. An operation that
// does not fit the schema is chosen all the same.
func isQuery(document *ast.QueryDocument, params *graphql.RawParams) bool {
	if document == nil {
		var err error
		if document, err = parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, maxTokens); err != nil {
			return true
		}
	}
	chosen := document.Operations.ForName(params.OperationName)
	return chosen == nil || chosen.Operation == ast.Query
}
