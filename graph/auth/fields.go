package auth

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// GuardFields lets an operation refuse the fields of other scopes than the token's:
// FORBIDDEN where they stand, and the rest of the answer stays. It costs a token with all
// scopes nothing.
func GuardFields(ctx context.Context, operation *graphql.OperationContext) {
	operation.ResolverMiddleware = func(ctx context.Context, next graphql.Resolver) (any, error) { return next(ctx) }
	principal, _ := For(ctx)
	if principal.Scopes == AllScopes {
		return
	}
	operation.ResolverMiddleware = func(ctx context.Context, next graphql.Resolver) (any, error) {
		if err := principal.Scopes.field(graphql.GetFieldContext(ctx)); err != nil {
			return nil, err
		}
		return next(ctx)
	}
}

// field is FORBIDDEN for a field that the scopes don't reach. The object is looked
// at, too: behind an interface its type is known only here.
func (s Scopes) field(field *graphql.FieldContext) error {
	name := field.Object + "." + field.Field.Name
	for _, of := range []string{field.Object, field.Field.Definition.Type.Name()} {
		need, _ := ofType(of)
		if err := s.oneOf(need, name); err != nil {
			return err
		}
	}
	ask, ok := asked[name]
	if !ok {
		return nil
	}
	for _, scope := range ask(field.Args).each() {
		if err := s.oneOf(scope, name+", as it is asked,"); err != nil {
			return err
		}
	}
	return nil
}

// Reads reports whether the scopes surely reach a field of an object type, which is of
// the type called result. What depends on arguments is not sure.
func (s Scopes) Reads(object, field, result string) bool {
	if s == AllScopes {
		return true
	}
	for _, of := range []string{object, result} {
		if need, _ := ofType(of); need != 0 && s&need == 0 {
			return false
		}
	}
	return asked[object+"."+field] == nil
}

// each is the members of the set.
func (s Scopes) each() (members []Scopes) {
	for scope := Scopes(1); scope < AllScopes; scope <<= 1 {
		if s&scope != 0 {
			members = append(members, scope)
		}
	}
	return members
}

// RequireType is FORBIDDEN for a token whose scopes do not reach the type, whether
// or not there is such a row.
func RequireType(ctx context.Context, name string) error {
	principal, _ := For(ctx)
	need, _ := ofType(name)
	return principal.Scopes.oneOf(need, name)
}

// CheckSchema finds a type that has no scopes in the schema that was read, scopes of a
// type or field that is not there, and a field that can be forbidden where its object is not, and yet
// can't be null.
func CheckSchema(schema *ast.Schema) error {
	for name := range scopesOf {
		if schema.Types[name] == nil {
			return fmt.Errorf("auth: there is no type %s", name)
		}
	}
	fields := map[string]bool{}
	for _, definition := range schema.Types {
		if definition.BuiltIn || !definition.IsCompositeType() {
			continue
		}
		own, ok := ofType(definition.Name)
		if !ok {
			return fmt.Errorf("auth: the type %s has no scopes", definition.Name)
		}
		for _, field := range definition.Fields {
			name := definition.Name + "." + field.Name
			fields[name] = true
			need, _ := ofType(field.Type.Name())
			if field.Type.NonNull && (forbidden(own, need) || asked[name] != nil) {
				return fmt.Errorf("auth: %s is of another scope than %s, and so must be nullable", name, definition.Name)
			}
		}
	}
	for name := range asked {
		if !fields[name] {
			return fmt.Errorf("auth: there is no field %s", name)
		}
	}
	return nil
}

// forbidden reports whether a token may read an object of one set of scopes and not a
// field of another.
func forbidden(object, field Scopes) bool {
	return field != 0 && (object == 0 || object&^field != 0)
}
