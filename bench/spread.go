package main

import (
	"fmt"
	"slices"
)

// spread is what several measurements of one thing came to.
type spread struct{ Median, Min, Max float64 }

// newSpread sums measurements up; there is one at least.
func newSpread(values []float64) spread {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	s := spread{sorted[middle], sorted[0], sorted[len(sorted)-1]}
	if len(sorted)%2 == 0 {
		s.Median = (sorted[middle-1] + sorted[middle]) / 2
	}
	return s
}

// String is the median, and the range in parentheses.
func (s spread) String() string {
	return fmt.Sprintf("%s (%s–%s)", digits(s.Median), digits(s.Min), digits(s.Max))
}

// digits writes a number with three digits that count.
func digits(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 1:
		return fmt.Sprintf("%.2f", v)
	default:
		return fmt.Sprintf("%.3f", v)
	}
}

// results are the runs of all servers.
type results []run

// of are the runs of one server, query and number of connections, in order of
// round.
func (r results) of(server, query string, connections int) (found results) {
	for _, one := range r {
		if one.Server == server && one.Query == query && one.Connections == connections {
			found = append(found, one)
		}
	}
	return found
}

// spread sums a figure of all runs up.
func (r results) spread(figure func(run) float64) spread {
	values := make([]float64, len(r))
	for i, one := range r {
		values[i] = figure(one)
	}
	return newSpread(values)
}

// ratio sums up how many times the figure of other r's is, round by round: what
// disturbed a round disturbed both.
func (r results) ratio(other results, figure func(run) float64) spread {
	values := make([]float64, len(r))
	for i, one := range r {
		values[i] = figure(one) / figure(other[i])
	}
	return newSpread(values)
}
