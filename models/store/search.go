package store

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// foldSuffix ends the name of the column that holds another one in lower case, as
// strings.ToLower has it. The engines' own lower cases differ.
const foldSuffix = "_fold"

// folded is the column's folded copy.
func (c Column) folded() Column {
	c.Name, c.folds, c.isFolded = c.Name+foldSuffix, false, true
	return c
}

// folded names the folded copy of the column name.
func folded(name, alias string) string { return alias + `."` + name + foldSuffix + `"` }

// fold names the operand in lower case. A column without a folded copy holds
// lower case only.
func (o Operand) fold(alias string) string {
	if o.folds {
		return folded(o.Name, alias)
	}
	return o.SQL(alias)
}

// TextColumns are the folded columns that a search looks into, in the rows of a table.
type TextColumns struct {
	From    AnyTable
	Alias   string
	Columns []string
}

// SearchIn makes the filter field search: every word is contained, ignoring case,
// in one of the columns.
func (t *Table[T]) SearchIn(columns ...string) *Table[T] {
	return t.FilterBy("search", FilterWith(ReadWords, func(w *FilterWriter, alias string, words []string) {
		w.Add("(TRUE")
		for i, word := range words {
			w.Add(" AND (")
			w.anyContains(TextColumns{t, alias, columns}, word, i == 0)
			w.Add(")")
		}
		w.Add(")")
	}))
}

// maxWords bounds the words of a search.
const maxWords = 100

// ReadWords returns the words of a search, each once, the longest first: it is contained in the
// fewest texts, as a rule.
func ReadWords(v any) ([]string, error) {
	text, err := scalar.UnmarshalID(v)
	if err == nil {
		err = scalar.CheckText(text)
	}
	if err != nil {
		return nil, err
	}
	words := strings.Fields(strings.ToLower(text))
	if len(words) > maxWords {
		return nil, fault.Invalid("there are %d words, and at most %d are looked for", len(words), maxWords)
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return slices.Compact(words), nil
}

// anyContains writes that a word is contained in one of the texts, by their index if it is
// to be found and not only to be tried.
func (w *FilterWriter) anyContains(t TextColumns, word string, find bool) {
	for i, name := range t.Columns {
		if i > 0 {
			w.Add(" OR ")
		}
		if column := folded(name, t.Alias); find && w.Postgres && utf8.RuneCountInString(word) >= trigram {
			w.Add(column+" LIKE ?", "%"+escapeLike.Replace(word)+"%")
		} else {
			w.contains(column, word)
		}
	}
}

// trigram is how many characters a word must have for the index of texts to find it.
const trigram = 3

var escapeLike = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

// Searched is where a search looks: into texts of a row, and of rows beside it, which are
// those whose column theirs equals the row's column ours.
type Searched struct {
	Own, Beside  TextColumns
	Ours, Theirs string
}

// Search writes that each word is contained in one of the texts. Where many rows are to be
// looked at, the longest word chooses some first.
func (w *FilterWriter) Search(in Searched, words []string) {
	w.Add("(TRUE")
	if len(words) > 0 && !w.Few {
		w.choose(in, words[0])
		words = words[1:]
	}
	if len(words) > 0 {
		w.try(in, words)
	}
	w.Add(")")
}

// choose writes that the row is one of those that contain a word.
func (w *FilterWriter) choose(in Searched, word string) {
	own, beside, key := in.Own, in.Beside, in.Own.From.itself().key[0]
	w.Add(" AND "+key.Qualified(own.Alias)+" IN (SELECT "+key.Qualified("f")+" FROM ").From(own.From, "f").Add(" WHERE ")
	w.anyContains(TextColumns{own.From, "f", own.Columns}, word, true)
	w.Add(" UNION ALL SELECT ")
	theirs := beside.Alias + `."` + in.Theirs + `"`
	if in.Ours == key.Name {
		w.Add(theirs+" FROM ").From(beside.From, beside.Alias).Add(" WHERE (")
	} else {
		w.Add(key.Qualified("f")+" FROM ").From(own.From, "f").Add(" JOIN ").From(beside.From, beside.Alias).Add(" ON " + theirs + ` = f."` + in.Ours + `" AND (`)
	}
	w.anyContains(beside, word, true)
	w.Add("))")
}

// try writes that the row's texts contain words. They are put together once, however many
// words there are; no word has the blank between them. The limit keeps engines from putting
// them together anew for each.
func (w *FilterWriter) try(in Searched, words []string) {
	gather := "group_concat("
	if w.Postgres {
		gather = "string_agg("
	}
	w.Add(" AND EXISTS (SELECT 1 FROM (SELECT "+in.Own.together()+" || COALESCE((SELECT "+gather+in.Beside.together()+", '') FROM ").From(in.Beside.From, in.Beside.Alias)
	w.Add(" WHERE " + in.Beside.Alias + `."` + in.Theirs + `" = ` + in.Own.Alias + `."` + in.Ours + `"), '') AS words LIMIT 1) AS x WHERE TRUE`)
	for _, word := range words {
		w.Add(" AND ")
		w.contains("x.words", word)
	}
	w.Add(")")
}

// together is the texts one after the other, with a blank before each, as SQL.
func (t TextColumns) together() string {
	parts := make([]string, len(t.Columns))
	for i, name := range t.Columns {
		parts[i] = "COALESCE(' ' || " + folded(name, t.Alias) + ", '')"
	}
	return strings.Join(parts, " || ")
}
