// Package check holds all that is stored to the rules of models: what imports
// refuse or count, and what usagegraph derives.
package check

import (
	"context"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// batchRows is how many rows of a list are read at once. What memory is needed
// grows with it, and with the longest ledger, not with the database.
const batchRows = 1000

// Options say what is checked, and what receives the findings.
type Options struct {
	Scope    store.Scope             // whose rows
	Found    func(Finding) error     // called with each breach, in an order that is the same on both engines; an error stops the check
	Progress func(done, total int64) // called now and then, in rows that others belong to; may be nil
}

// Finding is a row that breaks a rule.
type Finding struct {
	Row string // global ID
	models.Breach
}

// Summary is what a check looked at and found.
type Summary struct {
	Looked map[models.RuleRows]int64 // rows, by what they are
	Broken map[*models.Rule]int64    // findings
}

// Count is the number of findings of a severity.
func (s *Summary) Count(severity models.Severity) (n int64) {
	for rule, count := range s.Broken {
		if rule.Severity == severity {
			n += count
		}
	}
	return n
}

// Rows is the number of rows that were looked at.
func (s *Summary) Rows() (n int64) {
	for _, count := range s.Looked {
		n += count
	}
	return n
}

// checker is one check while it runs.
type checker struct {
	Options
	ctx         context.Context
	reader      *store.Reader
	now         scalar.DateTime
	pool        models.Pool
	summary     *Summary
	done, total int64 // rows of the lists that are walked
}

// Run checks the rows in scope, as they stand at one moment.
func Run(ctx context.Context, db *gorm.DB, o Options) (*Summary, error) {
	summary := &Summary{Looked: map[models.RuleRows]int64{}, Broken: map[*models.Rule]int64{}}
	err := store.Snapshot(ctx, db, func(tx *gorm.DB) error {
		c := &checker{Options: o, ctx: ctx, reader: store.NewReader(tx, o.Scope), now: scalar.Now(), summary: summary}
		return c.run()
	})
	return summary, err
}

func (c *checker) run() error {
	lists := []list{
		over(c, models.AllUsageProductInventories, batchRows, c.inventories),
		over(c, models.AllInclusiveUsageAssignments, batchRows, c.assignments),
		over(c, models.AllBalances, ledgersAtOnce, c.balances),
		over(c, models.AllEntitlementBalances, batchRows, c.entitlements),
	}
	for _, l := range lists {
		n, err := l.count()
		if err != nil {
			return err
		}
		c.total += int64(n)
	}
	for _, l := range lists {
		if err := l.walk(); err != nil {
			return err
		}
	}
	return models.SharedKeys(c.ctx, c.reader, func(key models.SharedKey) error {
		return c.found("Balance:"+key.ID.String(), key.Breaches())
	})
}

// list is all rows of a table.
type list struct {
	count func() (int, error)
	walk  func() error
}

// over is the list of rel, whose rows do is shown, size at once.
func over[T any](c *checker, rel *store.Relation[store.Root, T, struct{}], size int, do func([]*T) error) list {
	return list{
		count: func() (int, error) {
			counts, err := store.Counts(c.ctx, c.reader, rel, []struct{}{{}}, rel.Everything())
			return counts[struct{}{}], err
		},
		walk: func() error {
			for batch, err := range store.Batches(c.ctx, c.reader, rel, size) {
				if err == nil {
					err = do(batch)
				}
				if err != nil {
					return err
				}
				c.done += int64(len(batch))
				if c.Progress != nil {
					c.Progress(c.done, c.total)
				}
			}
			return nil
		},
	}
}

// found counts and reports the breaches of a row.
func (c *checker) found(row string, breaches []models.Breach) error {
	for _, b := range breaches {
		c.summary.Broken[b.Rule]++
		if err := c.Found(Finding{row, b}); err != nil {
			return err
		}
	}
	return nil
}

// looked counts rows that rules were held to.
func (c *checker) looked(what models.RuleRows, n int) { c.summary.Looked[what] += int64(n) }
