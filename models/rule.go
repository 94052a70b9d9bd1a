package models

// Severity is how bad it is that a rule is broken.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"   // an import refuses it, or usagegraph itself has gone wrong
	SeverityWarning Severity = "warning" // an import keeps it as given, and counts it
)

// Rule is what rows are held to. Its number and name never change.
type Rule struct {
	Number   int
	Name     string
	Severity Severity
	Rows     RuleRows
	Broken   string // what is the case where it is broken
	HeldBy   string // why it can't be broken in the tables; "" if it can
}

// RuleRows are the rows that a rule looks at.
type RuleRows string

// What rules look at.
const (
	RowsBalances     RuleRows = "balances"
	RowsSegments     RuleRows = "segments"
	RowsEntries      RuleRows = "ledger entries"
	RowsSums         RuleRows = "sums"
	RowsEntitlements RuleRows = "entitlement balances"
	RowsInventories  RuleRows = "inventories"
	RowsAssignments  RuleRows = "assignments"
	RowsComponents   RuleRows = "components"
)

// The rules.
var (
	RuleSegment          = &Rule{1, "segment", SeverityError, RowsSegments, "a segment does not end after its start, or its amount is below 0", ""}
	RulePostpaid         = &Rule{2, "postpaid", SeverityError, RowsBalances, "a postpaid commit has more than one segment, or its ledger does not begin with the amount of that", ""}
	RuleClosedSegment    = &Rule{3, "closed-segment", SeverityWarning, RowsSegments, "the entries of a segment that ended and expired or rolled over do not sum to 0", ""}
	RuleDeductionInvoice = &Rule{4, "deduction-invoice", SeverityWarning, RowsEntries, "a deduction names no invoice", ""}
	RuleDoubleDeduction  = &Rule{5, "double-deduction", SeverityWarning, RowsEntries, "an invoice has more than one deduction from a segment", ""}
	RuleCreditType       = &Rule{6, "credit-type", SeverityError, RowsBalances, "a balance has more than one credit type", "its only column"}
	RuleRolloverFraction = &Rule{7, "rollover-fraction", SeverityError, RowsBalances, "the rollover fraction is not between 0 and 1", ""}
	RuleRemaining        = &Rule{8, "remaining", SeverityWarning, RowsComponents, "remaining is not between 0 and the allowance", ""}
	RuleQuantityUsed     = &Rule{9, "quantity-used", SeverityWarning, RowsEntitlements, "quantity_used is not between 0 and the quantity", ""}
	RuleAssignmentOwner  = &Rule{10, "assignment-owner", SeverityWarning, RowsAssignments, "an assignment reaches what its level and its other rows exclude", ""}
	RuleReferences       = &Rule{11, "references", SeverityError, RowsInventories, "an inventory has no reference", ""}
	RuleComponent        = &Rule{12, "component", SeverityError, RowsComponents, "a balance has a component of an assignment twice for one start", "the primary key"}
	RuleUniquenessKey    = &Rule{13, "uniqueness-key", SeverityError, RowsBalances, "balances of one customer share a uniqueness key", ""}
	RuleBalanceSum       = &Rule{14, "balance-sum", SeverityError, RowsSums, "a stored sum is not what the ledger comes to", ""}
	RuleRunningBalance   = &Rule{15, "running-balance", SeverityError, RowsEntries, "a stored running balance or rank is not what the ledger comes to", ""}
	RuleSharedPool       = &Rule{16, "shared-pool", SeverityWarning, RowsComponents, "copies of a shared pool differ in one bill run", ""}
	RuleStartSign        = &Rule{17, "start-sign", SeverityWarning, RowsEntries, "an entry that starts a segment is below 0: the amount is kept as given", ""}
	RuleDeductionSign    = &Rule{18, "deduction-sign", SeverityWarning, RowsEntries, "a deduction or expiration is above 0: the amount is kept as given", ""}
	RuleEntrySegment     = &Rule{19, "entry-segment", SeverityWarning, RowsEntries, "a ledger entry names a segment that the balance lacks", ""}
	RuleInventoryDates   = &Rule{20, "inventory-dates", SeverityWarning, RowsInventories, "an inventory ends before it starts", ""}
	RulePrimaryReference = &Rule{21, "primary-reference", SeverityWarning, RowsInventories, "an inventory has more than one primary reference", ""}
	RulePoolWindow       = &Rule{22, "pool-window", SeverityWarning, RowsComponents, "a later bill run ends the window of a pool before an earlier one does", ""}
	RuleEntryGap         = &Rule{23, "entry-gap", SeverityWarning, RowsEntries, "a manual entry without a segment is stamped where no segment is active", ""}
	RuleGrantDates       = &Rule{24, "grant-dates", SeverityWarning, RowsEntitlements, "an entitlement balance expires before it is active", ""}
)

// Rules are all rules in order of number.
var Rules = []*Rule{
	RuleSegment, RulePostpaid, RuleClosedSegment, RuleDeductionInvoice, RuleDoubleDeduction, RuleCreditType, RuleRolloverFraction,
	RuleRemaining, RuleQuantityUsed, RuleAssignmentOwner, RuleReferences, RuleComponent, RuleUniquenessKey, RuleBalanceSum,
	RuleRunningBalance, RuleSharedPool, RuleStartSign, RuleDeductionSign, RuleEntrySegment, RuleInventoryDates, RulePrimaryReference,
	RulePoolWindow, RuleEntryGap, RuleGrantDates,
}

// Breach is a place at which a row breaks a rule.
type Breach struct {
	Rule            *Rule
	Part            string // of the row, such as a segment; "" for the row itself
	Field           string // as the source calls it, seen from the part; "" where the source has none
	Found, Expected string
}
