package models

import "fmt"

// sumKey is what a sum is of, in its balance.
type sumKey struct {
	segment string
	kind    SumKind
	at      DateTime
}

func keyOfSum(s *BalanceSum) sumKey { return sumKey{s.SegmentID, s.Kind, s.At} }

func (k sumKey) part() string {
	if k.kind == SumEnded {
		return fmt.Sprintf("segment %s, sum %s at %s", k.segment, k.kind, k.at)
	}
	return fmt.Sprintf("segment %s, sum %s", k.segment, k.kind)
}

func sumText(s *BalanceSum) string {
	if s == nil {
		return "nothing"
	}
	return fmt.Sprintf("%s in %s to %s", s.Amount, s.StartingAt, s.EndingBefore)
}

// sumDifference is a sum as it is stored and as it should be. One of them is nil
// where the other is too many.
type sumDifference struct {
	sumKey
	stored, settled *BalanceSum
}

// differences compares sums in any order.
func differences(stored []*BalanceSum, settled []BalanceSum) (found []sumDifference) {
	left := make(map[sumKey]*BalanceSum, len(stored))
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
