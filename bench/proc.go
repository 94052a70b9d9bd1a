package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU time in /proc: USER_HZ is 100 on every Linux that Go
// runs on.
const tick = 10 * time.Millisecond

// stat is what /proc says of a process.
type stat struct {
	parent int
	used   time.Duration // its own CPU time, and that of children that have ended
}

// readStat reads /proc/PID/stat. Source: proc_pid_stat(5).
func readStat(pid int) (s stat, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return s, err
	}
	// The name, in parentheses, may hold spaces. After it, state is the third field.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if s.parent, err = strconv.Atoi(fields[1]); err != nil {
		return s, err
	}
	for _, field := range fields[11:15] { // utime, stime, cutime, cstime
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return s, err
		}
		s.used += time.Duration(ticks) * tick
	}
	return s, nil
}

// tree is a process and all that descend from it.
func tree(root int) (map[int]stat, error) {
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, err
	}
	all := map[int]stat{}
	for _, folder := range folders {
		pid, err := strconv.Atoi(filepath.Base(folder))
		if err != nil {
			return nil, err
		}
		if s, err := readStat(pid); err == nil { // else it has just ended
			all[pid] = s
		}
	}
	if _, ok := all[root]; !ok {
		return nil, fmt.Errorf("process %d has ended", root)
	}
	for pid := range all {
		if !descends(all, pid, root) {
			delete(all, pid)
		}
	}
	return all, nil
}

func descends(all map[int]stat, pid, root int) bool {
	for pid != root {
		s, ok := all[pid]
		if !ok {
			return false
		}
		pid = s.parent
	}
	return true
}

// cpu is the CPU time that a process and its descendants have used so far. One that ends
// meanwhile would count twice, with its parent, or not at all: what is read counts if all
// are still there when it has been.
func cpu(root int) (total time.Duration, err error) {
	for range 100 {
		processes, err := tree(root)
		if err != nil {
			return 0, err
		}
		after, err := tree(root)
		if err != nil {
			return 0, err
		}
		if !maps.EqualFunc(processes, after, func(stat, stat) bool { return true }) {
			continue
		}
		for _, s := range processes {
			total += s.used
		}
		return total, nil
	}
	return 0, fmt.Errorf("the processes below %d come and go", root)
}

// peakMemory is the most bytes that a process and its descendants had resident,
// each at its own worst moment.
func peakMemory(root int) (total int64, err error) {
	processes, err := tree(root)
	if err != nil {
		return 0, err
	}
	for pid := range processes {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			return 0, err
		}
		_, after, _ := strings.Cut(string(text), "VmHWM:")
		line, _, _ := strings.Cut(after, " kB")
		kilobytes, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("VmHWM of process %d: %w", pid, err)
		}
		total += kilobytes << 10
	}
	return total, nil
}
