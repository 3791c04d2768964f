-- Which server this is. One row; two of the others may be null or empty.
select current_setting('server_version_num')::text,
       current_setting('default_table_access_method', true)::text,
       current_setting('crdb_version', true)::text,
       current_setting('search_path')::text,
       session_user::text
