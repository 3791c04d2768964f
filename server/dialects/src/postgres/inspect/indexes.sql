-- The parts of all indexes, constraints included. option: bit 1 descending, bit 2 NULLs first.
select x.indrelid::bigint, i.relname::text, upper(am.amname), k.ord::bigint, a.attname::text,
       (k.ord > {keys})::int, x.indisprimary::int, x.indisunique::int, con.conname::text, con.contype::text,
       op.oprname::text, case when k.ord = 1 then pg_get_expr(x.indpred, x.indrelid) end,
       case when k.attnum = 0 then pg_get_indexdef(x.indexrelid, k.ord::int, false) end,
       (x.indoption::int2[])[k.ord - 1]::bigint, de.description, array_to_string(i.reloptions, e'\x1f'),
       oc.opcname::text, ocn.nspname::text, oc.opcdefault::int, array_to_string(ia.attoptions, e'\x1f'),
       {nulls_not_distinct}::int, con.condeferrable::int, con.condeferred::int,
       cn.nspname::text, co.collname::text, {period}::int
from pg_catalog.pg_index x
join pg_catalog.pg_class i on i.oid = x.indexrelid
join pg_catalog.pg_class c on c.oid = x.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_am am on am.oid = i.relam
cross join lateral unnest(x.indkey::int2[]) with ordinality k(attnum, ord)
left join pg_catalog.pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum and k.attnum <> 0
left join pg_catalog.pg_attribute ia on ia.attrelid = x.indexrelid and ia.attnum = k.ord
left join pg_catalog.pg_constraint con on con.conindid = x.indexrelid and con.contype in ('p', 'u', 'x')
left join pg_catalog.pg_operator op on op.oid = con.conexclop[k.ord]
left join pg_catalog.pg_opclass oc on oc.oid = (x.indclass::oid[])[k.ord - 1]
left join pg_catalog.pg_namespace ocn on ocn.oid = oc.opcnamespace
left join pg_catalog.pg_collation co
  on co.oid = (x.indcollation::oid[])[k.ord - 1] and co.oid <> coalesce(a.attcollation, ia.attcollation)
left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
left join pg_catalog.pg_description de
  on de.objoid = i.oid and de.classoid = 'pg_catalog.pg_class'::regclass and de.objsubid = 0
where c.relkind in ('r', 'p', 'm') and not c.relispartition and {schemas}
order by x.indrelid, i.relname::text collate "C", k.ord
