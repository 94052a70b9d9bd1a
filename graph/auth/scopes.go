package auth

import (
	"fmt"
	"strings"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/models"
)

// Scopes is a set of scopes: what of its customers' rows a token may read.
type Scopes uint8

// The scopes.
const (
	Inventory    Scopes = 1 << iota // customers, sites, inventories, references, products
	Usage                           // bill runs, plans, usage balances
	Balances                        // commits and credits, ledgers, net balances
	Entitlements                    // entitlements and their balances

	AllScopes = Inventory | Usage | Balances | Entitlements
)

// scopeNames are the names of the scopes, as tokens have them.
var scopeNames = []string{"inventory", "usage", "balances", "entitlements"}

// scopesOf is the scopes that a token needs one of to read an object type. Open to
// every token are those with none. A connection and an edge have the scopes of what
// they hold.
var scopesOf = map[string]Scopes{
	"Query": 0, "Node": 0, "PageInfo": 0, "Import": 0,

	"Customer": Inventory, "ExternalId": Inventory, "Site": Inventory, "Address": Inventory,
	"UsageProductInventory": Inventory, "ProductReference": Inventory, "UsageProduct": Inventory,

	"BillRun": Usage, "InclusiveUsagePlan": Usage, "InclusiveUsageBalance": Usage,
	"InclusiveUsageAssignment": Usage, "InclusiveUsageComponent": Usage,

	"Balance": Balances, "CreditType": Balances, "AccessSegment": Balances, "BalanceSpecifier": Balances,
	"RolledOverFrom": Balances, "InvoiceSchedule": Balances, "InvoiceScheduleItem": Balances,
	"SubscriptionConfig": Balances, "SeatIncreaseConfig": Balances, "HierarchyConfiguration": Balances,
	"ChildAccess": Balances, "CustomField": Balances, "BalanceBreakdown": Balances, "SegmentBreakdown": Balances,
	"EntryBreakdown": Balances, "LedgerEntry": Balances, "NetBalance": Balances,
	"DrawdownPreview": Balances, "DrawdownStep": Balances, "DrawdownUnknown": Balances,
	"BalanceHistoryWindow": Balances, "BalanceDifference": Balances,

	"EntitlementBalance": Entitlements, "Entitlement": Entitlements, "EntitlementSummary": Entitlements,

	"UsageSummary": Usage,

	"ExpiringAllowance": 0, "LowBalance": 0, // by the kinds that are asked for

	"Contract": Balances | Entitlements, "Product": Balances | Entitlements, "Invoice": Balances | Entitlements,
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
	return apierror.New(apierror.Forbidden, "%s needs the scope %s, which the token lacks", what, strings.Join(need.Names(), " or "))
}
