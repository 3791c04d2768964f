-- The columns of all tables. pk: place in the primary key from 1, or 0.
-- hidden: 0 ordinary, 1 hidden in a virtual table, 2 generated and virtual, 3 generated and stored.
-- Views are left out: one that is broken would fail the whole query.
select m.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden
from main.sqlite_master as m
join pragma_table_xinfo(m.name) as x
where m.type = 'table'
  and m.sql not like 'create virtual%'
  and m.name not like 'sqlite\_%' escape '\'
  and m.name not like 'libsql\_%' escape '\'
order by m.rowid, x.cid
