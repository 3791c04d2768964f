-- Tables, partitioned or not, partitions, views, materialized views and foreign tables (server, options).
-- keys: the columns of the partition key of a partition, whose own columns are not read.
-- parent: of a partition, with its schema. key: of a partitioned table, numbers of columns (0: an expression).
select c.oid::bigint, n.nspname::text, c.relname::text, c.relkind::text, d.description,
       c.relpersistence::text, am.amname::text, array_to_string(c.reloptions, e'\x1f'),
       c.relrowsecurity::int, c.relforcerowsecurity::int, c.relreplident::text, ri.relname::text,
       p.partstrat::text, p.partattrs::text, pg_get_expr(p.partexprs, p.partrelid),
       c.relispartition::int, pn.nspname::text, pc.relname::text, pg_get_expr(c.relpartbound, c.oid),
       case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end, c.relispopulated::int,
       fs.srvname::text, array_to_string(ft.ftoptions, e'\x1f'),
       (select string_agg(coalesce(ka.attname::text, ''), e'\x1f' order by k.ord)
        from unnest(p.partattrs::int2[]) with ordinality k(num, ord)
        left join pg_catalog.pg_attribute ka on ka.attrelid = c.oid and ka.attnum = k.num and k.num <> 0
        where c.relispartition)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_description d
  on d.objoid = c.oid and d.classoid = 'pg_catalog.pg_class'::regclass and d.objsubid = 0
left join pg_catalog.pg_am am on am.oid = c.relam
left join pg_catalog.pg_partitioned_table p on p.partrelid = c.oid
left join pg_catalog.pg_index x on x.indrelid = c.oid and x.indisreplident and c.relreplident = 'i'
left join pg_catalog.pg_class ri on ri.oid = x.indexrelid
left join pg_catalog.pg_inherits h on h.inhrelid = c.oid and c.relispartition
left join pg_catalog.pg_class pc on pc.oid = h.inhparent
left join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
left join pg_catalog.pg_foreign_table ft on ft.ftrelid = c.oid
left join pg_catalog.pg_foreign_server fs on fs.oid = ft.ftserver
where c.relkind in ('r', 'p', 'v', 'm', 'f') and {schemas} and {own:pg_class:c.oid}
order by n.nspname::text collate "C", c.relname::text collate "C"
