SELECT CAST(@@version AS CHAR),
       CAST(@@collation_server AS CHAR),
       CAST(@@character_set_server AS CHAR),
       CAST(@@lower_case_table_names AS CHAR),
       CAST(@@sql_mode AS CHAR),
       CAST(@@default_storage_engine AS CHAR),
       (SELECT CAST(COLLATION_NAME AS CHAR) FROM INFORMATION_SCHEMA.COLLATIONS
         WHERE CHARACTER_SET_NAME = 'utf8mb4' AND IS_DEFAULT = 'Yes' LIMIT 1),
       (SELECT CAST(CHARACTER_SET_NAME AS CHAR) FROM INFORMATION_SCHEMA.COLLATIONS WHERE ID = 33 LIMIT 1),
       CAST(CURRENT_USER() AS CHAR)
