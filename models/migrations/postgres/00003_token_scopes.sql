-- What a token may read and spend. Null is everything, and the server's own limit.

-- +goose Up
ALTER TABLE api_tokens ADD COLUMN scopes TEXT COLLATE "C";
ALTER TABLE api_tokens ADD COLUMN cost_limit BIGINT;

-- +goose Down
ALTER TABLE api_tokens DROP COLUMN cost_limit;
ALTER TABLE api_tokens DROP COLUMN scopes;
