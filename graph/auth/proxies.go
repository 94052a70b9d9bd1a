package auth

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the networks of the proxies that are trusted to say where a request comes
// from. The zero value trusts none.
type Proxies []netip.Prefix

// ParseProxies reads networks such as 10.0.0.0/8, and addresses, which are networks of one.
func ParseProxies(networks []string) (proxies Proxies, err error) {
	for _, text := range networks {
		text = strings.TrimSpace(text)
		network, err := netip.ParsePrefix(text)
		if address, bad := netip.ParseAddr(text); bad == nil && address.Zone() == "" {
			network, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%q is no network, such as 10.0.0.0/8 or 192.0.2.1", text)
		}
		if network.Addr().Is4In6() {
			if network.Bits() < 96 {
				return nil, fmt.Errorf("%q is no network of IPv4 nor one of IPv6", text)
			}
			network = netip.PrefixFrom(network.Addr().Unmap(), network.Bits()-96)
		}
		proxies = append(proxies, network.Masked())
	}
	return proxies, nil
}

func (p Proxies) trust(address netip.Addr) bool {
	for _, network := range p {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// Client is the address that a request comes from. It is that of the connection, unless a
// trusted proxy has made that: then the last one in X-Forwarded-For that is none of theirs,
// as each of them adds the one that the request came from. A client may have written what
// stands before that. Of IPv6 it is the network of 56 bits, because one client may have all of it.
func (p Proxies) Client(r *http.Request) string {
	address, ok := parseAddress(r.RemoteAddr)
	if !ok {
		return r.RemoteAddr
	}
	if p.trust(address) {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0 && p.trust(address); i-- {
			hop, ok := parseAddress(strings.TrimSpace(hops[i]))
			if !ok {
				break // what a proxy did not write right is none of a client's
			}
			address = hop
		}
	}
	if address.Is6() {
		if network, err := address.Prefix(56); err == nil {
			return network.String()
		}
	}
	return address.String()
}

// parseAddress reads an address, which may have a port.
func parseAddress(text string) (netip.Addr, bool) {
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	address, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return address.Unmap().WithZone(""), err == nil
}
