package models

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

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

// texts are the folded columns that a search looks into, in the rows of a table.
type texts struct {
	from    AnyTable
	alias   string
	columns []string
}

// searchIn makes the filter field search: every word is contained, ignoring case,
// in one of the columns.
func (t *Table[T]) searchIn(columns ...string) *Table[T] {
	return t.filterBy("search", testOf(wordsOf, func(w *filterWriter, alias string, words []string) {
		w.add("(TRUE")
		for i, word := range words {
			w.add(" AND (")
			w.anyContains(texts{t, alias, columns}, word, i == 0)
			w.add(")")
		}
		w.add(")")
	}))
}

// maxWords bounds the words of a search.
const maxWords = 100

// wordsOf are the words of a search, each once, the longest first: it is contained in the
// fewest texts, as a rule.
func wordsOf(v any) ([]string, error) {
	text, err := relay.UnmarshalID(v)
	if err == nil {
		err = relay.CheckText(text)
	}
	if err != nil {
		return nil, err
	}
	words := strings.Fields(strings.ToLower(text))
	if len(words) > maxWords {
		return nil, apierror.Invalid("there are %d words, and at most %d are looked for", len(words), maxWords)
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return slices.Compact(words), nil
}

// anyContains writes that a word is contained in one of the texts, by their index if it is
// to be found and not only to be tried.
func (w *filterWriter) anyContains(t texts, word string, find bool) {
	for i, name := range t.columns {
		if i > 0 {
			w.add(" OR ")
		}
		if column := folded(name, t.alias); find && w.postgres && utf8.RuneCountInString(word) >= trigram {
			w.add(column+" LIKE ?", "%"+escapeLike.Replace(word)+"%")
		} else {
			w.contains(column, word)
		}
	}
}

// trigram is how many characters a word must have for the index of texts to find it.
const trigram = 3

var escapeLike = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

// searched is where a search looks: into texts of a row, and of rows beside it, which are
// those whose column theirs equals the row's column ours.
type searched struct {
	own, beside  texts
	ours, theirs string
}

// search writes that each word is contained in one of the texts. Where many rows are to be
// looked at, the longest word chooses some first.
func (w *filterWriter) search(in searched, words []string) {
	w.add("(TRUE")
	if len(words) > 0 && !w.few {
		w.choose(in, words[0])
		words = words[1:]
	}
	if len(words) > 0 {
		w.try(in, words)
	}
	w.add(")")
}

// choose writes that the row is one of those that contain a word.
func (w *filterWriter) choose(in searched, word string) {
	own, beside, key := in.own, in.beside, in.own.from.itself().key[0]
	w.add(" AND "+key.qualified(own.alias)+" IN (SELECT "+key.qualified("f")+" FROM ").from(own.from, "f").add(" WHERE ")
	w.anyContains(texts{own.from, "f", own.columns}, word, true)
	w.add(" UNION ALL SELECT ")
	theirs := beside.alias + `."` + in.theirs + `"`
	if in.ours == key.name {
		w.add(theirs+" FROM ").from(beside.from, beside.alias).add(" WHERE (")
	} else {
		w.add(key.qualified("f")+" FROM ").from(own.from, "f").add(" JOIN ").from(beside.from, beside.alias).add(" ON " + theirs + ` = f."` + in.ours + `" AND (`)
	}
	w.anyContains(beside, word, true)
	w.add("))")
}

// try writes that the row's texts contain words. They are put together once, however many
// words there are; no word has the blank between them. The limit keeps engines from putting
// them together anew for each.
func (w *filterWriter) try(in searched, words []string) {
	gather := "group_concat("
	if w.postgres {
		gather = "string_agg("
	}
	w.add(" AND EXISTS (SELECT 1 FROM (SELECT "+in.own.together()+" || COALESCE((SELECT "+gather+in.beside.together()+", '') FROM ").from(in.beside.from, in.beside.alias)
	w.add(" WHERE " + in.beside.alias + `."` + in.theirs + `" = ` + in.own.alias + `."` + in.ours + `"), '') AS words LIMIT 1) AS x WHERE TRUE`)
	for _, word := range words {
		w.add(" AND ")
		w.contains("x.words", word)
	}
	w.add(")")
}

// together is the texts one after the other, with a blank before each, as SQL.
func (t texts) together() string {
	parts := make([]string, len(t.columns))
	for i, name := range t.columns {
		parts[i] = "COALESCE(' ' || " + folded(name, t.alias) + ", '')"
	}
	return strings.Join(parts, " || ")
}
