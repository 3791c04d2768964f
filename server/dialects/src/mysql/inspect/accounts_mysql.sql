-- Accounts. A role is one nobody can log in with, as CREATE ROLE makes it.
SELECT CAST(User AS CHAR), CAST(Host AS CHAR),
       IF({roles} AND account_locked = 'Y' AND password_expired = 'Y' AND IFNULL(authentication_string, '') = '', 1, 0),
       CAST(plugin AS CHAR), CAST(max_questions AS SIGNED), CAST(max_updates AS SIGNED),
       CAST(max_connections AS SIGNED), CAST(max_user_connections AS SIGNED), CAST(password_lifetime AS SIGNED),
       IF(password_expired = 'Y', 1, 0), IF(account_locked = 'Y', 1, 0), {comment}
  FROM mysql.user
