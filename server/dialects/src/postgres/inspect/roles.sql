-- Roles, but those every server has, with the roles they are members of: `name␞admin␞inherit␞set` each.
select r.rolname::text, r.rolcanlogin::int, r.rolsuper::int, r.rolcreatedb::int, r.rolcreaterole::int,
       r.rolinherit::int, r.rolreplication::int, r.rolbypassrls::int, r.rolconnlimit::bigint,
       shobj_description(r.oid, 'pg_authid'),
       (select string_agg(m.line, e'\x1f' order by m.name collate "C")
        from (select g.rolname::text as name,
                     concat_ws(e'\x1e', g.rolname::text, bool_or(am.admin_option)::int, {inherit_option}::int,
                               {set_option}::int) as line
              from pg_catalog.pg_auth_members am
              join pg_catalog.pg_roles g on g.oid = am.roleid
              where am.member = r.oid
              group by g.rolname) m)
from pg_catalog.pg_roles r
where r.oid >= 16384 and r.rolname !~ '^pg_' and {roles}
order by r.rolname::text collate "C"
