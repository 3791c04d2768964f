-- Sequences; of one that a column owns, the column. deptype: a owned, i of an identity.
select n.nspname::text, c.relname::text, format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
       s.seqcache, s.seqcycle::int, de.description, d.deptype::text, tn.nspname::text, t.relname::text, a.attname::text,
       c.oid::bigint
from pg_catalog.pg_sequence s
join pg_catalog.pg_class c on c.oid = s.seqrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_depend d
  on d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.objsubid = 0
  and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')
left join pg_catalog.pg_class t on t.oid = d.refobjid
left join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
left join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
left join pg_catalog.pg_description de
  on de.objoid = c.oid and de.classoid = 'pg_catalog.pg_class'::regclass and de.objsubid = 0
where {schemas} and {own:pg_class:c.oid}
order by n.nspname::text collate "C", c.relname::text collate "C"
