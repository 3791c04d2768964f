-- The schemas, without those of the system and of extensions.
select n.nspname::text, obj_description(n.oid, 'pg_namespace')
from pg_catalog.pg_namespace n
where {schemas}
order by n.nspname::text collate "C"
