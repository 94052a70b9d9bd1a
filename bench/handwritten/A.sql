WITH page AS (SELECT id, name FROM customers ORDER BY id LIMIT 21)
SELECT json_build_object('data', json_build_object('customers', json_build_object(
    'pageInfo', json_build_object(
        'hasNextPage', (SELECT count(*) > 20 FROM page),
        'endCursor', (SELECT max(id)::text FROM (SELECT id FROM page ORDER BY id LIMIT 20) AS shown)),
    'edges', json_agg(json_build_object('node', json_build_object(
        'id', c.id, 'name', c.name, 'sites', json_build_object('edges', s.edges)))))))
FROM (SELECT id, name FROM page ORDER BY id LIMIT 20) AS c
CROSS JOIN LATERAL (
    SELECT COALESCE(json_agg(json_build_object('node', json_build_object(
        'id', s.id, 'name', s.name, 'usageProductInventories', json_build_object('edges', i.edges)))), '[]') AS edges
    FROM (SELECT id, name FROM sites WHERE customer_id = c.id ORDER BY id LIMIT 3) AS s
    CROSS JOIN LATERAL (
        SELECT COALESCE(json_agg(json_build_object('node', json_build_object(
            'id', i.id, 'serviceId', i.service_id, 'inclusiveUsageBalances', json_build_object('edges', b.edges)))), '[]') AS edges
        FROM (SELECT id, service_id FROM usage_product_inventories WHERE site_id = s.id ORDER BY id LIMIT 3) AS i
        CROSS JOIN LATERAL (
            SELECT COALESCE(json_agg(json_build_object('node', json_build_object(
                'id', b.inventory, 'billRunId', b.bill_run_id, 'assignments', a.assignments))), '[]') AS edges
            FROM (
                SELECT usage_product_inventory_id AS inventory, bill_run_id
                FROM inclusive_usage_balances
                WHERE usage_product_inventory_id = i.id
                ORDER BY bill_run_id
                LIMIT 4
            ) AS b
            CROSS JOIN LATERAL (
                SELECT COALESCE(json_agg(json_build_object(
                    'assignmentId', a.assignment_id, 'assignmentLevel', a.assignment_level, 'components', p.components)
                    ORDER BY a.assignment_id), '[]') AS assignments
                FROM inclusive_usage_assignments AS a
                CROSS JOIN LATERAL (
                    SELECT COALESCE(json_agg(json_build_object(
                        'componentId', p.component_id, 'chargingType', p.charging_type,
                        'allowance', p.allowance, 'remaining', p.remaining)
                        ORDER BY p.component_id, p.start_date), '[]') AS components
                    FROM inclusive_usage_components AS p
                    WHERE p.bill_run_id = a.bill_run_id
                        AND p.usage_product_inventory_id = a.usage_product_inventory_id
                        AND p.assignment_id = a.assignment_id
                ) AS p
                WHERE a.bill_run_id = b.bill_run_id AND a.usage_product_inventory_id = b.inventory
            ) AS a
        ) AS b
    ) AS i
) AS s
