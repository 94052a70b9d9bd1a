package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/store"
)

const (
	batchRows  = 1000    // enough to make the statements of a batch cheap
	batchBytes = 4 << 20 // of the file, so that rows of many children stay few
)

// source is how the rows of one kind become rows of tables. R is a row of the file
// with its children, T the table of such rows and K its key.
type source[T, R any, K comparable] struct {
	by      *store.Relation[store.Root, T, K]
	root    func(*R) *T
	keyPath string // for messages

	// read reads a row of the file.
	read func(fields) R
	// resolve finds the rows of the database that rows name. May be nil.
	resolve func([]*record[R]) error
	// content is what the digest of a row is made of: all that is imported of it,
	// but nothing that is derived. ledger is the same of its ledger, nil for none.
	content, ledger func(*R) any
	// accept judges rows that are neither bad nor copies. May be nil.
	accept func([]*record[R]) error
	// mention makes what rows name, for the rows that did not change too. May be nil.
	mention func([]*record[R]) error
	// write writes the rows that changed.
	write func([]*record[R]) error
	// release gives up what rows of these keys have claimed, because later copies
	// replace them. May be nil.
	release func([]K) error
	// finish comes after the last row. May be nil.
	finish func(*store.Seen[T, K]) error
	// replaceBy is the column that holds whose rows --replace deletes. Rows with a
	// value in one of the columns replaceOnlyIf are deleted only if a row of the files
	// has one there, too: the source leaves such rows out unless it is asked for them.
	replaceBy     string
	replaceOnlyIf []string
	// deletes are the lists of rows of other kinds that go with rows of this kind.
	deletes []deletes
}

// deletes is a list that belongs to a row and is deleted with it.
type deletes struct {
	kind string
	edge *store.Edge
}

// load reads all rows of the stream and writes those that changed.
func load[T, R any, K comparable](imp *importer, s *stream, src source[T, R, K]) error {
	seen, err := store.NewSeen(imp.tx, src.by)
	if err != nil {
		return err
	}
	var batch []*record[R]
	start := int64(0)
	flush := func() error {
		err := src.flush(imp, seen, batch)
		batch, start = batch[:0], s.offset()
		if imp.options.Progress != nil {
			imp.options.Progress(imp.summary.Rows)
		}
		return err
	}
	err = s.each(func(n *node, flaws []flaw) error {
		imp.summary.Rows++
		if r := src.record(imp, n, flaws); !r.failed {
			batch = append(batch, r)
		}
		if len(batch) >= batchRows || s.offset()-start >= batchBytes || imp.summary.Rows%batchRows == 0 {
			return flush()
		}
		return nil
	})
	if err != nil {
		err = imp.stopped(err)
	}
	if err == nil {
		err = flush()
	}
	if err != nil {
		return err
	}
	if s.partial && !imp.options.Replace {
		imp.summary.warn("the last page names a next page, which the file lacks")
	}
	if imp.options.Replace {
		if err := src.replace(imp, seen, s.partial); err != nil {
			return err
		}
	}
	if src.finish != nil {
		if err := src.finish(seen); err != nil {
			return err
		}
	}
	return seen.Drop()
}

// record reads one row.
func (src source[T, R, K]) record(imp *importer, n *node, flaws []flaw) *record[R] {
	r := &record[R]{rowContext: rowContext{number: int64(imp.summary.Rows), round: imp.options.Round, lenient: imp.options.Lenient, report: imp.report}}
	for _, f := range flaws {
		r.fail(f.path, f.found, f.expected)
	}
	f, ok := r.open(n, "")
	if !ok {
		return r
	}
	if imp.signature.misfit(f) {
		return r
	}
	r.value = src.read(f)
	imp.signature.complete(f)
	n.unknown("", imp.summary.unknown)
	return r
}

// flush writes a batch.
func (src source[T, R, K]) flush(imp *importer, seen *store.Seen[T, K], batch []*record[R]) error {
	if err := imp.ctx.Err(); err != nil {
		return err
	}
	batch, err := passed(batch, src.resolve)
	if err != nil {
		return err
	}
	if batch, err = src.unique(imp, seen, batch); err != nil {
		return err
	}
	if batch, err = passed(batch, src.accept); err != nil || len(batch) == 0 {
		return err
	}
	if err := src.compare(imp, batch); err != nil {
		return err
	}
	if src.mention != nil {
		if err := src.mention(batch); err != nil {
			return err
		}
	}
	changed := slices.DeleteFunc(slices.Clone(batch), func(r *record[R]) bool { return r.unchanged() })
	imp.summary.Changed += len(changed)
	imp.summary.Unchanged += len(batch) - len(changed)
	for _, r := range batch {
		imp.summary.count(&r.rowContext)
	}
	if len(changed) == 0 {
		return nil
	}
	return src.write(changed)
}

// passed are the records that a step finds no error in.
func passed[R any](batch []*record[R], step func([]*record[R]) error) ([]*record[R], error) {
	if step == nil || len(batch) == 0 {
		return batch, nil
	}
	if err := step(batch); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(batch), func(r *record[R]) bool { return r.failed || r.absorbed }), nil
}

// unique drops the copies of rows that came before. Those that differ are refused, or
// replace the rows before with --last-wins.
func (src source[T, R, K]) unique(imp *importer, seen *store.Seen[T, K], batch []*record[R]) ([]*record[R], error) {
	if len(batch) == 0 {
		return nil, nil
	}
	keys := values(batch, func(r *record[R]) K { return src.key(r) })
	marks, err := seen.Marks(keys)
	if err != nil {
		return nil, err
	}
	kept := copies[R, K]{at: map[K]int{}}
	var again []K // that earlier batches had
	for i, r := range batch {
		if err := src.digest(r); err != nil {
			return nil, err
		}
		mark := store.Mark{Row: r.number, Note: hex.EncodeToString(append(r.digest[:len(r.digest):len(r.digest)], r.ledger...))}
		before, copied := marks[keys[i]]
		switch {
		case copied && before.Note == mark.Note:
			imp.summary.Duplicates++
			continue
		case copied && !imp.options.LastWins:
			r.fail(src.keyPath, quoted(keyText(keys[i])), fmt.Sprintf("a key that %s does not have, or all the same values as there (--last-wins takes the last of them)", imp.report.other(before.Row, r.number)))
			continue
		case copied:
			imp.summary.warn("a row came again with other values, of which the last were taken")
			if _, inBatch := kept.at[keys[i]]; !inBatch {
				again = append(again, keys[i])
			}
		}
		marks[keys[i]] = mark
		kept.put(keys[i], r, mark)
	}
	if err := seen.Forget(again); err != nil {
		return nil, err
	}
	if src.release != nil && len(again) > 0 {
		if err := src.release(again); err != nil {
			return nil, err
		}
	}
	return kept.rows, seen.Add(kept.keys, kept.marks)
}

// copies are the rows of a batch, the last of each key.
type copies[R any, K comparable] struct {
	rows  []*record[R]
	keys  []K
	marks []store.Mark
	at    map[K]int
}

func (c *copies[R, K]) put(key K, row *record[R], mark store.Mark) {
	if i, known := c.at[key]; known {
		c.rows[i], c.marks[i] = row, mark
		return
	}
	c.at[key] = len(c.rows)
	c.rows, c.keys, c.marks = append(c.rows, row), append(c.keys, key), append(c.marks, mark)
}

func (src source[T, R, K]) key(r *record[R]) K { return src.by.Child(src.root(&r.value)) }

// keyText is a key for a message.
func keyText(key any) string {
	if both, ok := key.(models.InclusiveUsageBalanceKey); ok {
		return both.BillRunID.String() + "/" + both.UsageProductInventoryID.String()
	}
	return fmt.Sprint(key)
}

// digest fills in the digests of a row.
func (src source[T, R, K]) digest(r *record[R]) (err error) {
	if r.digest, err = digest(src.content(&r.value)); err != nil || src.ledger == nil {
		return err
	}
	if ledger := src.ledger(&r.value); ledger != nil {
		r.ledger, err = digest(ledger)
	}
	return err
}

// digest is 16 bytes that differ for different contents.
func digest(content any) ([]byte, error) {
	text, err := json.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("digest a row: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:16], nil
}

// compare reads what is stored of the rows.
func (src source[T, R, K]) compare(imp *importer, batch []*record[R]) error {
	keys := values(batch, func(r *record[R]) K { return src.key(r) })
	stored, err := models.ReadStored(imp.tx, src.by, keys)
	if err != nil {
		return err
	}
	for i, r := range batch {
		if row, ok := stored[keys[i]]; ok {
			r.stored = &row
		}
	}
	return nil
}
