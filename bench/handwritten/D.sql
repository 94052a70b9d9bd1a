SELECT json_build_object('data', json_build_object('customer', json_build_object('id', id, 'name', name)))
FROM customers
WHERE id = $1
