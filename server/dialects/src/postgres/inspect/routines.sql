-- Functions, procedures and aggregates. kind: f function, p procedure, a aggregate, w window function.
select p.oid::bigint, n.nspname::text, p.proname::text, {prokind}::text, l.lanname::text, p.prosrc, {sql_body},
       format_type(p.prorettype, null), p.proretset::int, p.provolatile::text, p.proparallel::text, p.proisstrict::int,
       p.proleakproof::int, p.prosecdef::int, p.procost::float8, p.prorows::float8,
       array_to_string(p.proconfig, e'\x1f'), de.description,
       g.aggtransfn::regproc::text, format_type(g.aggtranstype, null), g.agginitval,
       nullif(g.aggfinalfn::oid, 0)::regproc::text, (p.prorettype = 'pg_catalog.record'::regtype)::int,
       rt.typtype::text, rtn.nspname::text
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.pg_language l on l.oid = p.prolang
join pg_catalog.pg_type rt on rt.oid = p.prorettype
join pg_catalog.pg_namespace rtn on rtn.oid = rt.typnamespace
left join pg_catalog.pg_aggregate g on g.aggfnoid = p.oid
left join pg_catalog.pg_description de
  on de.objoid = p.oid and de.classoid = 'pg_catalog.pg_proc'::regclass and de.objsubid = 0
where {schemas} and {own:pg_proc:p.oid} and l.lanname not in ('internal', 'c')
   or {schemas} and {own:pg_proc:p.oid} and g.aggfnoid is not null
order by n.nspname::text collate "C", p.proname::text collate "C", pg_get_function_identity_arguments(p.oid) collate "C"
