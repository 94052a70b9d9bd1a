-- A ledger entry without a segment that is stamped where no segment is active belongs to the segment that ended last
-- before it, not to the first of all. The sums of the balances that have such entries are settled anew, as models.Ledger
-- settles them.

-- +goose Up
CREATE TABLE resettled AS SELECT DISTINCT e.balance_id FROM ledger_entries e
WHERE e.segment_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM access_segments s WHERE s.balance_id = e.balance_id AND s.starting_at <= e."timestamp" AND e."timestamp" < s.ending_before)
    AND (SELECT s.id FROM access_segments s WHERE s.balance_id = e.balance_id AND s.ending_before <= e."timestamp" ORDER BY s.ending_before DESC, s.starting_at, s.id LIMIT 1)
        <> (SELECT s.id FROM access_segments s WHERE s.balance_id = e.balance_id ORDER BY s.starting_at, s.id LIMIT 1);

DELETE FROM balance_sums WHERE balance_id IN (SELECT balance_id FROM resettled);

INSERT INTO balance_sums (balance_id, segment_id, kind, at, customer_id, starting_at, ending_before, amount)
SELECT s.balance_id, s.id, m.kind, m.at, m.customer_id, s.starting_at, s.ending_before, SUM(m.amount)
FROM (
    SELECT e.balance_id, e.customer_id, e.amount,
        CASE WHEN e.type_rank = 3 AND i.status = 'DRAFT' THEN 'DRAFT' WHEN e.type_rank >= 5 THEN 'ENDED' ELSE 'SETTLED' END AS kind,
        CASE WHEN e.type_rank >= 5 THEN e."timestamp" ELSE '1970-01-01T00:00:00.000000Z' END AS at,
        COALESCE(
            e.segment_id,
            (SELECT s.id FROM access_segments s WHERE s.balance_id = e.balance_id AND s.starting_at <= e."timestamp" AND e."timestamp" < s.ending_before ORDER BY s.starting_at, s.id LIMIT 1),
            (SELECT s.id FROM access_segments s WHERE s.balance_id = e.balance_id AND s.ending_before <= e."timestamp" ORDER BY s.ending_before DESC, s.starting_at, s.id LIMIT 1),
            (SELECT s.id FROM access_segments s WHERE s.balance_id = e.balance_id ORDER BY s.starting_at, s.id LIMIT 1)
        ) AS segment_id
    FROM resettled r JOIN ledger_entries e ON e.balance_id = r.balance_id LEFT JOIN invoices i ON i.id = e.invoice_id
    WHERE COALESCE(i.status, 'FINALIZED') <> 'VOID'
) m JOIN access_segments s ON s.balance_id = m.balance_id AND s.id = m.segment_id
GROUP BY s.balance_id, s.id, m.kind, m.at, m.customer_id, s.starting_at, s.ending_before;

UPDATE balances SET updated_at = strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z' WHERE id IN (SELECT balance_id FROM resettled);

DROP TABLE resettled;

-- +goose Down
