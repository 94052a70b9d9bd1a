package seed

import (
	"strings"
	"sync"
	"testing"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

var schemas sync.Map

var months, today = newCalendar(lastDay).months, lastDay

// TestPoolsAgree wants a pool to have the same figures in every balance that it
// reaches.
func TestPoolsAgree(t *testing.T) {
	type key struct {
		run                   models.BillRunID
		assignment, component int64
		start                 scalar.LocalDateTime
	}
	type figures struct {
		customer             scalar.CustomerID
		byValue, ends        bool
		charging             models.ChargingType
		allowance, remaining scalar.Decimal
	}
	pools := map[key]figures{}
	for _, c := range sample.components {
		k := key{c.BillRunID, c.AssignmentID, c.ComponentID, c.StartDate}
		f := figures{c.CustomerID, c.ByValue, c.EndDate != nil, c.ChargingType, c.Allowance, c.Remaining}
		if first, there := pools[k]; there && first != f {
			t.Fatalf("%+v of pool %+v, elsewhere %+v", f, k, first)
		}
		pools[k] = f
		if c.Remaining < 0 || c.Remaining > c.Allowance || c.Allowance <= 0 {
			t.Errorf("%+v: remaining is not within the allowance", c)
		}
	}
}

// TestAssignments wants 1 or 2 of them each, and each to reach what its level says.
func TestAssignments(t *testing.T) {
	site := map[models.UsageProductInventoryID]models.SiteID{}
	for _, line := range sample.inventories {
		site[line.ID] = line.SiteID
	}
	reach := map[int64][]models.InclusiveUsageAssignment{}
	each := map[models.InclusiveUsageBalanceKey]int{}
	for _, a := range sample.assignments {
		each[a.Key().InclusiveUsageBalanceKey]++
		if a.BillRunID == 1 {
			reach[a.AssignmentID] = append(reach[a.AssignmentID], a)
		}
	}
	for _, balance := range sample.usageBalances {
		if n := each[balance.Key()]; n < 1 || n > 2 {
			t.Errorf("balance %s has %d assignments", balance.DatabaseID(), n)
		}
	}
	levels := map[models.AssignmentLevel]int{}
	for id, rows := range reach {
		levels[rows[0].AssignmentLevel]++
		sites := map[models.SiteID]bool{}
		same := true
		for _, a := range rows {
			sites[site[a.UsageProductInventoryID]] = true
			same = same && a.CustomerID == rows[0].CustomerID && a.AssignmentLevel == rows[0].AssignmentLevel
		}
		fits := map[models.AssignmentLevel]bool{
			models.AssignmentLevelCustomer:  len(sites) == 3,
			models.AssignmentLevelSite:      len(sites) == 1 && len(rows) > 1,
			models.AssignmentLevelInventory: len(rows) == 1,
		}
		if !same || !fits[rows[0].AssignmentLevel] {
			t.Errorf("assignment %d of the %s reaches %d lines at %d sites", id, rows[0].AssignmentLevel, len(rows), len(sites))
		}
	}
	if len(levels) != 3 {
		t.Errorf("levels %v", levels)
	}
}

// TestPlansFit wants a plan of one product only where it is that of the line.
func TestPlansFit(t *testing.T) {
	product := map[models.UsageProductInventoryID]models.UsageProductID{}
	for _, line := range sample.inventories {
		product[line.ID] = line.UsageProductID
	}
	for _, a := range sample.assignments {
		if of := sample.plans[*a.InclusiveUsagePlanID-1].UsageProductID; of != nil && *of != product[a.UsageProductInventoryID] {
			t.Fatalf("%+v: the plan is of product %d, the line of %d", a, *of, product[a.UsageProductInventoryID])
		}
	}
}

// TestLedgers holds all balances to the rules that ledgers follow.
func TestLedgers(t *testing.T) {
	invoices := map[string]models.Invoice{}
	for _, invoice := range sample.invoices {
		invoices[invoice.ID] = invoice
	}
	segments := map[models.BalanceID][]models.AccessSegment{}
	for _, s := range sample.segments {
		segments[s.BalanceID] = append(segments[s.BalanceID], s)
	}
	entries := map[models.BalanceID][]models.LedgerEntry{}
	for _, e := range sample.entries {
		entries[e.BalanceID] = append(entries[e.BalanceID], e)
	}
	live := 0
	for _, balance := range sample.balances {
		ledger := ledger{balance, segments[balance.ID], entries[balance.ID], invoices}
		ledger.check(t)
		if ledger.live() {
			live++
		}
	}
	if live < len(sample.balances)*8/10 {
		t.Errorf("only %d of %d balances are live in 2028", live, len(sample.balances))
	}
	for _, status := range models.AllInvoiceStatus {
		found := 0
		for _, e := range sample.entries {
			if e.InvoiceID != nil && invoices[*e.InvoiceID].Status == status {
				found++
			}
		}
		if found < 100 {
			t.Errorf("%d entries of invoices that are %s", found, status)
		}
	}
}

type ledger struct {
	balance  models.Balance
	segments []models.AccessSegment
	entries  []models.LedgerEntry
	invoices map[string]models.Invoice
}

func (l ledger) live() bool {
	at := midnight(2028, 6, 1)
	for _, s := range l.segments {
		if s.StartingAt <= at && at < s.EndingBefore && l.balance.ArchivedAt == nil {
			return true
		}
	}
	return false
}

func (l ledger) check(t *testing.T) {
	sums := map[string]scalar.Decimal{}
	deductions := map[[2]string]bool{}
	var last models.LedgerEntry
	for i, e := range l.entries {
		if e.Number != int64(i+1) || e.TypeRank != e.Type.Rank() || e.TypeRank == 0 || e.CustomerID != l.balance.CustomerID {
			t.Errorf("%+v: number, rank or customer is wrong", e)
		}
		if e.Timestamp < last.Timestamp || e.Timestamp == last.Timestamp && e.TypeRank < last.TypeRank {
			t.Errorf("%+v comes after %+v", e, last)
		}
		last = e
		if kind := strings.TrimSuffix(string(l.balance.Type), "_COMMIT"); !strings.HasPrefix(string(e.Type), kind) {
			t.Errorf("%+v in the ledger of a %s", e, l.balance.Type)
		}
		segment := l.segment(e)
		if e.InvoiceID == nil || l.invoices[*e.InvoiceID].Status != models.InvoiceStatusVoid {
			sums[segment.ID] += e.Amount
		}
		l.checkEntry(t, e, segment)
		if e.TypeRank == models.RankDeduction {
			key := [2]string{segment.ID, *e.InvoiceID}
			if deductions[key] {
				t.Errorf("%+v: the invoice has taken from the segment before", e)
			}
			deductions[key] = true
		}
	}
	l.checkSegments(t, sums)
}

// segment is that of an entry.
func (l ledger) segment(e models.LedgerEntry) models.AccessSegment {
	for _, s := range l.segments {
		if e.SegmentID != nil && s.ID == *e.SegmentID {
			return s
		}
	}
	return l.segments[0]
}

func (l ledger) checkEntry(t *testing.T, e models.LedgerEntry, s models.AccessSegment) {
	ok := true
	switch e.TypeRank {
	case models.RankStart:
		ok = e.Amount == s.Amount && e.Timestamp == s.StartingAt
	case models.RankDeduction:
		ok = e.Amount < 0 && e.InvoiceID != nil && e.SegmentID != nil &&
			e.Timestamp == months[l.month(*e.InvoiceID)].to && s.StartingAt < e.Timestamp && e.Timestamp <= s.EndingBefore
	case models.RankManual: // a reason is for what is made by hand
		ok = (e.Reason != nil) == strings.HasSuffix(string(e.Type), "_MANUAL")
	case models.RankCredited:
		ok = e.Amount > 0 && e.InvoiceID != nil
	case models.RankTrueup:
		ok = e.Amount < 0 && e.InvoiceID != nil && e.Timestamp == s.EndingBefore
	case models.RankRollover, models.RankExpiration:
		ok = e.Amount < 0 && (e.NewContractID != nil) == (e.TypeRank == models.RankRollover) &&
			(e.Timestamp == s.EndingBefore || l.balance.ArchivedAt != nil)
	}
	if !ok {
		t.Errorf("%+v is not as its type says, of segment %+v", e, s)
	}
}

// month is the place of an invoice in months.
func (l ledger) month(invoice string) int {
	for i, m := range months {
		if l.invoices[invoice].Name != nil && strings.HasSuffix(*l.invoices[invoice].Name, m.name) ||
			l.invoices[invoice].Number != nil && strings.HasPrefix(*l.invoices[invoice].Number, "INV-"+string(m.first[:7])) {
			return i
		}
	}
	return len(months) - 1 // a draft without a name
}

func (l ledger) checkSegments(t *testing.T, sums map[string]scalar.Decimal) {
	if l.balance.Type == models.BalanceTypePostpaidCommit && (len(l.segments) != 1 || l.entries[0].Amount != l.segments[0].Amount) {
		t.Errorf("postpaid commit %s: one segment is due, and as much at the start", l.balance.ID)
	}
	if l.balance.LedgerDigest == nil {
		t.Errorf("balance %s: the ledger is not known", l.balance.ID)
	}
	overdrawn := l.balance.Type == models.BalanceTypeCredit && strings.Contains(orEmpty(l.entries[len(l.entries)-1].Reason), "fair use")
	for _, s := range l.segments {
		ended := s.EndingBefore <= today+day || l.balance.ArchivedAt != nil
		if s.StartingAt >= s.EndingBefore || s.Amount <= 0 || ended && sums[s.ID] != 0 || sums[s.ID] < 0 && !overdrawn {
			t.Errorf("segment %+v: entries sum up to %s", s, sums[s.ID])
		}
	}
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// TestEntitlements wants use within the grant, and each kind of grant.
func TestEntitlements(t *testing.T) {
	now := midnight(2028, 6, 1)
	counts := map[string]int{}
	for _, e := range sample.entitlementBalances {
		counts[string(*e.Type)]++
		if e.ExpiryAt != nil && *e.ExpiryAt <= today {
			counts["expired"]++
		}
		if e.ExpiryAt == nil || *e.ExpiryAt > now {
			counts["open"]++
		}
		if e.Quantity != nil && (*e.QuantityUsed < 0 || *e.QuantityUsed > *e.Quantity) {
			t.Errorf("%+v: used is not within the quantity", e)
		}
		if ratio := e.UsedRatio(); ratio != nil && *ratio >= 0.9 {
			counts["nearly used"]++
		}
	}
	for _, name := range []string{"FEATURE", "QUANTITY", "CREDITS", "expired", "open", "nearly used"} {
		if counts[name] < 200 {
			t.Errorf("%s: %d of %d", name, counts[name], len(sample.entitlementBalances))
		}
	}
}
