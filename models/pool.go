package models

import "fmt"

// Pool follows an assignment through the balances that it reaches, to see that
// they tell of one owner and of the same allowances. It remembers one balance, and
// the components of one bill run.
type Pool struct {
	assignment     int64
	owner, firstIn string // and the balance that named it first
	run            BillRunID
	copies         map[poolKey]poolCopy // of the bill run, as first seen
}

type poolKey struct {
	component int64
	start     LocalDateTime
}

type poolCopy struct {
	allowance, remaining Decimal
	in                   string // the balance
}

// Breaches compares the assignment, as it stands in a balance, with the ones
// before, which must have come in the order of AllInclusiveUsageAssignments.
func (p *Pool) Breaches(a *InclusiveUsageAssignment, in *InclusiveUsageBalance, components []*InclusiveUsageComponent) (found []Breach) {
	owner := ownerOf(a, in)
	if p.copies == nil || a.AssignmentID != p.assignment {
		*p = Pool{assignment: a.AssignmentID, owner: owner, firstIn: in.NodeID()}
	}
	if owner != p.owner {
		found = append(found, Breach{RuleAssignmentOwner, fmt.Sprintf("assignment %d", a.AssignmentID), "assignmentLevel",
			owner, fmt.Sprintf("%s, as in %s", p.owner, p.firstIn)})
	}
	if p.copies == nil || a.BillRunID != p.run {
		p.run, p.copies = a.BillRunID, map[poolKey]poolCopy{}
	}
	for _, c := range components {
		key := poolKey{c.ComponentID, c.StartDate}
		first, seen := p.copies[key]
		if !seen {
			p.copies[key] = poolCopy{c.Allowance, c.Remaining, in.NodeID()}
			continue
		}
		if c.Allowance != first.allowance || c.Remaining != first.remaining {
			found = append(found, Breach{RuleSharedPool, c.part(), "remaining", poolText(c.Remaining, c.Allowance),
				fmt.Sprintf("%s, as in %s", poolText(first.remaining, first.allowance), first.in)})
		}
	}
	return found
}

func poolText(remaining, allowance Decimal) string {
	return fmt.Sprintf("%s of %s", remaining, allowance)
}

// ownerOf is the owner of an assignment as far as a balance tells: the one on its
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
