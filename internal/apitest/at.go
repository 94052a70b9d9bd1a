package apitest

// Object is what a connector makes of a JSON object.
type Object = map[string]any

// At walks into objects.
func At(v any, path ...string) any {
	for _, name := range path {
		v = v.(Object)[name]
	}
	return v
}

// RowsOf counts what a field of the root gives: 0 for null and for a list or
// connection without rows.
func RowsOf(value any) int {
	switch value := value.(type) {
	case nil:
		return 0
	case []any:
		return len(value)
	case map[string]any:
		if nodes, ok := value["nodes"]; ok {
			return RowsOf(nodes)
		}
		for _, each := range value {
			if list, ok := each.([]any); ok && len(list) == 0 {
				return 0
			}
		}
	}
	return 1
}
