package main

import (
	"strings"
	"testing"
)

// TestAnswersOfAllServersCompare holds that the same values compare as equal in
// whatever way a server writes them, and others do not.
func TestAnswersOfAllServersCompare(t *testing.T) {
	const ours = `{"data": {"customer": {"id": "Customer:7", "netBalance": {"balance": "12.5"},
		"page": {"endCursor": "abc"}, "list": [
			{"id": "InclusiveUsageBalance:3/100", "billRunId": "BillRun:3", "remaining": "0.000001", "priority": 1, "timestamp": "2025-01-01T00:00:00.000000Z"},
			{"id": "x-1", "billRunId": null, "remaining": "-7", "priority": null, "timestamp": null}]}}}`
	for name, test := range map[string]struct{ other, want string }{
		"as the tables have it": {`{"data": {"customer": {"id": "7", "netBalance": "12500000", "page": {"endCursor": "7"}, "list": [
			{"id": "100", "billRunId": 3, "remaining": 1, "priority": 1, "timestamp": "2025-01-01T01:00:00+01:00"},
			{"id": "x-1", "billRunId": null, "remaining": -7000000, "priority": null, "timestamp": null}]}}}`, ""},
		"another id":          {`{"data": {"customer": {"id": "8", "netBalance": "12500000", "page": {"endCursor": "7"}, "list": []}}}`, "answer.customer"},
		"another amount":      {`{"data": {"customer": {"id": "7", "netBalance": "12500001", "page": {"endCursor": "7"}, "list": []}}}`, "answer.customer"},
		"no cursor":           {`{"data": {"customer": {"id": "7", "netBalance": "12500000", "page": {"endCursor": null}, "list": []}}}`, "answer.customer"},
		"a field is missing":  {`{"data": {"customer": {"id": "7", "netBalance": "12500000", "list": []}}}`, "answer.customer is"},
		"a field has a name":  {`{"data": {"client": {}}}`, "answer has no customer"},
		"nothing":             {`{"data": {"customer": null}}`, "answer.customer is <nil>"},
		"an item is missing":  {`{"data": {"customer": {"id": "7", "netBalance": "12500000", "page": {"endCursor": "7"}, "list": [{}]}}}`, "answer.customer.list is"},
		"an error of GraphQL": {`{"errors": [{"message": "no"}], "data": null}`, "the answer has errors"},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := canonical([]byte(ours), true)
			if err != nil {
				t.Fatal(err)
			}
			got, err := canonical([]byte(test.other), false)
			found := difference("answer", want, got)
			if err != nil {
				found = err.Error()
			}
			if (found == "") != (test.want == "") || !strings.Contains(found, test.want) {
				t.Errorf("the difference is %q, want %q", found, test.want)
			}
		})
	}
}
