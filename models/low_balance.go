package models

import (
	"math"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/relay"
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
	Read[LowBalance] `gorm:"-"`

	Key                     string `gorm:"primaryKey"`
	Kind                    AllowanceKind
	CustomerID              CustomerID
	Allowance               Decimal
	Remaining               Decimal
	UsedRatio               float64
	BalanceID               *BalanceID
	EntitlementBalanceID    *EntitlementBalanceID
	BillRunID               *BillRunID
	UsageProductInventoryID *UsageProductInventoryID
	AssignmentID            *int64
	ComponentID             *int64
	StartDate               *LocalDateTime
}

// LowBalances is no table: from selects its rows as of an instant, from those of
// three tables.
var LowBalances = newRows[LowBalance]("customer_id").
	madeFrom(lowBalances).
	filters("customerId", "kind", "allowance", "remaining", "usedRatio").
	orderable("USED_RATIO", "REMAINING").
	asking(lowBalanceArguments)

// lowBalanceArguments reads how much of an allowance must have been used, and of which
// allowances, as of which instant.
func lowBalanceArguments(a *Arguments, q *Request) error {
	ratio := orZero(Argument[float64](a, "usedRatio"))
	if ratio < 0 || math.IsNaN(ratio) {
		return apierror.Invalid("usedRatio: it is below 0")
	}
	low := Filter{"usedRatio": map[string]any{"gte": ratio}}
	if kinds := Argument[[]AllowanceKind](a, "kinds"); kinds != nil && *kinds != nil {
		low["kind"] = map[string]any{"in": *kinds}
	}
	q.Filters = append(q.Filters, low)
	if at := Argument[DateTime](a, "asOf"); at != nil {
		q.At = *at
	} else {
		q.At = a.Now()
	}
	if customer := Argument[string](a, "customerId"); customer != nil {
		only, err := CustomerByID.Parse(*customer)
		if err != nil {
			return err
		}
		q.Only = &only
	}
	return nil
}

// AllLowBalances is the list at the root.
var AllLowBalances = all(LowBalances)

// What low balances are of.
var (
	CustomerOfLowBalance = newLookup(CustomerByID, func(l *LowBalance) CustomerID { return l.CustomerID })
	BalanceOfLowBalance  = newLookup(BalanceByID, func(l *LowBalance) BalanceID { return orZero(l.BalanceID) })
	GrantOfLowBalance    = newLookup(EntitlementBalanceByID, func(l *LowBalance) EntitlementBalanceID { return orZero(l.EntitlementBalanceID) })
	UsageOfLowBalance    = newLookup(InclusiveUsageBalanceByKey, func(l *LowBalance) InclusiveUsageBalanceKey {
		return InclusiveUsageBalanceKey{orZero(l.BillRunID), orZero(l.UsageProductInventoryID)}
	})
	ComponentOfLowBalance = newLookup(InclusiveUsageComponentByKey, func(l *LowBalance) ComponentKey {
		return ComponentKey{AssignmentKey{InclusiveUsageBalanceKey{orZero(l.BillRunID), orZero(l.UsageProductInventoryID)}, orZero(l.AssignmentID)}, orZero(l.ComponentID), orZero(l.StartDate)}
	})
)

// lowBalances selects all allowances that there are at s.at.
func lowBalances(s *statement) {
	usageLevels(s).add(" UNION ALL ")
	balanceLevels(s).add(" UNION ALL ")
	grantLevels(s)
}

// usageLevels are the pools of inclusive usage whose window is open, each as the
// latest bill run has it, as Horizon.Usage does: where that has closed the window, an
// older one that has it open does not count. So all bill runs of the pools that any has
// open are compared.
func usageLevels(s *statement) *statement {
	start, at := `c."start_date"`, s.at.local()
	if s.postgres {
		start = `to_char(c."start_date", 'YYYY-MM-DD"T"HH24:MI:SS')`
	}
	const key, open = `c."customer_id", c."assignment_id", c."component_id", c."start_date"`, `(c."end_date" >= ? OR c."end_date" IS NULL)`
	s.add(`SELECT 'INCLUSIVE_USAGE/' || c."assignment_id" || '/' || c."component_id" || '/' || `+start+` || '/' || c."customer_id" AS "key", 'INCLUSIVE_USAGE' AS "kind",`+
		` c."customer_id", c."allowance", c."remaining", `+usedRatio.sql("c")+` AS "used_ratio",`+
		` CAST(NULL AS TEXT) AS "balance_id", CAST(NULL AS TEXT) AS "entitlement_balance_id", c."bill_run_id", c."usage_product_inventory_id",`+
		` c."assignment_id", c."component_id", c."start_date" FROM (SELECT c.*, ROW_NUMBER() OVER (PARTITION BY `+key+` ORDER BY `+latestRun+`, `+leastLeft+`) AS place FROM `).from(InclusiveUsageComponents, "c")
	s.add(" JOIN ").from(InclusiveUsageBalances, "t").add(` ON t."bill_run_id" = c."bill_run_id" AND t."usage_product_inventory_id" = c."usage_product_inventory_id"`)
	s.add(" JOIN ").from(BillRuns, "r").add(` ON r."id" = c."bill_run_id" WHERE (`+key+`) IN (SELECT `+key+` FROM `).from(InclusiveUsageComponents, "c")
	s.add(` WHERE c."start_date" <= ? AND `+open+`)) AS c WHERE c.place = 1 AND `+open+` AND c."allowance" <> 0`, at, at, at)
	return s
}

// balanceLevels are the live commits and credits, by their active segments. What a
// balance has is reckoned as Account.Balance does. The key has the earliest active
// start, so that the next period is another alert.
func balanceLevels(s *statement) *statement {
	start := `l."start"`
	if s.postgres {
		start = `to_char(l."start" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
	}
	ratio := ratio(func(alias string) (string, string) {
		return `(` + alias + `."allowance" - ` + alias + `."remaining")`, alias + `."allowance"`
	})
	s.add(`SELECT 'BALANCE/' || l."id" || '/' || `+start+`, l."type", l."customer_id", l."allowance", l."remaining", `+ratio.sql("l")+`, l."id", NULL, NULL, NULL, NULL, NULL, NULL FROM (`+
		`SELECT g."id", g."type", g."customer_id", MIN(g."starting_at") AS "start", CAST(SUM(g."amount") AS BIGINT) AS "allowance", CAST(SUM(CASE WHEN g.raw > 0 THEN g.raw ELSE 0 END) AS BIGINT) AS "remaining" FROM (`+
		`SELECT b."id", b."type", b."customer_id", g."starting_at", g."amount", CAST(SUM(m."amount") AS BIGINT) AS raw FROM `).from(Balances, "b")
	s.add(" JOIN ").from(AccessSegments, "g").add(` ON g."balance_id" = b."id" LEFT JOIN `).from(BalanceSums, "m")
	s.add(` ON m."balance_id" = g."balance_id" AND m."segment_id" = g."id" AND `)
	countsAt(s, "m", s.at)
	s.add(` WHERE b."archived_at" IS NULL AND b."ledger_digest" IS NOT NULL AND g."starting_at" <= ? AND g."ending_before" > ?`, s.at, s.at)
	return s.add(` GROUP BY b."id", b."type", b."customer_id", g."id", g."starting_at", g."amount") AS g GROUP BY g."id", g."type", g."customer_id") AS l WHERE l."allowance" <> 0`)
}

// grantLevels are the entitlements in force.
func grantLevels(s *statement) *statement {
	s.add(`SELECT 'ENTITLEMENT/' || e."id", 'ENTITLEMENT', e."customer_id", e."quantity", e."quantity" - e."quantity_used", `+grantRatio.sql("e")+`,`+
		` NULL, e."id", NULL, NULL, NULL, NULL, NULL FROM `).from(EntitlementBalances, "e")
	return inForce(s.add(" WHERE "), "e", s.at).add(` AND e."quantity" <> 0 AND e."quantity_used" IS NOT NULL`)
}
