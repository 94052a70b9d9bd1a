package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/graph/coerce"
	"github.com/usagegraph/usagegraph/graph/document/cost"
	"github.com/usagegraph/usagegraph/models/fault"
)

// load finds the document of a request, and puts it, its operation and what that amounts to
// into found, as far as they are known when the request is refused. A document that is
// remembered is neither parsed nor validated again. The limits of any other are checked
// before it is validated, for validation takes time that grows with the square of the fields.
func (d *Documents) load(ctx context.Context, request *graphql.RawParams, found *Operation) gqlerror.List {
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
	found.tally = d.tally(document, found.Selected, cost.Values{})
	errs = d.authorize(ctx, request.Query, found.Selected, found.tally)
	if len(errs) == 0 && !known {
		errs = d.validate(document.QueryDocument)
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
		return refuse(fault.ValidationFailed, "the document has %d operations: name one in operationName", len(document.Operations))
	case found.Selected == nil:
		return refuse(fault.ValidationFailed, "operation %.60q is not in the document", name)
	}
	return d.price(document, request.Variables, found)
}

// Recall is Find for a request that is refused whatever it asks: it parses and validates
// nothing, so that only the operation of a document that is remembered is found.
func (d *Documents) Recall(ctx context.Context, request *graphql.RawParams) *Operation {
	found := d.newOperation(ctx, request)
	if errs := d.settings.checkGiven(request.Variables); len(errs) > 0 {
		return found
	}
	if _, errs := d.find(request); len(errs) > 0 {
		return found
	}
	document, known := d.parsed.GetIfPresent(request.Query)
	if !known {
		return found
	}
	found.Document, found.Selected = document.QueryDocument, document.Operations.ForName(request.OperationName)
	if found.Selected != nil {
		_ = d.price(document, request.Variables, found) // why the request is refused is known
	}
	return found
}

// price reads the values of the operation's variables, and refuses it if they are not of
// their types or it then costs too much.
func (d *Documents) price(document *parsed, given map[string]any, found *Operation) (errs gqlerror.List) {
	if found.Variables, errs = coerce.Variables(d.schema, found.Selected, given); len(errs) > 0 {
		found.tally = d.tally(document, found.Selected, cost.Values{Refused: true})
		return errs
	}
	found.tally = d.tally(document, found.Selected, cost.Values{Coerced: found.Variables})
	if found.tally.Cost > found.limit {
		return refuse(fault.QueryTooComplex, "cost: %d, and the limit is %d", found.tally.Cost, found.limit)
	}
	return nil
}

// tally is what an operation amounts to, nothing if it is nil. A tally that depends on no
// variable is remembered with the document.
func (d *Documents) tally(document *parsed, operation *ast.OperationDefinition, values cost.Values) cost.Tally {
	if operation == nil {
		return cost.Tally{}
	}
	if known, ok := document.fixed.Load(operation); ok {
		return known.(cost.Tally)
	}
	tally, usesVariables := cost.Operation(d.schema, document.QueryDocument, operation, values)
	if !usesVariables {
		document.fixed.Store(operation, tally)
	}
	return tally
}
