-- Row security policies. cmd: r select, a insert, w update, d delete, * all.
select n.nspname::text, c.relname::text, p.polname::text, p.polcmd::text, p.polpermissive::int,
       (select string_agg(case when r.oid = 0 then 'PUBLIC' else a.rolname::text end, e'\x1f' order by k.ord)
        from unnest(p.polroles) with ordinality k(oid, ord)
        cross join lateral (select k.oid) r(oid)
        left join pg_catalog.pg_roles a on a.oid = k.oid),
       pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), de.description
from pg_catalog.pg_policy p
join pg_catalog.pg_class c on c.oid = p.polrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_description de
  on de.objoid = p.oid and de.classoid = 'pg_catalog.pg_policy'::regclass and de.objsubid = 0
where {schemas}
order by n.nspname::text collate "C", p.polname::text collate "C", c.relname::text collate "C"
