-- The texts that searches look into, by the runs of three characters in them, where the
-- extension pg_trgm is there or may be made. Without it the same statements read the
-- tables: the answers are the same.

-- +goose Up
-- +goose StatementBegin
DO $$
BEGIN
    BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
    EXCEPTION WHEN OTHERS THEN
        RAISE NOTICE 'searches have no index: %', SQLERRM;
    END;
    IF EXISTS (SELECT FROM pg_opclass WHERE opcname = 'gin_trgm_ops' AND pg_opclass_is_visible(oid)) THEN
        CREATE INDEX customers_search ON customers USING gin (name_fold gin_trgm_ops, account_number_fold gin_trgm_ops);
        CREATE INDEX sites_search ON sites USING gin (name_fold gin_trgm_ops, reference_fold gin_trgm_ops);
        CREATE INDEX usage_product_inventories_search ON usage_product_inventories USING gin (service_id_fold gin_trgm_ops);
        CREATE INDEX product_references_search ON product_references USING gin (product_reference_fold gin_trgm_ops, label_fold gin_trgm_ops);
        CREATE INDEX balances_search ON balances USING gin (name_fold gin_trgm_ops, description_fold gin_trgm_ops);
    END IF;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP INDEX IF EXISTS customers_search;
DROP INDEX IF EXISTS sites_search;
DROP INDEX IF EXISTS usage_product_inventories_search;
DROP INDEX IF EXISTS product_references_search;
DROP INDEX IF EXISTS balances_search;
