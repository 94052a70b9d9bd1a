package auth

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// JWT takes the tokens of one issuer for one audience.
type JWT struct {
	methods []string // algorithms
	claims  *jwt.Validator
	// verify looks at the signature. The error is errWrongJWT if it is not the issuer's.
	verify func(ctx context.Context, token *jwt.Token) error
}

// minSecret is the least length of a secret in bytes: that of the hash of HS256.
const minSecret = 32

// NewSecretJWT takes tokens that are signed with a shared secret by HS256.
func NewSecretJWT(secret []byte, issuer, audience string) (*JWT, error) {
	if len(secret) < minSecret {
		return nil, fmt.Errorf("the secret of JWTs has %d bytes: at least %d are needed", len(secret), minSecret)
	}
	method := jwt.SigningMethodHS256
	return newJWT([]string{method.Alg()}, issuer, audience, func(_ context.Context, token *jwt.Token) error {
		signed := token.Raw[:strings.LastIndexByte(token.Raw, '.')]
		if method.Verify(signed, token.Signature, secret) != nil {
			return errWrongJWT
		}
		return nil
	})
}

func newJWT(methods []string, issuer, audience string, verify func(context.Context, *jwt.Token) error) (*JWT, error) {
	if issuer == "" || audience == "" {
		return nil, errors.New("JWTs need an issuer and an audience")
	}
	claims := jwt.NewValidator(jwt.WithIssuer(issuer), jwt.WithAudience(audience), jwt.WithExpirationRequired())
	return &JWT{methods, claims, verify}, nil
}

// principal is who a JWT speaks of, which must have a subject if it is to be named: by
// any other claim each token would be another bearer. The signature is looked at last, because for
// that the keys may have to be fetched.
func (j *JWT) principal(ctx context.Context, raw string, named bool) (Principal, error) {
	var said claims
	token, parts, err := jwt.NewParser().ParseUnverified(raw, &said)
	if err != nil || !slices.Contains(j.methods, token.Method.Alg()) || !plainHeader(parts[0]) {
		return Principal{}, errWrongJWT
	}
	if err := j.claims.Validate(said); err != nil {
		if errors.Is(err, jwt.ErrTokenExpired) {
			return Principal{}, errExpiredJWT
		}
		return Principal{}, errWrongJWT
	}
	if named && said.Subject == "" {
		return Principal{}, errWrongJWT
	}
	customers, err := customersOf(said.Customers)
	if err != nil {
		return Principal{}, errWrongJWT
	}
	if err := j.verify(ctx, token); err != nil {
		return Principal{}, err
	}
	return Principal{
		TokenID:   "jwt:" + cmp.Or(said.Subject, said.ID),
		Customers: customers,
		Scopes:    known(strings.Fields(said.Scope)),
	}, nil
}

// customersOf reads the claim customers: IDs, or "*" for all of them.
func customersOf(claim json.RawMessage) (customers store.Scope, err error) {
	if string(claim) == `"*"` {
		return store.Scope{All: true}, nil
	}
	if len(claim) == 0 {
		return store.Scope{}, nil
	}
	var ids []any
	decoder := json.NewDecoder(bytes.NewReader(claim))
	decoder.UseNumber()
	if err := decoder.Decode(&ids); err != nil {
		return store.Scope{}, err
	}
	for _, id := range ids {
		var customer scalar.CustomerID
		if err := customer.UnmarshalGQL(id); err != nil {
			return store.Scope{}, err
		}
		customers.Customers = append(customers.Customers, customer)
	}
	return customers, nil
}
