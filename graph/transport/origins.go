package transport

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
)

// labels are those of a host, apart by dots.
const labels = `[a-z0-9_-]+(\.[a-z0-9_-]+)*`

var (
	schemes = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`)
	hosts   = regexp.MustCompile(`^[a-z0-9_*-]+(\.[a-z0-9_*-]+)*$`)
)

// defaultPorts are left out of the origins of their schemes.
var defaultPorts = map[string]string{"http": "80", "https": "443"}

// parseOrigins matches the origins: each is a scheme, a host and maybe a port, as browsers
// send it, where * in the host stands for one label or several, and * as the port for any.
// It is nil where one of them is * alone, which is any origin.
func parseOrigins(origins []string) (*regexp.Regexp, error) {
	patterns, anyOrigin := make([]string, len(origins)), false
	for i, origin := range origins {
		origin = strings.ToLower(strings.TrimSpace(origin))
		if origin == "*" {
			anyOrigin = true
			continue
		}
		if err := checkOrigin(origin); err != nil {
			return nil, fmt.Errorf("--cors-origins: %q is no origin: %w", origin, err)
		}
		patterns[i] = strings.ReplaceAll(regexp.QuoteMeta(origin), `\*`, labels)
	}
	if anyOrigin {
		return nil, nil
	}
	return regexp.Compile(`(?i)^(` + strings.Join(patterns, "|") + `)$`)
}

// checkOrigin returns why no page can have the origin, which is in lower case.
func checkOrigin(origin string) error {
	scheme, host, ok := strings.Cut(origin, "://")
	switch {
	case !ok:
		return errors.New("it needs a scheme, as in https://app.example.com")
	case !schemes.MatchString(scheme):
		return fmt.Errorf("%q is no scheme; wanted is one as in https://app.example.com", scheme)
	}
	if at := strings.IndexAny(host, "/?#@"); at >= 0 {
		return fmt.Errorf("%q can't be in it; wanted are a scheme and a host alone, as in https://app.example.com", host[at:at+1])
	}
	if strings.HasPrefix(host, "[") {
		return checkIPv6(scheme, host)
	}
	host, port, hasPort := strings.Cut(host, ":")
	switch {
	case !hosts.MatchString(host):
		return fmt.Errorf("%q is no host as browsers send it; wanted is one as in https://app.example.com", host)
	case hasPort:
		return checkPort(scheme, port)
	}
	return nil
}

func checkIPv6(scheme, host string) error {
	end := strings.Index(host, "]")
	if end < 0 || net.ParseIP(host[1:end]) == nil || host[end+1:] != "" && host[end+1] != ':' {
		return fmt.Errorf("%q is no host; an address of IPv6 is written as in http://[::1]:8080", host)
	}
	if host[end+1:] == "" {
		return nil
	}
	return checkPort(scheme, host[end+2:])
}

func checkPort(scheme, port string) error {
	if port == "*" {
		return nil
	}
	number, err := strconv.ParseUint(port, 10, 16)
	switch {
	case err != nil || strconv.FormatUint(number, 10) != port || number == 0:
		return fmt.Errorf("%q is no port, which is 1 to 65535 or *", port)
	case defaultPorts[scheme] == port:
		return fmt.Errorf("browsers leave port %s of %s out", port, scheme)
	}
	return nil
}
