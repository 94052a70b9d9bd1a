-- Nobody is told of changes of tokens: with each request the row is read.

-- +goose Up
SELECT 1;

-- +goose Down
SELECT 1;
