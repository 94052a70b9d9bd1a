package models

// FlatFilter is the filter of the flat arguments, for connectors that know only
// texts. customer is the filter field that holds the customer.
func FlatFilter(customer string, customerID, search *string, since, before *DateTime) Filter {
	filter := Filter{}
	if customerID != nil {
		filter[customer] = map[string]any{"eq": *customerID}
	}
	if search != nil {
		filter["search"] = *search
	}
	updated := map[string]any{}
	if since != nil {
		updated["gte"] = since.String()
	}
	if before != nil {
		updated["lt"] = before.String()
	}
	filter["updatedAt"] = updated
	return filter
}
