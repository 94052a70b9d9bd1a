package ingest

import (
	"fmt"

	"github.com/usagegraph/usagegraph/models/store"
)

// replace deletes the rows that the files replace and lack. Of files with errors
// nothing lands, so that nothing needs to be deleted.
func (src source[T, R, K]) replace(imp *importer, seen *store.Seen[T, K], partial bool) error {
	switch {
	case imp.report.total > 0:
		return nil
	case partial:
		return fmt.Errorf("%s: the last page names a next page, which the file lacks: --replace would delete what is on it", imp.summary.File)
	case imp.summary.Rows == 0 && !imp.options.Empty:
		return fmt.Errorf("%s: found no row: --replace takes that only with --allow-empty, which says that nothing is left", imp.summary.File)
	}
	unseen := store.Unseen{By: src.replaceBy, OnlyIf: src.replaceOnlyIf}
	if imp.customer != nil {
		unseen.Also = append(unseen.Also, int64(*imp.customer))
	}
	for _, d := range src.deletes {
		n, err := seen.CountWithUnseen(unseen, d.edge)
		if err != nil {
			return err
		}
		imp.summary.DeletedWith[d.kind] += n
	}
	deleted, kept, err := seen.DeleteUnseen(unseen)
	if err != nil {
		return err
	}
	imp.summary.Deleted = deleted
	if kept > 0 {
		imp.summary.Warnings["a contract-level or archived row stays: the files have none, so they may come from a request that leaves them out"] += kept
	}
	return nil
}
