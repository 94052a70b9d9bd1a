package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/golang-jwt/jwt/v5"
)

// keyMethods are the algorithms of tokens that are signed with a private key.
var keyMethods = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// NewKeysJWT takes tokens that are signed with a key of the JSON Web Key Set at the
// address. The keys are fetched when a token first needs them, and again when one
// has a key that is not known.
func NewKeysJWT(address, issuer, audience string) (*JWT, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" {
		return nil, fmt.Errorf("%q is not the https address of a JSON Web Key Set", address)
	}
	client := &http.Client{Transport: &keyServer{}}
	keys := oidc.NewRemoteKeySet(oidc.ClientContext(context.Background(), client), address)
	return newJWT(keyMethods, issuer, audience, func(ctx context.Context, token *jwt.Token) error {
		_, err := keys.VerifySignature(ctx, token.Raw)
		if err == nil || errors.Is(err, errNoKeys) || ctx.Err() != nil {
			return err
		}
		return errWrong
	})
}

// errNoKeys is a key server that does not answer, or answers something else.
var errNoKeys = errors.New("the keys of JWTs can't be fetched")

// How long an answer of the key server serves again, so that a flood of tokens with
// unknown keys is not passed on to it.
const (
	keepKeys    = 10 * time.Second
	keepFailure = time.Second
)

// Bounds of an answer of the key server.
const (
	maxKeys     = 1 << 20 // bytes
	keysTimeout = 5 * time.Second
)

// keyServer fetches the keys and remembers the answer for a while.
type keyServer struct {
	mu    sync.Mutex
	until time.Time
	body  []byte
	err   error
}

// RoundTrip answers with the keys. Any error is errNoKeys.
func (k *keyServer) RoundTrip(request *http.Request) (*http.Response, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := time.Now(); !now.Before(k.until) {
		k.until = now.Add(keepKeys)
		if k.body, k.err = fetchKeys(request); k.err != nil {
			k.err = fmt.Errorf("%w: %w", errNoKeys, k.err)
			k.until = now.Add(keepFailure)
		}
	}
	if k.err != nil {
		return nil, k.err
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Request: request,
		ContentLength: int64(len(k.body)), Body: io.NopCloser(bytes.NewReader(k.body)),
	}, nil
}

func fetchKeys(request *http.Request) ([]byte, error) {
	ctx, cancel := context.WithTimeout(request.Context(), keysTimeout)
	defer cancel()
	response, err := http.DefaultTransport.RoundTrip(request.Clone(ctx))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", request.URL.Redacted(), response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxKeys))
	if err != nil {
		return nil, err
	}
	var set struct{ Keys []json.RawMessage }
	if json.Unmarshal(body, &set) != nil || set.Keys == nil {
		return nil, fmt.Errorf("%s answers no JSON Web Key Set", request.URL.Redacted())
	}
	return body, nil
}
