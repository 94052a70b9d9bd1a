package apitest

import (
	"encoding/json"
	"testing"
)

// Answer is an answer with its cost.
type Answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
	Extensions struct {
		Cost struct{ Requested, Limit *int }
	}
}

// ReadAnswer reads an answer from its text.
func ReadAnswer(t testing.TB, text []byte) (answer Answer) {
	t.Helper()
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%v: %.300s", err, text)
	}
	return answer
}

// Refusal is the first error, as its code and message, and how many there are.
func (a Answer) Refusal() (string, int) {
	if len(a.Errors) == 0 {
		return "", 0
	}
	return a.Errors[0].Extensions.Code + ": " + a.Errors[0].Message, len(a.Errors)
}

// Request sends members of a request as JSON.
func (s Server) Request(t testing.TB, members map[string]any) Answer {
	t.Helper()
	body, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	_, answer := s.Send(t, "POST", "/graphql", string(body))
	return ReadAnswer(t, answer)
}
