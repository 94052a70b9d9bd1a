package apitest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// JWTSecret is what signs the JWTs of tests.
var JWTSecret = []byte("a secret of thirty-two bytes, or more")

// ReadsCustomers asks how many customers a token reads; -1 is 401.
func ReadsCustomers(t *testing.T, s Server, name, token string, want int) {
	t.Helper()
	status, headers, answer := s.Get(t, `{ customers { totalCount } }`, Bearer(token))
	if want >= 0 {
		if answer != fmt.Sprintf(`{"data":{"customers":{"totalCount":%d}}}`, want) {
			t.Errorf("%s: %d %s, want %d customers", name, status, answer, want)
		}
		return
	}
	if status != http.StatusUnauthorized || headers.Get("WWW-Authenticate") != "Bearer" || !strings.Contains(answer, `"code":"UNAUTHENTICATED"`) {
		t.Errorf("%s: %d %v %s, want 401", name, status, headers, answer)
	}
}
