package auth

import (
	"net/http"
	"strings"
	"testing"
)

// TestClient holds which address a request comes from, with and without trusted proxies.
func TestClient(t *testing.T) {
	for _, tt := range []struct {
		proxies, remote string
		forwarded       []string // headers
		want            string
	}{
		{"", "192.0.2.1:1234", nil, "192.0.2.1"},
		{"", "[::ffff:192.0.2.1]:1", nil, "192.0.2.1"},
		{"", "[2001:db8:1:2:3:4:5:6]:1", nil, "2001:db8:1::/56"},
		{"", "[2001:db8:1:ff:3:4:5:6]:1", nil, "2001:db8:1::/56"},
		{"", "[2001:db8:1:100::1]:1", nil, "2001:db8:1:100::/56"},
		{"", "[fe80::1%eth0]:1", nil, "fe80::/56"},
		{"", "@", nil, "@"},
		{"", "", nil, ""},
		{"", "192.0.2.1:1", []string{"192.0.2.9"}, "192.0.2.1"}, // no proxy is trusted
		{"10.0.0.0/8", "192.0.2.1:1", []string{"192.0.2.9"}, "192.0.2.1"},
		{"10.0.0.0/8", "10.0.0.1:1", []string{"192.0.2.9"}, "192.0.2.9"},
		{"10.0.0.0/8", "10.0.0.1:1", []string{"1.1.1.1, 192.0.2.9"}, "192.0.2.9"}, // what stands before was sent by the client
		{"10.0.0.0/8", "10.0.0.1:1", []string{"1.1.1.1", "192.0.2.9 ,10.2.2.2"}, "192.0.2.9"},
		{"10.0.0.0/8", "10.0.0.1:1", []string{"192.0.2.9", "10.2.2.2", "10.3.3.3"}, "192.0.2.9"},
		{"10.0.0.0/8", "10.0.0.1:1", []string{"10.4.4.4, 10.3.3.3"}, "10.4.4.4"}, // a client beside the proxies
		{"10.0.0.0/8", "10.0.0.1:1", nil, "10.0.0.1"},
		{"10.0.0.0/8", "10.0.0.1:1", []string{""}, "10.0.0.1"},
		{"10.0.0.0/8", "10.0.0.1:1", []string{"192.0.2.9, unknown"}, "10.0.0.1"},
		{"10.0.0.0/8", "10.0.0.1:1", []string{"192.0.2.9, nonsense, 10.2.2.2"}, "10.2.2.2"},
		{"10.0.0.0/8", "10.0.0.1:1", []string{"192.0.2.9:4711"}, "192.0.2.9"},
		{"10.0.0.0/8", "10.0.0.1:1", []string{"[2001:db8:1:2::1]:4711"}, "2001:db8:1::/56"},
		{"10.0.0.0/8", "10.0.0.1:1", []string{"2001:db8:1:2::1"}, "2001:db8:1::/56"},
		{"10.0.0.0/8", "[::ffff:10.0.0.1]:1", []string{"::ffff:192.0.2.9"}, "192.0.2.9"},
		{"::1,127.0.0.1", "[::1]:1", []string{"192.0.2.9, 127.0.0.1"}, "192.0.2.9"},
		{"127.0.0.1", "127.0.0.2:1", []string{"192.0.2.9"}, "127.0.0.2"},
		{"2001:db8::/32", "[2001:db8::1]:1", []string{"192.0.2.9"}, "192.0.2.9"},
		{"::ffff:10.0.0.0/104", "10.0.0.1:1", []string{"192.0.2.9"}, "192.0.2.9"},
		{"0.0.0.0/0,::/0", "10.0.0.1:1", []string{"192.0.2.8, 192.0.2.9"}, "192.0.2.8"},
		{" 10.0.0.5/8 ", "10.0.0.1:1", []string{"192.0.2.9"}, "192.0.2.9"},
	} {
		var networks []string
		if tt.proxies != "" {
			networks = strings.Split(tt.proxies, ",")
		}
		proxies, err := ParseProxies(networks)
		if err != nil {
			t.Fatal(err)
		}
		if got := proxies.Client(&http.Request{RemoteAddr: tt.remote, Header: http.Header{"X-Forwarded-For": tt.forwarded}}); got != tt.want {
			t.Errorf("%s, %q by %s: %s, want %s", tt.remote, tt.forwarded, tt.proxies, got, tt.want)
		}
	}
	for _, network := range []string{"", "10.0.0.0/33", "10.0.0", "proxy.example", "10.0.0.1:80", "fe80::1%eth0", "::ffff:0.0.0.0/90", "*"} {
		if proxies, err := ParseProxies([]string{network}); err == nil || !strings.Contains(err.Error(), "no network") {
			t.Errorf("%q: %v, %v", network, proxies, err)
		}
	}
}
