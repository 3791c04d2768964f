-- Accounts and the roles they are members of.
SELECT CAST(User AS CHAR), CAST(Host AS CHAR), CAST(Role AS CHAR), '', IF(Admin_option = 'Y', 1, 0)
  FROM mysql.roles_mapping
