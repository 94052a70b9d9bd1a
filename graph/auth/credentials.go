package auth

import (
	"net/http"
	"strings"
)

// credentials is the token of a request, "" if it has none, or several: Authorization:
// Bearer TOKEN, or the password of Authorization: Basic. X-Api-Key: TOKEN counts where
// there is no Authorization.
func credentials(r *http.Request) string {
	authorizations, keys := r.Header.Values("Authorization"), r.Header.Values("X-Api-Key")
	switch {
	case len(authorizations) > 1 || len(keys) > 1:
		return ""
	case len(authorizations) == 1:
		if scheme, token, _ := strings.Cut(authorizations[0], " "); strings.EqualFold(scheme, "Bearer") {
			return strings.TrimSpace(token)
		}
		_, password, _ := r.BasicAuth()
		return password
	}
	return strings.TrimSpace(r.Header.Get("X-Api-Key"))
}
