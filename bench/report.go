package main

import (
	_ "embed"
	"fmt"
	"strings"
	"text/template"
)

//go:embed report.tmpl
var reportText string

var reportTemplate = template.Must(template.New("report").Parse(reportText))

// page is what the template of the report reads.
type page struct {
	Plan       plan
	About      about
	Settings   []string
	OneProcess string
	Cluster    string
	Hand       string
	Queries    []queryTable
	Ratios     []ratioRow
	RatiosAt   int
	Asked      int // customers
	Pages      int
	Memory     []memoryRow
}

type queryTable struct {
	query
	Rows []queryRow
}

type queryRow struct {
	Connections                                 int
	Server                                      string
	PerSecond, P50, P99, ServerCPU, DatabaseCPU spread
	Errors                                      int
}

type ratioRow struct {
	Query, Server          string
	CPU, PerSecond, ByHand spread
}

type memoryRow struct {
	Server    string
	Megabytes int64
}

// render writes the report.
func render(p plan, a about, servers []*server, runs results) (string, error) {
	page := page{
		Plan: p, About: a, Settings: settings, OneProcess: oneProcess, Cluster: clusterOf(p), Hand: handwritten,
		RatiosAt: ratiosAt, Asked: min(p.Customers, customersAsked), Pages: pagesAsked,
	}
	for _, q := range queries {
		page.Queries = append(page.Queries, newQueryTable(p, q, servers, runs))
		for _, s := range servers {
			if s.dialect == ours {
				page.Ratios = append(page.Ratios, newRatioRow(p, q, s, runs))
			}
		}
	}
	for _, s := range servers {
		bytes, err := peakMemory(s.pid())
		if err != nil {
			return "", fmt.Errorf("memory of %s: %w", s.Title, err)
		}
		page.Memory = append(page.Memory, memoryRow{s.Title, bytes >> 20})
	}
	var text strings.Builder
	err := reportTemplate.Execute(&text, page)
	return text.String(), err
}

func newQueryTable(p plan, q query, servers []*server, runs results) queryTable {
	table := queryTable{query: q}
	for _, n := range p.Connections {
		for _, s := range servers {
			found := runs.of(s.Title, q.Name, n)
			row := queryRow{
				Connections: n, Server: s.Title,
				PerSecond:   found.spread(func(r run) float64 { return r.PerSecond }),
				P50:         found.spread(func(r run) float64 { return r.P50 }),
				P99:         found.spread(func(r run) float64 { return r.P99 }),
				ServerCPU:   found.spread(func(r run) float64 { return r.ServerCPU }),
				DatabaseCPU: found.spread(func(r run) float64 { return r.DatabaseCPU }),
			}
			for _, one := range found {
				row.Errors += one.Errors
			}
			table.Rows = append(table.Rows, row)
		}
	}
	return table
}

func newRatioRow(p plan, q query, s *server, runs results) ratioRow {
	it := runs.of(s.Title, q.Name, ratiosAt)
	perSecond := func(r run) float64 { return r.PerSecond }
	return ratioRow{
		Query: q.Name, Server: s.Title,
		CPU:       runs.of(oneProcess, q.Name, ratiosAt).ratio(it, run.CPU),
		PerSecond: it.ratio(runs.of(clusterOf(p), q.Name, ratiosAt), perSecond),
		ByHand:    it.ratio(runs.of(handwritten, q.Name, ratiosAt), run.CPU),
	}
}

// tables is the part of a report that has the figures.
func tables(report string) string {
	return report[strings.Index(report, "## Ratios"):]
}
