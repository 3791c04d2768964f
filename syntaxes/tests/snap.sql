-- atlas:txtar

-- checks/destructive.sql --
-- atlas:assert oneof
SELECT 1;
-- migration.sql --
-- A comment about atlas: none.
--atlas:nolint DS103 "a b"
create table t (a 1); -- atlas:nolint
/*atlas:nolint DS101*/ insert into t values ('-- atlas:nolint');
# keep: atlas:delimiter \n\n
-- +goose StatementBegin
-- migrate:up transaction:false
--changeset atlas:1
-- down.sql --
