-- What kind of table each is. type: table, view, virtual, or shadow (a table that a virtual one keeps its rows in).
-- wr: WITHOUT ROWID. SQLite 3.37 and later.
select name, type, wr, strict
from pragma_table_list()
where schema = 'main'
