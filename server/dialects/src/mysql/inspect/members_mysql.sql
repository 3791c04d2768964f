-- Accounts and the roles they are members of.
SELECT CAST(TO_USER AS CHAR), CAST(TO_HOST AS CHAR), CAST(FROM_USER AS CHAR), CAST(FROM_HOST AS CHAR),
       IF(WITH_ADMIN_OPTION = 'Y', 1, 0)
  FROM mysql.role_edges
