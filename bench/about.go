package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// about is where, when and with what was measured.
type about struct {
	Date, Commit                            string
	Processor, Memory, Kernel, Load         string
	Go, PostgreSQL, Node, PostGraphile, Wrk string
}

// describe looks at the machine and the programs before the first run.
func describe(ctx context.Context, d *postgres) (a about, err error) {
	a = about{Date: time.Now().UTC().Format(time.DateOnly), Go: strings.TrimPrefix(runtime.Version(), "go")}
	if err := a.machine(); err != nil {
		return a, err
	}
	if a.PostgreSQL, err = d.version(ctx); err != nil {
		return a, err
	}
	if a.PostGraphile, err = packageVersion("postgraphile"); err != nil {
		return a, err
	}
	if a.Node, err = firstLine(ctx, node(), "--version"); err != nil {
		return a, err
	}
	// wrk prints its version with the exit code of a failure.
	wrk, _ := exec.CommandContext(ctx, "wrk", "--version").CombinedOutput()
	if fields := strings.Fields(string(wrk)); len(fields) > 1 {
		a.Wrk = fields[1]
	}
	if a.Commit, err = firstLine(ctx, "git", "rev-parse", "--short", "HEAD"); err != nil {
		return a, err
	}
	changed, err := firstLine(ctx, "git", "status", "--porcelain", "--untracked-files=no", "--", ":!"+report)
	if changed != "" {
		a.Commit += " with changes"
	}
	return a, err
}

// machine reads what /proc says of it.
func (a *about) machine() error {
	for file, value := range map[string]*string{
		"/proc/cpuinfo": &a.Processor, "/proc/meminfo": &a.Memory, "/proc/sys/kernel/osrelease": &a.Kernel, "/proc/loadavg": &a.Load,
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		*value = string(text)
	}
	var kilobytes float64
	if _, err := fmt.Sscanf(property(a.Memory, "MemTotal"), "%f kB", &kilobytes); err != nil {
		return fmt.Errorf("MemTotal: %w", err)
	}
	a.Processor, a.Memory = property(a.Processor, "model name"), fmt.Sprintf("%.1f GiB", kilobytes/(1<<20))
	a.Kernel, _, _ = strings.Cut(strings.TrimSpace(a.Kernel), "-")
	a.Load, _, _ = strings.Cut(a.Load, " ")
	return nil
}

// property is the first value of a name in a text of lines NAME: VALUE.
func property(text, name string) string {
	_, after, _ := strings.Cut(text, name)
	line, _, _ := strings.Cut(after, "\n")
	_, value, _ := strings.Cut(line, ":")
	return strings.TrimSpace(value)
}

func firstLine(ctx context.Context, command string, arguments ...string) (string, error) {
	out, err := exec.CommandContext(ctx, command, arguments...).Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w", command, err)
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return strings.TrimSpace(line), nil
}

// packageVersion is the version of a package that bench/package.json pins.
func packageVersion(name string) (string, error) {
	text, err := os.ReadFile("bench/package.json")
	if err != nil {
		return "", err
	}
	var wanted struct{ Dependencies map[string]string }
	err = json.Unmarshal(text, &wanted)
	return wanted.Dependencies[name], err
}
