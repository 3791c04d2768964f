-- What lies in no schema: extensions (but the one every database has) and event triggers.
select 'extension', e.extname::text, n.nspname::text, e.extversion, null, null, null,
       obj_description(e.oid, 'pg_extension')
from pg_catalog.pg_extension e
join pg_catalog.pg_namespace n on n.oid = e.extnamespace
where e.extname <> 'plpgsql'
union all
select 'event_trigger', t.evtname::text, n.nspname::text, null, t.evtevent::text, p.proname::text,
       array_to_string(t.evttags, e'\x1f'), obj_description(t.oid, 'pg_event_trigger')
from pg_catalog.pg_event_trigger t
join pg_catalog.pg_proc p on p.oid = t.evtfoid
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where {own:pg_event_trigger:t.oid}
order by 1 desc, 2
