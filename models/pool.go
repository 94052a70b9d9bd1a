package models

import (
	"cmp"
	"fmt"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// Pool follows an assignment through the balances that it reaches, to see that
// they name one owner and of the same allowances. It remembers one balance, the
// components of one bill run, and the window of each component.
type Pool struct {
	assignment     int64
	owner, firstIn string // and the balance that named it first
	run            BillRunID
	copies         map[poolKey]poolCopy // of the bill run, as first seen
	windows        map[poolKey]poolCopy // of the latest bill run so far
}

type poolKey struct {
	component int64
	start     scalar.LocalDateTime
}

// poolCopy is a component in a balance.
type poolCopy struct {
	*InclusiveUsageComponent
	in *InclusiveUsageBalance
}

// Breaches compares the assignment, as it stands in a balance, with the ones
// before, which must have come in the order of AllInclusiveUsageAssignments.
func (p *Pool) Breaches(a *InclusiveUsageAssignment, in *InclusiveUsageBalance, components []*InclusiveUsageComponent) (found []Breach) {
	owner := ownerOf(a, in)
	if p.copies == nil || a.AssignmentID != p.assignment {
		*p = Pool{assignment: a.AssignmentID, owner: owner, firstIn: in.NodeID(), windows: map[poolKey]poolCopy{}}
	}
	if owner != p.owner {
		found = append(found, Breach{
			RuleAssignmentOwner, fmt.Sprintf("assignment %d", a.AssignmentID), "assignmentLevel",
			owner, fmt.Sprintf("%s, as in %s", p.owner, p.firstIn),
		})
	}
	if p.copies == nil || a.BillRunID != p.run {
		p.run, p.copies = a.BillRunID, map[poolKey]poolCopy{}
	}
	for _, c := range components {
		key, here := poolKey{c.ComponentID, c.StartDate}, poolCopy{c, in}
		if first, seen := p.copies[key]; seen {
			found = append(found, here.differs(first)...)
			continue
		}
		p.copies[key] = here
		before, seen := p.windows[key]
		if !seen || here.later(before) {
			p.windows[key] = here
		}
		if seen {
			found = append(found, here.closes(before)...)
		}
	}
	return found
}

// differs compares a copy with the first one of the bill run. Of what differs it
// reports the first.
func (c poolCopy) differs(first poolCopy) []Breach {
	for _, field := range []struct {
		name  string
		value func(poolCopy) string
	}{
		{"remaining", func(c poolCopy) string { return fmt.Sprintf("%s of %s", c.Remaining, c.Allowance) }},
		{"endDate", poolCopy.end},
		{"chargingType", func(c poolCopy) string { return string(c.ChargingType) }},
		{"byValue", func(c poolCopy) string { return fmt.Sprint(c.ByValue) }},
	} {
		if here, there := field.value(c), field.value(first); here != there {
			return []Breach{{RuleSharedPool, c.part(), field.name, here, fmt.Sprintf("%s, as in %s", there, first.in.NodeID())}}
		}
	}
	return nil
}

// closes compares a window with that of another bill run: the later one must not
// end it before the other does. One that was open so far may end at any time.
func (c poolCopy) closes(other poolCopy) []Breach {
	late, early, expected := c, other, "before"
	if !c.later(other) {
		late, early, expected = other, c, "after"
	}
	if late.EndDate == nil || early.EndDate == nil || *early.EndDate <= *late.EndDate {
		return nil
	}
	return []Breach{{RulePoolWindow, c.part(), "endDate", c.end(), fmt.Sprintf("an end that is not %s %s, as in %s", expected, other.end(), other.in.NodeID())}}
}

// end is the last second of the window.
func (c poolCopy) end() string {
	if c.EndDate == nil {
		return "none"
	}
	return string(*c.EndDate)
}

// later reports whether the bill run is a later one, by the periods in the balances.
func (c poolCopy) later(than poolCopy) bool {
	return cmp.Or(cmp.Compare(scalar.OrZero(c.in.PeriodStartDate), scalar.OrZero(than.in.PeriodStartDate)), cmp.Compare(c.in.BillRunID, than.in.BillRunID)) > 0
}

// ownerOf is the owner of an assignment as far as a balance says: the one on its
// chain that the level names.
func ownerOf(a *InclusiveUsageAssignment, in *InclusiveUsageBalance) string {
	switch a.AssignmentLevel {
	case AssignmentLevelCustomer:
		return "CUSTOMER of Customer:" + in.CustomerID.String()
	case AssignmentLevelSite:
		return "SITE of Site:" + in.SiteID.String()
	default:
		return string(a.AssignmentLevel) + " of UsageProductInventory:" + in.UsageProductInventoryID.String()
	}
}
