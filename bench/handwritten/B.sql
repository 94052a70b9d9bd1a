SELECT json_build_object('data', json_build_object('customer', json_build_object(
    'id', c.id, 'name', c.name, 'accountNumber', c.account_number,
    'sites', json_build_object('edges', s.edges),
    'balances', json_build_object('edges', b.edges),
    'entitlementBalances', json_build_object('edges', e.edges))))
FROM customers AS c
CROSS JOIN LATERAL (
    SELECT COALESCE(json_agg(json_build_object('node', json_build_object(
        'id', s.id, 'name', s.name, 'reference', s.reference))), '[]') AS edges
    FROM (SELECT id, name, reference FROM sites WHERE customer_id = c.id ORDER BY id LIMIT 10) AS s
) AS s
CROSS JOIN LATERAL (
    SELECT COALESCE(json_agg(json_build_object('node', json_build_object(
        'id', b.id, 'type', b.type, 'name', b.name, 'ledger', json_build_object('edges', l.edges)))), '[]') AS edges
    FROM (SELECT id, type, name FROM balances WHERE customer_id = c.id ORDER BY id LIMIT 10) AS b
    CROSS JOIN LATERAL (
        SELECT COALESCE(json_agg(json_build_object('node', json_build_object(
            'type', l.type, 'amount', l.amount, 'timestamp', l."timestamp"))), '[]') AS edges
        FROM (
            SELECT type, amount, "timestamp"
            FROM ledger_entries
            WHERE customer_id = c.id AND balance_id = b.id
            ORDER BY "timestamp", type_rank, number
            LIMIT 10
        ) AS l
    ) AS l
) AS b
CROSS JOIN LATERAL (
    SELECT COALESCE(json_agg(json_build_object('node', json_build_object(
        'id', e.id, 'name', e.name, 'quantity', e.quantity, 'quantityUsed', e.quantity_used, 'expiryAt', e.expiry_at))), '[]') AS edges
    FROM (
        SELECT id, name, quantity, quantity_used, expiry_at
        FROM entitlement_balances
        WHERE customer_id = c.id
        ORDER BY id
        LIMIT 10
    ) AS e
) AS e
WHERE c.id = $1
