//! What the tests of MySQL and MariaDB share.

mod forms;
