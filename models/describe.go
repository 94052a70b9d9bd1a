package models

// TableInfo describes a table as its struct has it, for those who hold the two
// together.
type TableInfo struct {
	Name    string
	Owner   string // column of the customer; "" for a catalogue
	Columns []ColumnInfo
}

// ColumnInfo describes a column.
type ColumnInfo struct {
	Name     string
	Kind     string // the type in PostgreSQL
	Nullable bool
}

// Describe lists all tables in the order in which rows name each other: a row
// names only rows of tables before its own, or of its own.
func Describe() []TableInfo {
	var out []TableInfo
	for _, t := range []*table{
		&Customers.table, &ExternalIDs.table, &Sites.table, &UsageProducts.table, &UsageProductInventories.table,
		&ProductReferences.table, &BillRuns.table, &InclusiveUsagePlans.table, &InclusiveUsageBalances.table,
		&InclusiveUsageAssignments.table, &InclusiveUsageComponents.table, &Products.table, &CreditTypes.table,
		&Invoices.table, &Contracts.table, &Balances.table, &BalanceCustomFields.table, &AccessSegments.table,
		&LedgerEntries.table, &BalanceSums.table, &Entitlements.table, &EntitlementBalances.table, &Imports.table, &apiTokens.table,
	} {
		info := TableInfo{Name: t.name, Owner: t.owner}
		for _, c := range t.all() {
			info.Columns = append(info.Columns, ColumnInfo{c.name, string(c.kind), c.nullable})
		}
		out = append(out, info)
	}
	return out
}
