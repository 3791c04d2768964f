-- What roles may do, beyond what their owners may and everybody may by default: what it is for (see `accounts`), the
-- role, the privilege, whether it may be handed on. An entry of the initial privileges of the server is none.
with objects(classid, objid, subid, word, name, acl, owner) as (
    select 'pg_catalog.pg_class'::regclass, c.oid, 0,
           case when c.relkind = 'S' then 'sequence' else 'table' end,
           quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relacl, c.relowner
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relacl is not null and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and {schemas} and {own:pg_class:c.oid}
  union all
    select 'pg_catalog.pg_class'::regclass, c.oid, a.attnum::int, 'column',
           quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.' || quote_ident(a.attname), a.attacl, c.relowner
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where a.attacl is not null and not a.attisdropped and {schemas} and {own:pg_class:c.oid}
  union all
    select 'pg_catalog.pg_proc'::regclass, p.oid, 0, case when {prokind} = 'p' then 'procedure' else 'function' end,
           quote_ident(n.nspname) || '.' || quote_ident(p.proname) ||
           case when (select count(*) from pg_catalog.pg_proc o
                      where o.pronamespace = p.pronamespace and o.proname = p.proname) > 1
                then '(' || (select coalesce(string_agg(format_type(t.oid, null), ', ' order by t.ord), '')
                             from unnest(p.proargtypes) with ordinality t(oid, ord)) || ')'
                else '' end,
           p.proacl, p.proowner
    from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where p.proacl is not null and {schemas} and {own:pg_proc:p.oid}
  union all
    select 'pg_catalog.pg_type'::regclass, t.oid, 0, 'type',
           quote_ident(n.nspname) || '.' || quote_ident(t.typname), t.typacl, t.typowner
    from pg_catalog.pg_type t
    join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    where t.typacl is not null and {schemas} and {own:pg_type:t.oid}
  union all
    select 'pg_catalog.pg_namespace'::regclass, n.oid, 0, 'schema', n.nspname, n.nspacl, n.nspowner
    from pg_catalog.pg_namespace n
    where n.nspacl is not null and {schemas}
  union all
    select 'pg_catalog.pg_foreign_server'::regclass, s.oid, 0, 'server', s.srvname, s.srvacl, s.srvowner
    from pg_catalog.pg_foreign_server s
    where s.srvacl is not null and {own:pg_foreign_server:s.oid}
  union all
    select 'pg_catalog.pg_foreign_data_wrapper'::regclass, w.oid, 0, 'wrapper', w.fdwname, w.fdwacl, w.fdwowner
    from pg_catalog.pg_foreign_data_wrapper w
    where w.fdwacl is not null
  union all
    select 'pg_catalog.pg_database'::regclass, d.oid, 0, 'database', d.datname, d.datacl, d.datdba
    from pg_catalog.pg_database d
    where d.datacl is not null and d.datname = current_database()
  {parameters}
)
select o.word, o.name, case when x.grantee = 0 then 'PUBLIC' else g.rolname::text end, x.privilege_type,
       bool_or(x.is_grantable)::int
from objects o
cross join lateral aclexplode(o.acl) x
left join pg_catalog.pg_roles g on g.oid = x.grantee
where x.grantee <> o.owner and (x.grantee = 0 or g.oid is not null) and {permissions}
  and not exists (
    select from pg_catalog.pg_init_privs i
    cross join lateral aclexplode(i.initprivs) d
    where i.classoid = o.classid and i.objoid = o.objid and i.objsubid = o.subid
      and d.grantee = x.grantee and d.privilege_type = x.privilege_type and d.is_grantable = x.is_grantable)
group by o.word, o.name, x.grantee, g.rolname, x.privilege_type
order by o.word, o.name collate "C", case when x.grantee = 0 then '' else g.rolname::text end collate "C", 5, 4
