package billing

import (
	"cmp"
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// Usage is what a drawdown is previewed for.
type Usage struct {
	Amount      scalar.Decimal // in units of the credit type
	ProductID   *string
	ProductTags []string // all tags of the product; nil where they are not known
	At          scalar.DateTime
}

// DrawdownPreview is what usage would draw on.
type DrawdownPreview struct {
	At        scalar.DateTime
	Amount    scalar.Decimal
	Steps     []*DrawdownStep
	Uncovered scalar.Decimal
	Unknowns  []*DrawdownUnknown
}

// DrawdownStep is a segment that usage draws on.
type DrawdownStep struct {
	Balance   *models.Balance
	SegmentID string
	Amount    scalar.Decimal
	Remaining scalar.Decimal        // in the segment, after the step
	Reason    models.DrawdownReason // why it comes after the step before
}

// DrawdownUnknown is something that can't be known of a balance.
type DrawdownUnknown struct {
	Balance *models.Balance
	Reason  models.DrawdownUnknownReason
}

// Included reports whether the balance was drawn on all the same.
func (u *DrawdownUnknown) Included() bool {
	switch u.Reason {
	case models.DrawdownUnknownReasonContract, models.DrawdownUnknownReasonSeat, models.DrawdownUnknownReasonProductCount:
		return true
	default:
		return false
	}
}

// A Drawdown gathers the balances that usage may draw on.
type Drawdown struct {
	usage    Usage
	sources  []*drawdownSource
	unknowns []*DrawdownUnknown
}

// drawdownSource is an active segment of a balance.
type drawdownSource struct {
	*models.Balance
	segment  *models.AccessSegment
	left     scalar.Decimal
	products int // that the balance is for
}

// NewDrawdown previews usage.
func NewDrawdown(usage Usage) *Drawdown { return &Drawdown{usage: usage} }

// Add offers a live balance of the credit type. account is nil if its ledger was
// never imported.
func (d *Drawdown) Add(b *models.Balance, segments []*models.AccessSegment, account Account) {
	applies, unknown := balanceApplies(b, d.usage)
	if !applies || !slices.ContainsFunc(segments, func(s *models.AccessSegment) bool { return s.ActiveAt(d.usage.At) }) {
		return
	}
	if account == nil {
		unknown = append(unknown, models.DrawdownUnknownReasonLedger)
	}
	if len(unknown) > 0 {
		d.unknown(b, unknown...)
		return
	}
	left, found := account.segments(d.usage.At, models.InvoiceInclusionModeFinalizedAndDraft), false
	products, counted := productCount(b)
	for _, segment := range segments {
		if left[segment.ID] > 0 {
			found = true
			d.sources = append(d.sources, &drawdownSource{b, segment, left[segment.ID], products})
		}
	}
	if !found {
		return
	}
	if b.ContractID != nil || len(b.ApplicableContractIds) > 0 {
		d.unknown(b, models.DrawdownUnknownReasonContract)
	}
	if b.SubscriptionConfig != nil && scalar.OrZero(b.SubscriptionConfig.Allocation) == "INDIVIDUAL" {
		d.unknown(b, models.DrawdownUnknownReasonSeat)
	}
	if !counted {
		d.unknown(b, models.DrawdownUnknownReasonProductCount)
	}
}

// unknown says what can't be known of a balance, each once.
func (d *Drawdown) unknown(b *models.Balance, reasons ...models.DrawdownUnknownReason) {
	slices.Sort(reasons)
	for _, reason := range slices.Compact(reasons) {
		d.unknowns = append(d.unknowns, &DrawdownUnknown{b, reason})
	}
}

// Preview draws the amount on what was added.
func (d *Drawdown) Preview() *DrawdownPreview {
	slices.SortFunc(d.sources, func(a, b *drawdownSource) int {
		order, _ := compareSources(a, b)
		return order
	})
	slices.SortFunc(d.unknowns, func(a, b *DrawdownUnknown) int {
		return cmp.Or(cmp.Compare(a.Balance.ID, b.Balance.ID), cmp.Compare(a.Reason, b.Reason))
	})
	out := &DrawdownPreview{At: d.usage.At, Amount: d.usage.Amount, Uncovered: d.usage.Amount, Steps: []*DrawdownStep{}, Unknowns: d.unknowns}
	if out.Unknowns == nil {
		out.Unknowns = []*DrawdownUnknown{}
	}
	for i, source := range d.sources {
		if out.Uncovered == 0 {
			break
		}
		reason := models.DrawdownReasonFirst
		if i > 0 {
			_, reason = compareSources(d.sources[i-1], source)
		}
		drawn := min(source.left, out.Uncovered)
		out.Uncovered -= drawn
		out.Steps = append(out.Steps, &DrawdownStep{source.Balance, source.segment.ID, drawn, source.left - drawn, reason})
	}
	return out
}
