-- Accounts.
SELECT CAST(User AS CHAR), CAST(Host AS CHAR), IF(JSON_VALUE(Priv, '$.is_role') = 1, 1, 0),
       CAST(JSON_VALUE(Priv, '$.plugin') AS CHAR), CAST(JSON_VALUE(Priv, '$.max_questions') AS SIGNED),
       CAST(JSON_VALUE(Priv, '$.max_updates') AS SIGNED), CAST(JSON_VALUE(Priv, '$.max_connections') AS SIGNED),
       CAST(JSON_VALUE(Priv, '$.max_user_connections') AS SIGNED),
       NULLIF(CAST(JSON_VALUE(Priv, '$.password_lifetime') AS SIGNED), -1),
       IF(JSON_VALUE(Priv, '$.password_last_changed') = 0, 1, 0), IF(JSON_VALUE(Priv, '$.account_locked') = 1, 1, 0), NULL
  FROM mysql.global_priv
