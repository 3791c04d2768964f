-- Enums, domains, composite types and ranges. The fields of composites are among the columns.
select t.oid::bigint, n.nspname::text, t.typname::text, t.typtype::text, t.typrelid::bigint, de.description,
       format_type(t.typbasetype, t.typtypmod), t.typnotnull::int, t.typdefault, cn.nspname::text, co.collname::text,
       format_type(r.rngsubtype, null), oc.opcname::text, ocn.nspname::text, oc.opcdefault::int,
       rn.nspname::text, rc.collname::text, fc.proname::text, fcn.nspname::text, fd.proname::text, fdn.nspname::text,
       {multirange}::text,
       (select string_agg(e.enumlabel::text, e'\x1f' order by e.enumsortorder)
        from pg_catalog.pg_enum e where e.enumtypid = t.oid)
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
left join pg_catalog.pg_class c on c.oid = t.typrelid
left join pg_catalog.pg_type bt on bt.oid = t.typbasetype
left join pg_catalog.pg_collation co on co.oid = t.typcollation and t.typcollation <> bt.typcollation
left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
left join pg_catalog.pg_range r on r.rngtypid = t.oid
left join pg_catalog.pg_opclass oc on oc.oid = r.rngsubopc
left join pg_catalog.pg_namespace ocn on ocn.oid = oc.opcnamespace
left join pg_catalog.pg_type st on st.oid = r.rngsubtype
left join pg_catalog.pg_collation rc on rc.oid = r.rngcollation and r.rngcollation <> st.typcollation
left join pg_catalog.pg_namespace rn on rn.oid = rc.collnamespace
left join pg_catalog.pg_proc fc on fc.oid = r.rngcanonical
left join pg_catalog.pg_namespace fcn on fcn.oid = fc.pronamespace
left join pg_catalog.pg_proc fd on fd.oid = r.rngsubdiff
left join pg_catalog.pg_namespace fdn on fdn.oid = fd.pronamespace
left join pg_catalog.pg_description de
  on de.objoid = t.oid and de.classoid = 'pg_catalog.pg_type'::regclass and de.objsubid = 0
where (t.typtype in ('e', 'd', 'r') or t.typtype = 'c' and c.relkind = 'c')
  and {schemas} and {own:pg_type:t.oid}
order by n.nspname::text collate "C", t.typname::text collate "C"
