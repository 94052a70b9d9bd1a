package auth_test

import (
	"net/http"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

func TestToken(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		past := models.Now() - 1
		for _, tt := range []struct {
			name string
			row  models.APIToken
			want int
		}{
			{"good", models.APIToken{Name: "good", AllCustomers: true}, http.StatusOK},
			{"no customers", models.APIToken{}, http.StatusOK},
			{"expired", models.APIToken{AllCustomers: true, ExpiresAt: &past}, http.StatusUnauthorized},
			{"revoked", models.APIToken{AllCustomers: true, RevokedAt: &past}, http.StatusUnauthorized},
		} {
			if status, answer := apitest.NewServer(t, db, tt.row).Ask(t, "{ customers { totalCount } }"); status != tt.want {
				t.Errorf("%s: status %d, want %d: %s", tt.name, status, tt.want, answer)
			}
		}
		s := apitest.NewServer(t, db, models.APIToken{Name: "to be revoked", AllCustomers: true})
		if status, answer := s.Ask(t, "{ customers { totalCount } }"); status != http.StatusOK {
			t.Fatalf("before it is revoked: %d, %s", status, answer)
		}
		tokens, err := models.Tokens(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := models.RevokeToken(t.Context(), db, tokens[len(tokens)-1].ID, models.Now()); err != nil || !found {
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
		if found, err := models.RevokeToken(t.Context(), db, 999, models.Now()); err != nil || found {
			t.Error("a token that is not there was revoked")
		}
	})
}
