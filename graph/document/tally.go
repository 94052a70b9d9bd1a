package document

import "math"

// most is where counting stops: the largest Int of GraphQL.
const most = math.MaxInt32

// tally is what a selection amounts to, with its fragments written out.
type tally struct {
	cost          int
	counting      int // what counting the rows costs the connection that it is of
	fields        int // but those below __schema and __type
	depth         int // of those fields
	aliases       int
	root          int // fields that are not inside another one
	directives    int
	introspection int  // fields below __schema and __type
	tells         bool // whether one of them tells what is in the schema
}

// and is the tally of two selections side by side.
func (t tally) and(other tally) tally {
	return tally{
		cost:          plus(t.cost, other.cost),
		counting:      plus(t.counting, other.counting),
		fields:        plus(t.fields, other.fields),
		depth:         max(t.depth, other.depth),
		aliases:       plus(t.aliases, other.aliases),
		root:          plus(t.root, other.root),
		directives:    plus(t.directives, other.directives),
		introspection: plus(t.introspection, other.introspection),
		tells:         t.tells || other.tells,
	}
}

// plus and times take numbers of 0 to most, and saturate there.
func plus(a, b int) int { return int(min(int64(a)+int64(b), most)) }

func times(a, b int) int { return int(min(int64(a)*int64(b), most)) }
