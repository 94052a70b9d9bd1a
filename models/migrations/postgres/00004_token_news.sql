-- Servers keep the tokens that they know, and listen for changes of them.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION tell_of_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('usagegraph_tokens', '');
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER tell AFTER UPDATE OR DELETE OR TRUNCATE ON api_tokens
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_tokens();
ALTER TABLE api_tokens ENABLE ALWAYS TRIGGER tell;

-- +goose Down
DROP TRIGGER tell ON api_tokens;
DROP FUNCTION tell_of_tokens;
