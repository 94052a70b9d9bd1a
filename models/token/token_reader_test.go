package token_test

import (
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
	"github.com/usagegraph/usagegraph/models/token"
)

// proving makes a token known, and returns what brings the proof for a request of it with
// a read, and returns how many statements that took.
func proving(t *testing.T, db *gorm.DB) func() (int, error) {
	t.Helper()
	if err := database.SetPool(db, 1); err != nil {
		t.Fatal(err)
	}
	if err := token.Create(t.Context(), db, &token.APIToken{Hash: []byte("hash")}); err != nil {
		t.Fatal(err)
	}
	return provingAgain(t, db)
}

// provingAgain is proving of the token that is there.
func provingAgain(t *testing.T, db *gorm.DB) func() (int, error) {
	t.Helper()
	token, err := token.NewReader(db).ByHash(t.Context(), []byte("hash"))
	if err != nil || token == nil {
		t.Fatal(token, err)
	}
	statements := modelstest.Record(t, db)
	return func() (int, error) {
		before := len(statements())
		proof := token.Precondition()
		reader := store.NewReader(db, store.Scope{All: true}).WithPrecondition(proof)
		if _, err := store.Children(t.Context(), reader, models.CustomerByID, []scalar.CustomerID{1}); err != nil {
			return 0, err
		}
		asked := len(statements()) - before
		return asked, proof.Check(t.Context())
	}
}

// TestNews holds that a token's row is read again only after a change of any token, on
// PostgreSQL, and that a notification is sent for what changes tokens in any way.
func TestNews(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		prove := proving(t, db)
		expect := func(what string, want int) {
			t.Helper()
			if db.Name() == "sqlite" {
				want = 2
			}
			if got, err := prove(); got != want || err != nil {
				t.Errorf("%s: %d statements, want %d: %v", what, got, want, err)
			}
		}
		expect("the first", 2)
		for change, want := range map[string]int{
			"UPDATE api_tokens SET name = 'another' WHERE id = 1": 2,
			"DELETE FROM api_tokens WHERE id = 9":                 2,
			"UPDATE customers SET name = name":                    1,
		} {
			expect("before "+change, 1)
			if err := db.Exec(change).Error; err != nil {
				t.Fatal(err)
			}
			expect("after "+change, want)
		}
		all := "DELETE FROM api_tokens"
		if db.Name() == "postgres" {
			all = "TRUNCATE api_tokens"
		}
		if err := db.Exec(all).Error; err != nil {
			t.Fatal(err)
		}
		if _, err := prove(); !token.Changed(err) {
			t.Errorf("a token that is gone: %v", err)
		}
	})
}

// TestNewsUntold holds that a change without a notification counts all the same, a
// little later.
func TestNewsUntold(t *testing.T) {
	db := modelstest.Open(t, modelstest.Postgres(t))
	prove := proving(t, db)
	if _, err := prove(); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"ALTER TABLE api_tokens DISABLE TRIGGER tell", "UPDATE api_tokens SET revoked_at = created_at"} {
		if err := db.Exec(sql).Error; err != nil {
			t.Fatal(err)
		}
	}
	for {
		asked, err := prove()
		if token.Changed(err) {
			return
		}
		if asked > 1 || err != nil {
			t.Fatalf("%d statements, %v", asked, err)
		}
	}
}

// TestNewsPooled holds that behind a pooler, whose connections are no backends, the row is
// read each time.
func TestNewsPooled(t *testing.T) {
	backends := modelstest.NewBackends(t, modelstest.Postgres(t), 2)
	prove := proving(t, modelstest.Open(t, backends.Address))
	for range 3 {
		if got, err := prove(); got != 2 || err != nil {
			t.Errorf("%d statements, want 2: %v", got, err)
		}
	}
}

// TestNewsOnStandby holds that a standby, where nobody can listen, reads the row each time.
func TestNewsOnStandby(t *testing.T) {
	server := modelstest.NewServer(t)
	address := server.Address()
	db := modelstest.Open(t, address)
	if _, err := proving(t, db)(); err != nil {
		t.Fatal(err)
	}
	server.Standby()
	prove := provingAgain(t, modelstest.Open(t, address))
	for range 3 {
		if got, err := prove(); got != 2 || err != nil {
			t.Errorf("%d statements, want 2: %v", got, err)
		}
	}
}
