//! PostgreSQL.

use std::time::{Duration, Instant};

use engine::connection::{Access, Cancel, DbErrorKind};
use engine::{Query, Value};

use super::{asked, free_port, one, open, query, refused, run, server, text, try_open, until, with};

const VARIABLE: &str = "ATLAS_TEST_POSTGRES_URL";

/// Every server there is.
fn servers() -> Vec<String> {
    let mut urls: Vec<String> = server(VARIABLE, "PostgreSQL").into_iter().collect();
    let further = std::env::var("ATLAS_TEST_POSTGRES_URLS").unwrap_or_default();
    urls.extend(further.split(',').filter(|url| !url.is_empty()).map(str::to_owned));
    urls
}

#[tokio::test]
async fn values_of_every_kind() {
    for url in servers() {
        let mut connection = open(&url).await;
        let rows = query(
            connection.as_mut(),
            r#"SELECT true, 1::int2, 2::int4, 3::int8, 4::oid, 'r'::"char", 'n'::name, 'x'::varchar, 1.5::float8,
               1.50::numeric, '\x00ff'::bytea, ARRAY['a', 'b c'], NULL::int, 'a=>1'::text, '2024-02-29'::date,
               '2024-02-29 01:02:03+00'::timestamptz, '{"a": 1}'::jsonb, '(1,2)'::point, '[1,3)'::int4range,
               'public'::regnamespace, '10.0.0.0/8'::cidr, '550e8400-e29b-41d4-a716-446655440000'::uuid"#,
        )
        .await;
        let expected = vec![
            Value::Bool(true),
            Value::Int(1),
            Value::Int(2),
            Value::Int(3),
            Value::Int(4),
            text("r"),
            text("n"),
            text("x"),
            Value::Real(1.5),
            text("1.50"),
            Value::Blob(vec![0, 255]),
            text("{a,\"b c\"}"),
            Value::Null,
            text("a=>1"),
            text("2024-02-29"),
            text("2024-02-29 01:02:03+00"),
            text("{\"a\": 1}"),
            text("(1,2)"),
            text("[1,3)"),
            text("public"),
            text("10.0.0.0/8"),
            text("550e8400-e29b-41d4-a716-446655440000"),
        ];
        assert_eq!(rows, vec![expected]);
        connection.close().await.unwrap();
    }
}

#[tokio::test]
async fn parameters_take_the_types_the_server_finds() {
    for url in servers() {
        let mut connection = open(&url).await;
        let connection = connection.as_mut();
        let params = vec![
            Value::Int(7),
            text("it's \\ $1 ?"),
            Value::Null,
            Value::Blob(vec![1, 255]),
            Value::Bool(true),
            Value::Real(0.5),
        ];
        let sql = "SELECT $1::int8 + 1, $2::text, $3::int4, $4::bytea, $5::bool, $6::float8 -- the end";
        let rows = asked(connection, sql, params).await;
        let expected = vec![
            Value::Int(8),
            text("it's \\ $1 ?"),
            Value::Null,
            Value::Blob(vec![1, 255]),
            Value::Bool(true),
            Value::Real(0.5),
        ];
        assert_eq!(rows, vec![expected]);
        let sql = "SELECT relname::text FROM pg_class WHERE oid = $1 AND relkind = $2;";
        assert_eq!(
            asked(connection, sql, vec![Value::Int(1259), text("r")]).await,
            vec![vec![text("pg_class")]]
        );
        let query = Query { params: vec![text("x")], ..Query::new("test", "SELECT $1::int4") };
        let error = connection.query(&query).await.unwrap_err();
        // Version 10 says `for integer`.
        assert!(error.message.starts_with("pq: invalid input syntax for "), "{error}");
        assert!(error.message.ends_with(" integer: \"x\" at column 20 (22P02)"), "{error}");
        assert_eq!(one(connection, "SELECT count(*) FROM pg_prepared_statements").await, Value::Int(0));
    }
}

#[tokio::test]
async fn statements_run_as_they_were_written() {
    for url in servers() {
        let mut connection = open(&url).await;
        let connection = connection.as_mut();
        run(connection, "CREATE SCHEMA drivers_verbatim; SET search_path = drivers_verbatim").await;
        run(connection, "CREATE TABLE t (id int PRIMARY KEY, \"w?hat\" text DEFAULT 'a\\b')").await;
        assert_eq!(run(connection, "INSERT INTO t (id) VALUES (1), (2), (3)").await, 3);
        assert_eq!(run(connection, "UPDATE t SET id = id + 10; DELETE FROM t WHERE id = 11").await, 4);
        run(connection, "CREATE INDEX CONCURRENTLY i ON t (\"w?hat\")").await;
        let body = "CREATE FUNCTION f(x int) RETURNS int LANGUAGE plpgsql AS $f$\nBEGIN\n  -- ; $1 ?\n  RETURN x + 1;\nEND $f$";
        run(connection, body).await;
        assert_eq!(one(connection, "SELECT f(1)").await, Value::Int(2));
        assert_eq!(one(connection, "SELECT \"w?hat\" FROM t LIMIT 1").await, text("a\\b"));
        run(connection, "DROP SCHEMA drivers_verbatim CASCADE").await;
    }
}

#[tokio::test]
async fn refusals_in_the_words_of_lib_pq() {
    for url in servers() {
        let mut connection = open(&url).await;
        let refusal = |sql: &'static str| Query::new("test", sql);
        let error = connection.query(&refusal("SELECT * FROM no_such")).await.unwrap_err();
        assert_eq!(error.message, "pq: relation \"no_such\" does not exist at column 15 (42P01)");
        let error = connection.execute("CREATE TABLE drivers_x (\n  a nothing\n)").await.unwrap_err();
        assert_eq!(error.message, "pq: type \"nothing\" does not exist at position 2:5 (42704)");
        let error = connection.execute("DO $$ BEGIN RAISE check_violation; END $$").await.unwrap_err();
        assert_eq!(
            (error.kind, error.message.as_str()),
            (DbErrorKind::Constraint, "pq: check_violation (23514)")
        );
        // And the session goes on.
        assert_eq!(one(connection.as_mut(), "SELECT 1").await, Value::Int(1));
    }
}

#[tokio::test]
async fn what_cannot_be_opened() {
    let Some(url) = server(VARIABLE, "PostgreSQL") else { return };
    let absent = refused(&with(&url, |url| url.set_path("/no_such_database"))).await;
    assert_eq!(
        absent,
        (DbErrorKind::Absent, "pq: database \"no_such_database\" does not exist (3D000)".into())
    );
    let port = free_port();
    let nobody = with(&url, |url| {
        let _ = url.set_password(Some("hunter2"));
        let _ = url.set_port(Some(port));
    });
    let unreachable =
        (DbErrorKind::Unreachable, format!("dial tcp 127.0.0.1:{port}: connect: connection refused"));
    assert_eq!(refused(&nobody).await, unreachable);
    let nowhere = with(&url, |url| url.set_host(Some("no-such-host.invalid")).unwrap());
    let text = "dial tcp: lookup no-such-host.invalid: no such host".to_owned();
    assert_eq!(refused(&nowhere).await, (DbErrorKind::Unreachable, text));
    let socket =
        with(&url, |url| url.set_query(Some("host=/no/such&sslmode=disable"))).replace("127.0.0.1:", "");
    let socket = socket.replace(&format!("{}/", url::Url::parse(&url).unwrap().port().unwrap_or(5432)), "/");
    let (kind, message) = refused(&socket).await;
    assert_eq!(kind, DbErrorKind::Unreachable, "{message}");
    assert!(message.starts_with("dial unix /no/such/.s.PGSQL."), "{message}");
    let setting = with(&url, |url| url.set_query(Some("sslmode=disable&no_such_setting=1")));
    let text = "pq: unrecognized configuration parameter \"no_such_setting\" (42704)".to_owned();
    assert_eq!(refused(&setting).await, (DbErrorKind::Other, text));
    // A server that listens and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let begun = Instant::now();
    let late =
        refused(&format!("postgres://u:hunter2@127.0.0.1:{port}/d?sslmode=disable&connect_timeout=1")).await;
    assert_eq!(late, (DbErrorKind::Unreachable, format!("dial tcp 127.0.0.1:{port}: i/o timeout")));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn settings_of_the_url() {
    let Some(url) = server(VARIABLE, "PostgreSQL") else { return };
    let mut plain = open(&url).await;
    run(plain.as_mut(), "CREATE SCHEMA \"Drivers set\"").await;
    let own = with(&url, |url| {
        url.set_query(Some(
            "sslmode=disable&search_path=Drivers+set&application_name=drivers&statement_timeout=150",
        ));
    });
    let mut connection = open(&own).await;
    assert_eq!(connection.target().bound.as_deref(), Some("Drivers set"));
    assert_eq!(one(connection.as_mut(), "SELECT current_schema()::text").await, text("Drivers set"));
    assert_eq!(one(connection.as_mut(), "SHOW application_name").await, text("drivers"));
    let error = connection.execute("SELECT pg_sleep(20)").await.unwrap_err();
    assert_eq!(error.kind, DbErrorKind::Timeout);
    assert_eq!(error.message, "pq: canceling statement due to statement timeout (57014)");
    run(plain.as_mut(), "DROP SCHEMA \"Drivers set\"").await;
    let mut reader = try_open(&url, Access::Read).await.unwrap();
    let error = reader.execute("CREATE TABLE drivers_no (a int)").await.unwrap_err();
    assert_eq!(error.kind, DbErrorKind::ReadOnly);
}

#[tokio::test]
async fn a_running_statement_is_stopped_and_gone_from_the_servers_list() {
    for url in servers() {
        let mut connection = open(&url).await;
        let mut other = open(&url).await;
        let cancel = Cancel::new();
        connection.interrupt_on(&cancel).await.unwrap();
        let running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%drivers_cancel%' AND state = 'active' AND pid <> pg_backend_pid()";
        let statement = connection.execute("SELECT pg_sleep(60) /* drivers_cancel */");
        let stop = async {
            assert!(until(other.as_mut(), running, Value::Int(1)).await);
            cancel.cancel();
        };
        let (result, ()) = tokio::join!(statement, stop);
        let error = result.unwrap_err();
        assert_eq!(error.kind, DbErrorKind::Cancelled);
        assert_eq!(error.message, "pq: canceling statement due to user request (57014)");
        assert!(until(other.as_mut(), running, Value::Int(0)).await);
        // What cleans up afterwards is not stopped.
        assert_eq!(one(connection.as_mut(), "SELECT 1 FROM pg_sleep(0.1)").await, Value::Int(1));
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
        // Closing releases it; whoever waits gets it.
        let (closed, taken) =
            tokio::join!(second.close(), first.lock("drivers_lock", Duration::from_secs(10)));
        closed.unwrap();
        taken.unwrap();
        let held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()";
        assert_eq!(one(first.as_mut(), held).await, Value::Int(1));
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_never_repeated() {
    for url in servers() {
        let user = |password: &str| {
            with(&url, |url| {
                let _ = url.set_username("password_user");
                let _ = url.set_password(Some(password));
            })
        };
        let mut admin = open(&url).await;
        let _ = admin.execute("CREATE ROLE password_user LOGIN").await;
        // Up to version 13 the server would keep a hash of the older kind.
        let scram =
            "SET password_encryption = 'scram-sha-256'; ALTER ROLE password_user PASSWORD 'right: p@ss'";
        run(admin.as_mut(), scram).await;
        if try_open(&user("hunter2"), Access::Read).await.is_ok() {
            println!("skipped: this server trusts everyone");
            continue;
        }
        let message = "pq: password authentication failed for user \"password_user\" (28P01)".to_owned();
        assert_eq!(refused(&user("hunter2")).await, (DbErrorKind::Auth, message));
        let mut connection = open(&user("right: p@ss")).await;
        assert_eq!(one(connection.as_mut(), "SELECT current_user::text").await, text("password_user"));
        let error = connection.query(&Query::new("test", "SELECT * FROM pg_authid")).await.unwrap_err();
        assert_eq!(error.kind, DbErrorKind::Permission);
        assert!(error.message.starts_with("pq: permission denied for "), "{error}");
    }
}

#[tokio::test]
async fn several_statements_are_all_done_or_none() {
    for url in servers() {
        let mut connection = open(&url).await;
        let connection = connection.as_mut();
        run(connection, "CREATE SCHEMA drivers_all; SET search_path = drivers_all").await;
        let all = ["CREATE TABLE a (id int) -- one;", "CREATE TABLE b (id int);", "CREATE TABLE a (id int)"];
        let all = all.map(str::to_owned);
        let stopped = connection.execute_all(&all).await.unwrap_err();
        assert_eq!(stopped.done, 0);
        assert!(stopped.error.message.starts_with("pq: relation \"a\" already exists"), "{}", stopped.error);
        let count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'drivers_all'";
        assert_eq!(one(connection, count).await, Value::Int(0));
        connection.execute_all(&all[..2]).await.unwrap();
        assert_eq!(one(connection, count).await, Value::Int(2));
        run(connection, "DROP SCHEMA drivers_all CASCADE").await;
    }
}

#[tokio::test]
async fn several_queries_go_in_one_message() {
    for url in servers() {
        let mut connection = open(&url).await;
        let queries =
            ["SELECT 1 AS a UNION ALL SELECT 2", "SELECT 3 WHERE false -- none", "SELECT 'x;y'::text;"];
        let queries: Vec<Query> = queries.into_iter().map(|sql| Query::new("test", sql)).collect();
        let answers = connection.query_all(&queries).await;
        assert_eq!(answers.error, None);
        let rows: Vec<_> = answers.rows.into_iter().map(|rows| rows.rows).collect();
        let expected = [vec![vec![Value::Int(1)], vec![Value::Int(2)]], Vec::new(), vec![vec![text("x;y")]]];
        assert_eq!(rows, expected);
        let queries = ["SELECT 1", "SELECT nothing", "SELECT 2"].map(|sql| Query::new("test", sql));
        let answers = connection.query_all(&queries).await;
        assert_eq!(answers.rows.len(), 1);
        assert!(
            answers.error.is_some_and(|error| error.message.contains("column \"nothing\" does not exist"))
        );
        assert_eq!(one(connection.as_mut(), "SELECT 4").await, Value::Int(4));
    }
}

#[tokio::test]
async fn a_further_session_sees_the_same_snapshot() {
    for url in servers() {
        let mut other = open(&url).await;
        run(other.as_mut(), "DROP TABLE IF EXISTS drivers_beside").await;
        let mut connection = open(&url).await;
        run(connection.as_mut(), "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await;
        let shared = connection.share().await.unwrap().unwrap();
        run(other.as_mut(), "CREATE TABLE drivers_beside (a int)").await;
        let there = "SELECT count(*) FROM pg_catalog.pg_class WHERE relname = 'drivers_beside'";
        let mut beside = shared.open().await.unwrap();
        assert_eq!(one(beside.as_mut(), there).await, Value::Int(0));
        assert_eq!(one(connection.as_mut(), there).await, Value::Int(0));
        assert_eq!(one(other.as_mut(), there).await, Value::Int(1));
        let error = beside.execute("CREATE TABLE drivers_no (a int)").await.unwrap_err();
        assert_eq!(error.kind, DbErrorKind::ReadOnly);
        beside.close().await.unwrap();
        // Without the transaction there is nothing to share.
        run(connection.as_mut(), "COMMIT").await;
        assert!(shared.open().await.is_err());
        run(other.as_mut(), "DROP TABLE drivers_beside").await;
    }
}
