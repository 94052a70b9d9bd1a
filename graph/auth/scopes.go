package auth

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/fault"
)

// Scopes is a set of scopes: what of its customers' rows a token may read.
type Scopes uint8

// The scopes.
const (
	Inventory    Scopes = 1 << iota // customers, sites, inventories, references, products
	Usage                           // bill runs, plans, usage balances
	Balances                        // commits and credits, ledgers, net balances
	Entitlements                    // Entitlements and their balances

	AllScopes = Inventory | Usage | Balances | Entitlements
)

// scopeNames are the names of the scopes, as tokens have them.
var scopeNames = []string{"inventory", "usage", "balances", "entitlements"}

// scopesOf is the scopes that a token needs one of to read an object type, as the
// directive @scope of the schema has them. Open to every token are those with none. A
// connection and an edge have the scopes of what they hold.
var scopesOf = map[string]Scopes{}

// ReadSchema reads what scopes the types of the schema need, by the directive @scope. It
// is called once, before anything is served, and panics where @scope has an unknown
// scope.
func ReadSchema(schema *ast.Schema) {
	for name, definition := range schema.Types {
		directive := definition.Directives.ForName("scope")
		if directive == nil {
			continue
		}
		scopesOf[name] = 0
		for _, child := range directive.Arguments.ForName("of").Value.Children {
			scope := named(child.Value.Raw)
			if scope == 0 {
				panic(fmt.Sprintf("auth: %s has the scope %s, which is none", name, child.Value.Raw))
			}
			scopesOf[name] |= scope
		}
	}
}

// asked is the scopes, all of them, that a field needs beside those of its type and
// of the object that has it, for what its arguments ask.
var asked = map[string]func(arguments map[string]any) Scopes{
	// The words are looked for in the texts of inventories and references.
	"Query.inclusiveUsageBalances": func(arguments map[string]any) Scopes {
		if search, ok := arguments["search"].(*string); ok && search != nil && strings.TrimSpace(*search) != "" {
			return Inventory
		}
		return 0
	},
	"Customer.expiring": ofKinds,
	"Query.lowBalances": ofKinds,
}

// ofKinds is the scopes of the kinds of allowance in the argument kinds, of all
// kinds if there is none.
func ofKinds(arguments map[string]any) (scopes Scopes) {
	kinds, _ := arguments["kinds"].([]models.AllowanceKind)
	if kinds == nil {
		kinds = models.AllAllowanceKind
	}
	for _, kind := range kinds {
		switch kind {
		case models.AllowanceKindInclusiveUsage:
			scopes |= Usage
		case models.AllowanceKindEntitlement:
			scopes |= Entitlements
		default:
			scopes |= Balances
		}
	}
	return scopes
}

// ofType is the scopes of a type, and whether it has an entry. Scalars have none.
func ofType(name string) (Scopes, bool) {
	for _, wrapper := range []string{"Connection", "Edge"} {
		name = strings.TrimSuffix(name, wrapper)
	}
	scopes, ok := scopesOf[name]
	return scopes, ok
}

// ParseScopes reads the names of scopes. An unknown one is an error.
func ParseScopes(names []string) (all Scopes, err error) {
	for _, name := range names {
		scope := named(strings.TrimSpace(name))
		if scope == 0 {
			return 0, fmt.Errorf("%q is no scope: there are %s", name, strings.Join(scopeNames, ", "))
		}
		all |= scope
	}
	return all, nil
}

// known is the scopes among the names. Others may be for other servers.
func known(names []string) (all Scopes) {
	for _, name := range names {
		all |= named(name)
	}
	return all
}

func named(name string) Scopes {
	for i, known := range scopeNames {
		if name == known {
			return 1 << i
		}
	}
	return 0
}

// Names are the names of the scopes in the set.
func (s Scopes) Names() (names []string) {
	for i, name := range scopeNames {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// oneOf is FORBIDDEN, about what, for a token that has none of the scopes that are
// needed.
func (s Scopes) oneOf(need Scopes, what string) error {
	if need == 0 || s&need != 0 {
		return nil
	}
	return fault.New(fault.Forbidden, "%s needs the scope %s, which the token lacks", what, strings.Join(need.Names(), " or "))
}
