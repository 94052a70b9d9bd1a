package models

import (
	"fmt"
	"slices"
	"strings"
)

// This file holds the SQL that imports need beside Insert, Upsert, InsertMissing
// and DeleteChildren.

// LockImports keeps imports apart until the transaction ends, because an import
// decides by what it has read. On SQLite a transaction that writes is alone anyway.
func LockImports(tx *Tx) error {
	if tx.copier == nil {
		return nil
	}
	// The number is arbitrary, and no other lock of usagegraph has it.
	return tx.Exec("SELECT pg_advisory_xact_lock(7215403661)").Error
}

// RecordImport notes that a source was read.
func RecordImport(tx *Tx, row Import) error { return tx.Create(&row).Error }

// Stored is what an import compares a row of a file with.
type Stored struct {
	Digest       []byte // nil for a row that another one named first
	LedgerDigest []byte
	CustomerID   CustomerID
	SiteID       SiteID
}

// ReadStored reads the rows with the keys that are there.
func ReadStored[T any, K comparable](tx *Tx, by *Relation[Root, T, K], keys []K) (map[K]Stored, error) {
	s := newStatement(tx.DB, Scope{All: true})
	s.add(`SELECT p.n, t."digest"`)
	for _, c := range by.To.columns {
		switch c.name {
		case "ledger_digest", "customer_id", "site_id":
			s.add(", " + c.of("t"))
		}
	}
	s.add(" FROM ")
	parents(s, by.columns, keys)
	s.add(fmt.Sprintf(` CROSS JOIN "%s" AS t WHERE %s`, by.To.name, onParent(by.columns, "t")))
	var rows []struct {
		N int
		Stored
	}
	if err := tx.Raw(s.String(), s.args...).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read what is stored of %s: %w", by.To.name, err)
	}
	stored := make(map[K]Stored, len(rows))
	for _, row := range rows {
		stored[keys[row.N-s.first()]] = row.Stored
	}
	return stored, nil
}

// Touch says of the rows of rel that belong to the parents with the keys that they
// changed: a cascade that moves rows to another customer or site does not.
func Touch[P, C any, K comparable](tx *Tx, rel *Relation[P, C, K], keys []K, now DateTime) error {
	return update(tx, rel, keys, "updated_at = ?", now)
}

// Forget makes the next import of the rows with the keys write them, whether or
// not they differ from what was imported last.
func Forget[T any, K comparable](tx *Tx, by *Relation[Root, T, K], keys []K, now DateTime) error {
	return update(tx, by, keys, "digest = NULL, updated_at = ?", now)
}

func update[P, C any, K comparable](tx *Tx, rel *Relation[P, C, K], keys []K, set string, args ...any) error {
	if len(keys) == 0 {
		return nil
	}
	s := newStatement(tx.DB, Scope{All: true})
	s.add(fmt.Sprintf(`UPDATE "%s" SET %s WHERE (%s) IN (SELECT %s FROM `,
		rel.To.name, set, names(rel.columns), keyNames("", len(rel.columns))), args...)
	parents(s, rel.columns, keys)
	s.add(")")
	if err := tx.Exec(s.String(), s.args...).Error; err != nil {
		return fmt.Errorf("update %s: %w", rel.To.name, err)
	}
	return nil
}

// keyNames are k1, k2, … of the rows called alias.
func keyNames(alias string, n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%sk%d", alias, i+1)
	}
	return strings.Join(out, ", ")
}

// FirstOwnCustomer is the least ID of a customer that Elevate does not list. Those of
// Elevate are far below.
const FirstOwnCustomer CustomerID = 1_000_000_000_000

// FreeCustomerIDs are the n least IDs from the given one on that no customer has.
func FreeCustomerIDs(tx *Tx, from CustomerID, n int) ([]CustomerID, error) {
	free := make([]CustomerID, 0, n)
	for len(free) < n {
		var next struct{ Taken, End *CustomerID } // the first that is taken, and the last of those that follow it without a gap
		err := tx.Raw(`SELECT min(id) AS taken, min(CASE WHEN following IS NULL OR following - id > 1 THEN id END) AS "end"
			FROM (SELECT id, lead(id) OVER (ORDER BY id) AS following FROM customers WHERE id >= ?) AS c`, from).Find(&next).Error
		if err != nil {
			return nil, fmt.Errorf("look for free IDs of customers: %w", err)
		}
		for ; len(free) < n && (next.Taken == nil || from < *next.Taken); from++ {
			free = append(free, from)
		}
		if next.End != nil {
			from = *next.End + 1
		}
	}
	return free, nil
}

// GiveContracts gives each of the contracts whose customer has no balance or entitlement
// of it to one who has, the one with the lowest ID, without the name that it had.
func GiveContracts(tx *Tx, ids []ContractID, now DateTime) error {
	// Rows are found by the expression that the indexes hold.
	of := func(table string) string {
		return fmt.Sprintf(`SELECT o.customer_id FROM "%s" AS o WHERE COALESCE('0' || o.contract_id, '1') = '0' || c.id`, table)
	}
	rows := of("balances") + " UNION ALL " + of("entitlement_balances")
	s := newStatement(tx.DB, Scope{All: true})
	s.add(`SELECT c.id, (SELECT min(customer_id) FROM (` + rows + `) AS o) AS customer_id FROM `)
	parents(s, ContractByID.columns, ids)
	s.add(` CROSS JOIN contracts AS c WHERE c.id = p.k1 AND c.customer_id NOT IN (` + rows + `) ORDER BY c.id`)
	var given []Contract
	if err := tx.Raw(s.String(), s.args...).Find(&given).Error; err != nil {
		return fmt.Errorf("look for the customers of contracts: %w", err)
	}
	given = slices.DeleteFunc(given, func(c Contract) bool { return c.CustomerID == 0 }) // nobody has a row of it
	for i := range given {
		given[i].UpdatedAt = now
	}
	return Upsert(tx, Contracts, given)
}

// Seen remembers which keys of a table a file had, in a temporary table, so that
// memory stays flat for a file of any size. It ends with the transaction, or by
// Drop.
type Seen[T any, K comparable] struct {
	tx   *Tx
	by   *Relation[Root, T, K]
	name string
}

// Mark is what is remembered of a key.
type Mark struct {
	Row  int64 // the row of the file, from 1
	Note string
}

// NewSeen makes the temporary table. There is one at most for each table.
func NewSeen[T any, K comparable](tx *Tx, by *Relation[Root, T, K]) (*Seen[T, K], error) {
	s := &Seen[T, K]{tx, by, "seen_" + by.To.name}
	postgres := tx.copier != nil
	var columns []string
	for i, c := range by.columns {
		kind := string(c.kind)
		if c.kind == kindText && postgres {
			kind += ` COLLATE "C"`
		}
		columns = append(columns, fmt.Sprintf("k%d %s NOT NULL", i+1, kind))
	}
	end := " WITHOUT ROWID"
	if postgres {
		end = " ON COMMIT DROP"
	}
	sql := fmt.Sprintf("CREATE TEMPORARY TABLE %s (%s, row_number bigint NOT NULL, note text NOT NULL, PRIMARY KEY (%s))%s",
		s.name, strings.Join(columns, ", "), keyNames("", len(columns)), end)
	return s, tx.Exec(sql).Error
}

// Drop removes the temporary table. SQLite would keep it after the transaction.
func (s *Seen[T, K]) Drop() error { return s.tx.Exec("DROP TABLE " + s.name).Error }

// Marks reads what is remembered of the keys.
func (s *Seen[T, K]) Marks(keys []K) (map[K]Mark, error) {
	q := newStatement(s.tx.DB, Scope{All: true})
	// A subquery a key is one look into the index, whatever the engine guesses of a
	// table that it has no statistics of.
	on := onSeen(len(s.by.columns), "s", "p.k%d")
	q.add(fmt.Sprintf(`SELECT n, row_number, note FROM (SELECT p.n,
		(SELECT s.row_number FROM %s AS s WHERE %s) AS row_number,
		(SELECT s.note FROM %s AS s WHERE %s) AS note FROM `, s.name, on, s.name, on))
	parents(q, s.by.columns, keys)
	q.add(") AS found WHERE row_number IS NOT NULL")
	var rows []struct {
		N         int
		RowNumber int64
		Note      string
	}
	if err := s.tx.Raw(q.String(), q.args...).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read %s: %w", s.name, err)
	}
	marks := make(map[K]Mark, len(rows))
	for _, row := range rows {
		marks[keys[row.N-q.first()]] = Mark{row.RowNumber, row.Note}
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
	columns := append(s.by.columns[:len(s.by.columns):len(s.by.columns)], column{kind: kindInt}, column{kind: kindText})
	q := newStatement(s.tx.DB, Scope{All: true})
	q.add(fmt.Sprintf("INSERT INTO %s SELECT %s FROM ", s.name, keyNames("", len(columns))))
	parents(q, columns, rows)
	if err := s.tx.Exec(q.String(), q.args...).Error; err != nil {
		return fmt.Errorf("write %s: %w", s.name, err)
	}
	return nil
}

// Forget takes away what is remembered of the keys.
func (s *Seen[T, K]) Forget(keys []K) error {
	if len(keys) == 0 {
		return nil
	}
	q := newStatement(s.tx.DB, Scope{All: true})
	n := len(s.by.columns)
	q.add(fmt.Sprintf("DELETE FROM %s WHERE (%s) IN (SELECT %s FROM ", s.name, keyNames("", n), keyNames("p.", n)))
	parents(q, s.by.columns, keys)
	q.add(")")
	if err := s.tx.Exec(q.String(), q.args...).Error; err != nil {
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
	on := make([]string, len(s.by.columns))
	for i, c := range s.by.columns {
		on[i] = fmt.Sprintf("s.k%d = %s", i+1, c.of(t))
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
func (s *Seen[T, K]) unseen(q *statement, u Unseen) {
	table, c := s.by.To.name, s.by.To.column(u.By)
	seen := fmt.Sprintf(`FROM %s AS s CROSS JOIN "%s" AS u WHERE %s`, s.name, table, s.onKey("u"))
	q.add(fmt.Sprintf("(%s IN (SELECT %s %s)", c.of("t"), c.of("u"), seen))
	for _, value := range u.Also {
		q.add(" OR "+c.of("t")+" = ?", value)
	}
	q.add(fmt.Sprintf(") AND NOT EXISTS (SELECT 1 FROM %s AS s WHERE %s)", s.name, s.onKey("t")))
	for _, name := range u.OnlyIf {
		c := s.by.To.column(name)
		q.add(fmt.Sprintf(" AND (%s IS NULL OR EXISTS (SELECT 1 %s AND %s IS NOT NULL))", c.of("t"), seen, c.of("u")))
	}
}

// DeleteUnseen deletes the rows u. It returns their number, and that of the rows
// that stay because of OnlyIf alone.
func (s *Seen[T, K]) DeleteUnseen(u Unseen) (deleted, kept int, err error) {
	table := s.by.To.name
	q := newStatement(s.tx.DB, Scope{All: true})
	q.add(fmt.Sprintf(`DELETE FROM "%s" AS t WHERE `, table))
	s.unseen(q, u)
	done := s.tx.Exec(q.String(), q.args...)
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
		list.to.name, names(list.columns), names(s.by.columns), s.by.To.name), ")")
}

// count counts by a statement whose middle is the condition that t is one of the
// rows u.
func (s *Seen[T, K]) count(u Unseen, start, end string) (n int, err error) {
	q := newStatement(s.tx.DB, Scope{All: true})
	q.add(start)
	s.unseen(q, u)
	q.add(end)
	if err := s.tx.Raw(q.String(), q.args...).Scan(&n).Error; err != nil {
		return 0, fmt.Errorf("count what is not in the file of %s: %w", s.by.To.name, err)
	}
	return n, nil
}

// Conflict is a row of a file that cannot stand beside another row.
type Conflict struct {
	Row      int64  // of the file
	Value    string // that both have
	Other    string // key of the other row
	OtherRow int64  // its row in the file, 0 when the file lacks it
	Total    int    // number of conflicts
}

// UniquenessConflicts are the balances seen whose uniqueness key another balance
// of their customer has, the first limit of them in order of the file; only those
// whose other balance was seen too if bothSeen.
func UniquenessConflicts(s *Seen[Balance, BalanceID], bothSeen bool, limit int) (conflicts []Conflict, err error) {
	sql := fmt.Sprintf(`SELECT s.row_number AS "row", a.uniqueness_key AS value, b.id AS other,
			COALESCE(o.row_number, 0) AS other_row, count(*) OVER () AS total
		FROM %s AS s
		JOIN balances AS a ON a.id = s.k1 AND a.uniqueness_key IS NOT NULL
		JOIN balances AS b ON b.customer_id = a.customer_id AND b.uniqueness_key = a.uniqueness_key AND b.id <> a.id
		LEFT JOIN %s AS o ON o.k1 = b.id
		WHERE o.row_number < s.row_number OR o.row_number IS NULL AND NOT ?
		ORDER BY s.row_number, b.id LIMIT ?`, s.name, s.name)
	if err := s.tx.Raw(sql, bothSeen, limit).Find(&conflicts).Error; err != nil {
		return nil, fmt.Errorf("look for uniqueness keys: %w", err)
	}
	return conflicts, nil
}

// ExternalIDKey is the key of an ExternalID.
type ExternalIDKey struct{ System, Value string }

// ExternalIDByKey finds an external ID by its key.
var ExternalIDByKey = newKey(ExternalIDs, func(row *ExternalID) ExternalIDKey { return ExternalIDKey{row.System, row.Value} })

// ExternalIDsByValue are the external IDs with a value, in any system.
var ExternalIDsByValue = newRelation(ExternalIDs, []string{"value"},
	func(*Root) (none string) { return none },
	func(row *ExternalID) string { return row.Value })

// ExternalIDConflicts are the external IDs seen, whose notes are customers, that
// belong to another customer, the first limit of them in order of the file.
func ExternalIDConflicts(s *Seen[ExternalID, ExternalIDKey], limit int) (conflicts []Conflict, err error) {
	sql := fmt.Sprintf(`SELECT s.row_number AS "row", s.k1 || ':' || s.k2 AS value, CAST(e.customer_id AS text) AS other,
			0 AS other_row, count(*) OVER () AS total
		FROM %s AS s JOIN external_ids AS e ON e.system = s.k1 AND e.value = s.k2
		WHERE CAST(e.customer_id AS text) <> s.note
		ORDER BY s.row_number, s.k1, s.k2 LIMIT ?`, s.name)
	if err := s.tx.Raw(sql, limit).Find(&conflicts).Error; err != nil {
		return nil, fmt.Errorf("look for external IDs: %w", err)
	}
	return conflicts, nil
}

// InsertExternalIDs writes the external IDs seen, whose notes are customers.
func InsertExternalIDs(s *Seen[ExternalID, ExternalIDKey]) error {
	sql := fmt.Sprintf(`INSERT INTO external_ids (system, value, customer_id)
		SELECT k1, k2, CAST(note AS bigint) FROM %s WHERE true ON CONFLICT (system, value) DO NOTHING`, s.name)
	if err := s.tx.Exec(sql).Error; err != nil {
		return fmt.Errorf("write external_ids: %w", err)
	}
	return nil
}
