SELECT json_build_object('data', json_build_object('customer', json_build_object(
    'id', c.id, 'name', c.name, 'accountNumber', c.account_number,
    'netBalance', json_build_object('balance', n.balance),
    'balances', json_build_object('edges', b.edges))))
FROM customers AS c
CROSS JOIN LATERAL (
    SELECT COALESCE(SUM(GREATEST(s.amount, 0)), 0)::bigint AS balance
    FROM (
        SELECT SUM(m.amount) AS amount
        FROM balances AS b
        JOIN balance_sums AS m ON m.balance_id = b.id
        WHERE b.customer_id = c.id AND b.archived_at IS NULL
            AND b.credit_type_id = '2714e483-4ff1-48e4-9e25-ac732e8f24f2'
            AND m.starting_at <= now() AND now() < m.ending_before
            AND (m.kind <> 'ENDED' OR m.at <= now())
        GROUP BY m.balance_id, m.segment_id
    ) AS s
) AS n
CROSS JOIN LATERAL (
    SELECT COALESCE(json_agg(json_build_object('node', json_build_object(
        'id', b.id, 'type', b.type, 'name', b.name, 'priority', b.priority,
        'balance', CASE WHEN b.ledger_digest IS NOT NULL THEN m.balance END,
        'ledger', json_build_object('edges', l.edges)))), '[]') AS edges
    FROM (
        SELECT id, type, name, priority, ledger_digest
        FROM balances
        WHERE customer_id = c.id AND archived_at IS NULL
        ORDER BY id
        LIMIT 10
    ) AS b
    CROSS JOIN LATERAL (
        SELECT COALESCE(SUM(GREATEST(s.amount, 0)), 0)::bigint AS balance
        FROM (
            SELECT SUM(m.amount) AS amount
            FROM balance_sums AS m
            WHERE m.balance_id = b.id AND m.starting_at <= now() AND now() < m.ending_before
                AND (m.kind <> 'ENDED' OR m.at <= now())
            GROUP BY m.segment_id
        ) AS s
    ) AS m
    CROSS JOIN LATERAL (
        SELECT COALESCE(json_agg(json_build_object('node', json_build_object(
            'type', l.type, 'amount', l.amount, 'timestamp', l."timestamp", 'runningBalance', l.running_balance))
            ORDER BY l."timestamp", l.type_rank, l.number), '[]') AS edges
        FROM (
            SELECT type, amount, "timestamp", running_balance, type_rank, number
            FROM ledger_entries
            WHERE customer_id = c.id AND balance_id = b.id
            ORDER BY "timestamp" DESC, type_rank DESC, number DESC
            LIMIT 10
        ) AS l
    ) AS l
) AS b
WHERE c.id = $1
