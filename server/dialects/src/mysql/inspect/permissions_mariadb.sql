-- What accounts may do: a word, schema, object, column; user, host; privileges with commas; whether they may be handed on.
-- Those on the whole server are the bits of a number.
SELECT '', '', '', '', CAST(User AS CHAR), CAST(Host AS CHAR), IFNULL(JSON_VALUE(Priv, '$.access'), '0'), 0
  FROM mysql.global_priv
UNION ALL
SELECT 'schema', CAST(Db AS CHAR), '', '', CAST(User AS CHAR), CAST(Host AS CHAR),
       CONCAT_WS(',', IF(Select_priv = 'Y', 'SELECT', NULL), IF(Insert_priv = 'Y', 'INSERT', NULL),
                 IF(Update_priv = 'Y', 'UPDATE', NULL), IF(Delete_priv = 'Y', 'DELETE', NULL),
                 IF(Create_priv = 'Y', 'CREATE', NULL), IF(Drop_priv = 'Y', 'DROP', NULL),
                 IF(References_priv = 'Y', 'REFERENCES', NULL), IF(Index_priv = 'Y', 'INDEX', NULL),
                 IF(Alter_priv = 'Y', 'ALTER', NULL),
                 IF(Create_tmp_table_priv = 'Y', 'CREATE_TEMPORARY_TABLES', NULL),
                 IF(Lock_tables_priv = 'Y', 'LOCK_TABLES', NULL),
                 IF(Execute_priv = 'Y', 'EXECUTE', NULL),
                 IF(Create_view_priv = 'Y', 'CREATE_VIEW', NULL),
                 IF(Show_view_priv = 'Y', 'SHOW_VIEW', NULL),
                 IF(Create_routine_priv = 'Y', 'CREATE_ROUTINE', NULL),
                 IF(Alter_routine_priv = 'Y', 'ALTER_ROUTINE', NULL),
                 IF(Event_priv = 'Y', 'EVENT', NULL), IF(Trigger_priv = 'Y', 'TRIGGER', NULL){of_schema}),
       IF(Grant_priv = 'Y', 1, 0)
  FROM mysql.db WHERE Db {schemas}
UNION ALL
SELECT 'table', CAST(Db AS CHAR), CAST(Table_name AS CHAR), '', CAST(User AS CHAR), CAST(Host AS CHAR),
       CAST(Table_priv AS CHAR), IF(FIND_IN_SET('Grant', Table_priv) > 0, 1, 0)
  FROM mysql.tables_priv WHERE Db {schemas} AND Table_priv <> ''
UNION ALL
SELECT 'column', CAST(Db AS CHAR), CAST(Table_name AS CHAR), CAST(Column_name AS CHAR), CAST(User AS CHAR),
       CAST(Host AS CHAR), CAST(Column_priv AS CHAR), 0
  FROM mysql.columns_priv WHERE Db {schemas} AND Column_priv <> ''
UNION ALL
SELECT LOWER(CAST(Routine_type AS CHAR)), CAST(Db AS CHAR), CAST(Routine_name AS CHAR), '', CAST(User AS CHAR),
       CAST(Host AS CHAR), CAST(Proc_priv AS CHAR), IF(FIND_IN_SET('Grant', Proc_priv) > 0, 1, 0)
  FROM mysql.procs_priv WHERE Db {schemas}
