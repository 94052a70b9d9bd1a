package playground

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
)

// found is something that the search of the reference finds.
type found struct {
	Kind    string `json:"kind"`            // object, field, argument, value, guide and so on
	Title   string `json:"title"`           // its name
	Place   string `json:"place,omitempty"` // what it is in, such as Query.customers
	Address string `json:"address"`
	Text    string `json:"text,omitempty"`  // its description, or how it begins
	Words   string `json:"words,omitempty"` // what else is in it, each word once
}

// searchIndex has all that the reference shows: types, fields, arguments, values,
// guides with their sections, and examples.
func (r *reference) searchIndex() []found {
	var all []found
	for _, e := range started {
		all = append(all, found{Kind: "page", Title: e.Title, Address: e.Address})
	}
	for _, g := range r.Guides {
		all = append(all, foundIn(g)...)
	}
	for _, e := range r.Examples {
		all = append(all, found{Kind: "example", Title: e.Title, Address: "/docs/examples#" + e.Name, Text: e.Sentence})
	}
	for _, g := range r.Groups {
		for _, definition := range g.Types {
			address := typeAddress(definition.Name)
			all = append(all, found{Kind: kindName(definition), Title: definition.Name, Address: address, Text: oneLine(definition.Description)})
			for _, field := range definition.Fields {
				at := address + "#" + field.Name
				all = append(all, found{Kind: "field", Title: field.Name, Place: definition.Name, Address: at, Text: oneLine(field.Description)})
				for _, argument := range field.Arguments {
					all = append(all, found{"argument", argument.Name, definition.Name + "." + field.Name, at + "." + argument.Name, oneLine(argument.Description), ""})
				}
			}
			for _, value := range definition.EnumValues {
				all = append(all, found{Kind: "value", Title: value.Name, Place: definition.Name, Address: address + "#" + value.Name, Text: oneLine(value.Description)})
			}
		}
	}
	return all
}

// foundIn is a guide and its sections.
func foundIn(g guide) []found {
	var all []found
	for i, s := range g.Sections {
		f := found{"section", s.Title, g.Title, "/docs/guides/" + g.Name + "#" + s.ID, excerpt(s.Beginning), distinctWords(s.Text)}
		if i == 0 {
			f.Kind, f.Place, f.Address = "guide", "", "/docs/guides/"+g.Name
		}
		all = append(all, f)
	}
	return all
}

// searchFile is the index as the page of the search reads it.
func (r *reference) searchFile() file {
	text, err := json.Marshal(r.searchIndex())
	if err != nil {
		panic(err) // strings alone
	}
	return newFile("application/json", text)
}

func oneLine(description string) string { return strings.Join(paragraphs(description), " ") }

// excerpt is how a text begins: whole words of at most 160 bytes.
func excerpt(text string) string {
	if len(text) <= 160 {
		return text
	}
	return text[:strings.LastIndexByte(text[:161], ' ')+1] + "…" // a space is one byte in UTF-8
}

// distinctWords are the words of a text in lower case, each once.
func distinctWords(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-' })
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ")
}
