package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
)

// keyMethods are the algorithms of tokens that are signed with a private key.
var keyMethods = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// NewKeysJWT takes tokens that are signed with a key of the JSON Web Key Set at the
// address. The keys are fetched when a token first needs them, again when one has a key
// that is not known, and again before they are older than maxAge, so that a key which
// was taken out of the set is refused after that. While the set can't be fetched,
// or is empty, the keys that are known are good; the log has that once a minute.
func NewKeysJWT(address, issuer, audience string, maxAge time.Duration, log *slog.Logger) (*JWT, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" {
		return nil, fmt.Errorf("%q is not the https address of a JSON Web Key Set", address)
	}
	keys := &keySet{address: parsed, maxAge: maxAge, log: log}
	return newJWT(keyMethods, issuer, audience, keys.verify)
}

// errNoKeys is a key server that does not answer, or answers something else.
var errNoKeys = errors.New("the keys of JWTs can't be fetched")

// How long the key server is not asked again, so that a flood of tokens with unknown
// keys is not passed on to it.
const (
	keepKeys    = 10 * time.Second
	keepFailure = time.Second
	// A set that is down is in the log once in this time.
	tellFailure = time.Minute
)

// Bounds of an answer of the key server.
const (
	maxKeys     = 1 << 20 // bytes
	keysTimeout = 5 * time.Second
)

// keySet is the keys of a key server, as they were last fetched.
type keySet struct {
	address *url.URL
	maxAge  time.Duration
	log     *slog.Logger

	mu      sync.Mutex
	keys    []jose.JSONWebKey
	fetched time.Time     // when keys were
	until   time.Time     // the key server is not asked before
	err     error         // of the last fetch
	logged  time.Time     // when an error last was
	running chan struct{} // closed at the end of the fetch that runs; nil if none does
}

// verify looks at the signature. It is errNoKeys where a key is not known and the key
// server can't be asked.
func (k *keySet) verify(ctx context.Context, token *jwt.Token) error {
	algorithms := make([]jose.SignatureAlgorithm, len(keyMethods))
	for i, name := range keyMethods {
		algorithms[i] = jose.SignatureAlgorithm(name)
	}
	signed, err := jose.ParseSigned(token.Raw, algorithms)
	if err != nil {
		return errWrongJWT
	}
	id, known := signed.Signatures[0].Header.KeyID, false
	for _, again := range []bool{false, true} {
		keys, err := k.current(ctx, again)
		if err != nil && !(again && known) {
			return err
		}
		for i := range keys {
			if id != "" && id != keys[i].KeyID {
				continue
			}
			if _, err := signed.Verify(&keys[i]); err == nil {
				return nil
			}
			known = id != ""
		}
	}
	return errWrongJWT
}

// current is the keys. They are fetched, and waited for, where there are none, where they
// have become too old, and again for a token whose key is not one of them. From half of maxAge on they
// are fetched beside requests, so that these have to wait only after a time without any.
func (k *keySet) current(ctx context.Context, again bool) ([]jose.JSONWebKey, error) {
	now := time.Now()
	k.mu.Lock()
	age := now.Sub(k.fetched)
	needed := again || k.keys == nil
	if (needed || age >= k.maxAge/2) && k.running == nil && !now.Before(k.until) {
		k.running = make(chan struct{})
		go k.fetch()
	}
	running := k.running
	wait := running != nil && (needed || age >= k.maxAge && k.err == nil)
	keys, err := k.keys, k.err
	k.mu.Unlock()
	if wait {
		select {
		case <-running:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		k.mu.Lock()
		keys, err = k.keys, k.err
		k.mu.Unlock()
	}
	if keys == nil || again && err != nil {
		return nil, err
	}
	return keys, nil
}

// fetch fetches the keys anew.
func (k *keySet) fetch() {
	keys, err := fetchKeys(k.address)
	now := time.Now()
	k.mu.Lock()
	defer k.mu.Unlock()
	defer close(k.running)
	k.running, k.err = nil, nil
	if err == nil {
		k.keys, k.fetched, k.until = keys, now, now.Add(min(keepKeys, k.maxAge/2))
		return
	}
	k.err, k.until = fmt.Errorf("%w: %w", errNoKeys, err), now.Add(min(keepFailure, k.maxAge/2))
	if k.logged.IsZero() || now.Sub(k.logged) >= tellFailure {
		k.logged = now
		k.log.Error("fetch the keys of JWTs", "known", len(k.keys), "fetched", k.fetched, "err", err)
	}
}

// fetchKeys fetches a set of one key at least.
func fetchKeys(address *url.URL) ([]jose.JSONWebKey, error) {
	ctx, cancel := context.WithTimeout(context.Background(), keysTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", address.Redacted(), response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxKeys))
	if err != nil {
		return nil, err
	}
	var set struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, fmt.Errorf("%s answers no JSON Web Key Set", address.Redacted())
	}
	var keys []jose.JSONWebKey
	for _, text := range set.Keys {
		var key jose.JSONWebKey // one of a kind that is not known is for others
		if json.Unmarshal(text, &key) == nil && key.IsPublic() && key.Use != "enc" {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s answers no JSON Web Key Set with a public key to sign with", address.Redacted())
	}
	return keys, nil
}
