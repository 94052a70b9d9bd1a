package engine

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/store"
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
	index      int   // of its rows
	entry      int   // of the places of its keys; index, unless its are the rows of another
	depth      int   // of its level
	parent     *node // nil at the root
	edge       *store.Edge
	keyCells   []int // of the parent's rows, that hold the key
	selection  *store.Selection
	connection *connectionParts // nil where all rows are shown
	arguments  arguments
	strategy   strategy
	cache      store.StatementCache
}

// connectionParts are what is selected of a connection.
type connectionParts struct{ rows, next, previous, count, cursors bool }

// needsRows returns whether the statement of the rows is run.
func (c *connectionParts) needsRows(page store.Page) bool {
	return c.rows || c.next && !page.Backward || c.previous && page.Backward
}

// looksBefore returns whether the list is looked at on the near side of the page.
func (c *connectionParts) looksBefore(page store.Page) bool {
	return page.From != "" && (c.previous && !page.Backward || c.next && page.Backward)
}

// need notes what a step reads.
func (c *connectionParts) need(k kind) {
	switch k {
	case edges, nodes:
		c.rows = true
	case cursor:
		c.cursors = true
	case startCursor, endCursor:
		c.rows, c.cursors = true, true
	case totalCount:
		c.count = true
	case hasNext:
		c.next = true
	case hasPrevious:
		c.previous = true
	}
}

// object is how an object is written: a step for each of its fields.
type object struct{ steps []step }

// step writes one field.
type step struct {
	name []byte // the name and a colon, as JSON, after a comma unless it is the first
	kind kind

	text     []byte       // of a constant, and before a key
	place    int          // of the cell
	output   store.Output // of the cell
	nonNull  bool
	places   []int // of a key's cells, of a computed field's, or of those that report whether there is a part
	computed models.Computed
	node     *node   // whose rows a relation leads to
	object   *object // that is inside
	asOf     int     // of an account or a sum of some: which of the plan's instants
	account  *step   // of each balance that is added up
	figure   func(b []byte, n *billing.NetBalance) []byte
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

func newStep(i int, field graphql.CollectedField) step {
	name := `"` + field.Alias + `":`
	if i > 0 {
		name = "," + name
	}
	return step{name: []byte(name), nonNull: field.Definition.Type.NonNull}
}
