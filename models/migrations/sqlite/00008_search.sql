-- PostgreSQL gets indexes for searches here. SQLite reads the texts, which lie in the
-- process's own memory.

-- +goose Up
SELECT 1;

-- +goose Down
SELECT 1;
