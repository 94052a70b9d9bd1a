package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// TestCheckCommand runs the check on the samples, whose warnings are those of
// docs/check.md, and on a broken row, which makes it fail.
func TestCheckCommand(t *testing.T) {
	blocks, lines := apitest.BlocksOf(t, "docs/check.md", ""), apitest.BlocksOf(t, "docs/check.md", "json")
	if len(blocks) != 2 || len(lines) != 1 {
		t.Fatalf("%d blocks and %d lines", len(blocks), len(lines))
	}
	usage, report, line := blocks[0].Text, blocks[1].Text, lines[0].Text
	help := apitest.Run(t, "sqlite:x", "", "check", "--help").Stdout
	for _, flag := range regexp.MustCompile("--[a-z]+").FindAllString(usage, -1) {
		if !strings.Contains(help, flag+"=") {
			t.Errorf("check has no %s", flag)
		}
	}
	modelstest.EachAddress(t, func(t *testing.T, address string) {
		db := modelstest.Open(t, address)
		apitest.Samples(t, db)
		if got := apitest.Run(t, address, "", "check"); got.Failed || got.Stdout != report {
			t.Errorf("failed is %v: %s\n%s\nwant\n%s", got.Failed, got.Stderr, got.Stdout, report)
		}
		got := apitest.Run(t, address, "", "check", "--format", "json", "--limit", "1")
		if lines := strings.SplitAfter(got.Stdout, "\n"); got.Failed || lines[0] != line || len(lines) != 1+len(models.Rules)+1 ||
			lines[18] != `{"kind":"rule","rule":18,"name":"deduction-sign","severity":"warning","rows":"ledger entries","looked":2,"findings":2}`+"\n" {
			t.Errorf("failed is %v: %s\n%s", got.Failed, got.Stderr, got.Stdout)
		}
		for _, sql := range []string{
			"DELETE FROM product_references WHERE usage_product_inventory_id = 110",
			"UPDATE ledger_entries SET segment_id = segment_id || '\x1b[2J'",
		} {
			if err := db.Exec(sql).Error; err != nil {
				t.Fatal(err)
			}
		}
		for _, step := range []struct {
			args   string
			fails  bool
			stdout string
		}{
			{"check", true, "(?m)^error 11 references: UsageProductInventory:110, productReferences: found no reference, expected a list of at least one reference$(?s).*^errors: 3, warnings: 4$"},
			{"check --limit 1", true, `18 +deduction-sign +warning +2 \(1 told\) +2 ledger entries`},
			{"check", true, `19 entry-segment: .*, segment_id: found [0-9a-f-]+\x{FFFD}\[2J, expected a segment of the balance\n`},
			{"check --limit 0", true, "^RULE"},
			{"check --customer Customer:2", false, `\nerrors: 0, warnings: 0\n$`},
			{"check --customer 9", true, ""},
			{"check --customer x", true, ""},
			{"check --limit=-1", true, ""},
			{"check --format xml", true, ""},
		} {
			got := apitest.Run(t, address, "", strings.Fields(step.args)...)
			if got.Failed != step.fails || got.Stderr == "" {
				t.Errorf("%s: failed is %v: %s", step.args, got.Failed, got.Stderr)
			}
			matches(t, step.args, got.Stdout, step.stdout)
		}
	})
}

// TestCheckRules holds that docs/check.md has a row for each rule.
func TestCheckRules(t *testing.T) {
	text, err := os.ReadFile("docs/check.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range models.Rules {
		row := fmt.Sprintf("\n| %d | `%s` | %s | %s | ", rule.Number, rule.Name, rule.Severity, rule.Broken)
		if !strings.Contains(string(text), row) {
			t.Errorf("there is no row that begins with %s", row)
		}
	}
}

// TestCheckOfNothing holds that a wrong path is no success, and makes no file.
func TestCheckOfNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nope.db")
	got := apitest.Run(t, "sqlite:"+path, "", "check")
	if _, err := os.Stat(path); !got.Failed || !strings.Contains(got.Stderr, "no such file") || !os.IsNotExist(err) {
		t.Errorf("%+v, %v", got, err)
	}
}
