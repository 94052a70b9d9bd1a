package store

// Node is an object with a global ID, reachable by Query.node.
type Node interface {
	IsNode()
}
