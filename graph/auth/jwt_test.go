package auth_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// said are the claims of a good token for customer 1, with some of them changed;
// nil takes one away.
func said(changes jwt.MapClaims) jwt.MapClaims {
	claims := jwt.MapClaims{
		"iss": "https://issuer.example", "aud": "usagegraph", "sub": "alice", "exp": time.Now().Add(time.Hour).Unix(),
		"customers": []any{1}, "scope": "inventory usage balances entitlements",
	}
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return claims
}

func signed(t testing.TB, method jwt.SigningMethod, key any, header, changes map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, said(changes))
	maps.Copy(token.Header, header)
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestSecretJWT takes what the issuer has signed by HS256, and nothing else.
func TestSecretJWT(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}, {"id": 2, "customerType": "BUSINESS"}, {"id": 3, "customerType": "BUSINESS"}]`)
		secret := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(secret, apitest.JWTSecret, 0o600); err != nil {
			t.Fatal(err)
		}
		s := apitest.Serve(t, db, "--jwt-secret-file="+secret, "--jwt-issuer=https://issuer.example", "--jwt-audience=usagegraph")
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		hs := func(changes map[string]any) string {
			return signed(t, jwt.SigningMethodHS256, apitest.JWTSecret, nil, changes)
		}
		good := hs(nil)
		parts := strings.Split(good, ".")
		other := strings.Split(hs(map[string]any{"customers": "*"}), ".")
		for name, tt := range map[string]struct {
			token string
			want  int // customers; -1 is 401
		}{
			"good":                    {good, 1},
			"several audiences":       {hs(map[string]any{"aud": []any{"x", "usagegraph"}}), 1},
			"all customers":           {hs(map[string]any{"customers": "*"}), 3},
			"texts and global IDs":    {hs(map[string]any{"customers": []any{"1", "Customer:3"}}), 2},
			"no customers":            {hs(map[string]any{"customers": nil}), 0},
			"no customers in a list":  {hs(map[string]any{"customers": []any{}}), 0},
			"null for customers":      {signed(t, jwt.SigningMethodHS256, apitest.JWTSecret, nil, map[string]any{"customers": json.RawMessage("null")}), 0},
			"a star in a list":        {hs(map[string]any{"customers": []any{"*"}}), -1},
			"a text for customers":    {hs(map[string]any{"customers": "1"}), -1},
			"another ID":              {hs(map[string]any{"customers": []any{"Site:1"}}), -1},
			"a number of two parts":   {hs(map[string]any{"customers": []any{1.5}}), -1},
			"an object for customers": {hs(map[string]any{"customers": map[string]any{"1": 1}}), -1},
			"a list for the scope":    {hs(map[string]any{"scope": []any{"inventory"}}), -1},
			"a claim in capitals":     {hs(map[string]any{"CUSTOMERS": "*"}), -1},
			"a scope in capitals":     {hs(map[string]any{"scope": nil, "Scope": "inventory"}), -1},
			"a header of its own":     {signed(t, jwt.SigningMethodHS256, apitest.JWTSecret, map[string]any{"b64": true}, nil), -1},
			"exp in a text":           {hs(map[string]any{"exp": "4000000000"}), -1},
			"nbf past all times":      {hs(map[string]any{"nbf": json.RawMessage("1e300")}), -1},
			"no exp":                  {hs(map[string]any{"exp": nil}), -1},
			"expired":                 {hs(map[string]any{"exp": time.Now().Add(-time.Second).Unix()}), -1},
			"exp is a text":           {hs(map[string]any{"exp": "never"}), -1},
			"exp past all numbers":    {hs(map[string]any{"exp": json.RawMessage("1e400")}), -1},
			"not yet":                 {hs(map[string]any{"nbf": time.Now().Add(time.Minute).Unix()}), -1},
			"another issuer":          {hs(map[string]any{"iss": "https://issuer.example/"}), -1},
			"no issuer":               {hs(map[string]any{"iss": nil}), -1},
			"another audience":        {hs(map[string]any{"aud": "usagegraph2"}), -1},
			"no audience":             {hs(map[string]any{"aud": nil}), -1},
			"another secret":          {signed(t, jwt.SigningMethodHS256, []byte("another secret of thirty-two bytes"), nil, nil), -1},
			"no secret":               {signed(t, jwt.SigningMethodHS256, []byte{}, nil, nil), -1},
			"HS512":                   {signed(t, jwt.SigningMethodHS512, apitest.JWTSecret, nil, nil), -1},
			"RS256":                   {signed(t, jwt.SigningMethodRS256, key, nil, nil), -1},
			"none":                    {signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, nil), -1},
			"None":                    {signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, map[string]any{"alg": "None"}, nil), -1},
			"none, of a good one":     {encoded(`{"alg":"none"}`) + "." + parts[1] + ".", -1},
			"no algorithm":            {encoded(`{}`) + "." + parts[1] + "." + parts[2], -1},
			"an algorithm as number":  {encoded(`{"alg":1}`) + "." + parts[1] + "." + parts[2], -1},
			"another's claims":        {parts[0] + "." + other[1] + "." + parts[2], -1},
			"no signature":            {parts[0] + "." + parts[1] + ".", -1},
			"cut":                     {good[:len(good)-2], -1},
			"four parts":              {good + ".x", -1},
			"what is critical":        {signed(t, jwt.SigningMethodHS256, apitest.JWTSecret, map[string]any{"crit": []any{"exp"}}, nil), -1},
			"in JSON":                 {`{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`, -1},
			"dots":                    {"..", -1},
			"SQL":                     {"' OR 1=1 --", -1},
			"an API token in between": {"ug_" + good, -1},
		} {
			apitest.ReadsCustomers(t, s, name, tt.token, tt.want)
		}
		status, _, answer := s.Get(t, `{ customers { totalCount } billRuns { totalCount } }`, apitest.Bearer(hs(map[string]any{"scope": "openid usage"})))
		if got := forbidden(t, []byte(answer)); status != 200 || fmt.Sprint(got) != "[customers: inventory]" {
			t.Errorf("scope usage: %d %s", status, answer)
		}
		_, _, answer = s.Get(t, `{ customers { totalCount } imports { totalCount } }`, apitest.Bearer(hs(map[string]any{"scope": nil})))
		if got := forbidden(t, []byte(answer)); fmt.Sprint(got) != "[customers: inventory]" {
			t.Errorf("no scope: %s", answer)
		}
	})
}

func encoded(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// keyServer is a JSON Web Key Set that can break.
type keyServer struct {
	*httptest.Server
	asked  atomic.Int64
	answer atomic.Pointer[string] // nil is 500
}

func newKeyServer(t *testing.T) *keyServer {
	t.Helper()
	k := &keyServer{}
	k.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		k.asked.Add(1)
		if answer := k.answer.Load(); answer != nil {
			_, _ = w.Write([]byte(*answer))
			return
		}
		http.Error(w, "broken", http.StatusInternalServerError)
	}))
	t.Cleanup(k.Close)
	return k
}

func (k *keyServer) has(keys ...string) {
	set := `{"keys":[` + strings.Join(keys, ",") + `]}`
	k.answer.Store(&set)
}

func rsaJWK(id string, key *rsa.PublicKey) string {
	return fmt.Sprintf(`{"kty":"RSA","kid":%q,"n":%q,"e":"AQAB"}`, id, base64.RawURLEncoding.EncodeToString(key.N.Bytes()))
}

func ecJWK(t *testing.T, id string, key *ecdsa.PublicKey) string {
	t.Helper()
	point, err := key.Bytes() // 4, x and y
	if err != nil {
		t.Fatal(err)
	}
	number := base64.RawURLEncoding.EncodeToString
	return fmt.Sprintf(`{"kty":"EC","crv":"P-256","kid":%q,"x":%q,"y":%q}`, id, number(point[1:33]), number(point[33:]))
}

func publicPEM(t *testing.T, key crypto.PublicKey) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// TestKeysJWT takes what is signed with a key of the set, and nothing that is signed
// with its public half.
func TestKeysJWT(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}, {"id": 2, "customerType": "BUSINESS"}]`)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	strange, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys := newKeyServer(t)
	keys.has(rsaJWK("r", &rsaKey.PublicKey), ecJWK(t, "e", &ecKey.PublicKey))
	s := apitest.Serve(t, db, "--jwks-url="+keys.URL, "--jwt-issuer=https://issuer.example", "--jwt-audience=usagegraph")
	kid := func(id string) map[string]any { return map[string]any{"kid": id} }
	modulus := base64.RawURLEncoding.EncodeToString(rsaKey.N.Bytes())
	for name, tt := range map[string]struct {
		token string
		want  int
	}{
		"RS256":                          {signed(t, jwt.SigningMethodRS256, rsaKey, kid("r"), nil), 1},
		"RS512 without a key ID":         {signed(t, jwt.SigningMethodRS512, rsaKey, nil, nil), 1},
		"PS256":                          {signed(t, jwt.SigningMethodPS256, rsaKey, kid("r"), map[string]any{"customers": "*"}), 2},
		"ES256":                          {signed(t, jwt.SigningMethodES256, ecKey, kid("e"), nil), 1},
		"another key":                    {signed(t, jwt.SigningMethodRS256, strange, kid("r"), nil), -1},
		"an unknown key":                 {signed(t, jwt.SigningMethodRS256, strange, kid("x"), nil), -1},
		"a key of its own":               {signed(t, jwt.SigningMethodRS256, strange, map[string]any{"jwk": json.RawMessage(rsaJWK("r", &strange.PublicKey))}, nil), -1},
		"HS256 with the public key, PEM": {signed(t, jwt.SigningMethodHS256, publicPEM(t, &rsaKey.PublicKey), kid("r"), nil), -1},
		"HS256 with the public key, DER": {signed(t, jwt.SigningMethodHS256, x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey), kid("r"), nil), -1},
		"HS256 with the modulus":         {signed(t, jwt.SigningMethodHS256, []byte(modulus), kid("r"), nil), -1},
		"HS256 with nothing":             {signed(t, jwt.SigningMethodHS256, []byte{}, kid("r"), nil), -1},
		"none":                           {signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, kid("r"), nil), -1},
		"no exp":                         {signed(t, jwt.SigningMethodRS256, rsaKey, kid("r"), map[string]any{"exp": nil}), -1},
		"expired":                        {signed(t, jwt.SigningMethodRS256, rsaKey, kid("r"), map[string]any{"exp": time.Now().Add(-time.Second).Unix()}), -1},
		"not yet":                        {signed(t, jwt.SigningMethodRS256, rsaKey, kid("r"), map[string]any{"nbf": time.Now().Add(time.Minute).Unix()}), -1},
		"another issuer":                 {signed(t, jwt.SigningMethodRS256, rsaKey, kid("r"), map[string]any{"iss": "x"}), -1},
		"another audience":               {signed(t, jwt.SigningMethodRS256, rsaKey, kid("r"), map[string]any{"aud": "x"}), -1},
	} {
		apitest.ReadsCustomers(t, s, name, tt.token, tt.want)
	}
	if n := keys.asked.Load(); n > 5 {
		t.Errorf("the keys were fetched %d times", n)
	}
}

// TestKeysAreFetchedWhenNeeded holds that a key server which is down, or broken,
// stops neither the start nor API tokens: JWTs get 503 until it answers.
func TestKeysAreFetchedWhenNeeded(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, broken := range map[string]string{"down": "", "500": "", "HTML": "<html>", "no keys": `{"error":"x"}`, "a list": `[]`} {
		keys := newKeyServer(t)
		if broken != "" {
			keys.answer.Store(&broken)
		}
		if name == "down" {
			keys.Close()
		}
		s := apitest.Serve(t, db, "--jwks-url="+keys.URL, "--jwt-issuer=https://issuer.example", "--jwt-audience=usagegraph")
		api := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		apitest.ReadsCustomers(t, s, "an API token", api.Token, 1)
		if n := keys.asked.Load(); n != 0 {
			t.Errorf("%s: the keys were fetched before they were needed", name)
		}
		// What is wrong by itself is refused without the key server.
		apitest.ReadsCustomers(t, s, "expired", signed(t, jwt.SigningMethodRS256, key, nil, map[string]any{"exp": 1}), -1)
		good := signed(t, jwt.SigningMethodRS256, key, nil, nil)
		for range 50 {
			status, headers, answer := s.Get(t, `{ customers { totalCount } }`, apitest.Bearer(good))
			if status != http.StatusServiceUnavailable || headers.Get("Retry-After") == "" || !strings.Contains(answer, `"code":"UNAVAILABLE"`) {
				t.Fatalf("%s: %d %s", name, status, answer)
			}
		}
		if n := keys.asked.Load(); n > 10 {
			t.Errorf("%s: the keys were fetched %d times", name, n)
		}
	}
}

// TestKeysAreFetchedAgain takes a key out of the set: it lets nobody in once the set is
// fetched again, though no unknown key comes. Where the set is down, or empty, the keys
// that were known are good, and the log has that once.
func TestKeysAreFetchedAgain(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
	var all [2]*rsa.PrivateKey
	for i := range all {
		var err error
		if all[i], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			t.Fatal(err)
		}
	}
	first, second := rsaJWK("1", &all[0].PublicKey), rsaJWK("2", &all[1].PublicKey)
	by := func(i int) string {
		return signed(t, jwt.SigningMethodRS256, all[i-1], map[string]any{"kid": fmt.Sprint(i)}, nil)
	}
	keys := newKeyServer(t)
	keys.has(first, second)
	const maxAge = 400 * time.Millisecond
	s, log := apitest.ServeWithLog(t, db, "--jwks-url="+keys.URL, "--jwks-max-age="+maxAge.String(), "--jwt-issuer=https://issuer.example", "--jwt-audience=usagegraph")
	apitest.ReadsCustomers(t, s, "the first key", by(1), 1)
	apitest.ReadsCustomers(t, s, "the second key", by(2), 1)
	keys.has(first, `{"kty":"oct","kid":"s","k":"c2VjcmV0"}`, `{"kty":"of the future","kid":"f"}`)
	time.Sleep(maxAge)
	apitest.ReadsCustomers(t, s, "the key that was taken out", by(2), -1)
	apitest.ReadsCustomers(t, s, "the one that is left", by(1), 1)
	for name, answer := range map[string]string{"empty": `{"keys":[]}`, "no public key": `{"keys":[{"kty":"oct","kid":"s","k":"c2VjcmV0"}]}`, "down": ""} {
		if answer != "" {
			keys.answer.Store(&answer)
		} else {
			keys.answer.Store(nil)
		}
		for range 4 {
			time.Sleep(maxAge / 2)
			apitest.ReadsCustomers(t, s, name+", a key that is known", by(1), 1)
		}
		apitest.ReadsCustomers(t, s, name+", a wrong signature", signed(t, jwt.SigningMethodRS256, all[1], map[string]any{"kid": "1"}, nil), -1)
	}
	if n := strings.Count(log.String(), "level=ERROR"); n != 1 || !strings.Contains(log.String(), "fetch the keys of JWTs") {
		t.Errorf("the log has %d errors: %s", n, log)
	}
	keys.has(second)
	apitest.Eventually(t, "the keys are new", func() bool {
		status, _, _ := s.Get(t, `{ __typename }`, apitest.Bearer(by(2)))
		return status == http.StatusOK
	})
	apitest.ReadsCustomers(t, s, "the key that is gone", by(1), -1)
}

// TestJWTIsNeverHeld floods with wrong tokens from the address of one whose JWT is right.
func TestJWTIsNeverHeld(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
		secret := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(secret, apitest.JWTSecret, 0o600); err != nil {
			t.Fatal(err)
		}
		s := apitest.Serve(t, db, "--jwt-secret-file="+secret, "--jwt-issuer=https://issuer.example", "--jwt-audience=usagegraph", "--trusted-proxies=127.0.0.0/8,::1")
		from := func(token, address string) http.Header {
			headers := apitest.Bearer(token)
			headers.Set("X-Forwarded-For", "198.51.100.1, "+address)
			return headers
		}
		held := false
		for range 130 {
			status, _, _ := s.Get(t, "{ __typename }", from("ug_wrong", "192.0.2.1"))
			held = held || status == http.StatusTooManyRequests
		}
		if !held {
			t.Error("a flood is not held")
		}
		api := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Token // was never seen before
		for name, token := range map[string]string{"a JWT": signed(t, jwt.SigningMethodHS256, apitest.JWTSecret, nil, nil), "an API token": api} {
			if status, _, answer := s.Get(t, "{ __typename }", from(token, "192.0.2.1")); status != http.StatusOK {
				t.Errorf("%s: %d %s", name, status, answer)
			}
		}
		if status, _, answer := s.Get(t, "{ __typename }", from("ug_wrong", "192.0.2.2")); status != http.StatusUnauthorized {
			t.Errorf("another address: %d %s", status, answer)
		}
	})
}
