WITH page AS (
    SELECT id, site_id AS "siteId", customer_id AS "customerId", usage_product_id AS "usageProductId",
        start_date AS "startDate", end_date AS "endDate", service_id AS "serviceId", billable,
        in_flight_order AS "inFlightOrder", usage_cap_enabled AS "usageCapEnabled",
        apply_surcharges AS "applySurcharges", bill_by_service_id AS "billByServiceId"
    FROM usage_product_inventories
    WHERE id > $1
    ORDER BY id
    LIMIT 1001
), shown AS (SELECT * FROM page ORDER BY id LIMIT 1000)
SELECT json_build_object('data', json_build_object('usageProductInventories', json_build_object(
    'pageInfo', json_build_object(
        'hasNextPage', (SELECT count(*) > 1000 FROM page),
        'endCursor', (SELECT max(id)::text FROM shown)),
    'nodes', (SELECT COALESCE(json_agg(shown), '[]') FROM shown))))
