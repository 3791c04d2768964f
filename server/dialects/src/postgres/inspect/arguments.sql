-- The arguments of routines, and the columns of RETURNS TABLE. mode: i, o, b (both), v (variadic), t (a column).
select p.oid::bigint, k.ord::bigint, coalesce(p.proargmodes[k.ord]::text, 'i'), p.proargnames[k.ord],
       format_type(k.type, null), pg_get_function_arg_default(p.oid, k.ord::int)
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.pg_language l on l.oid = p.prolang
cross join lateral unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality k(type, ord)
where {schemas} and (l.lanname not in ('internal', 'c') or exists (select from pg_catalog.pg_aggregate g where g.aggfnoid = p.oid))
order by p.oid, k.ord
