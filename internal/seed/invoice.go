package seed

import "github.com/usagegraph/usagegraph/models"

// An invoice is that of one month's usage.
type invoice struct {
	id           string
	month        int // place in months
	status       models.InvoiceStatus
	name, number *string
}

// addInvoices adds an invoice for each month, the last one a draft as a rule, and
// now and then one that was void and made again.
func (c *customer) addInvoices() {
	void := -1
	if c.chance(40) {
		void = c.IntN(len(c.months) - 1)
	}
	for i := range c.months {
		if i == void {
			c.addInvoice(i, models.InvoiceStatusVoid)
		}
		status := models.InvoiceStatusFinalized
		if i == len(c.months)-1 && !c.chance(15) {
			status = models.InvoiceStatusDraft
		}
		c.addInvoice(i, status)
	}
}

func (c *customer) addInvoice(month int, status models.InvoiceStatus) {
	made := invoice{id: c.uuid(), month: month, status: status, name: maybe(c.random, 90, "Usage "+c.months[month].name)}
	if status != models.InvoiceStatusDraft {
		made.number = new("INV-" + string(c.months[month].last[:7]) + "-" + digits(int(c.id), 6))
	}
	c.invoices = append(c.invoices, made)
	c.batch.invoices = append(c.batch.invoices, models.Invoice{ID: made.id, Status: status, Name: made.name, Number: made.number})
}
