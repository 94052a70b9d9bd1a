package billing

import (
	"cmp"
	"math"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// The groups of the order in which balances are drawn on.
const (
	groupRollover = iota
	groupPrepaid  // and credits
	groupPostpaid
)

// drawdownRule is one comparison of the order.
type drawdownRule struct {
	reason  models.DrawdownReason
	compare func(a, b *drawdownSource) int
}

// The rules, of which the first by which two differ decides.
//
// Source: Metronome, prioritization rules; that postpaid commits come last is
// inferred. A tie of priorities goes to the balance of a contract first, as the
// documentation of making commits adds. The page's rule of usage applicability is
// left out: it needs the usage itself, not an amount.
var (
	byGroup    = drawdownRule{models.DrawdownReasonGroup, comparing((*drawdownSource).group)}
	byPostpaid = drawdownRule{models.DrawdownReasonPostpaidRollover, comparing(func(s *drawdownSource) int { return truth(s.Type != models.BalanceTypePostpaidCommit) })}
	byPriority = drawdownRule{models.DrawdownReasonPriority, comparing(func(s *drawdownSource) float64 {
		if s.Priority == nil {
			return math.Inf(1)
		}
		return *s.Priority
	})}
	byLevel       = drawdownRule{models.DrawdownReasonContractLevel, comparing(func(s *drawdownSource) int { return truth(s.ContractID == nil) })}
	byCost        = drawdownRule{models.DrawdownReasonCostBasis, comparing(func(s *drawdownSource) int { return truth(s.paid()) })}
	byProducts    = drawdownRule{models.DrawdownReasonProducts, comparing(func(s *drawdownSource) int { return s.products })}
	byGroupValues = drawdownRule{models.DrawdownReasonGroupValues, comparing(func(s *drawdownSource) int { return s.groupValues() })}
	byEnd         = drawdownRule{models.DrawdownReasonEndingBefore, comparing(func(s *drawdownSource) scalar.DateTime { return s.segment.EndingBefore })}
	byStart       = drawdownRule{models.DrawdownReasonStartingAt, comparing(func(s *drawdownSource) scalar.DateTime { return s.segment.StartingAt })}
	byContracts   = drawdownRule{models.DrawdownReasonContracts, comparing(func(s *drawdownSource) int { return orAll(len(s.ApplicableContractIds)) })}
	byCreation    = drawdownRule{models.DrawdownReasonCreatedAt, comparing(func(s *drawdownSource) scalar.DateTime {
		if s.CreatedAt == nil {
			return math.MaxInt64
		}
		return *s.CreatedAt
	})}

	rolloverRules = []drawdownRule{byGroup, byPostpaid, byPriority, byLevel, byProducts, byGroupValues, byEnd, byCreation}
	otherRules    = []drawdownRule{byGroup, byPriority, byLevel, byCost, byProducts, byEnd, byStart, byContracts, byCreation}
)

func comparing[T cmp.Ordered](key func(*drawdownSource) T) func(a, b *drawdownSource) int {
	return func(a, b *drawdownSource) int { return cmp.Compare(key(a), key(b)) }
}

// compareSources compares two segments by the order of drawing, and says by which
// rule.
func compareSources(a, b *drawdownSource) (int, models.DrawdownReason) {
	rules := otherRules
	if a.group() == groupRollover {
		rules = rolloverRules
	}
	for _, rule := range rules {
		if order := rule.compare(a, b); order != 0 {
			return order, rule.reason
		}
	}
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.segment.ID, b.segment.ID)), models.DrawdownReasonID
}

// group is where a balance stands in the order before all else.
func (s *drawdownSource) group() int {
	switch {
	case s.RolledOverFromBalanceID != nil && s.Type != models.BalanceTypeCredit:
		return groupRollover
	case s.Type == models.BalanceTypePostpaidCommit:
		return groupPostpaid
	default:
		return groupPrepaid
	}
}

// paid reports whether the balance cost something: a credit does not, nor does a
// commit that is not invoiced or is invoiced for nothing, unless its cost basis says
// otherwise.
func (s *drawdownSource) paid() bool {
	switch {
	case s.CostBasis != nil:
		return *s.CostBasis > 0
	case s.Type == models.BalanceTypeCredit || s.InvoiceSchedule == nil || scalar.OrZero(s.InvoiceSchedule.DoNotInvoice):
		return false
	default:
		return s.InvoiceSchedule.Costs()
	}
}

// groupValues counts the specifiers that name group values.
func (s *drawdownSource) groupValues() (n int) {
	for _, specifier := range s.Specifiers {
		if hasGroupValues(specifier) {
			n++
		}
	}
	return n
}

// productCount is how many products the balance is for. Of those for products with
// some tags the number is not known: they come after all known ones and before
// those for all products.
func productCount(b *models.Balance) (count int, known bool) {
	ids := map[string]bool{}
	for _, id := range b.ApplicableProductIds {
		ids[id] = true
	}
	tags := len(b.ApplicableProductTags) > 0
	for _, s := range b.Specifiers {
		switch {
		case s.ProductID != nil:
			ids[*s.ProductID] = true
		case len(s.ProductTags) > 0:
			tags = true
		default: // group values alone are for all products
			return math.MaxInt, true
		}
	}
	if tags {
		return math.MaxInt - 1, false
	}
	return orAll(len(ids)), true
}

// orAll is a number of things that a balance is for, of which none means all.
func orAll(n int) int {
	if n == 0 {
		return math.MaxInt
	}
	return n
}

// truth puts what is false before what is true.
func truth(is bool) int {
	if is {
		return 1
	}
	return 0
}
