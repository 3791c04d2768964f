//! Expressions as the server keeps them: what is printed without it is what it says itself.

use dialects::mysql::expr::{Known, printed};
use engine::Scope;
use engine::connection::Capabilities;
use engine::inspect::inspect_all;

use super::{MARIADB_10, MYSQL_9, server, servers};

const COLUMNS: &str = "A int, `b c` varchar(20), d date, dt datetime, j json, f double, dec1 decimal(5,2), en enum('x','y'), bl bool, A2 int";
const NAMES: &[&str] = &["A", "b c", "d", "dt", "j", "f", "dec1", "en", "bl", "A2"];

/// What is surely printed; `None` where it is not sure.
fn expression(text: &str, columns: &[&str], server: &Capabilities) -> Option<String> {
    let columns: Vec<Known<'_>> =
        columns.iter().map(|name| Known { name, charset: (*name == "b c").then_some("utf8mb4") }).collect();
    let printed = printed(text, &columns, server);
    printed.sure.then_some(printed.text)
}

/// Conditions both servers take.
const BOTH: &[&str] = &[
    "a > 0",
    "a>0 and f<1.5 or bl",
    "not (a = 1)",
    "not bl",
    "a in (1,2,3)",
    "a not in (1,2)",
    "a in (1)",
    "not a in (1,2)",
    "`b c` in ('x','y''z')",
    "a between 1 and 10",
    "not (a between 1 and 10)",
    "a between 1 and 10 and bl",
    "`b c` like 'a%'",
    "`b c` not like 'a%'",
    "not (`b c` like 'a%')",
    "`b c` is not null",
    "not (a is null)",
    "a <> 1",
    "a != 1",
    "-a < 5",
    "a + 1 * 2 - 3 > 0",
    "(a + 1) * 2 > 0",
    "a - (1 - 2) > 0",
    "a - 1 - 2 > 0",
    "a / 2 / 3 > 1",
    "a / (2 / 3) > 1",
    "a % 2 = 0",
    "a mod 2 = 0",
    "mod(a, 2) = 0",
    "a div 2 = 0",
    "length(`b c`) > 3",
    "CHAR_LENGTH(`b c`) > 3",
    "UPPER(`b c`) = `b c`",
    "lower(trim(`b c`)) = 'x'",
    "d > '2020-01-01'",
    "d > date '2020-01-01'",
    "dt > timestamp '2020-01-01 00:00:00'",
    "case a when 1 then 'x' else 'y' end = 'x'",
    "case when a > 1 then 1 when bl = 2 then 3 else 0 end = 1",
    "coalesce(a, 0) > 0",
    "ifnull(a,0) + 1 > 0",
    "if(a>1,2,3) = 2",
    "cast(a as char(10)) = '1'",
    "cast(a as unsigned) > 1",
    "cast(a as decimal(10,2)) > 1",
    "a <=> 1",
    "a & 1 = 1",
    "a | 1 = 1",
    "a ^ 1 = 1",
    "(a & 1) | 2 = 1",
    "~a = 1",
    "a << 1 = 2",
    "json_extract(j, '$.a') = 1",
    "`b c` regexp '^a'",
    "a = 1 xor bl",
    "a = 1 || bl",
    "a = 1 && bl",
    "a = 0x1F",
    "a = b'101'",
    "a = b'100000001'",
    "f = 1e5",
    "concat(`b c`,'x') = 'yx'",
    "dec1 > 1.50",
    "a > 1 is true",
    "a is true",
    "a is not true",
    "d + interval 1 day > dt",
    "date_sub(d, interval 2 month) > dt",
    "left(`b c`,1) = 'a'",
    "substring(`b c`, 1, 2) = 'ab'",
    "a = 1 and f = 2 and bl = 1",
    "a = 1 or (f = 2 and bl)",
    "(a = 1 or f = 2) and bl",
    "not (a = 1 or f > 2)",
    "not (a = 1 and f > 2)",
    "a = 1 or f = 2 or (a = 3 or bl)",
    "! bl",
    "en = 'x'",
    "`b c` = _utf8mb4'x'",
    "binary `b c` = 'x'",
    "extract(year from d) > 1",
    "year(d) > 2000",
    "round(f, 2) = 1",
    "a = -1",
    "a * -1 > 0",
    "a > (1)",
    "a2 > a",
    "isnull(a) = 1",
    "instr(`b c`, 'x') > 0",
    "position('x' in `b c`) > 0",
    "convert(a, char) = '1'",
    "convert(`b c` using utf8mb4) = '1'",
    "date(dt) > d",
    "`b c` = 'it''s \\\\ \"x\"'",
    "'x' = \"y\"",
    "`b c` <> ''",
    "greatest(a, 1, 2) = least(a, 3)",
    "nullif(a, 1) = 2",
    "a = 1.0 and f <> 0.25",
    "bl = true",
    "a > 1 = true",
    "not (a > 1 is true)",
    "not (a + 1)",
    "not (a like 'x' and bl)",
    "not json_valid(j)",
    "a and json_valid(j)",
    "not not bl",
    "not (not (a = 1))",
    "not (`b c` regexp 'x')",
    "`b c` not regexp 'x'",
    "f = .5",
    "f = 0.50",
    "f = 1.",
    "f = 1e-3",
    "f = 1E5",
    "a > 007",
    "`b c` = 'a\\nb'",
    "`b c` = 'a\\tb'",
    "`b c` = 'a%\\_b'",
    "`b c` like 'a\\%b'",
    "`b c` = 'x' 'y'",
    "`b c` collate utf8mb4_bin = 'x'",
    "`b c` like 'x' escape '!'",
    "`b c` like 'x' escape '\\\\'",
    "`b c` not like 'x' escape '!'",
    "if(bl, 1, 2) = 1",
    "if(a + 1, 1, 2) = 1",
    "case when bl then 1 else 2 end = 1",
    "case when a + 1 then 1 end = 1",
    "a + 1 and bl",
    "a + 1 or not bl",
    "(a, f) in ((1, 2), (3,4))",
    "a is unknown",
    "(a + 1) is true",
    "not (a between 1 and 2 and bl)",
    "trim(both 'x' from `b c`) = 'y'",
    "trim('x' from `b c`) = 'y'",
    "substring(`b c` from 2 for 3) = 'y'",
    "timestampdiff(day, d, dt) > 1",
    "datediff(d, dt) > 1",
    "adddate(d, 3) > dt",
    "d + interval 1 day + interval 2 month > dt",
    "d + interval (a + 1) day > dt",
    "d + interval '1:2' hour_minute > dt",
    "interval(a, 1, 2) = 1",
    "cast(a as decimal) > 1",
    "cast(a as decimal(5)) > 1",
    "cast(`b c` as char character set latin1) = 'x'",
    "cast(a as double) > 1",
    "cast(d as datetime(3)) > dt",
    "cast(`b c` as binary(3)) = 'x'",
    "convert(a, signed integer) = 1",
    "- -a > 1",
    "-(a + 1) > 0",
    "~(a + 1) > 0",
    "!(a + 1)",
    "!(a = 1)",
    "bin(a) = '1'",
    "format(a, 2) = '1'",
    "a >> 1 = 0",
    "a between 1 and 2 = 1",
    "a in (1,2) = bl",
    "(a > 1) + 1 > 0",
    "(a = 1) in (0, 1)",
    "(a or bl) = 1",
    "a is null = bl",
    "a = 1 is not false",
    "strcmp(`b c`, 'a') = 0",
    "a = 5 xor bl = 1 xor a2 = 2",
    "a xor (bl and a2)",
    "(a xor bl) and a2",
    "null is null",
    "a = null",
    "coalesce(a, null) is null",
    "true and false",
    "false or bl",
    "1 = 1",
    "json_contains(j, '1', '$.a')",
    "concat(`b c`, a > 1) = 'x'",
    "not (a <=> 1)",
    "a not between 1 and 2 or bl",
    "`b c` like concat(`b c`, '%')",
    "`b c` in ('x', null)",
    "-a % 2 = 0",
    "-(a % 2) = 0",
    "a * (f % 2) > 0",
    "2 - (a - (f - 1)) > 0",
    "a || bl && a2",
    "time(dt) = '10:00:00'",
    "timestamp(d) = dt",
    "round(f) = 1",
];

const MYSQL_ONLY: &[&str] = &["j->'$.a' = 1", "j->>'$.a' = 'x'", "json_valid(j)", "true"];
const MARIADB_ONLY: &[&str] = &["case when a > 1 then true else false end", "json_valid(j)", "true"];

/// What nobody looked at is not guessed.
#[test]
fn what_is_not_known_is_not_printed() {
    let server = server(MYSQL_9);
    for text in [
        "a >",
        "unknown_column > 1",
        "my_function(a) > 1",
        "t.a > 1",
        "(a, f) = (1, 2)",
        "a = (select 1)",
        "week(d) > 1",
        "not 1",
        "group_concat(a separator 'x')",
        "",
    ] {
        assert_eq!(expression(text, NAMES, &server), None, "{text}");
    }
    let deep = format!("{}a{} > 1", "(".repeat(10_000), ")".repeat(10_000));
    assert_eq!(expression(&deep, NAMES, &server), None);
}

#[test]
fn both_ways_to_print() {
    let print = |version: &str| expression("a>0 and not bl or `b c` like 'x'", NAMES, &server(version));
    assert_eq!(print(MYSQL_9).as_deref(), Some("(((`a` > 0) and (0 = `bl`)) or (`b c` like _utf8mb4'x'))"));
    assert_eq!(print(MARIADB_10).as_deref(), Some("`A` > 0 and `bl` = 0 or `b c` like 'x'"));
}

#[tokio::test]
async fn what_is_printed_is_what_the_server_keeps() {
    for server in servers("print").await {
        let name = server.prefix.clone();
        let mut connection = server.fresh(&name, true).await;
        let own = if server.name == "MySQL" { MYSQL_ONLY } else { MARIADB_ONLY };
        let texts: Vec<&str> = BOTH.iter().chain(own).copied().collect();
        let checks: Vec<String> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| format!("CONSTRAINT k{at:03} CHECK ({text})"))
            .collect();
        let sql = format!("CREATE TABLE t ({COLUMNS}, {})", checks.join(", "));
        connection.execute(&sql).await.unwrap_or_else(|error| panic!("{}: {error}", server.name));
        let capabilities = connection.capabilities().clone();
        let realm = inspect_all(connection.as_mut(), &Scope::bound(name.clone())).await.expect("it is read");
        let (_, table) = realm.tables().next().expect("a table");
        let (mut known, mut wrong) = (0, Vec::new());
        for (check, text) in table.checks.iter().zip(&texts) {
            match expression(text, NAMES, &capabilities) {
                Some(printed) if printed == check.expr.0 => known += 1,
                Some(printed) => {
                    wrong.push(format!("{text}\n  printed {printed}\n  kept    {}", check.expr.0));
                }
                None => println!("{}: not known: {text}", server.name),
            }
            // What the server keeps is printed as it is: a fixed point.
            if let Some(again) =
                expression(&check.expr.0, NAMES, &capabilities).filter(|again| *again != check.expr.0)
            {
                wrong.push(format!("again {}\n  printed {again}", check.expr.0));
            }
        }
        println!("{}: {known} of {} expressions", server.name, texts.len());
        assert!(wrong.is_empty(), "{}\n{}", server.name, wrong.join("\n"));
        assert!(known * 100 >= texts.len() * 95, "{}: {known} of {}", server.name, texts.len());
        server.drop(&[&name]).await;
    }
}
