-- What a user of PostGraphile would tell it for these queries, who looks at plans:
-- relations by the columns that an index begins with, orders and conditions by columns that none
-- begins with, and two computed columns, each one expression, so that PostgreSQL puts it in line.

COMMENT ON TABLE usage_product_inventories IS
    '@foreignKey (site_id) references sites (id)|@foreignFieldName usageProductInventories|@fieldName site';
COMMENT ON TABLE inclusive_usage_balances IS
    '@foreignKey (usage_product_inventory_id) references usage_product_inventories (id)|@foreignFieldName inclusiveUsageBalances|@fieldName usageProductInventory';
COMMENT ON TABLE inclusive_usage_assignments IS
    '@foreignKey (bill_run_id, usage_product_inventory_id) references inclusive_usage_balances (bill_run_id, usage_product_inventory_id)|@foreignFieldName assignments|@foreignSimpleFieldName assignmentsList|@fieldName inclusiveUsageBalance';
COMMENT ON TABLE ledger_entries IS
    '@foreignKey (customer_id, balance_id) references balances (customer_id, id)|@foreignFieldName ledger|@fieldName balance';

COMMENT ON COLUMN ledger_entries."timestamp" IS '@behavior +orderBy';
COMMENT ON COLUMN ledger_entries.type_rank IS '@behavior +orderBy';
COMMENT ON COLUMN ledger_entries.number IS '@behavior +orderBy';
COMMENT ON COLUMN balances.archived_at IS '@behavior +filterBy';

CREATE FUNCTION balances_balance(b balances) RETURNS bigint LANGUAGE sql STABLE AS $$
SELECT CASE WHEN b.ledger_digest IS NOT NULL THEN (
    SELECT COALESCE(SUM(GREATEST(s.amount, 0)), 0)::bigint
    FROM (
        SELECT SUM(m.amount) AS amount
        FROM balance_sums m
        WHERE m.balance_id = b.id AND m.starting_at <= now() AND now() < m.ending_before
            AND (m.kind <> 'ENDED' OR m.at <= now())
        GROUP BY m.segment_id
    ) s
) END
$$;

-- Of what is kept in cents of USD.
CREATE FUNCTION customers_net_balance(c customers) RETURNS bigint LANGUAGE sql STABLE AS $$
SELECT (
    SELECT COALESCE(SUM(GREATEST(s.amount, 0)), 0)::bigint
    FROM (
        SELECT SUM(m.amount) AS amount
        FROM balances b
        JOIN balance_sums m ON m.balance_id = b.id
        WHERE b.customer_id = c.id AND b.archived_at IS NULL
            AND b.credit_type_id = '2714e483-4ff1-48e4-9e25-ac732e8f24f2'
            AND m.starting_at <= now() AND now() < m.ending_before
            AND (m.kind <> 'ENDED' OR m.at <= now())
        GROUP BY m.balance_id, m.segment_id
    ) s
)
$$;
