package playground

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// site has the pages under /docs that links lead to from /docs, by their path, with the
// ids on each.
type site struct {
	pages map[string]string
	ids   map[string]map[string]bool
}

var (
	pageLink = regexp.MustCompile(`(?:href|data-index)="([^"]*)"`)
	pageID   = regexp.MustCompile(` id="([^"]+)"`)
)

// crawl reads all pages, and fails where a link leads nowhere or an id is there twice.
func crawl(t *testing.T) site {
	t.Helper()
	handler := mux(t, "")
	s := site{map[string]string{}, map[string]map[string]bool{}}
	type lead struct{ from, to string }
	var leads []lead
	for queue := []string{"/docs"}; len(queue) > 0; queue = queue[1:] {
		page := queue[0]
		if _, known := s.pages[page]; known {
			continue
		}
		answer := get(handler, page)
		if answer.Code != http.StatusOK {
			t.Fatalf("%s: %d", page, answer.Code)
		}
		text := answer.Body.String()
		s.pages[page], s.ids[page] = text, map[string]bool{}
		for _, found := range pageID.FindAllStringSubmatch(text, -1) {
			id := html.UnescapeString(found[1])
			if s.ids[page][id] {
				t.Errorf("%s: %s is there twice", page, id)
			}
			s.ids[page][id] = true
		}
		for _, found := range pageLink.FindAllStringSubmatch(text, -1) {
			target, err := url.Parse(html.UnescapeString(found[1]))
			if err != nil {
				t.Errorf("%s leads to %s: %v", page, found[1], err)
				continue
			}
			to := (&url.URL{Path: page}).ResolveReference(target)
			leads = append(leads, lead{page, to.String()})
			if to.Host == "" && strings.HasPrefix(to.Path, "/docs") {
				queue = append(queue, to.Path)
			}
		}
	}
	for _, l := range leads {
		if !s.has(l.to) {
			t.Errorf("%s leads to %s, which is not there", l.from, l.to)
		}
	}
	return s
}

// has reports whether an address leads to something. Addresses of other sites, of the
// playground and of files are for other tests.
func (s site) has(address string) bool {
	target, err := url.Parse(address)
	if err != nil {
		return false
	}
	if target.Host != "" {
		return target.Scheme == "https"
	}
	if target.Path == "/" || target.Path == "/schema.graphql" || strings.HasPrefix(target.Path, "/assets/") {
		return true
	}
	ids, ok := s.ids[target.Path]
	return ok && (target.Fragment == "" || ids[target.Fragment])
}

// TestLinks follows every link of every page of the reference, and holds that a page is
// one that a person can look through: that of the first version had 600 kB.
func TestLinks(t *testing.T) {
	s := crawl(t)
	for _, want := range []string{
		"/docs#making-requests", "/docs#authentication", "/docs#pagination", "/docs#errors", "/docs#rate-limits", "/docs/examples#customer-account", "/docs/graph",
		"/docs/types/Query#lowBalances.usedRatio", "/docs/types/Customer#usageSummary", "/docs/types/Decimal", "/docs/types/String", "/docs/types/BalanceFilter#coveringDate",
		"/docs/types/ErrorCode#QUERY_TOO_COMPLEX", "/docs/types/PageInfo", "/docs/guides/tokens#api-tokens",
	} {
		if !s.has(want) {
			t.Errorf("%s is not there", want)
		}
	}
	for page, text := range s.pages {
		if strings.Contains(text, "/docs/types/__") {
			t.Errorf("%s leads to GraphQL's own types", page)
		}
		if strings.Contains(text, "<img") || strings.Contains(text, "<!-- raw HTML omitted -->") {
			t.Errorf("%s has an image, or had HTML of its own", page)
		}
		if len(text) > 150<<10 && page != "/docs/search.json" {
			t.Errorf("%s has %d bytes", page, len(text))
		}
	}
}

// TestSearchIndex holds that the search finds every type, field, argument and value of
// the schema and every guide and its headings, each at a place that is there.
func TestSearchIndex(t *testing.T) {
	s := crawl(t)
	var index []found
	if err := json.Unmarshal([]byte(s.pages["/docs/search.json"]), &index); err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, f := range index {
		have[f.Kind+" "+f.Place+" "+f.Title] = true
		if !s.has(f.Address) {
			t.Errorf("%s %s leads to %s, which is not there", f.Kind, f.Title, f.Address)
		}
	}
	wantTypes(t, loadSchema(t), have)
	wantGuides(t, index, have)
	for _, page := range started {
		if !have["page  "+page.Title] {
			t.Errorf("%s is not found", page.Title)
		}
	}
}

func wantTypes(t *testing.T, schema *ast.Schema, have map[string]bool) {
	t.Helper()
	want := func(name string) {
		if !have[name] {
			t.Errorf("%s is not found", name)
		}
	}
	for name, definition := range schema.Types {
		if strings.HasPrefix(name, "__") {
			continue
		}
		want(kindName(definition) + "  " + name)
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			want("field " + name + " " + field.Name)
			for _, argument := range field.Arguments {
				want("argument " + name + "." + field.Name + " " + argument.Name)
			}
		}
		for _, value := range definition.EnumValues {
			want("value " + name + " " + value.Name)
		}
	}
}

// TestSchemaMap holds that Query is on the map and leads to each root object, that each
// type on it is reached, and that paging is left out.
func TestSchemaMap(t *testing.T) {
	schema := loadSchema(t)
	m := newSchemaMap(schema)
	reached := map[string]bool{"Query": true}
	fields := map[string]bool{}
	for _, l := range m.Links {
		reached[l.To] = true
		for _, field := range l.Fields {
			fields[l.From+"."+field+" "+l.To] = true
		}
	}
	if m.Types[0].Name != "Query" || m.Types[0].Kind != "query" {
		t.Errorf("the map begins with %+v", m.Types[0])
	}
	for _, v := range m.Types {
		if !reached[v.Name] || isPaging(v.Name) {
			t.Errorf("%+v is on the map", v)
		}
	}
	for _, want := range []string{"Query.customers Customer", "Query.customer Customer", "Query.node Node", "Customer.sites Site", "Balance.ledger LedgerEntry", "Site.customer Customer"} {
		if !fields[want] {
			t.Errorf("%s is not on the map", want)
		}
	}
}
