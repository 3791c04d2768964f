-- Triggers. type: bit 1 row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate, 64 instead of.
select n.nspname::text, c.relname::text, t.tgname::text, t.tgtype::bigint,
       (select string_agg(a.attname::text, e'\x1f' order by k.ord)
        from unnest(t.tgattr::int2[]) with ordinality k(num, ord)
        join pg_catalog.pg_attribute a on a.attrelid = t.tgrelid and a.attnum = k.num),
       pn.nspname::text, p.proname::text, encode(t.tgargs, 'hex'),
       (t.tgconstraint <> 0)::int, t.tgdeferrable::int, t.tginitdeferred::int, fn.nspname::text, fc.relname::text,
       t.tgoldtable::text, t.tgnewtable::text,
       case when t.tgqual is not null then pg_get_triggerdef(t.oid) end, de.description
from pg_catalog.pg_trigger t
join pg_catalog.pg_class c on c.oid = t.tgrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_proc p on p.oid = t.tgfoid
join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace
left join pg_catalog.pg_class fc on fc.oid = t.tgconstrrelid
left join pg_catalog.pg_namespace fn on fn.oid = fc.relnamespace
left join pg_catalog.pg_description de
  on de.objoid = t.oid and de.classoid = 'pg_catalog.pg_trigger'::regclass and de.objsubid = 0
where not t.tgisinternal and not c.relispartition and {schemas} and {own:pg_class:c.oid}
order by n.nspname::text collate "C", c.relname::text collate "C", t.tgname::text collate "C"
