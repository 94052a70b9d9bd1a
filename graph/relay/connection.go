// Package relay holds the connections of Relay. An alias names one for the schema.
package relay

import "github.com/usagegraph/usagegraph/models/store"

// Connection is one page of a list of T. An alias names it for the schema:
//
//	type CustomerConnection = relay.Connection[*Customer]
//
// Nothing is read before a field asks for it, so a query that selects only
// totalCount runs no statement for rows, and one that does not select it runs
// none to count.
type Connection[T any] struct {
	source Source[T]
	page   store.Page
}

// Source reads the parts of a connection. Each may be called more than once and
// reads once.
type Source[T any] struct {
	// Rows reads the page.
	Rows func() (store.PageRows[T], error)

	// Before reports whether the list has a row on the near side of the page's
	// cursor: before it when the page counts forward, after it when backward.
	Before func() (bool, error)

	// Count counts the whole list, without paging.
	Count func() (int, error)

	// Cursor is the place of a row in the order of the list.
	Cursor func(T) string
}

// Edge is a row of a connection with its place in the order.
type Edge[T any] struct {
	Node   T
	cursor func(T) string
}

// Cursor returns the place of the row, for after and before.
func (e *Edge[T]) Cursor() string { return e.cursor(e.Node) }

// NewConnection makes the page that source reads.
func NewConnection[T any](page store.Page, source Source[T]) *Connection[T] {
	return &Connection[T]{source: source, page: page}
}

// Edges are the rows of the page with their cursors.
func (c *Connection[T]) Edges() ([]*Edge[T], error) {
	read, err := c.source.Rows()
	if err != nil {
		return nil, err
	}
	edges := make([]Edge[T], len(read.Rows))
	out := make([]*Edge[T], len(read.Rows))
	for i, row := range read.Rows {
		edges[i] = Edge[T]{Node: row, cursor: c.source.Cursor}
		out[i] = &edges[i]
	}
	return out, nil
}

// Nodes are the rows of the page.
func (c *Connection[T]) Nodes() ([]T, error) {
	read, err := c.source.Rows()
	return read.Rows, err
}

// TotalCount counts the rows of the whole list.
func (c *Connection[T]) TotalCount() (int, error) { return c.source.Count() }

// PageInfo is where the page stands in the list.
func (c *Connection[T]) PageInfo() *PageInfo {
	end := func(last bool) (*string, error) {
		read, err := c.source.Rows()
		if err != nil || len(read.Rows) == 0 {
			return nil, err
		}
		row := read.Rows[0]
		if last {
			row = read.Rows[len(read.Rows)-1]
		}
		cursor := c.source.Cursor(row)
		return &cursor, nil
	}
	more := func() (bool, error) {
		read, err := c.source.Rows()
		return read.More, err
	}
	near := func() (bool, error) {
		if c.page.From == "" {
			return false, nil
		}
		return c.source.Before()
	}
	if c.page.Backward {
		return &PageInfo{next: near, previous: more, end: end}
	}
	return &PageInfo{next: more, previous: near, end: end}
}

// PageInfo is where a page stands in its list. Each field is true to the
// data at the time of asking, and costs nothing unless it is selected.
type PageInfo struct {
	next, previous func() (bool, error)
	end            func(last bool) (*string, error)
}

// HasNextPage reports whether the list has a row after the page.
func (p *PageInfo) HasNextPage() (bool, error) { return p.next() }

// HasPreviousPage reports whether the list has a row before the page.
func (p *PageInfo) HasPreviousPage() (bool, error) { return p.previous() }

// StartCursor is the cursor of the first row, nil on an empty page.
func (p *PageInfo) StartCursor() (*string, error) { return p.end(false) }

// EndCursor is the cursor of the last row, nil on an empty page.
func (p *PageInfo) EndCursor() (*string, error) { return p.end(true) }
