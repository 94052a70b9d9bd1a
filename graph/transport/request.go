package transport

import (
	"bytes"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/coerce"
	"github.com/usagegraph/usagegraph/models/fault"
)

// MaxBody bounds what a request may ask, as a body or in its URL, in bytes.
const MaxBody = 256 << 10

// refusal is the answer to what is no GraphQL request. Its message never repeats
// what was sent.
type refusal struct {
	status  int
	message string
}

// badRequest refuses a request that is not well-formed.
func badRequest(message string) *refusal { return &refusal{http.StatusBadRequest, message} }

// write answers with the refusal.
func (f *refusal) write(w http.ResponseWriter) {
	code := fault.BadRequest
	if f.status == http.StatusRequestEntityTooLarge {
		code = fault.QueryTooLarge
	}
	apierror.Write(w, f.status, code, f.message)
}

// bodies have held those of requests, of which nothing is kept but copies.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

var tooLarge = &refusal{http.StatusRequestEntityTooLarge, "the request is larger than 256 kB"}

// read reads what a request asks, from the URL of a GET or HEAD, or the body of a
// POST.
func read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *refusal) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return readURL(r.URL.RawQuery)
	case http.MethodPost:
		if bad := checkBody(r.Header); bad != nil {
			return nil, bad
		}
		body := bodies.Get().(*bytes.Buffer)
		defer bodies.Put(body)
		body.Reset()
		_, err := body.ReadFrom(http.MaxBytesReader(innermost(w), r.Body, MaxBody))
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, tooLarge
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil, &refusal{http.StatusRequestTimeout, "the body took too long"}
		}
		if err != nil {
			return nil, badRequest("the body can't be read")
		}
		return readBody(body.Bytes())
	default:
		w.Header().Set("Allow", allow)
		return nil, &refusal{http.StatusMethodNotAllowed, "send a query by POST or GET"}
	}
}

// checkBody refuses bodies that are not plain JSON in UTF-8, before they are read.
func checkBody(header http.Header) *refusal {
	if types := header["Content-Type"]; len(types) == 1 && types[0] == typeJSON && header["Content-Encoding"] == nil {
		return nil // as most say it
	}
	kind, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	charset, encoding := parameters["charset"], header.Get("Content-Encoding")
	switch {
	case len(header.Values("Content-Type")) > 1 || len(header.Values("Content-Encoding")) > 1:
		return badRequest("send one Content-Type and one Content-Encoding")
	case err != nil || kind != typeJSON:
		return &refusal{http.StatusUnsupportedMediaType, "send the query as JSON, with Content-Type: application/json"}
	case charset != "" && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "utf8"):
		return &refusal{http.StatusUnsupportedMediaType, "send the query in UTF-8"}
	case encoding != "" && !strings.EqualFold(encoding, "identity"):
		return &refusal{http.StatusUnsupportedMediaType, "send the body uncompressed"}
	}
	return nil
}

// readBody takes a request out of a JSON object. The case of keys matters, of two that are
// equal the last counts, and unknown ones are ignored.
func readBody(body []byte) (*graphql.RawParams, *refusal) {
	const want = `a GraphQL request: want {"query": "…", "variables": {…}} as JSON in UTF-8`
	members, bad := decode("the body", want, body)
	if bad != nil {
		return nil, bad
	}
	if members == nil {
		return nil, badRequest("the body is not " + want)
	}
	params := new(graphql.RawParams)
	switch {
	case !assign(members["query"], &params.Query):
		return nil, badRequest("query is not a string")
	case !assign(members["operationName"], &params.OperationName):
		return nil, badRequest("operationName is not a string")
	case !assignObject(members["variables"], &params.Variables):
		return nil, badRequest("variables is not an object")
	case !assign(asMaps(members["extensions"]), &params.Extensions):
		return nil, badRequest("extensions is not an object")
	}
	return params, checkQuery(params)
}

// assign puts a member into a variable, and reports whether it is of the type. Null and
// nothing are the zero value.
func assign[T any](member any, into *T) (ok bool) {
	if member != nil {
		*into, ok = member.(T)
	}
	return ok || member == nil
}

// assignObject is assign for the variables, whose objects keep the order of their members.
func assignObject(member any, into *map[string]any) bool {
	var object coerce.Object
	ok := assign(member, &object)
	if object != nil {
		*into = object.Map()
	}
	return ok
}

// readURL takes a request out of a URL's parameters, where variables and extensions
// are JSON.
func readURL(query string) (*graphql.RawParams, *refusal) {
	if len(query) > MaxBody {
		return nil, tooLarge
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, badRequest("the parameters of the URL can't be read")
	}
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		if !utf8.ValidString(values.Get(name)) {
			return nil, badRequest(name + " is not UTF-8")
		}
	}
	// A parameter without escapes shares the memory of the request line, which would be
	// kept as long as the query is remembered.
	params := &graphql.RawParams{Query: strings.Clone(values.Get("query")), OperationName: strings.Clone(values.Get("operationName"))}
	var bad *refusal
	if params.Variables, bad = decode("variables", "a JSON object", []byte(values.Get("variables"))); bad != nil {
		return nil, bad
	}
	extensions, bad := decode("extensions", "a JSON object", []byte(values.Get("extensions")))
	if bad != nil {
		return nil, bad
	}
	for name, value := range extensions {
		extensions[name] = asMaps(value)
	}
	params.Extensions = extensions
	return params, checkQuery(params)
}

// checkQuery refuses a request that has neither a query nor the hash of one.
func checkQuery(params *graphql.RawParams) *refusal {
	if params.Query == "" && params.Extensions["persistedQuery"] == nil {
		return badRequest("query is missing")
	}
	return nil
}

// decode reads one JSON object, whose numbers keep their text, and the objects inside it
// their order. The refusal has the name of what was read and what is wanted. Null and
// nothing are nil. A byte order mark before the object is ignored.
func decode(name, want string, text []byte) (map[string]any, *refusal) {
	text = bytes.Trim(bytes.TrimPrefix(text, []byte("\ufeff")), " \t\r\n")
	if len(text) == 0 || string(text) == "null" {
		return nil, nil
	}
	object, ok, deep := scan(text)
	switch {
	case deep:
		return nil, badRequest(name + " is nested too deep: lists and objects may be " + strconv.Itoa(maxDepth) + " deep inside one another")
	case !ok || !utf8.Valid(text):
		return nil, badRequest(name + " is not " + want)
	}
	return object.Map(), nil
}
