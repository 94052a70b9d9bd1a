package playground

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed examples
var exampleFiles embed.FS

// Example is a query to start from, which answers with rows on demo data. Its file
// begins with two comments: the title, and a sentence that says who needs it for
// what.
type Example struct {
	Name      string `json:"name"` // what ?example= calls it
	Title     string `json:"title"`
	Sentence  string `json:"sentence"`
	Query     string `json:"query"`
	Variables string `json:"variables"` // JSON, empty when there are none
}

// Examples are all examples, in the order of their files.
func Examples() ([]Example, error) {
	names, err := fs.Glob(exampleFiles, "examples/*.graphql")
	if err != nil {
		return nil, err
	}
	var examples []Example
	for _, name := range names {
		example, err := readExample(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		examples = append(examples, example)
	}
	return examples, nil
}

func readExample(name string) (Example, error) {
	text, err := fs.ReadFile(exampleFiles, name)
	if err != nil {
		return Example{}, err
	}
	title, rest, _ := strings.Cut(string(text), "\n")
	sentence, query, _ := strings.Cut(rest, "\n")
	bare := strings.TrimSuffix(name, ".graphql")
	_, short, ok := strings.Cut(path.Base(bare), "-")
	if !ok || !strings.HasPrefix(title, "# ") || !strings.HasPrefix(sentence, "# ") {
		return Example{}, fmt.Errorf("want NUMBER-NAME.graphql, and a title and a sentence as its first two comments")
	}
	variables, err := fs.ReadFile(exampleFiles, bare+".json")
	if err != nil {
		variables = nil // an example without variables has no file of them
	} else if !json.Valid(variables) {
		return Example{}, fmt.Errorf("its variables are no JSON")
	}
	return Example{
		Name:      short,
		Title:     title[2:],
		Sentence:  sentence[2:],
		Query:     strings.TrimSpace(query) + "\n",
		Variables: strings.TrimSpace(string(variables)),
	}, nil
}
