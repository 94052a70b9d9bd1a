-- Customers that only Metronome or Zenskar have. Texts of one customer's rows leave what
-- other customers read: the definitions of entitlements, and invoices, whose name and
-- number each row has for itself. Imports that come next write them anew.

-- +goose Up
ALTER TABLE customers ADD COLUMN source_key TEXT;
ALTER TABLE entitlement_balances ADD COLUMN invoice_name TEXT;
ALTER TABLE entitlement_balances ADD COLUMN invoice_number TEXT;

-- What an import wrote of a definition may be the text of a row. Rows without a digest were
-- made by usagegraph seed, with definitions of its own.
CREATE TEMPORARY TABLE granted (entitlement_id TEXT NOT NULL, imported INTEGER NOT NULL, PRIMARY KEY (entitlement_id)) WITHOUT ROWID;
INSERT INTO granted SELECT entitlement_id, count(digest) FROM entitlement_balances WHERE entitlement_id IS NOT NULL GROUP BY entitlement_id;
UPDATE entitlements SET name = NULL, name_fold = NULL, description = NULL, description_fold = NULL, type = NULL, units = NULL,
    updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
WHERE EXISTS (SELECT 1 FROM granted AS g WHERE g.entitlement_id = entitlements.id AND g.imported > 0)
    OR NOT EXISTS (SELECT 1 FROM granted AS g WHERE g.entitlement_id = entitlements.id)
    AND EXISTS (SELECT 1 FROM imports WHERE kind = 'entitlement-balances');
DROP TABLE granted;

UPDATE entitlement_balances SET invoice_name = (SELECT i.name FROM invoices AS i WHERE i.id = entitlement_balances.invoice_id),
    invoice_number = (SELECT i.number FROM invoices AS i WHERE i.id = entitlement_balances.invoice_id)
WHERE invoice_id IS NOT NULL AND digest IS NULL;
UPDATE invoices SET name = NULL, number = NULL, digest = NULL
WHERE id IN (SELECT invoice_id FROM entitlement_balances WHERE invoice_id IS NOT NULL AND digest IS NOT NULL);
UPDATE entitlement_balances SET digest = NULL WHERE invoice_id IS NOT NULL;

-- A contract is its customer's whose balance or entitlement is of it, and not one's whose
-- rows only point to it. Its name is what that other customer called it.
CREATE TEMPORARY TABLE of_contracts (contract_id TEXT NOT NULL, customer_id INTEGER NOT NULL, PRIMARY KEY (contract_id, customer_id)) WITHOUT ROWID;
INSERT INTO of_contracts SELECT contract_id, customer_id FROM balances WHERE contract_id IS NOT NULL
    UNION SELECT contract_id, customer_id FROM entitlement_balances WHERE contract_id IS NOT NULL;
UPDATE contracts SET name = NULL, name_fold = NULL, updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'),
    customer_id = (SELECT min(o.customer_id) FROM of_contracts AS o WHERE o.contract_id = contracts.id)
WHERE EXISTS (SELECT 1 FROM of_contracts AS o WHERE o.contract_id = contracts.id)
    AND NOT EXISTS (SELECT 1 FROM of_contracts AS o WHERE o.contract_id = contracts.id AND o.customer_id = contracts.customer_id);
DROP TABLE of_contracts;

-- +goose Down
ALTER TABLE entitlement_balances DROP COLUMN invoice_number;
ALTER TABLE entitlement_balances DROP COLUMN invoice_name;
ALTER TABLE customers DROP COLUMN source_key;
