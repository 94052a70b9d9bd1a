// Package playground is what a person sees of the API in a browser: a place to try
// queries, the reference with the guides, and a map of the schema. All that the pages
// load is in the binary, and they ask no other server for anything.
package playground

import (
	"bytes"
	"crypto/rand"
	"embed"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// Content security policies. GraphiQL's dialogs make a style element each, which
// therefore bears a nonce; nothing lets a script in a page run.
const (
	policy           = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src 'self' data:; font-src 'self' data:; style-src 'self'"
	referencePolicy  = policy + "; script-src 'self'; connect-src 'self'"
	playgroundPolicy = policy + " 'nonce-NONCE'; script-src 'self'; connect-src 'self'"
)

//go:embed pages
var pageFiles embed.FS

// Handle adds the pages to mux: /, those under /docs, and /assets/ for what they
// load. They are made when first asked for, and panic for a schema that does not
// parse.
func Handle(mux *http.ServeMux, sdl string) {
	pages := sync.OnceValue(func() *pages { return newPages(sdl) })
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { pages().playground(w, r) })
	mux.HandleFunc("GET /docs", func(w http.ResponseWriter, r *http.Request) { pages().document(w, r) })
	mux.HandleFunc("GET /docs/{page...}", func(w http.ResponseWriter, r *http.Request) { pages().document(w, r) })
	mux.HandleFunc("GET /assets/{digest}/{name...}", func(w http.ResponseWriter, r *http.Request) { loadAssets().ServeHTTP(w, r) })
}

// pages are the pages of one schema. Those under /docs are by their path, each made
// when it is first asked for.
type pages struct {
	templates *template.Template
	examples  []Example
	documents map[string]func() file
}

func newPages(sdl string) *pages {
	schema := gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: sdl})
	examples, err := Examples()
	if err != nil {
		panic(err)
	}
	reference, err := newReference(schema, examples)
	if err != nil {
		panic(err)
	}
	p := &pages{examples: examples, documents: map[string]func() file{"/docs/search.json": sync.OnceValue(reference.searchFile)}}
	p.templates = template.Must(template.New("").
		Funcs(template.FuncMap{"asset": loadAssets().address, "paragraphs": paragraphs, "typeAddress": typeAddress, "kindName": kindName}).
		ParseFS(pageFiles, "pages/*.html"))
	p.documents["/docs/graph"] = sync.OnceValue(func() file { return newFile(htmlKind, p.render("map.html", newSchemaMap(schema))) })
	for name, views := range reference.views() {
		for _, v := range views {
			p.documents[v.Path] = sync.OnceValue(func() file { return newFile(htmlKind, p.render(name, v)) })
		}
	}
	return p
}

const htmlKind = "text/html; charset=utf-8"

func (p *pages) render(name string, data any) []byte {
	var page bytes.Buffer
	if err := p.templates.ExecuteTemplate(&page, name, data); err != nil {
		panic(err)
	}
	return page.Bytes()
}

// playground answers with the playground, made anew for each request: it bears a
// nonce, and in a demo the token.
func (p *pages) playground(w http.ResponseWriter, r *http.Request) {
	nonce := rand.Text()
	demo := demoFor(r)
	page := p.render("playground.html", map[string]any{"Nonce": nonce, "Token": demo.Token, "Examples": demo.dated(p.examples)})
	protect(w, strings.Replace(playgroundPolicy, "NONCE", nonce, 1))
	w.Header().Set("Cache-Control", "no-store")
	newFile(htmlKind, page).ServeHTTP(w, r)
}

// document answers with a page under /docs, which changes only with the binary.
func (p *pages) document(w http.ResponseWriter, r *http.Request) {
	page, ok := p.documents[r.URL.Path]
	if bare := strings.TrimRight(r.URL.Path, "/"); !ok && p.documents[bare] != nil {
		http.Redirect(w, r, bare, http.StatusMovedPermanently)
		return
	}
	if !ok {
		http.NotFound(w, r)
		return
	}
	protect(w, referencePolicy)
	w.Header().Set("Cache-Control", "no-cache") // the browser asks, and is answered 304 if it is the same
	page().ServeHTTP(w, r)
}

// protect keeps other sites from framing, opening or reading the page.
func protect(w http.ResponseWriter, policy string) {
	header := w.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
}
