-- The parts of all indexes. origin: c CREATE INDEX, u UNIQUE, pk PRIMARY KEY.
-- cid: -1 the rowid, -2 an expression.
select m.name, l.name, l."unique", l.origin, l.partial, x.cid, x.name, x."desc", x.coll
from main.sqlite_master as m
join pragma_index_list(m.name) as l
join pragma_index_xinfo(l.name) as x
where m.type = 'table'
  and m.sql not like 'create virtual%'
  and m.name not like 'sqlite\_%' escape '\'
  and m.name not like 'libsql\_%' escape '\'
  and l.origin <> 'pk'
  and x."key" = 1
order by m.rowid, l.seq, x.seqno
