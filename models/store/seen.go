package store

import (
	"fmt"
	"strings"

	"github.com/usagegraph/usagegraph/models/database"
)

// Seen remembers which keys of a table a file had, in a temporary table, so that
// memory stays flat for a file of any size. It ends with the transaction, or by
// Drop.
type Seen[T any, K comparable] struct {
	tx   *database.Tx
	by   *Relation[Root, T, K]
	name string
}

// Mark is what is remembered of a key.
type Mark struct {
	Row  int64 // the row of the file, from 1
	Note string
}

// NewSeen makes the temporary table. There is one at most for each table.
func NewSeen[T any, K comparable](tx *database.Tx, by *Relation[Root, T, K]) (*Seen[T, K], error) {
	s := &Seen[T, K]{tx, by, "seen_" + by.To.Name}
	postgres := tx.Copier != nil
	var columns []string
	for i, c := range by.Columns {
		kind := string(c.Kind)
		if c.Kind == kindText && postgres {
			kind += ` COLLATE "C"`
		}
		columns = append(columns, fmt.Sprintf("k%d %s NOT NULL", i+1, kind))
	}
	end := " WITHOUT ROWID"
	if postgres {
		end = " ON COMMIT DROP"
	}
	sql := fmt.Sprintf("CREATE TEMPORARY TABLE %s (%s, row_number bigint NOT NULL, note text NOT NULL, PRIMARY KEY (%s))%s",
		s.name, strings.Join(columns, ", "), KeyNames("", len(columns)), end)
	return s, tx.Exec(sql).Error
}

func (s *Seen[T, K]) itself() *table { return &table{Name: s.name} }

// Select begins a statement that reads columns of the keys seen, which are called s: k1, k2,
// …, row_number and note.
func (s *Seen[T, K]) Select(columns string) *Statement {
	return NewStatement(s.tx.DB, Scope{All: true}).Add("SELECT "+columns+" FROM ").From(s, "s")
}

// Find reads the rows of a statement into a pointer to a slice of structs.
func (s *Seen[T, K]) Find(q *Statement, rows any) error {
	return s.tx.Raw(q.String(), q.Args...).Find(rows).Error
}

// Insert writes a row of the columns into a table for each key seen that it lacks. The
// values are SQL of the columns of s, as for Select.
func (s *Seen[T, K]) Insert(into AnyTable, columns, values string) error {
	t := into.itself()
	q := NewStatement(s.tx.DB, Scope{All: true}).Add(fmt.Sprintf(`INSERT INTO "%s" (%s) SELECT %s FROM `, t.Name, columns, values))
	q.From(s, "s").Add(fmt.Sprintf(" WHERE true ON CONFLICT (%s) DO NOTHING", Names(t.key)))
	return s.tx.Exec(q.String(), q.Args...).Error
}

// Drop removes the temporary table. SQLite would keep it after the transaction.
func (s *Seen[T, K]) Drop() error { return s.tx.Exec("DROP TABLE " + s.name).Error }

// Marks reads what is remembered of the keys.
func (s *Seen[T, K]) Marks(keys []K) (map[K]Mark, error) {
	q := NewStatement(s.tx.DB, Scope{All: true})
	// A subquery a key is one look into the index, whatever the engine guesses of a
	// table that it has no statistics of.
	on := onSeen(len(s.by.Columns), "s", "p.k%d")
	q.Add(fmt.Sprintf(`SELECT n, row_number, note FROM (SELECT p.n,
		(SELECT s.row_number FROM %s AS s WHERE %s) AS row_number,
		(SELECT s.note FROM %s AS s WHERE %s) AS note FROM `, s.name, on, s.name, on))
	FromKeys(q, &s.by.Edge, keys)
	q.Add(") AS found WHERE row_number IS NOT NULL")
	var rows []struct {
		N         int
		RowNumber int64
		Note      string
	}
	if err := s.tx.Raw(q.String(), q.Args...).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read %s: %w", s.name, err)
	}
	marks := make(map[K]Mark, len(rows))
	for _, row := range rows {
		marks[keys[row.N-q.FirstNumber()]] = Mark{row.RowNumber, row.Note}
	}
	return marks, nil
}

func onSeen(n int, alias, other string) string {
	on := make([]string, n)
	for i := range on {
		on[i] = fmt.Sprintf("%s.k%d = "+other, alias, i+1, i+1)
	}
	return strings.Join(on, " AND ")
}

// Add remembers keys that are not remembered yet.
func (s *Seen[T, K]) Add(keys []K, marks []Mark) error {
	if len(keys) == 0 {
		return nil
	}
	type marked struct {
		Key  K
		Mark Mark
	}
	rows := make([]marked, len(keys))
	for i := range keys {
		rows[i] = marked{keys[i], marks[i]}
	}
	columns := append(s.by.Columns[:len(s.by.Columns):len(s.by.Columns)], Column{Kind: KindInt}, Column{Kind: kindText})
	q := NewStatement(s.tx.DB, Scope{All: true})
	q.Add(fmt.Sprintf("INSERT INTO %s SELECT %s FROM ", s.name, KeyNames("", len(columns))))
	FromKeys(q, &Edge{Columns: columns}, rows)
	if err := s.tx.Exec(q.String(), q.Args...).Error; err != nil {
		return fmt.Errorf("write %s: %w", s.name, err)
	}
	return nil
}

// Forget takes away what is remembered of the keys.
func (s *Seen[T, K]) Forget(keys []K) error {
	if len(keys) == 0 {
		return nil
	}
	q := NewStatement(s.tx.DB, Scope{All: true})
	n := len(s.by.Columns)
	q.Add(fmt.Sprintf("DELETE FROM %s WHERE (%s) IN (SELECT %s FROM ", s.name, KeyNames("", n), KeyNames("p.", n)))
	FromKeys(q, &s.by.Edge, keys)
	q.Add(")")
	if err := s.tx.Exec(q.String(), q.Args...).Error; err != nil {
		return fmt.Errorf("forget rows of %s: %w", s.name, err)
	}
	return nil
}

// ForgetNoted takes away all keys that are remembered with one of the notes.
func (s *Seen[T, K]) ForgetNoted(notes []string) error {
	if err := s.tx.Exec(fmt.Sprintf("DELETE FROM %s WHERE note IN ?", s.name), notes).Error; err != nil {
		return fmt.Errorf("forget rows of %s: %w", s.name, err)
	}
	return nil
}

// onKey holds where t is the row of the key in s.
func (s *Seen[T, K]) onKey(t string) string {
	on := make([]string, len(s.by.Columns))
	for i, c := range s.by.Columns {
		on[i] = fmt.Sprintf("s.k%d = %s", i+1, c.Qualified(t))
	}
	return strings.Join(on, " AND ")
}

// Unseen are the rows of a table that were not seen, and share a value with one
// that was.
type Unseen struct {
	By     string   // the column that both share
	Also   []int64  // values that count as shared although no row seen may have them
	OnlyIf []string // a row with a value in one of these columns counts only if a row seen has one there
}

// unseen adds the condition that t is one of the rows u.
func (s *Seen[T, K]) unseen(q *Statement, u Unseen) {
	table, c := s.by.To.Name, s.by.To.column(u.By)
	seen := fmt.Sprintf(`FROM %s AS s CROSS JOIN "%s" AS u WHERE %s`, s.name, table, s.onKey("u"))
	q.Add(fmt.Sprintf("(%s IN (SELECT %s %s)", c.Qualified("t"), c.Qualified("u"), seen))
	for _, value := range u.Also {
		q.Add(" OR "+c.Qualified("t")+" = ?", value)
	}
	q.Add(fmt.Sprintf(") AND NOT EXISTS (SELECT 1 FROM %s AS s WHERE %s)", s.name, s.onKey("t")))
	for _, name := range u.OnlyIf {
		c := s.by.To.column(name)
		q.Add(fmt.Sprintf(" AND (%s IS NULL OR EXISTS (SELECT 1 %s AND %s IS NOT NULL))", c.Qualified("t"), seen, c.Qualified("u")))
	}
}

// DeleteUnseen deletes the rows u. It returns their number, and that of the rows
// that stay because of OnlyIf alone.
func (s *Seen[T, K]) DeleteUnseen(u Unseen) (deleted, kept int, err error) {
	table := s.by.To.Name
	q := NewStatement(s.tx.DB, Scope{All: true})
	q.Add(fmt.Sprintf(`DELETE FROM "%s" AS t WHERE `, table))
	s.unseen(q, u)
	done := s.tx.Exec(q.String(), q.Args...)
	if done.Error != nil {
		return 0, 0, fmt.Errorf("delete from %s: %w", table, done.Error)
	}
	if len(u.OnlyIf) > 0 {
		u.OnlyIf = nil
		kept, err = s.count(u, fmt.Sprintf(`SELECT count(*) FROM "%s" AS t WHERE `, table), "")
	}
	return int(done.RowsAffected), kept, err
}

// CountWithUnseen counts the rows of a list that belongs to the rows u.
func (s *Seen[T, K]) CountWithUnseen(u Unseen, list *Edge) (int, error) {
	return s.count(u, fmt.Sprintf(`SELECT count(*) FROM "%s" AS c WHERE (%s) IN (SELECT %s FROM "%s" AS t WHERE `,
		list.Target.Name, Names(list.Columns), Names(s.by.Columns), s.by.To.Name), ")")
}

// count counts by a statement whose middle is the condition that t is one of the
// rows u.
func (s *Seen[T, K]) count(u Unseen, start, end string) (n int, err error) {
	q := NewStatement(s.tx.DB, Scope{All: true})
	q.Add(start)
	s.unseen(q, u)
	q.Add(end)
	if err := s.tx.Raw(q.String(), q.Args...).Scan(&n).Error; err != nil {
		return 0, fmt.Errorf("count what is not in the file of %s: %w", s.by.To.Name, err)
	}
	return n, nil
}
