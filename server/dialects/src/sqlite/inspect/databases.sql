-- The attached database files. One row unless somebody attached another one.
select name
from pragma_database_list()
where name <> 'temp'
