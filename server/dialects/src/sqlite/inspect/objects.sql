-- Everything that was created, in order of creation.
-- Indexes that SQLite made for a constraint have no sql.
select type, name, tbl_name, sql
from main.sqlite_master
where tbl_name not like 'sqlite\_%' escape '\'
  and tbl_name not like 'libsql\_%' escape '\'
order by rowid
