//! MySQL and MariaDB.

use std::time::{Duration, Instant};

use engine::connection::{Access, Cancel, DbErrorKind};
use engine::{Query, Value};

use super::{asked, free_port, one, open, query, refused, run, server, text, try_open, until, with};

/// Every server there is.
fn servers() -> Vec<String> {
    let mysql = server("ATLAS_TEST_MYSQL_URL", "MySQL");
    let mariadb = server("ATLAS_TEST_MARIADB_URL", "MariaDB");
    mysql.into_iter().chain(mariadb).collect()
}

const VALUES: &str = "SELECT CAST(-1 AS SIGNED), CAST(18446744073709551615 AS UNSIGNED), 1.50, 1.5e0, 'ü', NULL,
    DATE '2024-02-29', TIMESTAMP '2024-02-29 01:02:03.000001', TIME '-25:01:02', CAST('{\"a\": 1}' AS JSON), x'00ff',
    CAST('2024' AS YEAR)";

#[tokio::test]
async fn values_of_every_kind_in_both_protocols() {
    for url in servers() {
        let mut connection = open(&url).await;
        let connection = connection.as_mut();
        let json = one(connection, "SELECT @@version").await;
        let is_mariadb = json.text().is_some_and(|version| version.contains("MariaDB"));
        let sql = if is_mariadb {
            VALUES
                .replace("CAST('{\"a\": 1}' AS JSON)", "'{\"a\": 1}'")
                .replace("CAST('2024' AS YEAR)", "2024")
        } else {
            VALUES.to_owned()
        };
        let expected = vec![
            Value::Int(-1),
            text("18446744073709551615"),
            text("1.50"),
            Value::Real(1.5),
            text("ü"),
            Value::Null,
            text("2024-02-29"),
            text("2024-02-29 01:02:03.000001"),
            text("-25:01:02"),
            text("{\"a\": 1}"),
            Value::Blob(vec![0, 255]),
            Value::Int(2024),
        ];
        assert_eq!(query(connection, &sql).await, vec![expected.clone()]);
        let prepared = format!("SELECT v.* FROM ({sql}) v WHERE 1 = ?");
        assert_eq!(asked(connection, &prepared, vec![Value::Int(1)]).await.len(), 1);
        let prepared = format!("{sql} FROM (SELECT 1 AS one) o WHERE one = ? AND 'it''s \\\\ ?' = ?");
        let rows = asked(connection, &prepared, vec![Value::Int(1), text("it's \\ ?")]).await;
        assert_eq!(rows, vec![expected]);
        let catalog =
            "SELECT TABLE_SCHEMA, TABLE_ROWS, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_NAME = ?";
        let rows = asked(connection, catalog, vec![text("COLUMNS")]).await;
        assert_eq!(rows.first().and_then(|row| row.first()), Some(&text("information_schema")));
    }
}

#[tokio::test]
async fn statements_run_as_they_were_written() {
    for url in servers() {
        let mut connection = open(&url).await;
        let connection = connection.as_mut();
        run(connection, "DROP DATABASE IF EXISTS drivers_verbatim; CREATE DATABASE drivers_verbatim; USE drivers_verbatim")
            .await;
        run(
            connection,
            "CREATE TABLE t (id int PRIMARY KEY, `w?hat` varchar(9) DEFAULT 'a\\\\b' COMMENT \"c?\")",
        )
        .await;
        assert_eq!(run(connection, "INSERT INTO t (id) VALUES (1), (2), (3)").await, 3);
        assert_eq!(run(connection, "UPDATE t SET id = id + 10; DELETE FROM t WHERE id = 11").await, 4);
        run(connection, "CREATE PROCEDURE p()\nBEGIN\n  -- ; ?\n  SELECT 1;\n  SELECT 2 AS two;\nEND").await;
        assert_eq!(query(connection, "CALL p()").await, vec![vec![Value::Int(2)]]);
        assert_eq!(one(connection, "SELECT `w?hat` FROM t LIMIT 1").await, text("a\\b"));
        let mode = "SELECT SQL_MODE = @@GLOBAL.sql_mode FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'drivers_verbatim'";
        assert_eq!(one(connection, mode).await, Value::Int(1));
        run(connection, "DROP DATABASE drivers_verbatim").await;
    }
}

#[tokio::test]
async fn refusals_in_the_words_of_go_sql_driver() {
    for url in servers() {
        let mut connection = open(&url).await;
        let error = connection.query(&Query::new("test", "SELECT * FROM mysql.no_such")).await.unwrap_err();
        assert_eq!(error.message, "Error 1146 (42S02): Table 'mysql.no_such' doesn't exist");
        assert_eq!(one(connection.as_mut(), "SELECT 1").await, Value::Int(1));
        let error = connection.execute("DO 1; DROP TABLE mysql.no_such; DO 2").await.unwrap_err();
        assert_eq!(error.message, "Error 1051 (42S02): Unknown table 'mysql.no_such'");
        assert_eq!(one(connection.as_mut(), "SELECT 1").await, Value::Int(1));
        run(connection.as_mut(), "CREATE TEMPORARY TABLE mysql.drivers_tmp (a int PRIMARY KEY)").await;
        run(connection.as_mut(), "INSERT INTO mysql.drivers_tmp VALUES (1)").await;
        let error = connection.execute("INSERT INTO mysql.drivers_tmp VALUES (1)").await.unwrap_err();
        assert_eq!(error.kind, DbErrorKind::Constraint);
        assert!(error.message.starts_with("Error 1062 (23000): Duplicate entry '1' for key "), "{error}");
    }
}

#[tokio::test]
async fn what_cannot_be_opened() {
    for url in servers() {
        let absent = refused(&with(&url, |url| url.set_path("/no_such_database"))).await;
        let text = "Error 1049 (42000): Unknown database 'no_such_database'".to_owned();
        assert_eq!(absent, (DbErrorKind::Absent, text));
        let port = free_port();
        let nobody = with(&url, |url| {
            let _ = url.set_password(Some("hunter2"));
            let _ = url.set_port(Some(port));
        });
        let text = format!("dial tcp 127.0.0.1:{port}: connect: connection refused");
        assert_eq!(refused(&nobody).await, (DbErrorKind::Unreachable, text));
        let socket = refused("mysql+unix://root@/no/such.sock?database=x").await;
        let text = "dial unix /no/such.sock: connect: no such file or directory".to_owned();
        assert_eq!(socket, (DbErrorKind::Unreachable, text));
        let wrong = with(&url, |url| {
            let _ = url.set_username("drivers_nobody");
            let _ = url.set_password(Some("hunter2"));
        });
        let (kind, message) = refused(&wrong).await;
        assert_eq!(kind, DbErrorKind::Auth);
        assert!(
            message.starts_with("Error 1045 (28000): Access denied for user 'drivers_nobody'@"),
            "{message}"
        );
        assert!(!message.contains("hunter2"));
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        let begun = Instant::now();
        let late = refused(&format!("mysql://u:hunter2@127.0.0.1:{port}/d?timeout=300ms")).await;
        assert_eq!(late, (DbErrorKind::Unreachable, format!("dial tcp 127.0.0.1:{port}: i/o timeout")));
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test]
async fn passwords_over_plain_tcp() {
    for url in servers() {
        let mut root = open(&url).await;
        run(root.as_mut(), "DROP USER IF EXISTS drivers_pw@'%'").await;
        run(root.as_mut(), "CREATE USER drivers_pw@'%' IDENTIFIED BY 'p@ss w\\''").await;
        let own = with(&url, |url| {
            let _ = url.set_username("drivers_pw");
            let _ = url.set_password(Some("p@ss w'"));
        });
        // Twice: the second time the server has the password's hash at hand and asks for less.
        for _ in 0..2 {
            let mut connection = open(&own).await;
            assert_eq!(one(connection.as_mut(), "SELECT USER() LIKE 'drivers_pw@%'").await, Value::Int(1));
            assert!(!connection.target().url.contains("p%40ss"));
            connection.close().await.unwrap();
        }
        let wrong = with(&own, |url| {
            let _ = url.set_password(Some("hunter2"));
        });
        assert_eq!(refused(&wrong).await.0, DbErrorKind::Auth);
        let forbidden = with(&own, |url| url.set_path("/mysql"));
        let (kind, message) = refused(&forbidden).await;
        assert_eq!(kind, DbErrorKind::Permission, "{message}");
        run(root.as_mut(), "DROP USER drivers_pw@'%'").await;
    }
}

#[tokio::test]
async fn settings_of_the_url() {
    for url in servers() {
        let own = with(&url, |url| {
            url.set_path("/information_schema");
            url.set_query(Some(
                "parseTime=true&charset=utf8mb4&time_zone='%2B02:00'&statement_timeout=300ms",
            ));
        });
        let mut connection = open(&own).await;
        assert_eq!(connection.target().bound.as_deref(), Some("information_schema"));
        assert_eq!(one(connection.as_mut(), "SELECT DATABASE()").await, text("information_schema"));
        assert_eq!(one(connection.as_mut(), "SELECT @@time_zone").await, text("+02:00"));
        assert_eq!(one(connection.as_mut(), "SELECT @@character_set_client").await, text("utf8mb4"));
        assert_eq!(one(connection.as_mut(), "SELECT @@sql_mode = @@GLOBAL.sql_mode").await, Value::Int(1));
        let begun = Instant::now();
        let _ = connection.query(&Query::new("test", "SELECT SLEEP(60)")).await;
        assert!(begun.elapsed() < Duration::from_secs(30));
        let mut reader = try_open(&url, Access::Read).await.unwrap();
        let error = reader.execute("CREATE DATABASE drivers_no").await.unwrap_err();
        assert_eq!(error.kind, DbErrorKind::ReadOnly, "{error}");
    }
}

#[tokio::test]
async fn a_running_statement_is_stopped_and_gone_from_the_servers_list() {
    for url in servers() {
        let mut connection = open(&url).await;
        let mut other = open(&url).await;
        let cancel = Cancel::new();
        connection.interrupt_on(&cancel).await.unwrap();
        let running = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT%drivers_cancel%' AND ID <> CONNECTION_ID()";
        // One that reports being stopped as an error, unlike a bare SLEEP.
        let statement = connection.execute(
            "SELECT /* drivers_cancel */ COUNT(*) FROM information_schema.COLUMNS a, information_schema.COLUMNS b, information_schema.COLUMNS c, information_schema.COLUMNS d WHERE SLEEP(1) = 0",
        );
        let stop = async {
            assert!(until(other.as_mut(), running, Value::Int(1)).await);
            cancel.cancel();
        };
        let (result, ()) = tokio::join!(statement, stop);
        let error = result.unwrap_err();
        assert_eq!(error.kind, DbErrorKind::Cancelled);
        assert_eq!(error.message, "Error 1317 (70100): Query execution was interrupted");
        assert!(until(other.as_mut(), running, Value::Int(0)).await);
        assert_eq!(one(connection.as_mut(), "SELECT SLEEP(0.05)").await, Value::Int(0));
    }
}

#[tokio::test]
async fn one_session_holds_a_lock() {
    for url in servers() {
        let mut first = open(&url).await;
        let mut second = open(&url).await;
        first.lock("drivers_lock", Duration::ZERO).await.unwrap();
        let error = second.lock("drivers_lock", Duration::from_millis(60)).await.unwrap_err();
        assert_eq!(error.kind, DbErrorKind::Locked);
        assert_eq!(error.message, "sql/schema: lock is held by other session");
        first.unlock("drivers_lock").await.unwrap();
        second.lock("drivers_lock", Duration::ZERO).await.unwrap();
        let (closed, taken) =
            tokio::join!(second.close(), first.lock("drivers_lock", Duration::from_secs(10)));
        closed.unwrap();
        taken.unwrap();
        assert_eq!(
            one(first.as_mut(), "SELECT IS_USED_LOCK('drivers_lock') = CONNECTION_ID()").await,
            Value::Int(1)
        );
    }
}

#[tokio::test]
async fn of_several_statements_those_before_a_refused_one_are_done() {
    for url in servers() {
        let mut connection = open(&url).await;
        let connection = connection.as_mut();
        run(connection, "CREATE DATABASE drivers_all").await;
        run(connection, "USE drivers_all").await;
        let all = [
            "CREATE TABLE a (id int) -- one;",
            "CREATE TABLE b (id int);",
            "CREATE TABLE a (id int)",
            "CREATE TABLE c (id int)",
        ];
        let all = all.map(str::to_owned);
        let stopped = connection.execute_all(&all).await.unwrap_err();
        assert_eq!(stopped.done, 2);
        assert_eq!(stopped.error.message, "Error 1050 (42S01): Table 'a' already exists");
        let count = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'drivers_all'";
        assert_eq!(one(connection, count).await, Value::Int(2));
        connection.execute_all(&all[3..]).await.unwrap();
        assert_eq!(one(connection, count).await, Value::Int(3));
        run(connection, "DROP DATABASE drivers_all").await;
    }
}

#[tokio::test]
async fn several_queries_go_in_one_message() {
    for url in servers() {
        let mut connection = open(&url).await;
        let queries = ["SELECT 1 AS a UNION ALL SELECT 2", "SELECT 3 FROM DUAL WHERE 1 = 0", "SELECT 'x;y';"];
        let queries: Vec<Query> = queries.into_iter().map(|sql| Query::new("test", sql)).collect();
        let answers = connection.query_all(&queries).await;
        assert_eq!(answers.error, None);
        let rows: Vec<_> = answers.rows.into_iter().map(|rows| rows.rows).collect();
        let expected = [vec![vec![Value::Int(1)], vec![Value::Int(2)]], Vec::new(), vec![vec![text("x;y")]]];
        assert_eq!(rows, expected);
        let queries = ["SELECT 1", "SELECT nothing", "SELECT 2"].map(|sql| Query::new("test", sql));
        let answers = connection.query_all(&queries).await;
        assert_eq!(answers.rows.len(), 1);
        assert!(answers.error.is_some_and(|error| error.message.contains("'nothing'")));
        assert_eq!(one(connection.as_mut(), "SELECT 4").await, Value::Int(4));
    }
}

#[tokio::test]
async fn a_user_who_may_have_one_session_gets_no_further_one() {
    for url in servers() {
        let mut admin = open(&url).await;
        run(admin.as_mut(), "DROP USER IF EXISTS drivers_single").await;
        run(admin.as_mut(), "CREATE USER drivers_single WITH MAX_USER_CONNECTIONS 1").await;
        let own = with(&url, |url| {
            url.set_username("drivers_single").unwrap();
        });
        let mut single = try_open(&own, Access::Read).await.unwrap();
        let shared = single.share().await.unwrap().unwrap();
        assert_eq!(shared.open().await.err().map(|error| error.kind), Some(DbErrorKind::Full));
        assert_eq!(one(single.as_mut(), "SELECT 1").await, Value::Int(1));
        single.close().await.unwrap();
        let mut connection = try_open(&url, Access::Read).await.unwrap();
        let mut beside = connection.share().await.unwrap().unwrap().open().await.unwrap();
        let error = beside.execute("CREATE DATABASE drivers_no").await.unwrap_err();
        assert_eq!(error.kind, DbErrorKind::ReadOnly);
        run(admin.as_mut(), "DROP USER drivers_single").await;
    }
}
