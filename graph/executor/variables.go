package executor

import (
	"encoding/json"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

// variables are the values of an operation's variables as their types want them. Those
// given may change.
func variables(schema *ast.Schema, operation *ast.OperationDefinition, given map[string]any) (map[string]any, error) {
	if fit(operation.VariableDefinitions, given) {
		return given, nil
	}
	return validator.VariableValues(schema, operation, given)
}

// fit tells whether the values given are plainly what is declared, no more and no less,
// and makes numbers of those of Int. Of all others the validator tells, which takes
// much longer.
func fit(declared ast.VariableDefinitionList, given map[string]any) bool {
	if len(declared) != len(given) {
		return false
	}
	for _, variable := range declared {
		ok := false
		switch value := given[variable.Variable].(type) {
		case string:
			ok = variable.Type.NamedType == "ID" || variable.Type.NamedType == "String"
		case bool:
			ok = variable.Type.NamedType == "Boolean"
		case json.Number:
			if variable.Type.NamedType == "Int" {
				n, err := value.Int64()
				if ok = err == nil; ok {
					given[variable.Variable] = n
				}
			}
		}
		if !ok {
			return false
		}
	}
	return true
}
