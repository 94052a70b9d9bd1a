package auth

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// credentials is the token of a request, "" if it has none: Authorization: Bearer
// TOKEN, else the password of Authorization: Basic, else X-Api-Key: TOKEN.
func credentials(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); strings.EqualFold(scheme, "Bearer") && token != "" {
		return token
	}
	if _, password, ok := r.BasicAuth(); ok && password != "" {
		return password
	}
	return strings.TrimSpace(r.Header.Get("X-Api-Key"))
}

// addressOf is the address that a request comes from. Of IPv6 it is the network of
// 64 bits, because one client has all of it.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if address = address.Unmap().WithZone(""); address.Is6() {
		if network, err := address.Prefix(64); err == nil {
			return network.String()
		}
	}
	return address.String()
}
