-- What accounts may do: a word, schema, object, column; user, host; privileges with commas; whether they may be handed on.
SELECT '', '', '', '', CAST(User AS CHAR), CAST(Host AS CHAR),
       CONCAT_WS(',', IF(Select_priv = 'Y', 'SELECT', NULL), IF(Insert_priv = 'Y', 'INSERT', NULL),
                 IF(Update_priv = 'Y', 'UPDATE', NULL), IF(Delete_priv = 'Y', 'DELETE', NULL),
                 IF(Create_priv = 'Y', 'CREATE', NULL), IF(Drop_priv = 'Y', 'DROP', NULL),
                 IF(Reload_priv = 'Y', 'RELOAD', NULL), IF(Shutdown_priv = 'Y', 'SHUTDOWN', NULL),
                 IF(Process_priv = 'Y', 'PROCESS', NULL), IF(File_priv = 'Y', 'FILE', NULL),
                 IF(References_priv = 'Y', 'REFERENCES', NULL), IF(Index_priv = 'Y', 'INDEX', NULL),
                 IF(Alter_priv = 'Y', 'ALTER', NULL), IF(Show_db_priv = 'Y', 'SHOW_DATABASES', NULL),
                 IF(Super_priv = 'Y', 'SUPER', NULL),
                 IF(Create_tmp_table_priv = 'Y', 'CREATE_TEMPORARY_TABLES', NULL),
                 IF(Lock_tables_priv = 'Y', 'LOCK_TABLES', NULL),
                 IF(Execute_priv = 'Y', 'EXECUTE', NULL),
                 IF(Repl_slave_priv = 'Y', 'REPLICATION_SLAVE', NULL),
                 IF(Repl_client_priv = 'Y', 'REPLICATION_CLIENT', NULL),
                 IF(Create_view_priv = 'Y', 'CREATE_VIEW', NULL),
                 IF(Show_view_priv = 'Y', 'SHOW_VIEW', NULL),
                 IF(Create_routine_priv = 'Y', 'CREATE_ROUTINE', NULL),
                 IF(Alter_routine_priv = 'Y', 'ALTER_ROUTINE', NULL),
                 IF(Create_user_priv = 'Y', 'CREATE_USER', NULL), IF(Event_priv = 'Y', 'EVENT', NULL),
                 IF(Trigger_priv = 'Y', 'TRIGGER', NULL),
                 IF(Create_tablespace_priv = 'Y', 'CREATE_TABLESPACE', NULL){of_server}),
       IF(Grant_priv = 'Y', 1, 0)
  FROM mysql.user
{of_components}UNION ALL
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
