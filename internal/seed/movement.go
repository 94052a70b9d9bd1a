package seed

import "github.com/usagegraph/usagegraph/models"

// A movement is what an entry does, whatever the type of its balance.
type movement int

const (
	start movement = iota
	deduction
	manual
	seats
	credited
	canceled
	rolledOver
	trueup
	expiration
)

var movements = map[models.BalanceType][]models.LedgerEntryType{
	models.BalanceTypePrepaidCommit: {
		models.LedgerEntryTypePrepaidCommitSegmentStart,
		models.LedgerEntryTypePrepaidCommitAutomatedInvoiceDeduction,
		models.LedgerEntryTypePrepaidCommitManual,
		models.LedgerEntryTypePrepaidCommitSeatBasedAdjustment,
		models.LedgerEntryTypePrepaidCommitCredited,
		models.LedgerEntryTypePrepaidCommitCanceled,
		models.LedgerEntryTypePrepaidCommitRollover,
		"", // only postpaid commits are trued up
		models.LedgerEntryTypePrepaidCommitExpiration,
	},
	models.BalanceTypePostpaidCommit: {
		models.LedgerEntryTypePostpaidCommitInitialBalance,
		models.LedgerEntryTypePostpaidCommitAutomatedInvoiceDeduction,
		models.LedgerEntryTypePostpaidCommitManual,
		"", "", "", // seats and credited invoices are for the others
		models.LedgerEntryTypePostpaidCommitRollover,
		models.LedgerEntryTypePostpaidCommitTrueup,
		models.LedgerEntryTypePostpaidCommitExpiration,
	},
	models.BalanceTypeCredit: {
		models.LedgerEntryTypeCreditSegmentStart,
		models.LedgerEntryTypeCreditAutomatedInvoiceDeduction,
		models.LedgerEntryTypeCreditManual,
		models.LedgerEntryTypeCreditSeatBasedAdjustment,
		models.LedgerEntryTypeCreditCredited,
		models.LedgerEntryTypeCreditCanceled,
		models.LedgerEntryTypeCreditRollover,
		"",
		models.LedgerEntryTypeCreditExpiration,
	},
}

// in is the type that the movement has in the ledger of a balance.
func (m movement) in(balance models.BalanceType) models.LedgerEntryType { return movements[balance][m] }

// namesSegment reports whether the source names the segment in such an entry. Where
// it does not, a postpaid commit has only one.
func (m movement) namesSegment(balance models.BalanceType) bool {
	return balance != models.BalanceTypePostpaidCommit || m == deduction || m == rolledOver || m == manual
}
