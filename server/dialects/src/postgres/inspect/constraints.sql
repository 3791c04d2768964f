-- Checks of tables and of domains, and foreign keys. The lists of columns are in order.
select con.conrelid::bigint, con.contypid::bigint, con.conname::text, con.contype::text,
       case when con.contype = 'c' then pg_get_expr(con.conbin, con.conrelid) end,
       con.connoinherit::int, con.convalidated::int, con.condeferrable::int, con.condeferred::int,
       con.confupdtype::text, con.confdeltype::text, con.confmatchtype::text,
       rn.nspname::text, rc.relname::text,
       (select string_agg(a.attname::text, e'\x1f' order by k.ord)
        from unnest(con.conkey) with ordinality k(num, ord)
        join pg_catalog.pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.num
        where con.contype = 'f'),
       (select string_agg(a.attname::text, e'\x1f' order by k.ord)
        from unnest(con.confkey) with ordinality k(num, ord)
        join pg_catalog.pg_attribute a on a.attrelid = con.confrelid and a.attnum = k.num
        where con.contype = 'f'),
       {set_columns}, de.description, {enforced}::int, {period}::int
from pg_catalog.pg_constraint con
join pg_catalog.pg_namespace n on n.oid = con.connamespace
left join pg_catalog.pg_class c on c.oid = con.conrelid
left join pg_catalog.pg_class rc on rc.oid = con.confrelid
left join pg_catalog.pg_namespace rn on rn.oid = rc.relnamespace
left join pg_catalog.pg_description de
  on de.objoid = con.oid and de.classoid = 'pg_catalog.pg_constraint'::regclass and de.objsubid = 0
where con.contype in ('c', 'f') and con.conislocal and {constraint_parent} and not coalesce(c.relispartition, false)
  and {schemas}
order by con.conrelid, con.contypid, con.conname::text collate "C"
