-- Which SQLite this is. One row.
select sqlite_version()
