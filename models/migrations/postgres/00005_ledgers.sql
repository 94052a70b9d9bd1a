-- The ledgers of a customer's balances lie together, in order, with what lists of
-- them show.

-- +goose Up
DROP INDEX ledger_entries_order;
CREATE INDEX ledger_entries_order ON ledger_entries (customer_id, balance_id, "timestamp", type_rank, number) INCLUDE (type, amount);

-- +goose Down
DROP INDEX ledger_entries_order;
CREATE INDEX ledger_entries_order ON ledger_entries (balance_id, "timestamp", type_rank, number);
