// Package token keeps API tokens, and looks up the one with which a request is made. A row
// that has been read serves later requests as a store.Precondition: it is compared in the
// same round trip as the first rows, unless PostgreSQL has notified nobody of a change.
package token
