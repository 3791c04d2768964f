-- The columns of all foreign keys. id: the last key of a table is 0.
-- "to" is null when the primary key is meant without being named.
select m.name, f.id, f."table", f."from", f."to", f.on_update, f.on_delete
from main.sqlite_master as m
join pragma_foreign_key_list(m.name) as f
where m.type = 'table'
  and m.sql not like 'create virtual%'
  and m.name not like 'sqlite\_%' escape '\'
  and m.name not like 'libsql\_%' escape '\'
order by m.rowid, f.id desc, f.seq
