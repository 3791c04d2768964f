-- The columns of tables, views and composite types. Of arrays, what is said of the type is said of its element.
-- sequence: of a serial or identity column.
select a.attrelid::bigint, a.attname::text, format_type(a.atttypid, a.atttypmod),
       t.typtype::text, tn.nspname::text, t.typname::text, (t.oid <> a.atttypid)::int,
       {foreign:pg_type:t.oid}::int,
       a.attnotnull::int, pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, {generated}::text,
       de.description, cn.nspname::text, co.collname::text,
       case when a.attstorage <> ty.typstorage then a.attstorage::text end, {compression}::text,
       s.seqstart, s.seqincrement, sc.relname::text, sd.deptype::text, a.attnum::bigint,
       array_to_string(a.attfdwoptions, e'\x1f'),
       format_type(s.seqtypid, null), s.seqmin, s.seqmax, s.seqcache, s.seqcycle::int
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_type ty on ty.oid = a.atttypid
join pg_catalog.pg_type t
  on t.oid = case when ty.typelem <> 0 and ty.typlen = -1 and ty.typtype = 'b' then ty.typelem else ty.oid end
join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join pg_catalog.pg_description de
  on de.objoid = a.attrelid and de.classoid = 'pg_catalog.pg_class'::regclass and de.objsubid = a.attnum
left join pg_catalog.pg_collation co on co.oid = a.attcollation and a.attcollation <> ty.typcollation
left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
left join pg_catalog.pg_depend sd
  on sd.classid = 'pg_catalog.pg_class'::regclass and sd.refclassid = 'pg_catalog.pg_class'::regclass
  and sd.refobjid = a.attrelid and sd.refobjsubid = a.attnum and sd.deptype in ('a', 'i')
  and exists (select from pg_catalog.pg_sequence q where q.seqrelid = sd.objid)
left join pg_catalog.pg_sequence s on s.seqrelid = sd.objid
left join pg_catalog.pg_class sc on sc.oid = sd.objid
where a.attnum > 0 and not a.attisdropped
  and c.relkind in ('r', 'p', 'v', 'm', 'c', 'f') and not c.relispartition and {schemas}
order by a.attrelid, a.attnum
