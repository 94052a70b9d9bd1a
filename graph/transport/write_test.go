package transport_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// TestAccept holds which type an answer has.
func TestAccept(t *testing.T) {
	api := newAPI(schema{data: `{"echo":null}`}, discard)
	const plain, graph = "application/json; charset=utf-8", "application/graphql-response+json; charset=utf-8"
	for accept, want := range map[string]string{
		"": plain, "*/*": plain, "application/*": plain, "application/json": plain, "application/json;q=0.9,text/plain": plain,
		"text/html,application/xhtml+xml,*/*;q=0.8": plain, "text/html": plain, "nonsense": plain, ",;,": plain,
		"application/graphql-response+json":                                                 graph,
		"Application/GraphQL-Response+JSON; charset=utf-8":                                  graph,
		"application/graphql-response+json, application/json":                               graph,
		"application/json, application/graphql-response+json":                               graph,
		"application/graphql-response+json; charset=utf-8, application/json; charset=utf-8": graph,
		"application/graphql-response+json, */*;q=0.1":                                      graph,
		"application/graphql-response+json;q=0.5, application/json":                         plain,
		"application/graphql-response+json;q=0, */*":                                        plain,
		"application/graphql-response+json;q=x":                                             plain,
		"application/graphql-response+json;q=0.9, application/json;q=0":                     graph,
	} {
		if got := send(api, "POST", "/", query, isJSON, "Accept: "+accept).Header().Get("Content-Type"); got != want {
			t.Errorf("%q has %s, want %s", accept, got, want)
		}
	}
}

// TestGzip compresses large answers for those who take them, also many at once.
func TestGzip(t *testing.T) {
	large := `{"echo":"` + strings.Repeat("many words ", 1000) + `"}`
	for _, tt := range []struct {
		accept, data string
		want         bool
	}{
		{"gzip", large, true},
		{"gzip, deflate, br", large, true},
		{"deflate, GZIP;q=0.5", large, true},
		{"*", large, true},
		{"", large, false},
		{"identity", large, false},
		{"br", large, false},
		{"gzip;q=0", large, false},
		{"gzip;q=0, *", large, false},
		{"gzip", `{"echo":"x"}`, false},
	} {
		api := newAPI(schema{data: tt.data}, discard)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				got := send(api, "POST", "/", query, isJSON, "Accept-Encoding: "+tt.accept, "X-Request-Id: r")
				var body io.Reader = got.Body
				if zipped := got.Header().Get("Content-Encoding") == "gzip"; zipped != tt.want || (got.Header().Get("Content-Length") != "") != (tt.data == large && !zipped) {
					t.Errorf("%q has %q", tt.accept, got.Header())
				}
				if tt.want {
					var err error
					if body, err = gzip.NewReader(got.Body); err != nil {
						t.Error(err)
						return
					}
				}
				text, err := io.ReadAll(body)
				if want := `{"data":` + tt.data + `,"extensions":{"requestId":"r"}}`; err != nil || string(text) != want {
					t.Errorf("%q: %v, %.100s", tt.accept, err, text)
				}
			})
		}
		wg.Wait()
	}
}

// TestHead answers HEAD over the network as GET, but for the body. Both have its length.
func TestHead(t *testing.T) {
	for _, length := range []int{1, 900, 1100, 3000} {
		compareHead(t, `{"echo":"`+strings.Repeat("x", length)+`"}`)
	}
}

func compareHead(t *testing.T, data string) {
	t.Helper()
	web := httptest.NewServer(newAPI(schema{data: data}, discard))
	defer web.Close()
	var headers []http.Header
	for _, method := range []string{"GET", "HEAD"} {
		request, err := http.NewRequestWithContext(t.Context(), method, web.URL+"/?query={echo}", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Request-Id", "r")
		request.Header.Set("Accept-Encoding", "identity")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != 200 || len(body) > 0 != (method == "GET") || response.ContentLength < int64(len(data)) {
			t.Errorf("%s: %v, %d, %d bytes: %s", method, err, response.StatusCode, response.ContentLength, body)
		}
		response.Header.Del("Date")
		headers = append(headers, response.Header)
	}
	for name := range headers[0] {
		if got, want := headers[1].Get(name), headers[0].Get(name); got != want {
			t.Errorf("HEAD has %s %q, GET %q", name, got, want)
		}
	}
}
