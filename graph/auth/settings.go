package auth

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"
)

// Settings are the flags of serve that say whose tokens are taken, and how much they
// may spend.
type Settings struct {
	JWTSecretFile  string        `name:"jwt-secret-file" placeholder:"FILE" help:"Take JWTs signed with the secret in this file by HS256, 32 bytes or more. USAGEGRAPH_JWT_SECRET may hold the secret itself."`
	JWKSURL        string        `name:"jwks-url" placeholder:"URL" help:"Take JWTs signed with a key of this JSON Web Key Set. The keys are fetched when first needed."`
	JWTIssuer      string        `name:"jwt-issuer" placeholder:"ISSUER" help:"What the claim iss of JWTs must be."`
	JWTAudience    string        `name:"jwt-audience" placeholder:"AUDIENCE" help:"What the claim aud of JWTs must hold."`
	JWKSMaxAge     time.Duration `name:"jwks-max-age" default:"10m" help:"The keys are fetched again before they are this old: a key that is taken out of the set lets nobody in after that (${default})."`
	TrustedProxies []string      `placeholder:"CIDR,…" help:"Networks of the proxies in front, such as 10.0.0.0/8: of a request from there, X-Forwarded-For says where it comes from, read from the right (none)."`
	RateLimit      float64       `placeholder:"COST" help:"What the operations of one token may cost a second, on average. No limit when not given."`
	RateBurst      int           `placeholder:"COST" help:"What they may cost at once (ten seconds of the rate)."`
}

// secretVariable may hold the secret of JWTs. There is no flag for it, because
// other users of the machine see flags.
const secretVariable = "USAGEGRAPH_JWT_SECRET"

// Options are what the flags ask of the guard.
func (s Settings) Options(log *slog.Logger) (options []Option, err error) {
	proxies, err := ParseProxies(s.TrustedProxies)
	if err != nil {
		return nil, fmt.Errorf("--trusted-proxies: %w", err)
	}
	options = append(options, WithProxies(proxies))
	jwt, err := s.jwt(log)
	if err != nil {
		return nil, err
	}
	if jwt != nil {
		options = append(options, WithJWT(jwt))
	}
	switch {
	case s.RateLimit < 0 || s.RateBurst < 0:
		return nil, errors.New("--rate-limit and --rate-burst: give a cost above 0")
	case s.RateLimit == 0 && s.RateBurst != 0:
		return nil, errors.New("--rate-burst needs --rate-limit")
	case s.RateLimit > 0:
		burst := s.RateBurst
		if burst == 0 {
			burst = int(min(10*s.RateLimit, 1e9))
		}
		options = append(options, WithRate(s.RateLimit, burst))
	}
	return options, nil
}

// jwt is nil where no JWTs are taken.
func (s Settings) jwt(log *slog.Logger) (*JWT, error) {
	secret := []byte(os.Getenv(secretVariable))
	inFile, inVariable, hasKeys := s.JWTSecretFile != "", len(secret) > 0, s.JWKSURL != ""
	switch {
	case s.JWKSMaxAge <= 0:
		return nil, errors.New("--jwks-max-age must be more than 0")
	case inFile && inVariable || hasKeys && (inFile || inVariable):
		return nil, fmt.Errorf("--jwt-secret-file, %s and --jwks-url: give one of them", secretVariable)
	case !inFile && !inVariable && !hasKeys:
		if s.JWTIssuer != "" || s.JWTAudience != "" {
			return nil, fmt.Errorf("--jwt-issuer and --jwt-audience need --jwt-secret-file, %s or --jwks-url", secretVariable)
		}
		return nil, nil
	case s.JWTIssuer == "" || s.JWTAudience == "":
		return nil, errors.New("JWTs need --jwt-issuer and --jwt-audience")
	case hasKeys:
		return NewKeysJWT(s.JWKSURL, s.JWTIssuer, s.JWTAudience, s.JWKSMaxAge, log)
	case inFile:
		var err error
		if secret, err = os.ReadFile(s.JWTSecretFile); err != nil {
			return nil, fmt.Errorf("--jwt-secret-file: %w", err)
		}
		secret = bytes.TrimRight(secret, "\r\n")
	}
	return NewSecretJWT(secret, s.JWTIssuer, s.JWTAudience)
}
