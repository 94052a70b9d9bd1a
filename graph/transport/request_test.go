package transport_test

import (
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/usagegraph/usagegraph/graph/transport"
)

// TestRequests holds what is taken for a GraphQL request, and how what is none is
// refused. What was sent never comes back.
func TestRequests(t *testing.T) {
	api := newAPI(schema{data: `{"echo":null}`}, discard)
	long := strings.Repeat(" ", transport.MaxBody)
	for _, tt := range []struct {
		name, method, target, body string
		headers                    []string
		status                     int
		code                       string
	}{
		{"query", "POST", "/", query, []string{isJSON}, 200, ""},
		{"all members", "POST", "/", `{"query":"query A($a: String) { echo(text: $a) } query B { echo }","operationName":"A","variables":{"a":"x","b":1},"extensions":{},"other":[1]}`, []string{isJSON}, 200, ""},
		{"nulls", "POST", "/", `{"query":"{ echo }","operationName":null,"variables":null,"extensions":null}`, []string{isJSON}, 200, ""},
		{"empty name", "POST", "/", `{"query":"{ echo }","operationName":""}`, []string{isJSON}, 200, ""},
		{"the last of equal keys", "POST", "/", `{"query":1,"query":"{ echo }","variables":{"n":1},"variables":{}}`, []string{isJSON}, 200, ""},
		{"keys mind case", "POST", "/", `{"Query":"{ echo }"}`, []string{isJSON}, 400, "BAD_REQUEST"},
		{"space around", "POST", "/", " \n" + query + "\r\n", []string{isJSON}, 200, ""},
		{"utf-8", "POST", "/", query, []string{isJSON + "; charset=UTF-8"}, 200, ""},
		{"utf-8 by another name", "POST", "/", query, []string{isJSON + "; charset=utf8"}, 200, ""},
		{"utf-8 in quotes", "POST", "/", query, []string{isJSON + `; charset="UTF8"`}, 200, ""},
		{"byte order mark", "POST", "/", "\ufeff" + query, []string{isJSON}, 200, ""},
		{"not compressed", "POST", "/", query, []string{isJSON, "Content-Encoding: identity"}, 200, ""},
		{"mutation", "POST", "/", `{"query":"mutation { write }"}`, []string{isJSON}, 200, ""},

		{"nothing", "POST", "/", "", []string{isJSON}, 400, "BAD_REQUEST"},
		{"no JSON", "POST", "/", secret, []string{isJSON}, 400, "BAD_REQUEST"},
		{"half JSON", "POST", "/", `{"query":"` + secret, []string{isJSON}, 400, "BAD_REQUEST"},
		{"JSON and more", "POST", "/", query + secret, []string{isJSON}, 400, "BAD_REQUEST"},
		{"two byte order marks", "POST", "/", "\ufeff\ufeff" + query, []string{isJSON}, 400, "BAD_REQUEST"},
		{"a byte order mark amid", "POST", "/", "{\ufeff" + query[1:], []string{isJSON}, 400, "BAD_REQUEST"},
		{"JSON twice", "POST", "/", query + query, []string{isJSON}, 400, "BAD_REQUEST"},
		{"batch", "POST", "/", "[" + query + "]", []string{isJSON}, 400, "BAD_REQUEST"},
		{"null", "POST", "/", "null", []string{isJSON}, 400, "BAD_REQUEST"},
		{"no query", "POST", "/", `{"variables":{"a":"` + secret + `"}}`, []string{isJSON}, 400, "BAD_REQUEST"},
		{"only a hash", "POST", "/", `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}`, []string{isJSON}, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"GET, only a hash", "GET", "/?extensions=%7B%22persistedQuery%22:%7B%7D%7D", "", nil, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"null query", "POST", "/", `{"query":null}`, []string{isJSON}, 400, "BAD_REQUEST"},
		{"name is a number", "POST", "/", `{"query":"{ echo }","operationName":1}`, []string{isJSON}, 400, "BAD_REQUEST"},
		{"variables are a list", "POST", "/", `{"query":"{ echo }","variables":["` + secret + `"]}`, []string{isJSON}, 400, "BAD_REQUEST"},
		{"variables are text", "POST", "/", `{"query":"{ echo }","variables":"{}"}`, []string{isJSON}, 400, "BAD_REQUEST"},
		{"extensions are false", "POST", "/", `{"query":"{ echo }","extensions":false}`, []string{isJSON}, 400, "BAD_REQUEST"},
		{"not UTF-8", "POST", "/", "{\"query\":\"{ echo(text: \\\"\xff\\\") }\"}", []string{isJSON}, 400, "BAD_REQUEST"},
		{"deep JSON", "POST", "/", `{"query":"{ echo }","variables":{"a":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}}`, []string{isJSON}, 400, "BAD_REQUEST"},
		{"as much as may be", "POST", "/", query + long[len(query):], []string{isJSON}, 200, ""},
		{"too much", "POST", "/", query + long, []string{isJSON}, 413, "QUERY_TOO_LARGE"},

		{"no type", "POST", "/", query, nil, 415, "BAD_REQUEST"},
		{"text", "POST", "/", query, []string{"Content-Type: text/plain"}, 415, "BAD_REQUEST"},
		{"form", "POST", "/", "query={echo}", []string{"Content-Type: application/x-www-form-urlencoded"}, 415, "BAD_REQUEST"},
		{"multipart", "POST", "/", "--x\r\nContent-Disposition: form-data; name=operations\r\n\r\n" + query + "\r\n--x--", []string{"Content-Type: multipart/form-data; boundary=x"}, 415, "BAD_REQUEST"},
		{"graphql", "POST", "/", "{ echo }", []string{"Content-Type: application/graphql"}, 415, "BAD_REQUEST"},
		{"another charset", "POST", "/", query, []string{isJSON + "; charset=utf-16"}, 415, "BAD_REQUEST"},
		{"gzip", "POST", "/", query, []string{isJSON, "Content-Encoding: gzip"}, 415, "BAD_REQUEST"},
		{"deflate", "POST", "/", query, []string{isJSON, "Content-Encoding: deflate"}, 415, "BAD_REQUEST"},
		{"two types", "POST", "/", query, []string{isJSON, "Content-Type: text/plain"}, 400, "BAD_REQUEST"},
		{"two encodings", "POST", "/", query, []string{isJSON, "Content-Encoding: identity", "Content-Encoding: gzip"}, 400, "BAD_REQUEST"},
		{"put", "PUT", "/", query, []string{isJSON}, 405, "BAD_REQUEST"},
		{"delete", "DELETE", "/?query={echo}", "", nil, 405, "BAD_REQUEST"},
		{"strict is a word", "POST", "/", query, []string{isJSON, "X-GraphQL-Strict: yes"}, 400, "BAD_REQUEST"},

		{"GET", "GET", "/?query={echo}", "", nil, 200, ""},
		{"HEAD", "HEAD", "/?query={echo}", "", nil, 200, ""},
		{"GET, all parameters", "GET", "/?query=query+A($a:String){echo(text:$a)}&operationName=A&variables=%7B%22a%22:%22x%22%7D&extensions=%7B%7D&key=1", "", nil, 200, ""},
		{"GET, byte order mark", "GET", "/?query={echo}&variables=%EF%BB%BF%7B%7D", "", nil, 200, ""},
		{"GET, empty parameters", "GET", "/?query={echo}&operationName=&variables=&extensions=", "", nil, 200, ""},
		{"GET, null variables", "GET", "/?query={echo}&variables=null", "", nil, 200, ""},
		{"GET, no query", "GET", "/", "", nil, 400, "BAD_REQUEST"},
		{"GET, variables are a list", "GET", "/?query={echo}&variables=[]", "", nil, 400, "BAD_REQUEST"},
		{"GET, variables and more", "GET", "/?query={echo}&variables={}" + secret, "", nil, 400, "BAD_REQUEST"},
		{"GET, bad escape", "GET", "/?query=%zz", "", nil, 400, "BAD_REQUEST"},
		{"GET, not UTF-8", "GET", "/?query=%ff", "", nil, 400, "BAD_REQUEST"},
		{"GET, too much", "GET", "/?query={echo}" + strings.Repeat("+", transport.MaxBody), "", nil, 413, "QUERY_TOO_LARGE"},
		{"GET, mutation", "GET", "/?query=mutation{write}", "", nil, 405, "BAD_REQUEST"},
		{"GET, chosen mutation", "GET", "/?query=query+A{echo}mutation+B{write}&operationName=B", "", nil, 405, "BAD_REQUEST"},
		{"GET, mutation not chosen", "GET", "/?query=query+A{echo}mutation+B{write}&operationName=A", "", nil, 200, ""},
		{"GET, mutation that the schema lacks", "GET", "/?query=mutation{other}", "", nil, 405, "BAD_REQUEST"},
		{"GET, subscription", "GET", "/?query=subscription{other}", "", nil, 405, "BAD_REQUEST"},
		{"HEAD, mutation", "HEAD", "/?query=mutation{write}", "", nil, 405, "BAD_REQUEST"},
	} {
		got := send(api, tt.method, tt.target, tt.body, tt.headers...)
		if got.Code != tt.status || code(t, got.Body.Bytes()) != tt.code {
			t.Errorf("%s: %d %.300s", tt.name, got.Code, got.Body)
		}
		if strings.Contains(got.Body.String(), secret) {
			t.Errorf("%s comes back: %s", tt.name, got.Body)
		}
		if allow := got.Header().Get("Allow"); (allow != "") != (tt.status == 405) {
			t.Errorf("%s: Allow is %q", tt.name, allow)
		}
	}
}

// TestNestedTooDeep holds that what is nested too deep is named as that, and soon.
func TestNestedTooDeep(t *testing.T) {
	api := newAPI(schema{data: `{"echo":null}`}, discard)
	for _, nest := range []func(int) string{
		func(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) },
		func(depth int) string { return strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth) },
		func(depth int) string { return strings.Repeat("[", depth) }, // and no end
	} {
		for _, depth := range []int{10_000, 20_000, 40_000} {
			begun := time.Now()
			got := send(api, "POST", "/", `{"query":"{ echo }","variables":{"a":`+nest(depth)+`}}`, isJSON)
			if took := time.Since(begun); took > time.Second {
				t.Errorf("%d deep took %s", depth, took)
			}
			if got.Code != 400 || code(t, got.Body.Bytes()) != "BAD_REQUEST" || !strings.Contains(got.Body.String(), "the body is nested too deep") {
				t.Errorf("%d deep: %d %.300s", depth, got.Code, got.Body)
			}
		}
	}
}

// TestTooLargeOverTheNetwork holds that who sends too much reads the whole refusal, and an
// end behind it. A reset in its place would reach a client that still writes before the
// answer does.
func TestTooLargeOverTheNetwork(t *testing.T) {
	web := httptest.NewServer(newAPI(schema{}, discard))
	t.Cleanup(web.Close)
	for _, size := range []int{transport.MaxBody + 1, transport.MaxBody + 40<<10, 2 * transport.MaxBody, 5 * transport.MaxBody} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			t.Parallel()
			c, err := net.Dial("tcp", web.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			go fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", size, strings.Repeat(" ", size))
			answer, err := io.ReadAll(c)
			if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 413 ") || !strings.Contains(string(answer), "QUERY_TOO_LARGE") {
				t.Errorf("%q, %v", answer, err)
			}
		})
	}
}
