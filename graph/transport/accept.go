package transport

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	typeJSON    = "application/json"
	typeGraphQL = "application/graphql-response+json"
)

// mediaType is the type of the answer that a request accepts best:
// application/graphql-response+json if it is named and nothing is preferred to it,
// else application/json, also where neither is accepted.
func mediaType(header http.Header) string {
	if !slices.ContainsFunc(header["Accept"], func(kinds string) bool { return strings.Contains(kinds, "+") }) {
		return typeJSON // the other one is not named
	}
	named, plain, wild := 0.0, -1.0, 0.0
	for kind, quality := range qualities(header, "Accept") {
		switch kind {
		case typeGraphQL:
			named = quality
		case typeJSON:
			plain = quality
		case "application/*", "*/*":
			wild = max(wild, quality)
		}
	}
	if plain < 0 {
		plain = wild
	}
	if named > 0 && named >= plain {
		return typeGraphQL
	}
	return typeJSON
}

// AcceptsGzip reports whether an answer to a request of this header may be compressed.
func AcceptsGzip(header http.Header) bool {
	accepted := qualities(header, "Accept-Encoding")
	quality, named := accepted["gzip"]
	return quality > 0 || !named && accepted["*"] > 0
}

// qualities reads a header such as Accept: the kinds that may come, each with its
// quality from 0, not accepted, to 1, preferred.
func qualities(header http.Header, name string) map[string]float64 {
	found := map[string]float64{}
	for part := range strings.SplitSeq(strings.Join(header.Values(name), ","), ",") {
		kind, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		found[kind] = 1
		if text, ok := parameters["q"]; ok {
			found[kind], _ = strconv.ParseFloat(text, 64) // 0 for what is no number
		}
	}
	return found
}
