package store

// PageRows are the rows of a page in the order of the list.
type PageRows[T any] struct {
	Rows []T
	More bool // the list goes on at the far end of the page
}
