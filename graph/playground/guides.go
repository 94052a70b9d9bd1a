package playground

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// guide is a page of docs/.
type guide struct {
	Name     string // that of its file, without .md
	Title    string
	HTML     template.HTML
	Sections []section // in the order of the page; the first is what stands before all headings but the title
}

// section is a part of a guide under a heading.
type section struct {
	ID, Title string
	Level     int
	Text      string // its Markdown, for the search
	Beginning string // its first paragraph
}

// guideOrder is the order of the contents: first what a client needs, then what an
// operator needs. Guides that it lacks come last, by name.
var guideOrder = []string{"http", "tokens", "filters", "balances", "rest", "limits", "playground", "reference", "operations", "check", "architecture", "engine", "plans", "benchmarks"}

// readGuides renders all guides of a file system.
func readGuides(files fs.FS) ([]guide, error) {
	names, err := fs.Glob(files, "*.md")
	if err != nil {
		return nil, err
	}
	var guides []guide
	for _, name := range names {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		g, err := newGuide(strings.TrimSuffix(name, ".md"), source)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		guides = append(guides, g)
	}
	slices.SortStableFunc(guides, func(a, b guide) int { return rank(a.Name) - rank(b.Name) })
	return guides, nil
}

func rank(name string) int {
	if i := slices.Index(guideOrder, name); i >= 0 {
		return i
	}
	return len(guideOrder)
}

// newGuide renders one guide. HTML in the Markdown, and addresses that would run a
// script, are left out; so are images, which the binary does not have.
func newGuide(name string, source []byte) (guide, error) {
	tables := extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)) // the policy refuses styles in attributes
	markdown := goldmark.New(goldmark.WithExtensions(tables), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	document := markdown.Parser().Parse(text.NewReader(source))
	g := guide{Name: name, Sections: sectionsOf(document, source)}
	if len(g.Sections) == 0 || g.Sections[0].Level != 1 {
		return guide{}, fmt.Errorf("it does not begin with a title, # Title")
	}
	g.Title = g.Sections[0].Title
	if err := adapt(document); err != nil {
		return guide{}, fmt.Errorf("adapt links: %w", err)
	}
	var page bytes.Buffer
	if err := markdown.Renderer().Render(&page, source, document); err != nil {
		return guide{}, err
	}
	g.HTML = template.HTML(scrollable.Replace(page.String()))
	return g, nil
}

// scrollable lets what may be wider than the window scroll by itself, with keys too.
// The text of a guide has no tags of its own, for they are left out or escaped.
var scrollable = strings.NewReplacer(
	"<pre>", `<pre tabindex="0">`,
	"<table>", `<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>`,
	"</table>", "</table></div>",
	"<th></th>", "<td></td>", // no heading for a column
)

// sectionsOf cuts a guide at its headings.
func sectionsOf(document ast.Node, source []byte) []section {
	var sections []section
	begin := 0
	for node := document.FirstChild(); node != nil; node = node.NextSibling() {
		heading, ok := node.(*ast.Heading)
		if last := len(sections) - 1; node.Kind() == ast.KindParagraph && last >= 0 && sections[last].Beginning == "" {
			sections[last].Beginning = plainText(node, source)
		}
		if !ok || heading.Lines().Len() == 0 {
			continue
		}
		line := heading.Lines().At(0)
		if last := len(sections) - 1; last >= 0 {
			sections[last].Text = string(source[begin:line.Start])
		}
		id, _ := heading.AttributeString("id")
		anchor, _ := id.([]byte)
		sections = append(sections, section{ID: string(anchor), Title: plainText(heading, source), Level: heading.Level})
		begin = line.Stop
	}
	if last := len(sections) - 1; last >= 0 {
		sections[last].Text = string(source[begin:])
	}
	for i := range sections {
		sections[i].Text = strings.Join(strings.Fields(strings.TrimRight(sections[i].Text, "# \n")), " ")
	}
	return sections
}

// plainText is what a reader sees of a heading or a paragraph.
func plainText(node ast.Node, source []byte) string {
	var words strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		if leaf, ok := child.(*ast.Text); ok {
			words.Write(leaf.Segment.Value(source))
			if leaf.SoftLineBreak() {
				words.WriteByte(' ')
			}
			continue
		}
		words.WriteString(plainText(child, source))
	}
	return words.String()
}

// adapt leads links between files to the pages that show them, and takes out what the
// binary does not have: images, and links to files that are no guides, whose text stays.
func adapt(document ast.Node) error {
	var images, dead []ast.Node
	err := ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		switch node := node.(type) {
		case *ast.Image:
			if entering {
				images = append(images, node)
			}
			return ast.WalkSkipChildren, nil
		case *ast.Link:
			if !entering {
				break
			}
			if target := guideAddress(string(node.Destination)); target != "" {
				node.Destination = []byte(target)
			} else {
				dead = append(dead, node)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, link := range dead {
		for child := link.FirstChild(); child != nil; child = link.FirstChild() {
			link.Parent().InsertBefore(link.Parent(), link, child)
		}
		link.Parent().RemoveChild(link.Parent(), link)
	}
	for _, image := range images {
		parent := image.Parent()
		parent.RemoveChild(parent, image)
		if parent.ChildCount() == 0 && parent.Kind() == ast.KindParagraph {
			parent.Parent().RemoveChild(parent.Parent(), parent)
		}
	}
	return err
}

// guideAddress is where the page is that a link in docs/ names, "" where the binary has
// none. Links to other sites and within the page stay as they are.
func guideAddress(target string) string {
	address, err := url.Parse(target)
	switch {
	case err != nil:
		return ""
	case address.Scheme != "" || address.Path == "":
		return target
	}
	folder, file := path.Split(path.Clean(address.Path))
	if name, ok := strings.CutSuffix(file, ".md"); ok && folder == "" {
		address.Path = "/docs/guides/" + name
	} else if file == "schema.graphqls" {
		address.Path = "/schema.graphql"
	} else {
		return ""
	}
	return address.String()
}
