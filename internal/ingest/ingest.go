// Package ingest imports what billing systems answer: JSON of their own into the
// tables. A file lands whole or not at all.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// kind is a resource that can be imported.
type kind struct {
	name          string
	takesCustomer bool // rows may lack their customer, which --customer then names
	replaces      bool // --replace has a meaning
	run           func(*importer, *stream) error
}

var kinds = []kind{
	{name: "customers", run: importCustomers},
	{name: "sites", replaces: true, run: importSites},
	{name: "usage-products", run: importUsageProducts},
	{name: "bill-runs", run: importBillRuns},
	{name: "inclusive-usage-plans", run: importPlans},
	{name: "usage-product-inventories", replaces: true, run: importInventories},
	{name: "inclusive-usage-balances", replaces: true, run: importUsageBalances},
	{name: "invoices", run: importInvoices},
	{name: "balances", takesCustomer: true, replaces: true, run: importBalances},
	{name: "entitlement-balances", takesCustomer: true, replaces: true, run: importEntitlementBalances},
}

// Kinds are the resources that can be imported, as the command calls them.
func Kinds() []string { return kindsThat(func(kind) bool { return true }) }

func kindsThat(have func(kind) bool) (names []string) {
	for _, k := range kinds {
		if have(k) {
			names = append(names, k.name)
		}
	}
	return names
}

// Options are what the command line says of an import.
type Options struct {
	Kind     string         // one of Kinds
	Customer string         // whose rows they are: our id, Customer:1, or an external id; "" when rows say it
	As       string         // SYSTEM:VALUE, an external id to record for Customer first; "" for none
	Replace  bool           // delete the rows of the same customers (or bill runs) that the files lack
	Empty    bool           // with Replace, take files that have no row between them
	DryRun   bool           // do all of it, and land nothing
	Lenient  bool           // leave out unknown values of enums that no number depends on
	LastWins bool           // of copies of a row with different values take the last
	Round    bool           // round amounts of more than six decimal places half to even
	Progress func(rows int) // called now and then with the number of rows read so far; may be nil
}

// check finds the kind, and refuses options that have no meaning for it.
func (o Options) check() (kind, error) {
	for _, k := range kinds {
		if k.name != o.Kind {
			continue
		}
		switch {
		case o.Replace && !k.replaces:
			return k, fmt.Errorf("--replace has no meaning for %s: it is for %s", k.name,
				strings.Join(kindsThat(func(k kind) bool { return k.replaces }), ", "))
		case o.Customer != "" && !k.takesCustomer:
			return k, fmt.Errorf("--customer has no meaning for %s: it is for %s", k.name,
				strings.Join(kindsThat(func(k kind) bool { return k.takesCustomer }), ", "))
		case o.Empty && !o.Replace:
			return k, errors.New("--allow-empty takes files without a row as all that is left, so it needs --replace")
		case o.As != "" && o.Customer == "":
			return k, errors.New("--as says what another system calls a customer, so it needs --customer")
		}
		return k, nil
	}
	return kind{}, fmt.Errorf("%q is nothing that can be imported: want one of %s", o.Kind, strings.Join(Kinds(), ", "))
}

// errDryRun takes a transaction back.
var errDryRun = errors.New("a dry run lands nothing")

// Files imports files and calls done with what each import did. With Replace all
// files are one import; else each file is one. An import is a transaction, and the
// first that fails ends the call: those before it have landed, unless DryRun is
// set. The error is a *Refusal when the content is to blame.
func Files(ctx context.Context, db *gorm.DB, files []Source, o Options, done func(Summary)) error {
	k, err := o.check()
	if err != nil {
		return err
	}
	imports := make([][]Source, 0, len(files))
	for _, f := range files {
		imports = append(imports, []Source{f})
	}
	if o.Replace {
		imports = [][]Source{files}
	}
	if o.DryRun {
		// One transaction, so that a file is compared with those before it.
		err := database.Write(ctx, db, func(tx *database.Tx) error {
			for _, sources := range imports {
				summary, err := run(ctx, tx, k, sources, o)
				if err != nil {
					return err
				}
				done(summary)
			}
			return errDryRun
		})
		if errors.Is(err, errDryRun) {
			return nil
		}
		return err
	}
	for _, sources := range imports {
		var summary Summary
		err := database.Write(ctx, db, func(tx *database.Tx) error {
			var err error
			summary, err = run(ctx, tx, k, sources, o)
			return err
		})
		if err != nil {
			return err
		}
		done(summary)
	}
	return nil
}

// File imports the content of one file called name, as Files does.
func File(ctx context.Context, db *gorm.DB, name string, content io.Reader, o Options) (Summary, error) {
	var did Summary
	source := Source{name, func() (io.ReadCloser, error) { return io.NopCloser(content), nil }}
	err := Files(ctx, db, []Source{source}, o, func(s Summary) { did = s })
	return did, err
}

// run is one import.
func run(ctx context.Context, tx *database.Tx, k kind, files []Source, o Options) (Summary, error) {
	imp := &importer{
		ctx: ctx, options: o, signature: signatureOf(k.name), now: scalar.Now(), report: &report{},
		summary: &Summary{Kind: k.name, DryRun: o.DryRun, NotKept: map[string]int{}, UnknownFields: map[string]int{}, Warnings: map[string]int{}, DeletedWith: map[string]int{}},
	}
	for _, f := range files {
		imp.report.files = append(imp.report.files, f.Name)
	}
	imp.summary.File = strings.Join(imp.report.files, ", ")
	err := imp.run(tx, k, &stream{files: files, begin: func(string) { imp.report.begin(imp.summary.Rows) }})
	return *imp.summary, err
}

// importer is one import while it runs.
type importer struct {
	ctx      context.Context
	tx       *database.Tx
	reader   *store.Reader
	options  Options
	customer *scalar.CustomerID // that the options name
	now      scalar.DateTime
	report   *report
	summary  *Summary

	signature signature // of the kind

	contested  []contractMention // contracts of other customers that rows of the last batch are of
	customerID scalar.CustomerID // from where on to look for a free one
}

func (imp *importer) run(tx *database.Tx, k kind, rows *stream) error {
	imp.tx, imp.reader = tx, store.NewReader(tx.DB, store.Scope{All: true})
	if err := models.LockImports(tx); err != nil {
		return err
	}
	if err := imp.nameCustomer(); err != nil {
		return err
	}
	if err := k.run(imp, rows); err != nil {
		return err
	}
	if err := imp.report.refusal(imp.summary.Rows); err != nil {
		return err
	}
	if err := imp.ctx.Err(); err != nil || imp.options.DryRun {
		return err
	}
	if imp.summary.Rows >= analyzedRows {
		if err := store.Analyze(tx); err != nil {
			return fmt.Errorf("count the rows for the planner: %w", err)
		}
	}
	return models.RecordImport(tx, models.Import{
		Kind: k.name, Rows: imp.summary.Rows, Changed: imp.summary.Changed, Warnings: imp.summary.warned(),
		StartedAt: imp.now, FinishedAt: scalar.Now(),
	})
}

// analyzedRows is from how many rows of a file on the planner's statistics are made anew.
const analyzedRows = 1000

// stopped notes an error after which the file can't be read on.
func (imp *importer) stopped(err error) error {
	var at *broken
	if !errors.As(err, &at) {
		return err
	}
	if at.envelope && imp.report.total > 0 {
		return nil
	}
	imp.report.add(issue{int64(imp.summary.Rows) + 1, at.path, at.found, at.expected})
	return nil
}
