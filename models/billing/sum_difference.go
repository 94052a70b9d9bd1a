package billing

import (
	"fmt"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// sumKey is what a sum is of, in its balance.
type sumKey struct {
	segment string
	kind    models.SumKind
	at      scalar.DateTime
}

func keyOfSum(s *models.BalanceSum) sumKey { return sumKey{s.SegmentID, s.Kind, s.At} }

func (k sumKey) part() string {
	if k.kind == models.SumEnded {
		return fmt.Sprintf("segment %s, sum %s at %s", k.segment, k.kind, k.at)
	}
	return fmt.Sprintf("segment %s, sum %s", k.segment, k.kind)
}

func sumText(s *models.BalanceSum) string {
	if s == nil {
		return "nothing"
	}
	return fmt.Sprintf("%s in %s to %s", s.Amount, s.StartingAt, s.EndingBefore)
}

// sumDifference is a sum as it is stored and as it should be. One of them is nil
// where the other is too many.
type sumDifference struct {
	sumKey
	stored, settled *models.BalanceSum
}

// differences compares sums in any order.
func differences(stored []*models.BalanceSum, settled []models.BalanceSum) (found []sumDifference) {
	left := make(map[sumKey]*models.BalanceSum, len(stored))
	for _, was := range stored {
		left[keyOfSum(was)] = was
	}
	for i := range settled {
		sum := &settled[i]
		was := left[keyOfSum(sum)]
		delete(left, keyOfSum(sum))
		if was == nil || was.Amount != sum.Amount || was.StartingAt != sum.StartingAt || was.EndingBefore != sum.EndingBefore {
			found = append(found, sumDifference{keyOfSum(sum), was, sum})
		}
	}
	for _, was := range stored {
		if left[keyOfSum(was)] != nil {
			found = append(found, sumDifference{keyOfSum(was), was, nil})
		}
	}
	return found
}
