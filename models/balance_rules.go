package models

import (
	"fmt"
	"strconv"
)

// Breaches reports whether the rollover fraction is one.
func (b *Balance) Breaches() []Breach {
	if f := b.RolloverFraction; f != nil && !(*f >= 0 && *f <= 1) {
		return []Breach{{RuleRolloverFraction, "", "rollover_fraction", strconv.FormatFloat(*f, 'g', -1, 64), "a number from 0 to 1"}}
	}
	return nil
}

// Breaches reports whether the segment is a period with an amount.
func (s *AccessSegment) Breaches() (found []Breach) {
	if s.Amount < 0 {
		found = append(found, Breach{RuleSegment, s.Part(), "amount", s.Amount.String(), "a number that is not below 0"})
	}
	if s.StartingAt >= s.EndingBefore {
		found = append(found, Breach{RuleSegment, s.Part(), "ending_before", s.EndingBefore.String(), "an instant after starting_at"})
	}
	return found
}

// Part names the row within its balance, for a Breach.
func (s *AccessSegment) Part() string { return "segment " + s.ID }

// Part names the row within its balance, for a Breach.
func (e *LedgerEntry) Part() string { return fmt.Sprintf("entry %d", e.Number) }
