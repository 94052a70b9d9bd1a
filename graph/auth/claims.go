package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// claims are those of a JWT.
type claims struct {
	jwt.RegisteredClaims
	Customers json.RawMessage // a list of IDs, or "*"; none has no customers
	Scope     string          // names, apart by spaces; none has no scopes
}

// UnmarshalJSON reads claims by their exact names. Times are numbers of seconds.
func (c *claims) UnmarshalJSON(text []byte) error {
	fields := map[string]any{
		"iss": &c.Issuer, "sub": &c.Subject, "aud": &c.Audience, "jti": &c.ID,
		"exp": &c.ExpiresAt, "nbf": &c.NotBefore, "iat": &c.IssuedAt,
		"customers": &c.Customers, "scope": &c.Scope,
	}
	members, err := exactly(text, fields)
	if err != nil {
		return err
	}
	for name, member := range members {
		if _, isTime := fields[name].(**jwt.NumericDate); isTime && !isSeconds(member) {
			return fmt.Errorf("the claim %s is no time", name)
		}
		if err := json.Unmarshal(member, fields[name]); err != nil {
			return err
		}
	}
	return nil
}

// lastSecond is the end of the year 9999, in seconds since 1970. Later times overflow
// in comparisons.
const lastSecond = 253402300799

func isSeconds(member json.RawMessage) bool {
	var seconds *float64
	return json.Unmarshal(member, &seconds) == nil && seconds != nil && *seconds >= 0 && *seconds <= lastSecond
}

// plainHeader reports whether the header of a JWT, as its part of the token, has no member
// that changes what the others mean: crit names members that must be understood, and this
// server understands none of them.
func plainHeader(part string) bool {
	text, err := jwt.NewParser().DecodeSegment(part)
	if err != nil {
		return false
	}
	members, err := exactly(text, map[string]any{"alg": nil, "typ": nil, "cty": nil, "kid": nil, "crit": nil, "b64": nil})
	return err == nil && members["crit"] == nil && members["b64"] == nil
}

// exactly reads the members of a JSON object that have the names. It fails for a
// name that is there twice, whichever it is, and for one that is in the names but for
// the case of its letters: others may take what this server passes over.
func exactly(text []byte, names map[string]any) (map[string]json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, errors.New("no JSON object")
	}
	all, found := map[string]bool{}, map[string]json.RawMessage{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		text, _ := name.(string) // names of members are texts
		var member json.RawMessage
		if err := decoder.Decode(&member); err != nil {
			return nil, err
		}
		if all[text] {
			return nil, fmt.Errorf("the name %q is there twice", text)
		}
		all[text] = true
		for known := range names {
			switch {
			case text == known:
				found[known] = member
			case strings.EqualFold(text, known):
				return nil, fmt.Errorf("%q is not %q", text, known)
			}
		}
	}
	return found, nil
}
