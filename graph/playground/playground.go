// Package playground is what a person sees of the API in a browser: a place to try
// queries, the reference and a picture of the schema. All that the pages load is in
// the binary, and they ask no other server for anything.
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
	picturePolicy    = policy + "; script-src 'self'"
	playgroundPolicy = policy + " 'nonce-NONCE'; script-src 'self'; connect-src 'self'"
)

//go:embed pages
var pageFiles embed.FS

// Handle adds the pages to mux: /, /docs, /docs/graph, and /assets/ for what they
// load. They are made when first asked for, and panic for a schema that does not
// parse.
func Handle(mux *http.ServeMux, sdl string) {
	pages := sync.OnceValue(func() *pages { return newPages(sdl) })
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { pages().playground(w, r) })
	mux.HandleFunc("GET /docs", func(w http.ResponseWriter, r *http.Request) { serve(w, r, policy, pages().reference) })
	mux.HandleFunc("GET /docs/graph", func(w http.ResponseWriter, r *http.Request) { serve(w, r, picturePolicy, pages().picture) })
	mux.HandleFunc("GET /assets/{digest}/{name...}", func(w http.ResponseWriter, r *http.Request) { loadAssets().ServeHTTP(w, r) })
}

// pages are the pages of one schema.
type pages struct {
	templates          *template.Template
	examples           []Example
	reference, picture file
}

func newPages(sdl string) *pages {
	schema := gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: sdl})
	examples, err := Examples()
	if err != nil {
		panic(err)
	}
	p := &pages{examples: examples}
	p.templates = template.Must(template.New("").
		Funcs(template.FuncMap{"asset": loadAssets().address, "paragraphs": paragraphs}).
		ParseFS(pageFiles, "pages/*.html"))
	p.reference = newFile(htmlKind, p.render("reference.html", newReference(schema, examples)))
	p.picture = newFile(htmlKind, p.render("picture.html", newPicture(schema)))
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

// serve answers with a page that changes only with the binary.
func serve(w http.ResponseWriter, r *http.Request, policy string, page file) {
	protect(w, policy)
	w.Header().Set("Cache-Control", "no-cache") // ask, and be told that it is the same
	page.ServeHTTP(w, r)
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
