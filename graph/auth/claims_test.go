package auth

import (
	"encoding/base64"
	"encoding/json"
	"testing"
)

// TestClaims reads claims by their exact names only.
func TestClaims(t *testing.T) {
	for text, good := range map[string]bool{
		`{}`: true, `{"iss": "i", "sub": "s", "aud": ["a"], "exp": 1, "nbf": 1.5, "iat": 1e9, "jti": "j", "customers": [1], "scope": "usage", "other": {"a": 1}}`: true,
		`{"aud": "a", "customers": "*", "x": null}`: true,

		`{"CUSTOMERS": "*", "customers": [1]}`: false, `{"customers": [1], "Customers": "*"}`: false, `{"cuſtomers": "*"}`: false,
		`{"Iss": "i"}`: false, `{"SUB": "s"}`: false, `{"aUd": "a"}`: false, `{"Exp": 1}`: false, `{"NBF": 1}`: false, `{"Iat": 1}`: false, `{"SCOPE": "usage"}`: false, `{"Jti": "j"}`: false,
		`{"customers": [1], "customers": "*"}`: false, `{"customers": [1], "customer\u0073": "*"}`: false, `{"exp": 1, "exp": 2}`: false, `{"x": 1, "x": 2}`: false,
		`{"exp": "1"}`: false, `{"nbf": "1"}`: false, `{"iat": "1"}`: false, `{"exp": null}`: false, `{"nbf": null}`: false, `{"exp": true}`: false, `{"exp": [1]}`: false,
		`{"nbf": 1e300}`: false, `{"exp": -1}`: false, `{"iss": 1}`: false, `{"scope": ["usage"]}`: false, `{"sub": {}}`: false, `[]`: false, `null`: false, `1`: false,
	} {
		var said claims
		if err := json.Unmarshal([]byte(text), &said); (err == nil) != good {
			t.Errorf("%s: %v", text, err)
		}
	}
	var said claims
	if err := json.Unmarshal([]byte(`{"iss": "i", "sub": "s", "aud": "a", "exp": 1.5, "customers": [1], "scope": "usage"}`), &said); err != nil {
		t.Fatal(err)
	}
	if said.Issuer != "i" || said.Subject != "s" || said.Audience[0] != "a" || said.ExpiresAt.Unix() != 1 || string(said.Customers) != "[1]" || said.Scope != "usage" {
		t.Errorf("%+v", said)
	}
}

// TestPlainHeader refuses headers that ask for more than a signature.
func TestPlainHeader(t *testing.T) {
	for text, good := range map[string]bool{
		`{"alg": "HS256", "typ": "JWT", "kid": "k", "x5t": "x"}`: true,
		`{"alg": "HS256", "crit": []}`:                           false,
		`{"alg": "HS256", "crit": null}`:                         false,
		`{"alg": "HS256", "b64": true}`:                          false,
		`{"alg": "HS256", "b64": null}`:                          false,
		`{"alg": "HS256", "Crit": []}`:                           false,
		`{"alg": "HS256", "alg": "none"}`:                        false,
		`{"alg": "HS256", "ALG": "none"}`:                        false,
		`{"alg": "HS256", "Kid": "k"}`:                           false,
		`[]`:                                                     false,
	} {
		if got := plainHeader(base64.RawURLEncoding.EncodeToString([]byte(text))); got != good {
			t.Errorf("%s: %v", text, got)
		}
	}
}
