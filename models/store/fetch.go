package store

import (
	"context"
	"fmt"
)

// FetchKind is what a Fetch reads.
type FetchKind int

// The things that are read of an edge.
const (
	FetchPages    FetchKind = iota // a page of each parent's list, and a row more if there is one
	FetchChildren                  // all rows of each parent
	FetchCounts                    // how many rows each parent's list has, if any
	FetchBefores                   // which lists have a row on the near side of the page's cursor
)

// Fetch is a statement of a level, and what it has read.
type Fetch struct {
	Kind FetchKind
	*Selection
	Query     Query
	Parents   Parents         // whose lists are read; nil at the root
	Cache     *StatementCache // where the query is the same in each run; else nil
	NoCursors bool            // a page's rows need no cursors

	Rows    Rows
	Cursors Cursors // of a page's rows
	sink    sink    // nil where the rows are kept
}

// Fetch runs a statement for each of the fetches: on PostgreSQL all at once, in one
// round trip. The first checks the precondition of the reader, if there is one.
func (s *Session) Fetch(ctx context.Context, fetches []*Fetch) error {
	statements := make([]sqlText, len(fetches))
	for i, fetch := range fetches {
		var err error
		if statements[i], err = fetch.render(s.reader); err != nil {
			return err
		}
	}
	return s.checked(ctx, fetches, statements)
}

// read runs statements and takes their rows.
func (s *Session) read(ctx context.Context, fetches []*Fetch, statements []sqlText) error {
	if s.postgres != nil {
		return s.readPostgres(ctx, fetches, statements)
	}
	for i, fetch := range fetches {
		if err := s.readSQLite(ctx, fetch, &statements[i]); err != nil {
			return fmt.Errorf("read %s: %w", fetch.Edge.Target.Name, err)
		}
		s.reader.ran(ctx, fetch, &statements[i])
	}
	return nil
}

// countColumns is what counts are selected as.
var countColumns = []Column{{Name: "count", Kind: KindInt}}

// parents is how many lists are read.
func (f *Fetch) parents() int {
	if f.Parents == nil {
		return 1
	}
	return f.Parents.Len()
}
