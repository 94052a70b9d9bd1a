package ingest

import (
	"fmt"
	"slices"
	"strings"
)

// maxIssues is how many errors a Refusal lists. All are counted.
const maxIssues = 20

// issue is one error in a row of a file.
type issue struct {
	row                   int64
	path, found, expected string
}

// report collects what is wrong in files. It counts rows over all of them.
type report struct {
	files  []string // their names
	before []int64  // rows before each file that was begun
	issues []issue  // the first of them
	total  int
}

// begin says that the next file begins, after so many rows.
func (r *report) begin(rows int) { r.before = append(r.before, int64(rows)) }

// place is the file of a row, and its number in that.
func (r *report) place(row int64) (file string, number int64) {
	i := len(r.before) - 1
	for i > 0 && r.before[i] >= row {
		i--
	}
	return r.files[i], row - r.before[i]
}

// other names a row for a message about another row.
func (r *report) other(row, about int64) string {
	file, number := r.place(row)
	if here, _ := r.place(about); here == file {
		return fmt.Sprintf("row %d", number)
	}
	return fmt.Sprintf("row %d of %s", number, file)
}

func (r *report) add(i issue) {
	r.total++
	if len(r.issues) < maxIssues {
		r.issues = append(r.issues, i)
	}
}

// addAll adds those that are listed of total.
func (r *report) addAll(listed []issue, total int) {
	for _, i := range listed {
		r.add(i)
	}
	r.total += total - len(listed)
}

// refusal is the error that the report amounts to, nil if nothing is wrong.
func (r *report) refusal(rows int) error {
	if r.total == 0 {
		return nil
	}
	refusal := &Refusal{File: strings.Join(r.files, ", "), Rows: rows, Errors: r.total}
	slices.SortStableFunc(r.issues, func(a, b issue) int { return int(a.row - b.row) })
	for _, i := range r.issues {
		file, row := r.place(i.row)
		refusal.Lines = append(refusal.Lines, fmt.Sprintf("%s: row %d: %s: found %s, expected %s", file, row, i.path, i.found, i.expected))
	}
	return refusal
}

// Refusal is why nothing was imported.
type Refusal struct {
	File   string // or files, of one replacement
	Rows   int    // read, the bad ones among them
	Errors int
	Lines  []string // the first 20 of them: FILE: row N: PATH: found VALUE, expected WHAT
}

// Error is a summary line and the lines.
func (r *Refusal) Error() string {
	summary := fmt.Sprintf("%s: nothing was imported: %s in %s", r.File, plural(r.Errors, "error"), plural(r.Rows, "row"))
	if r.Errors > len(r.Lines) {
		summary += fmt.Sprintf(", of which the first %d", len(r.Lines))
	}
	return summary + ":\n" + strings.Join(r.Lines, "\n")
}

// plural counts things.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
