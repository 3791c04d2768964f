-- How many locks this session may hold so that every other one keeps its share of the server's table of locks.
select (current_setting('max_locks_per_transaction')::bigint
        * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint
           - (select count(*) from pg_catalog.pg_stat_activity
              where backend_type = 'client backend' and pid <> pg_backend_pid())))::text
