package apitest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Exchange sends a request with headers given as "Name: value", and reads the
// answer, unpacked.
func (s Server) Exchange(t testing.TB, method, target, body string, headers ...string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.URL+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if s.Token != "" {
		request.Header.Set("Authorization", "Bearer "+s.Token)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var reader io.Reader = response.Body
	if response.Header.Get("Content-Encoding") == "gzip" {
		if reader, err = gzip.NewReader(response.Body); err != nil {
			t.Fatal(err)
		}
	}
	answer, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return response, answer
}

// Get asks with headers, and returns the answer's status, headers and body.
func (s Server) Get(t testing.TB, query string, headers http.Header) (int, http.Header, string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = headers.Clone()
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(Bare(bytes.TrimSpace(answer.Bytes())))
}

// Bearer are the headers of a request with the token.
func Bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// Data is what an answer holds, decoded.
type Data struct {
	Data   map[string]any
	Errors []json.RawMessage
}

// AskWith asks with variables; any status but 200 fails the test.
func (s Server) AskWith(t *testing.T, query string, variables map[string]any) (answer Data) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	status, text := s.Send(t, http.MethodPost, "/graphql", string(body))
	if err := json.Unmarshal(text, &answer); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s: %v", status, text, err)
	}
	return answer
}

// Ask posts a query and returns the status and the body, without the extensions of
// the answer, which are not of the data.
func (s Server) Ask(t testing.TB, query string) (int, []byte) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	status, answer := s.Send(t, "POST", "/graphql", string(body))
	return status, Bare(answer)
}

// Bare is an answer without its extensions, which are the last of it and differ
// from one request to the next.
func Bare(answer []byte) []byte {
	if at := bytes.LastIndex(answer, []byte(`"extensions":{`)); bytes.HasSuffix(answer, []byte("}}")) && at > 0 {
		answer = append(bytes.TrimSuffix(answer[:at], []byte(",")), '}')
	}
	return answer
}

// Send sends a request as it is, as JSON, and returns the status and the body
// without its extensions, which describe the request and not the data.
func (s Server) Send(t testing.TB, method, target, body string) (int, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.URL+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if s.Token != "" {
		request.Header.Set("Authorization", "Bearer "+s.Token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, bytes.TrimSpace(answer)
}

// Compact is JSON without the whitespace between its tokens.
func Compact(t testing.TB, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return b.String()
}
