package command

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/usagegraph/usagegraph/internal/check"
	"github.com/usagegraph/usagegraph/models"
)

// checkReport writes what a check finds as it finds it, and what it looked at in
// the end.
type checkReport struct {
	out   io.Writer
	json  bool
	limit int // of findings printed for each rule
	told  map[*models.Rule]int
}

func newCheckReport(out io.Writer, format string, limit int) *checkReport {
	return &checkReport{out, format == "json", limit, map[*models.Rule]int{}}
}

// finding prints a finding, unless enough of its rule were printed.
func (r *checkReport) finding(f check.Finding) error {
	if r.told[f.Rule] == r.limit {
		return nil
	}
	r.told[f.Rule]++
	if r.json {
		return r.line(jsonFinding{"finding", f.Rule.Number, f.Rule.Name, f.Rule.Severity, f.Row, f.Part, f.Field, f.Found, f.Expected})
	}
	where := f.Row
	for _, more := range []string{f.Part, f.Field} {
		if more != "" {
			where += ", " + more
		}
	}
	line := fmt.Sprintf("%s %d %s: %s: found %s, expected %s", f.Rule.Severity, f.Rule.Number, f.Rule.Name, where, f.Found, f.Expected)
	_, err := fmt.Fprintln(r.out, printable(line))
	return err
}

// printable has a mark in the place of what a terminal would obey.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return unicode.ReplacementChar
	}, text)
}

// end prints for each rule how many rows it was held to, and how many findings
// there were.
func (r *checkReport) end(s *check.Summary) error {
	if r.json {
		for _, rule := range models.Rules {
			if err := r.line(jsonRule{"rule", rule.Number, rule.Name, rule.Severity, rule.Rows, s.Looked[rule.Rows], s.Broken[rule], rule.HeldBy}); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RULE\tNAME\tSEVERITY\tFINDINGS\tLOOKED AT")
	for _, rule := range models.Rules {
		findings := fmt.Sprint(s.Broken[rule])
		if s.Broken[rule] > int64(r.told[rule]) {
			findings += fmt.Sprintf(" (%d told)", r.told[rule])
		}
		looked := fmt.Sprintf("%d %s", s.Looked[rule.Rows], rule.Rows)
		if rule.HeldBy != "" {
			looked += ": " + rule.HeldBy + " holds it"
		}
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\n", rule.Number, rule.Name, rule.Severity, findings, looked)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(r.out, "errors: %d, warnings: %d\n", s.Count(models.SeverityError), s.Count(models.SeverityWarning))
	return err
}

func (r *checkReport) line(v any) error { return json.NewEncoder(r.out).Encode(v) }

// jsonFinding is a line of a finding.
type jsonFinding struct {
	Kind     string          `json:"kind"`
	Rule     int             `json:"rule"`
	Name     string          `json:"name"`
	Severity models.Severity `json:"severity"`
	Row      string          `json:"row"`
	Part     string          `json:"part,omitempty"`
	Field    string          `json:"field,omitempty"`
	Found    string          `json:"found"`
	Expected string          `json:"expected"`
}

// jsonRule is a line of a rule, after all findings.
type jsonRule struct {
	Kind     string          `json:"kind"`
	Rule     int             `json:"rule"`
	Name     string          `json:"name"`
	Severity models.Severity `json:"severity"`
	Rows     models.RuleRows `json:"rows"`
	Looked   int64           `json:"looked"`
	Findings int64           `json:"findings"`
	HeldBy   string          `json:"heldBy,omitempty"`
}
