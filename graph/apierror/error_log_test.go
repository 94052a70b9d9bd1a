package apierror

import (
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// TestErrorsAreBounded fails at many paths, from the last to the first: what is
// gathered is bounded, and the first of it in order of the paths is answered.
func TestErrorsAreBounded(t *testing.T) {
	for _, failures := range []int{10, maxGathered, 50 * maxGathered} {
		ctx := graphql.WithResponseContext(WithErrorLog(t.Context()), Presenter(slog.New(slog.DiscardHandler), func(error) bool { return false }), graphql.DefaultRecover)
		for i := range failures {
			path := ast.Path{ast.PathName("a"), ast.PathIndex(min(failures, maxGathered) - 1 - i), ast.PathName("b")}
			graphql.AddError(ctx, gqlerror.WrapPath(path, errors.New("broken")))
		}
		gathered := graphql.GetErrors(ctx)
		errors := Arrange(gathered)
		if len(gathered) != min(failures, maxGathered) || len(errors) != min(failures, maxErrors) {
			t.Fatalf("%d failures: %d are gathered and %d answered", failures, len(gathered), len(errors))
		}
		for i, err := range errors {
			if want := fmt.Sprintf("a[%d].b", i); err.Path.String() != want {
				t.Errorf("%d failures: error %d is at %s", failures, i, err.Path)
			}
		}
	}
}
