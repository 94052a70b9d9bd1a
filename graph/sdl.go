package graph

// SDL is the schema as schema.graphqls writes it, byte for byte: gqlgen puts it into the
// code that it generates.
func SDL() string { return sources[0].Input }
