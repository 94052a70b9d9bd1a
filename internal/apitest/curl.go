package apitest

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Arguments are those of a command line of usagegraph, without a comment behind it.
func Arguments(t *testing.T, line string) (words []string) {
	t.Helper()
	line, _, _ = strings.Cut(line, " #")
	for _, match := range word.FindAllStringSubmatch(line, -1) {
		words = append(words, match[1]+match[2]+match[3])
	}
	if len(words) < 2 || words[0] != "usagegraph" {
		t.Fatalf("%q is no command of usagegraph", line)
	}
	return words[1:]
}

// word is a word of a shell's command line: plain or quoted.
var word = regexp.MustCompile(`'([^']*)'|"([^"]*)"|([^\s'"\\]+)`)

// curl is the request that a command line of curl sends.
type curl struct {
	Method, Target, Body string
	Headers              []string
}

// ParseCurl understands the options that docs/http.md uses, and no others.
func ParseCurl(t *testing.T, line, token string) (c curl) {
	t.Helper()
	var words []string
	for _, match := range word.FindAllStringSubmatch(line, -1) {
		words = append(words, match[1]+strings.ReplaceAll(match[2], "$TOKEN", token)+match[3])
	}
	c.Method = "GET"
	inURL, values := false, url.Values{}
	for i := 1; i < len(words); i++ {
		switch words[i] {
		case "-s":
		case "-G":
			inURL = true
		case "--compressed":
			c.Headers = append(c.Headers, "Accept-Encoding: gzip")
		case "-H":
			i++
			c.Headers = append(c.Headers, words[i])
		case "-X":
			i++
			c.Method = words[i]
		case "-d":
			i++
			c.Method, c.Body = "POST", words[i]
		case "--data-urlencode":
			i++
			name, value, _ := strings.Cut(words[i], "=")
			values.Set(name, value)
		default:
			target, ok := strings.CutPrefix(words[i], "http://localhost:8080")
			if !ok {
				t.Fatalf("curl %s: the test does not know this", words[i])
			}
			c.Target = target
		}
	}
	if inURL {
		c.Target += "?" + values.Encode()
	}
	return c
}
