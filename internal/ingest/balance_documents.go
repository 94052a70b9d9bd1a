package ingest

import "github.com/usagegraph/usagegraph/models"

// readDocuments reads what a balance keeps as documents. The contracts that it points
// to may be other customers', so none is made from it.
func readDocuments(f fields, b *balance) {
	for _, item := range f.objects("specifiers") {
		b.Specifiers = append(b.Specifiers, &models.BalanceSpecifier{
			ProductID:               item.text("product_id"),
			ProductTags:             texts[string](item, "product_tags"),
			PricingGroupValues:      item.pairs("pricing_group_values"),
			PresentationGroupValues: item.pairs("presentation_group_values"),
		})
	}
	readRollover(f, b)
	readInvoiceSchedule(f, b)
	if c, ok := f.object("invoice_contract"); ok {
		id := requireTextID[models.ContractID](c, "id")
		b.InvoiceContractID = &id
	}
	if c, ok := f.object("subscription_config"); ok {
		b.SubscriptionConfig = &models.SubscriptionConfig{Allocation: c.text("allocation"), SubscriptionID: c.text("subscription_id")}
		if seats, ok := c.object("apply_seat_increase_config"); ok {
			b.SubscriptionConfig.ApplySeatIncreaseConfig = &models.SeatIncreaseConfig{IsProrated: seats.boolOrNil("is_prorated")}
		}
	}
	if h, ok := f.object("hierarchy_configuration"); ok {
		b.HierarchyConfiguration = &models.HierarchyConfiguration{}
		if access, ok := h.object("child_access"); ok {
			b.HierarchyConfiguration.ChildAccess = &models.ChildAccess{
				Type:        access.text("type"),
				ContractIds: textIDs[models.ContractID](access, "contract_ids"),
			}
		}
	}
}

func readRollover(f fields, b *balance) {
	from, ok := f.object("rolled_over_from")
	if !ok {
		return
	}
	key := "commit_id"
	if from.has("credit_id") {
		key = "credit_id"
	}
	id := requireTextID[models.BalanceID](from, key)
	b.RolledOverFromBalanceID = &id
	b.RolledOverFromContractID = textID[models.ContractID](from, "contract_id")
}

func readInvoiceSchedule(f fields, b *balance) {
	s, ok := f.object("invoice_schedule")
	if !ok {
		return
	}
	schedule := &models.InvoiceSchedule{DoNotInvoice: s.boolOrNil("do_not_invoice")}
	if t := namedIn(s, "credit_type", "credit_type_id"); t != nil {
		schedule.CreditType = &models.CreditType{ID: t.id, Name: t.name}
	}
	for _, item := range s.objects("schedule_items") {
		schedule.ScheduleItems = append(schedule.ScheduleItems, &models.InvoiceScheduleItem{
			ID:        requireTextID[string](item, "id"),
			Timestamp: item.instant("timestamp"),
			Amount:    item.decimal("amount"),
			Quantity:  item.decimal("quantity"),
			UnitPrice: item.decimal("unit_price"),
			InvoiceID: textID[string](item, "invoice_id"),
		})
	}
	b.InvoiceSchedule = schedule
}
