package models

import (
	"math"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// LowBalanceConnection is a page of allowances of which much was used.
type (
	LowBalanceConnection = relay.Connection[*LowBalance]
	LowBalanceEdge       = relay.Edge[*LowBalance]
)

// LowBalance is what is left of one allowance at an instant: of a pool of inclusive
// usage, of a commit or credit, or of an entitlement. Those without an allowance
// are none.
type LowBalance struct {
	store.Siblings[LowBalance] `gorm:"-"`

	Key                     string `gorm:"primaryKey"`
	Kind                    AllowanceKind
	CustomerID              scalar.CustomerID
	Allowance               scalar.Decimal
	Remaining               scalar.Decimal
	UsedRatio               float64
	BalanceID               *BalanceID
	EntitlementBalanceID    *EntitlementBalanceID
	BillRunID               *BillRunID
	UsageProductInventoryID *UsageProductInventoryID
	AssignmentID            *int64
	ComponentID             *int64
	StartDate               *scalar.LocalDateTime
}

// LowBalances is no table: from selects its rows as of an instant, from those of
// three tables.
var LowBalances = store.NewRows[LowBalance]("customer_id").
	MadeFrom(lowBalances).
	Filters("customerId", "kind", "allowance", "remaining", "usedRatio").
	Orderable("USED_RATIO", "REMAINING").
	Asking(lowBalanceArguments)

// lowBalanceArguments reads how much of an allowance must have been used, and of which
// allowances, as of which instant.
func lowBalanceArguments(a *store.Arguments, q *store.Request) error {
	ratio := scalar.OrZero(store.Argument[float64](a, "usedRatio"))
	if ratio < 0 || math.IsNaN(ratio) {
		return fault.Invalid("usedRatio: it is below 0")
	}
	low := store.Filter{"usedRatio": map[string]any{"gte": ratio}}
	if kinds := store.Argument[[]AllowanceKind](a, "kinds"); kinds != nil && *kinds != nil {
		low["kind"] = map[string]any{"in": *kinds}
	}
	q.Filters = append(q.Filters, low)
	if at := store.Argument[scalar.DateTime](a, "asOf"); at != nil {
		q.At = *at
	} else {
		q.At = a.Now()
	}
	if customer := store.Argument[string](a, "customerId"); customer != nil {
		only, err := CustomerByID.Parse(*customer)
		if err != nil {
			return err
		}
		q.Only = &only
	}
	return nil
}

// AllLowBalances is the list at the root.
var AllLowBalances = store.NewList(LowBalances)

// What low balances are of.
var (
	CustomerOfLowBalance = store.NewLookup(CustomerByID, func(l *LowBalance) scalar.CustomerID { return l.CustomerID })
	BalanceOfLowBalance  = store.NewLookup(BalanceByID, func(l *LowBalance) BalanceID { return scalar.OrZero(l.BalanceID) })
	GrantOfLowBalance    = store.NewLookup(EntitlementBalanceByID, func(l *LowBalance) EntitlementBalanceID { return scalar.OrZero(l.EntitlementBalanceID) })
	UsageOfLowBalance    = store.NewLookup(InclusiveUsageBalanceByKey, func(l *LowBalance) InclusiveUsageBalanceKey {
		return InclusiveUsageBalanceKey{scalar.OrZero(l.BillRunID), scalar.OrZero(l.UsageProductInventoryID)}
	})
	ComponentOfLowBalance = store.NewLookup(InclusiveUsageComponentByKey, func(l *LowBalance) ComponentKey {
		return ComponentKey{AssignmentKey{InclusiveUsageBalanceKey{scalar.OrZero(l.BillRunID), scalar.OrZero(l.UsageProductInventoryID)}, scalar.OrZero(l.AssignmentID)}, scalar.OrZero(l.ComponentID), scalar.OrZero(l.StartDate)}
	})
)

// lowBalances selects all allowances that there are at s.at.
func lowBalances(s *store.Statement) {
	usageLevels(s).Add(" UNION ALL ")
	balanceLevels(s).Add(" UNION ALL ")
	grantLevels(s)
}

// usageLevels are the pools of inclusive usage whose window is open, each as the
// latest bill run has it, as Horizon.Usage does: where that has closed the window, an
// older one that has it open does not count. So all bill runs of the pools that any has
// open are compared.
func usageLevels(s *store.Statement) *store.Statement {
	start, at := `c."start_date"`, s.At.Local()
	if s.Postgres {
		start = `to_char(c."start_date", 'YYYY-MM-DD"T"HH24:MI:SS')`
	}
	const key, open = `c."customer_id", c."assignment_id", c."component_id", c."start_date"`, `(c."end_date" >= ? OR c."end_date" IS NULL)`
	s.Add(`SELECT 'INCLUSIVE_USAGE/' || c."assignment_id" || '/' || c."component_id" || '/' || `+start+` || '/' || c."customer_id" AS "key", 'INCLUSIVE_USAGE' AS "kind",`+
		` c."customer_id", c."allowance", c."remaining", `+usedRatio.SQL("c")+` AS "used_ratio",`+
		` CAST(NULL AS TEXT) AS "balance_id", CAST(NULL AS TEXT) AS "entitlement_balance_id", c."bill_run_id", c."usage_product_inventory_id",`+
		` c."assignment_id", c."component_id", c."start_date" FROM (SELECT c.*, ROW_NUMBER() OVER (PARTITION BY `+key+` ORDER BY `+latestRun+`, `+leastLeft+`) AS place FROM `).From(InclusiveUsageComponents, "c")
	s.Add(" JOIN ").From(InclusiveUsageBalances, "t").Add(` ON t."bill_run_id" = c."bill_run_id" AND t."usage_product_inventory_id" = c."usage_product_inventory_id"`)
	s.Add(" JOIN ").From(BillRuns, "r").Add(` ON r."id" = c."bill_run_id" WHERE (`+key+`) IN (SELECT `+key+` FROM `).From(InclusiveUsageComponents, "c")
	s.Add(` WHERE c."start_date" <= ? AND `+open+`)) AS c WHERE c.place = 1 AND `+open+` AND c."allowance" <> 0`, at, at, at)
	return s
}

// balanceLevels are the live commits and credits, by their active segments. What a
// balance has is reckoned as Account.Balance does. The key has the earliest active
// start, so that the next period is another alert.
func balanceLevels(s *store.Statement) *store.Statement {
	start := `l."start"`
	if s.Postgres {
		start = `to_char(l."start" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
	}
	ratio := store.Ratio(func(alias string) (string, string) {
		return `(` + alias + `."allowance" - ` + alias + `."remaining")`, alias + `."allowance"`
	})
	s.Add(`SELECT 'BALANCE/' || l."id" || '/' || `+start+`, l."type", l."customer_id", l."allowance", l."remaining", `+ratio.SQL("l")+`, l."id", NULL, NULL, NULL, NULL, NULL, NULL FROM (`+
		`SELECT g."id", g."type", g."customer_id", MIN(g."starting_at") AS "start", CAST(SUM(g."amount") AS BIGINT) AS "allowance", CAST(SUM(CASE WHEN g.raw > 0 THEN g.raw ELSE 0 END) AS BIGINT) AS "remaining" FROM (`+
		`SELECT b."id", b."type", b."customer_id", g."starting_at", g."amount", CAST(SUM(m."amount") AS BIGINT) AS raw FROM `).From(Balances, "b")
	s.Add(" JOIN ").From(AccessSegments, "g").Add(` ON g."balance_id" = b."id" LEFT JOIN `).From(BalanceSums, "m")
	s.Add(` ON m."balance_id" = g."balance_id" AND m."segment_id" = g."id" AND `)
	countsAt(s, "m", s.At)
	s.Add(` WHERE b."archived_at" IS NULL AND b."ledger_digest" IS NOT NULL AND g."starting_at" <= ? AND g."ending_before" > ?`, s.At, s.At)
	return s.Add(` GROUP BY b."id", b."type", b."customer_id", g."id", g."starting_at", g."amount") AS g GROUP BY g."id", g."type", g."customer_id") AS l WHERE l."allowance" <> 0`)
}

// grantLevels are the entitlements in force.
func grantLevels(s *store.Statement) *store.Statement {
	s.Add(`SELECT 'ENTITLEMENT/' || e."id", 'ENTITLEMENT', e."customer_id", e."quantity", e."quantity" - e."quantity_used", `+grantRatio.SQL("e")+`,`+
		` NULL, e."id", NULL, NULL, NULL, NULL, NULL FROM `).From(EntitlementBalances, "e")
	return inForce(s.Add(" WHERE "), "e", s.At).Add(` AND e."quantity" <> 0 AND e."quantity_used" IS NOT NULL`)
}
