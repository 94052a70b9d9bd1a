package auth

import "errors"

// Reason is why a request or an operation is refused for its token. Clients see less:
// a token that was never there and one that is over have the same answer.
type Reason string

// The reasons.
const (
	NoToken         Reason = "no_token"
	UnknownToken    Reason = "unknown_token"
	RevokedToken    Reason = "revoked_token"
	ExpiredToken    Reason = "expired_token"
	WrongJWT        Reason = "wrong_jwt"
	ExpiredJWT      Reason = "expired_jwt"
	ManyWrongTokens Reason = "many_wrong_tokens" // come from the address
	ChangedToken    Reason = "changed_token"     // while the request was answered
	NoLookup        Reason = "no_lookup"         // neither the database nor the key server can be asked
	RateLimit       Reason = "rate_limit"        // of what the token's operations cost
)

// Reasons are all of them.
var Reasons = []Reason{NoToken, UnknownToken, RevokedToken, ExpiredToken, WrongJWT, ExpiredJWT, ManyWrongTokens, ChangedToken, NoLookup, RateLimit}

// wrongToken is a token that is refused.
type wrongToken struct{ reason Reason }

// Error is the same for all reasons.
func (*wrongToken) Error() string { return "the token is not valid" }

// Tokens that are refused.
var (
	errUnknownToken = &wrongToken{UnknownToken}
	errRevokedToken = &wrongToken{RevokedToken}
	errExpiredToken = &wrongToken{ExpiredToken}
	errWrongJWT     = &wrongToken{WrongJWT}
	errExpiredJWT   = &wrongToken{ExpiredJWT}
)

// reasonOf is the reason of a token that is refused, and false for any other error.
func reasonOf(err error) (Reason, bool) {
	wrong, ok := errors.AsType[*wrongToken](err)
	if !ok {
		return "", false
	}
	return wrong.reason, true
}
