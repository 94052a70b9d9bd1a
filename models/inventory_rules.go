package models

import "fmt"

// Breaches holds the inventory to its dates and to its references, which are all
// that it has.
func (u *UsageProductInventory) Breaches(references []*ProductReference) (found []Breach) {
	if u.EndDate != nil && *u.EndDate < u.StartDate {
		found = append(found, Breach{RuleInventoryDates, "", "endDate", string(*u.EndDate), "a day not before startDate, " + string(u.StartDate)})
	}
	if len(references) == 0 {
		found = append(found, Breach{RuleReferences, "", "productReferences", "no reference", "a list of at least one reference"})
	}
	primaries := 0
	for _, r := range references {
		if r.Primary {
			primaries++
		}
	}
	if primaries > 1 {
		found = append(found, Breach{RulePrimaryReference, "", "productReferences", fmt.Sprintf("%d primary references", primaries), "one at most"})
	}
	return found
}
