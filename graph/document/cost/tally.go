package cost

import "math"

// most is where counting stops: the largest Int of GraphQL.
const most = math.MaxInt32

// Tally is what a selection amounts to, with its fragments written out. Each number is at
// most 2,147,483,647, the largest Int of GraphQL, which stands for all larger ones.
type Tally struct {
	Cost          int  // about the number of objects that the answer can have
	Fields        int  // those inside __schema and __type do not count
	Depth         int  // how deep these fields are inside one another
	Aliases       int  // fields whose alias is another name than their own
	Root          int  // fields that are not inside another one
	Directives    int  // on fields, fragments, spreads, the operation and its variables
	Introspection int  // fields inside __schema and __type
	ReadsSchema   bool // whether a field reads more of the schema than the name of the query type

	counting int // what counting the rows adds to the cost of the connection around it
}

// and is the tally of two selections side by side.
func (t Tally) and(other Tally) Tally {
	return Tally{
		Cost:          plus(t.Cost, other.Cost),
		Fields:        plus(t.Fields, other.Fields),
		Depth:         max(t.Depth, other.Depth),
		Aliases:       plus(t.Aliases, other.Aliases),
		Root:          plus(t.Root, other.Root),
		Directives:    plus(t.Directives, other.Directives),
		Introspection: plus(t.Introspection, other.Introspection),
		ReadsSchema:   t.ReadsSchema || other.ReadsSchema,
		counting:      plus(t.counting, other.counting),
	}
}

// plus and times take numbers from 0 to most, and return most where the result is larger.
func plus(a, b int) int { return int(min(int64(a)+int64(b), most)) }

func times(a, b int) int { return int(min(int64(a)*int64(b), most)) }
