package engine

import (
	"slices"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
)

// plan is what an operation reads and writes. It is made once for a document, and
// does not change, but for what it keeps of its runs.
type plan struct {
	schema *ast.Schema
	root   *object
	nodes  []*node   // by index
	levels [][]*node // those that are read together, when the levels before them have been
	fields map[selected]bool
	asOf   []*ast.Field // that look at a balance as of an instant
	steps  int          // how many there are
}

// bytes is what a plan takes at most, without its document. There may be none.
func (p *plan) bytes() int {
	if p == nil {
		return entryBytes
	}
	return entryBytes + nodeBytes*len(p.nodes) + stepBytes*p.steps
}

// selected is a field that an operation selects, and the type of it.
type selected struct{ object, field, result string }

// node is a place of an operation at which rows are read: one statement for all
// parents, and one more where the list is counted or looked at before its page.
type node struct {
	index      int // of its rows
	entry      int // of the places of its keys; index, unless it shares the rows of another
	shared     bool
	parent     *node // nil at the root
	edge       *models.Edge
	at         []int // the cells of the parent's rows that hold the key
	selection  *models.Selection
	connection bool
	whole      bool // all rows of each parent are read
	known      bool // the parent is looked up by its key, which tells that of the rows, too
	plain      bool // no argument chooses or orders its rows, and none begins behind a cursor
	above      bool // the page of its parents is read with it, in one round trip
	short      bool // its lists may be read as one range, if they are short
	depth      int

	// A node is within its parent if its rows are read by the keys of that one's own
	// parents. These cells tell the rows of one parent from those of another, here and there.
	within       bool
	rest, theirs []int

	// What is selected of a connection.
	rows, next, previous, count, cursors bool

	arguments arguments
	texts     models.Texts
	long      atomic.Int32      // for so many runs its lists are not taken to be short
	lists     map[listKey]*node // below it, that are read once
}

// listKey is where a list leads, and which of its rows it is of.
type listKey struct {
	edge  *models.Edge
	which string // "" is all
}

// settle decides what of the second level is read with the first, or as if it were: all
// together if all fits, in one round trip, and lists that may be short in any case.
func (p *plan) settle(postgres bool) {
	if len(p.levels) < 2 {
		return
	}
	second, fit := p.levels[1], postgres
	for _, n := range second {
		fits := n.fitsAbove()
		fit, n.short = fit && fits, fits && n.connection && n.edge.Spans(n.parent.edge)
	}
	if !fit {
		return
	}
	for _, n := range second {
		n.above = true
	}
	p.levels = slices.Delete(p.levels, 1, 2)
	p.levels[0] = append(p.levels[0], second...)
}

// fitsAbove tells whether the rows may be read with the page of their parents, which is
// then selected twice: it is short, and the same index range.
func (n *node) fitsAbove() bool {
	of := n.parent
	return of.known && of.connection && of.plain && n.plain && n.edge.OfOneParent() && !n.within && !n.shared && n.entry == n.index && !n.count
}

// longFor is for how many runs lists are not taken to be short once they were not.
const longFor = 100

// isShort tells whether the lists are taken to be short.
func (n *node) isShort() bool { return n.short && (n.long.Load() <= 0 || n.long.Add(-1) < 0) }

// needsRows tells whether the statement of the rows is run.
func (n *node) needsRows(backward bool) bool {
	return !n.connection || n.rows || n.next && !backward || n.previous && backward
}

// looksBefore tells whether the list is looked at on the near side of the page.
func (n *node) looksBefore(page relay.Page) bool {
	return page.From != "" && (n.previous && !page.Backward || n.next && page.Backward)
}

// object is how an object is written: a step for each of its fields.
type object struct{ steps []step }

// step writes one field.
type step struct {
	name []byte // the name and a colon, as JSON, after a comma unless it is the first
	kind kind

	text     []byte        // of a constant, and before a key
	place    int           // of the cell
	output   models.Output // of the cell
	nonNull  bool
	places   []int // of a key's cells, of a computed field's, or of those that tell whether there is a part
	computed models.Computed
	node     *node   // whose rows a relation leads to
	object   *object // that is inside
	asOf     int     // of an account or a sum of some: which of the plan's instants
	account  *step   // of each balance that is added up
	figure   func(b []byte, n *models.NetBalance) []byte
}

// kind is what a step writes.
type kind int

const (
	constant kind = iota
	cell
	key
	computed
	part
	one        // the row that a lookup leads to
	first      // the first row whose cell at place is true
	account    // what is left of a balance, by its sums; null where the cell at place is
	net        // the sum of some balances, each as an account
	figure     // of such a sum
	list       // all rows
	connection // an object whose steps are those below
	edges
	nodes
	pageInfo
	totalCount
	cursor
	edgeNode
	hasNext
	hasPrevious
	startCursor
	endCursor
)

// needs tells the node what a step of a connection reads.
func (n *node) needs(k kind) {
	switch k {
	case edges, nodes:
		n.rows = true
	case cursor:
		n.cursors = true
	case startCursor, endCursor:
		n.rows, n.cursors = true, true
	case totalCount:
		n.count = true
	case hasNext:
		n.next = true
	case hasPrevious:
		n.previous = true
	}
}

func newStep(i int, field graphql.CollectedField) step {
	name := `"` + field.Alias + `":`
	if i > 0 {
		name = "," + name
	}
	return step{name: []byte(name), nonNull: field.Definition.Type.NonNull}
}
