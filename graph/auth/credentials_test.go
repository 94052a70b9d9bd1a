package auth_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/document"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/token"
)

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// TestCredentials takes a token from each place where clients put it.
func TestCredentials(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		good, wrong := s.Token, "ug_"+strings.Repeat("A", 43)
		for name, tt := range map[string]struct {
			headers http.Header
			want    int
		}{
			"bearer":                         {apitest.Bearer(good), 200},
			"small letters":                  {http.Header{"Authorization": {"bearer  " + good}}, 200},
			"key":                            {http.Header{"X-Api-Key": {good}}, 200},
			"basic":                          {http.Header{"Authorization": {basic("anyone", good)}}, 200},
			"basic without a user":           {http.Header{"Authorization": {basic("", good)}}, 200},
			"another scheme, and a key":      {http.Header{"Authorization": {"Negotiate x"}, "X-Api-Key": {good}}, 401},
			"an empty one, and a key":        {http.Header{"Authorization": {"Bearer "}, "X-Api-Key": {good}}, 401},
			"two":                            {http.Header{"Authorization": {"Bearer " + good, "Bearer " + wrong}}, 401},
			"the same twice":                 {http.Header{"Authorization": {"Bearer " + good, "Bearer " + good}}, 401},
			"two keys":                       {http.Header{"X-Api-Key": {good, wrong}}, 401},
			"no header":                      {http.Header{}, 401},
			"empty":                          {http.Header{"Authorization": {"Bearer "}, "X-Api-Key": {" "}}, 401},
			"the token alone":                {http.Header{"Authorization": {good}}, 401},
			"the token as user":              {http.Header{"Authorization": {basic(good, "")}}, 401},
			"basic in plain text":            {http.Header{"Authorization": {"Basic x:" + good}}, 401},
			"a wrong one before a right one": {http.Header{"Authorization": {"Bearer " + wrong}, "X-Api-Key": {good}}, 401},
			"wrong key":                      {http.Header{"X-Api-Key": {wrong}}, 401},
			"in capitals":                    {apitest.Bearer(strings.ToUpper(good)), 401},
			"cut":                            {apitest.Bearer(good[:len(good)-1]), 401},
			"SQL":                            {apitest.Bearer("ug_' OR 1=1 --"), 401},
			"a JWT where none are taken":     {apitest.Bearer("eyJhbGciOiJub25lIn0.e30."), 401},
		} {
			status, headers, answer := s.Get(t, `{ __typename }`, tt.headers)
			if status != tt.want || status == 401 && (headers.Get("WWW-Authenticate") != "Bearer" || !strings.Contains(answer, `"code":"UNAUTHENTICATED"`)) {
				t.Errorf("%s: %d %v %s, want %d", name, status, headers, answer, tt.want)
			}
		}
	})
}

// TestRefusalsDontWait answers what is refused without waiting for the body, and ends
// the connection: were it to wait, the test would hang.
func TestRefusalsDontWait(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	s := apitest.NewServer(t, db, token.APIToken{})
	for name, tt := range map[string]struct {
		head string
		want int
	}{
		"no token":     {"POST /graphql HTTP/1.1", 401},
		"old HTTP":     {"POST /graphql HTTP/1.0", 401},
		"wrong token":  {"POST /graphql HTTP/1.1\r\nAuthorization: Bearer x", 401},
		"other method": {"PUT /graphql HTTP/1.1\r\nAuthorization: Bearer " + s.Token, 405},
		"other type":   {"POST /graphql HTTP/1.1\r\nContent-Type: text/plain\r\nAuthorization: Bearer " + s.Token, 415},
		"a query":      {"GET /graphql?query={__typename} HTTP/1.1\r\nAuthorization: Bearer " + s.Token, 200},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, tt.head+"\r\nHost: x\r\nContent-Length: 200000\r\n\r\n{"); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || answer.StatusCode != tt.want || !answer.Close {
			t.Errorf("%s: %+v, %v", name, answer, err)
			continue
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n, err := conn.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Errorf("%s: the connection goes on: %v", name, err)
		}
	}
}

// TestWrongTokens sends a thousand of them: their address must wait, and a
// right token that came from there before is served all the same.
func TestWrongTokens(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		if status, answer := s.Ask(t, `{ __typename }`); status != http.StatusOK {
			t.Fatalf("%d %s", status, answer)
		}
		answers := map[int]int{}
		for i := range 1000 {
			token, _ := auth.NewToken()
			if i%2 == 0 {
				token = "wrong"
			}
			status, headers, answer := s.Get(t, `{ __typename }`, apitest.Bearer(token))
			if answers[status]++; status == http.StatusTooManyRequests && (headers.Get("Retry-After") != "1" || !strings.Contains(answer, `"code":"RATE_LIMITED"`)) {
				t.Fatalf("%v %s", headers, answer)
			}
			if i%100 == 99 {
				if status, answer := s.Ask(t, `{ __typename }`); status != http.StatusOK {
					t.Fatalf("a right token after %d wrong ones: %d %s", i+1, status, answer)
				}
			}
		}
		if answers[401] < 100 || answers[429] < 100 || answers[401]+answers[429] != 1000 {
			t.Errorf("statuses: %v", answers)
		}
		// No token is no wrong one.
		if status, _, answer := s.Get(t, `{ __typename }`, http.Header{}); status != http.StatusUnauthorized {
			t.Errorf("no token: %d %s", status, answer)
		}
	})
}

// TestRate refuses what a token can't pay, in the operation that asks for it, and
// lets others go on.
func TestRate(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := apitest.Serve(t, db, "--rate-limit=1e-5", "--rate-burst=2") // nothing comes back while the test runs
		one, other := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Token, apitest.NewServer(t, db, token.APIToken{}).Token
		for i, tt := range []struct {
			token string
			want  int
		}{{one, 200}, {one, 200}, {one, 429}, {other, 200}, {one, 429}, {other, 200}, {other, 429}} {
			status, headers, answer := s.Get(t, `{ imports(first: 0) { nodes { id } } }`, apitest.Bearer(tt.token))
			limited := strings.Contains(answer, `"code":"RATE_LIMITED","retryAfter":`) && len(headers.Get("Retry-After")) > 4
			if status != tt.want || limited != (tt.want == 429) {
				t.Errorf("request %d: %d %v %s, want %d", i, status, headers, answer, tt.want)
			}
		}
	})
}

// TestRateNeedsSubject refuses JWTs that a rate can't be held by.
func TestRateNeedsSubject(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	t.Setenv("USAGEGRAPH_JWT_SECRET", string(apitest.JWTSecret))
	free := apitest.Serve(t, db, "--jwt-issuer=https://issuer.example", "--jwt-audience=usagegraph")
	held := apitest.Serve(t, db, "--jwt-issuer=https://issuer.example", "--jwt-audience=usagegraph", "--rate-limit=1")
	for _, tt := range []struct {
		server  apitest.Server
		subject any
		want    int
	}{{free, "alice", 200}, {free, nil, 200}, {held, "alice", 200}, {held, nil, 401}, {held, "", 401}} {
		token := signed(t, jwt.SigningMethodHS256, apitest.JWTSecret, nil, map[string]any{"sub": tt.subject, "jti": "1"})
		if status, _, answer := tt.server.Get(t, `{ __typename }`, apitest.Bearer(token)); status != tt.want {
			t.Errorf("%v: %d %s, want %d", tt.subject, status, answer, tt.want)
		}
	}
}

// TestAskingCosts takes something from who asks what is refused or not run, and nothing
// more than that.
func TestAskingCosts(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	s := apitest.Serve(t, db, "--rate-limit=1e-5", "--rate-burst=8") // nothing comes back while the test runs
	bearer := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Token
	dry := apitest.Bearer(bearer)
	dry.Set(document.DryRun, "only")
	const six = `{ customers(first: 5) { nodes { id } } }`
	for i, tt := range []struct {
		headers http.Header
		query   string
		want    string
	}{
		{apitest.Bearer(bearer), "{", "PARSE_FAILED"},
		{apitest.Bearer(bearer), "{ gone }", "VALIDATION_FAILED"},
		{dry, six, `"data":null`},
		{dry, six, `"data":null`},
		{apitest.Bearer(bearer), six, "RATE_LIMITED"}, // of 4
		{apitest.Bearer(bearer), `{ __typename }`, "Query"},
		{apitest.Bearer(bearer), `{ __typename }`, "Query"},
		{apitest.Bearer(bearer), "{", "PARSE_FAILED"},
		{apitest.Bearer(bearer), "{", "RATE_LIMITED"},
		{dry, six, "RATE_LIMITED"},
	} {
		if status, _, answer := s.Get(t, tt.query, tt.headers); !strings.Contains(answer, tt.want) || (status == 429) != (tt.want == "RATE_LIMITED") {
			t.Errorf("request %d: %d %s, want %s", i, status, answer, tt.want)
		}
	}
	// What costs all of the burst, or more, can be asked.
	other := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Token
	if status, _, answer := s.Get(t, `{ customers(first: 50) { nodes { id } } }`, apitest.Bearer(other)); status != 200 {
		t.Errorf("more than the burst: %d %s", status, answer)
	}
}

// TestTokenIsLookedUp holds that a database which can't be asked is 503, not 401.
func TestTokenIsLookedUp(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		if err := database.Close(db); err != nil {
			t.Fatal(err)
		}
		status, headers, answer := s.Get(t, `{ __typename }`, apitest.Bearer(s.Token))
		if status != http.StatusServiceUnavailable || headers.Get("Retry-After") == "" || !strings.Contains(answer, `"code":"UNAVAILABLE"`) {
			t.Errorf("%d %v %s", status, headers, answer)
		}
	})
}

// TestPrincipal holds what a token's row becomes.
func TestPrincipal(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		limit := 7
		s := apitest.NewServer(t, db, token.APIToken{Customers: []scalar.CustomerID{3}, Scopes: []string{"usage", "of the future"}, CostLimit: &limit})
		var got auth.Principal
		guard := auth.NewGuard(db, nil)
		handler := guard.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got, _ = auth.For(r.Context()) }))
		request, err := http.NewRequestWithContext(context.Background(), "POST", "/graphql", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header = apitest.Bearer(s.Token)
		handler.ServeHTTP(nil, request)
		if got.TokenID != "1" || got.Customers.All || len(got.Customers.Customers) != 1 || got.Scopes != auth.Usage || got.CostLimit != 7 {
			t.Errorf("%+v", got)
		}
	})
}
