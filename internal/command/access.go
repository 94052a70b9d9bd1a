package command

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"github.com/usagegraph/usagegraph/graph/auth"
)

// Access is the flags of serve that say whose tokens are taken, and how much they
// may spend.
type Access struct {
	JWTSecretFile string  `name:"jwt-secret-file" placeholder:"FILE" help:"Take JWTs signed with the secret in this file by HS256, 32 bytes or more. USAGEGRAPH_JWT_SECRET may hold the secret itself."`
	JWKSURL       string  `name:"jwks-url" placeholder:"URL" help:"Take JWTs signed with a key of this JSON Web Key Set. The keys are fetched when first needed."`
	JWTIssuer     string  `name:"jwt-issuer" placeholder:"ISSUER" help:"What the claim iss of JWTs must be."`
	JWTAudience   string  `name:"jwt-audience" placeholder:"AUDIENCE" help:"What the claim aud of JWTs must hold."`
	RateLimit     float64 `placeholder:"COST" help:"What the operations of one token may cost a second, on average. No limit when not given."`
	RateBurst     int     `placeholder:"COST" help:"What they may cost at once (ten seconds of the rate)."`
}

// secretVariable may hold the secret of JWTs. There is no flag for it, because
// other users of the machine see flags.
const secretVariable = "USAGEGRAPH_JWT_SECRET"

// Options are what the flags ask of the guard.
func (a Access) Options() (options []auth.Option, err error) {
	jwt, err := a.jwt()
	if err != nil {
		return nil, err
	}
	if jwt != nil {
		options = append(options, auth.WithJWT(jwt))
	}
	switch {
	case a.RateLimit < 0 || a.RateBurst < 0:
		return nil, errors.New("--rate-limit and --rate-burst: give a cost above 0")
	case a.RateLimit == 0 && a.RateBurst != 0:
		return nil, errors.New("--rate-burst needs --rate-limit")
	case a.RateLimit > 0:
		burst := a.RateBurst
		if burst == 0 {
			burst = int(min(10*a.RateLimit, 1e9))
		}
		options = append(options, auth.WithRate(a.RateLimit, burst))
	}
	return options, nil
}

// jwt is nil where no JWTs are taken.
func (a Access) jwt() (*auth.JWT, error) {
	secret := []byte(os.Getenv(secretVariable))
	inFile, inVariable, hasKeys := a.JWTSecretFile != "", len(secret) > 0, a.JWKSURL != ""
	switch {
	case inFile && inVariable || hasKeys && (inFile || inVariable):
		return nil, fmt.Errorf("--jwt-secret-file, %s and --jwks-url: give one of them", secretVariable)
	case !inFile && !inVariable && !hasKeys:
		if a.JWTIssuer != "" || a.JWTAudience != "" {
			return nil, fmt.Errorf("--jwt-issuer and --jwt-audience need --jwt-secret-file, %s or --jwks-url", secretVariable)
		}
		return nil, nil
	case a.JWTIssuer == "" || a.JWTAudience == "":
		return nil, errors.New("JWTs need --jwt-issuer and --jwt-audience")
	case hasKeys:
		return auth.NewKeysJWT(a.JWKSURL, a.JWTIssuer, a.JWTAudience)
	case inFile:
		var err error
		if secret, err = os.ReadFile(a.JWTSecretFile); err != nil {
			return nil, fmt.Errorf("--jwt-secret-file: %w", err)
		}
		secret = bytes.TrimRight(secret, "\r\n")
	}
	return auth.NewSecretJWT(secret, a.JWTIssuer, a.JWTAudience)
}
