package document

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/models/fault"
)

// find puts the text into a request that has only its ID, as automatic persisted
// queries and clients with trusted documents send it, and checks the hash of one that
// has both. It returns the hash to remember a text by, if any.
func (d *Documents) find(request *graphql.RawParams) (hash string, errs gqlerror.List) {
	extension := request.Extensions["persistedQuery"]
	if extension == nil {
		return "", nil
	}
	members, _ := extension.(map[string]any)
	hash, ok := members["sha256Hash"].(string)
	if !ok || fmt.Sprint(members["version"]) != "1" {
		return "", refuse(fault.BadRequest, "extensions.persistedQuery: want {version: 1, sha256Hash: …}")
	}
	if request.Query != "" {
		if hashOf(request.Query) != hash {
			return "", refuse(fault.BadRequest, "extensions.persistedQuery: sha256Hash is not the SHA-256 of the query")
		}
		return hash, nil
	}
	if request.Query, ok = d.trusted.byID[hash]; !ok {
		request.Query, ok = d.persisted.GetIfPresent(hash)
	}
	if !ok {
		// Clients look for this message, and send the query with its hash then.
		return "", refuse(fault.PersistedQueryNotFound, "PersistedQueryNotFound")
	}
	return "", nil
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
