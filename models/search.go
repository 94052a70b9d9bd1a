package models

import (
	"slices"
	"strings"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/relay"
)

// foldSuffix ends the name of the column that holds another one in lower case, as
// strings.ToLower has it. The engines' own lower cases differ.
const foldSuffix = "_fold"

// folded is the column's folded copy.
func (c column) folded() column {
	c.name, c.folds, c.isFolded = c.name+foldSuffix, false, true
	return c
}

// folded names the folded copy of the column name.
func folded(name, alias string) string { return alias + `."` + name + foldSuffix + `"` }

// fold names the operand in lower case. A column without a folded copy holds
// lower case only.
func (o operand) fold(alias string) string {
	if o.folds {
		return folded(o.name, alias)
	}
	return o.sql(alias)
}

// alias is that of the rows that the field looks at.
func (f filterField) alias() string {
	if f.rows == "" {
		return "t"
	}
	return f.rows
}

// searchIn makes the filter field search: every word is contained, ignoring case,
// in one of the columns.
func (t *Table[T]) searchIn(columns ...string) *Table[T] {
	return t.filterBy("search", filterField{test: func(c *compiler, alias string, v any) error {
		return c.words(v, func(word string) {
			for i, name := range columns {
				if i > 0 {
					c.add(" OR ")
				}
				c.contains(folded(name, alias), word)
			}
		})
	}})
}

// maxWords bounds the words of a search.
const maxWords = 100

// words writes what contains asks of each word of a text.
func (c *compiler) words(v any, contains func(word string)) error {
	text, err := relay.UnmarshalID(v)
	if err == nil {
		err = relay.CheckText(text)
	}
	if err != nil {
		return err
	}
	words := strings.Fields(strings.ToLower(text))
	if len(words) > maxWords {
		return apierror.Invalid("there are %d words, and at most %d are looked for", len(words), maxWords)
	}
	slices.Sort(words)
	c.add("(TRUE")
	for _, word := range slices.Compact(words) {
		c.add(" AND (")
		contains(word)
		c.add(")")
	}
	c.add(")")
	return nil
}
