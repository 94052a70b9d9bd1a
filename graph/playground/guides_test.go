package playground

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var fenced = regexp.MustCompile("(?ms)^```.*?^```")

func wantGuides(t *testing.T, index []found, have map[string]bool) {
	t.Helper()
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d guides, %v", len(files), err)
	}
	words := map[string]string{}
	for _, f := range index {
		page, _, _ := strings.Cut(f.Address, "#")
		words[page] += strings.ToLower(" "+f.Title+" ") + f.Words
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		title := ""
		for _, heading := range regexp.MustCompile(`(?m)^(#+) (.*)$`).FindAllStringSubmatch(fenced.ReplaceAllString(string(source), ""), -1) {
			name := strings.NewReplacer("`", "", `\`, "").Replace(heading[2])
			switch {
			case heading[1] == "#":
				title = name
				if !have["guide  "+name] {
					t.Errorf("the guide %s is not found", name)
				}
			case !have["section "+title+" "+name]:
				t.Errorf("the section %s of %s is not found", name, title)
			}
		}
		page := "/docs/guides/" + strings.TrimSuffix(filepath.Base(file), ".md")
		for _, word := range strings.Fields(distinctWords(string(source))) {
			if !strings.Contains(words[page], word) {
				t.Errorf("%s: the word %s is not found", page, word)
			}
		}
	}
}

// TestGuides holds what becomes of Markdown: no HTML and no script of its own, links
// between files lead to pages, and what the binary lacks is left out.
func TestGuides(t *testing.T) {
	source := "# A *guide*\n\nText <b onclick=\"x()\">bold</b>.\n\n<script>alert(1)</script>\n\n## One `two`\n\n" +
		"[other](limits.md#cost), [here](#one-two), [schema](../schema.graphqls), [code](../server.go), [bad](javascript:alert(1)), [out](https://example.com/x).\n\n" +
		"![picture](x.png)\n\n| a | b |\n|---|--:|\n| <td> | 2 |\n\n```sh\n# no heading\n<script>\n```\n"
	g, err := newGuide("name", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	text := string(g.HTML)
	for _, want := range []string{`href="/docs/guides/limits#cost"`, `href="#one-two"`, `href="/schema.graphql"`, `href="https://example.com/x"`, ", code, ", `<h2 id="one-two">`, `<div class="scroll" tabindex="0"`, "&lt;script&gt;", `<pre tabindex="0">`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	for _, bad := range []string{"<script", "onclick", "javascript:", "<img", "<b", " style=", "server.go", "x.png"} {
		if strings.Contains(text, bad) {
			t.Errorf("%s is in %s", bad, text)
		}
	}
	if g.Title != "A guide" || len(g.Sections) != 2 || g.Sections[1].Title != "One two" || !strings.Contains(g.Sections[1].Text, "no heading") || strings.Contains(g.Sections[0].Text, "two") {
		t.Errorf("%q has %+v", g.Title, g.Sections)
	}
	if _, err := newGuide("name", []byte("Text.")); err == nil {
		t.Error("a guide without a title is taken")
	}
}
