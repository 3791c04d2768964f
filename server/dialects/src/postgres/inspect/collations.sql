-- Collations. provider: c libc, i ICU, b builtin.
select n.nspname::text, c.collname::text, c.collprovider::text, c.collcollate::text, c.collctype::text,
       {collation_locale}::text, {deterministic}::int, {rules}::text, obj_description(c.oid, 'pg_collation')
from pg_catalog.pg_collation c
join pg_catalog.pg_namespace n on n.oid = c.collnamespace
where {schemas} and {own:pg_collation:c.oid}
order by n.nspname::text collate "C", c.collname::text collate "C"
