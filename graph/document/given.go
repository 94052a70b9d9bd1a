package document

import (
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/graph/coerce"
	"github.com/usagegraph/usagegraph/models/fault"
)

// maxNesting bounds how deep lists and objects may be inside one another in the values
// of variables. A filter needs half of it.
const maxNesting = 20

// checkGiven refuses variables with more or deeper values than an operation needs: each
// field that takes a variable decodes all of it, once for each parent.
func (s Settings) checkGiven(variables map[string]any) gqlerror.List {
	values, nesting := measure(variables)
	switch {
	case values > s.MaxValues:
		return refuse(fault.QueryTooLarge, "values: %d, and the limit is %d", values, s.MaxValues)
	case nesting-1 > maxNesting:
		return refuse(fault.QueryTooLarge, "nesting of values: %d, and the limit is %d", nesting-1, maxNesting)
	}
	return nil
}

// measure counts the members of the lists and objects in a value, and returns how deep
// these are inside one another.
func measure(value any) (members, nesting int) {
	add := func(member any) {
		inside, depth := measure(member)
		members, nesting = members+1+inside, max(nesting, depth)
	}
	switch value := value.(type) {
	case []any:
		for _, member := range value {
			add(member)
		}
	case map[string]any:
		for _, member := range value {
			add(member)
		}
	case coerce.Object:
		for _, member := range value {
			add(member.Value)
		}
	default:
		return 0, 0
	}
	return members, nesting + 1
}
