-- What lies in no schema beside extensions: casts (source, target, method, context, function), foreign servers (name,
-- wrapper, type, version, -) and who is who there (server, user, -, -, -), each with options and comment.
select 'cast', format_type(c.castsource, null), format_type(c.casttarget, null), c.castmethod::text, c.castcontext::text,
       case when p.oid is not null then quote_ident(n.nspname) || '.' || quote_ident(p.proname) end,
       null, obj_description(c.oid, 'pg_cast')
from pg_catalog.pg_cast c
left join pg_catalog.pg_proc p on p.oid = c.castfunc
left join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where c.oid >= 16384 and {own:pg_cast:c.oid}
  -- The server makes those from a range to its multirange.
  and not exists (select from pg_catalog.pg_depend i where i.classid = 'pg_catalog.pg_cast'::regclass
                  and i.objid = c.oid and i.deptype = 'i')
union all
select 'server', s.srvname::text, w.fdwname::text, s.srvtype, s.srvversion, null,
       array_to_string(s.srvoptions, e'\x1f'), obj_description(s.oid, 'pg_foreign_server')
from pg_catalog.pg_foreign_server s
join pg_catalog.pg_foreign_data_wrapper w on w.oid = s.srvfdw
where {own:pg_foreign_server:s.oid}
union all
select 'user_mapping', m.srvname::text, case when m.umuser = 0 then 'PUBLIC' else m.usename::text end, null, null, null,
       array_to_string(m.umoptions, e'\x1f'), null
from pg_catalog.pg_user_mappings m
order by 1, 2, 3
