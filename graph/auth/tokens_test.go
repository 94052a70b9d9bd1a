package auth_test

import (
	"net/http"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/token"
)

func TestToken(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		past := scalar.Now() - 1
		for _, tt := range []struct {
			name string
			row  token.APIToken
			want int
		}{
			{"good", token.APIToken{Name: "good", AllCustomers: true}, http.StatusOK},
			{"no customers", token.APIToken{}, http.StatusOK},
			{"expired", token.APIToken{AllCustomers: true, ExpiresAt: &past}, http.StatusUnauthorized},
			{"revoked", token.APIToken{AllCustomers: true, RevokedAt: &past}, http.StatusUnauthorized},
		} {
			if status, answer := apitest.NewServer(t, db, tt.row).Ask(t, "{ customers { totalCount } }"); status != tt.want {
				t.Errorf("%s: status %d, want %d: %s", tt.name, status, tt.want, answer)
			}
		}
		s := apitest.NewServer(t, db, token.APIToken{Name: "to be revoked", AllCustomers: true})
		if status, answer := s.Ask(t, "{ customers { totalCount } }"); status != http.StatusOK {
			t.Fatalf("before it is revoked: %d, %s", status, answer)
		}
		tokens, err := token.All(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := token.Revoke(t.Context(), db, tokens[len(tokens)-1].ID, scalar.Now()); err != nil || !found {
			t.Fatal(found, err)
		}
		for _, token := range []string{"", "wrong", s.Token} {
			s.Token = token
			for _, document := range []string{"this is not GraphQL", "{ customers { totalCount } }", "{ customers { nodes { netBalance { asOf } } } }"} {
				status, answer := s.Ask(t, document)
				if status != http.StatusUnauthorized || !strings.Contains(string(answer), `"code":"UNAUTHENTICATED"`) || strings.Contains(string(answer), "data") {
					t.Errorf("token %q, %s: status %d, %s", token, document, status, answer)
				}
			}
		}
		if found, err := token.Revoke(t.Context(), db, 999, scalar.Now()); err != nil || found {
			t.Error("a token that is not there was revoked")
		}
	})
}
