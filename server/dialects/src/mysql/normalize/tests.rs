//! What a server makes of a definition.

use std::sync::Arc;

use engine::normalize::{Cache, normalize};
use expect_test::{Expect, expect};
use schema::{
    Attrs, Check, Column, Default, Expr, ForeignKey, IndexPart, Literal, PrimaryKey, Realm, Schema, Table,
};

use super::super::attr::{AUTO_INCREMENT, CHARSET, COLLATE, ENGINE, INDEX_TYPE};
use super::super::{features, types};

fn column(name: &str, ty: &str) -> Column {
    Column {
        name: name.into(),
        ty: Some(types::parse(ty)),
        raw_type: ty.to_string(),
        nullable: true,
        default: None,
        generated: None,
        comment: None,
        attrs: Attrs::default(),
    }
}

fn with_default(ty: &str, default: Default) -> Column {
    Column { default: Some(default), ..column("c", ty) }
}

fn literal(text: &str, quoted: bool) -> Default {
    Default::Literal(Literal { text: text.to_string(), quoted })
}

fn expr(text: &str) -> Default {
    Default::Expr(Expr(text.to_string()))
}

fn normalized(version: &str, schema: Schema) -> Arc<Realm> {
    let dialect = if version.contains("MariaDB") { &crate::MARIADB } else { &crate::MYSQL };
    let realm = Arc::new(Realm { schemas: vec![schema], ..Realm::default() });
    let server = features::of_version(version).expect("a version");
    let once = normalize(&realm, dialect, &server, &mut Cache::default()).expect("a state").realm;
    let twice = normalize(&once, dialect, &server, &mut Cache::default()).expect("a state").realm;
    assert_eq!(once, twice, "what is normalized is left alone");
    once
}

fn of_table(version: &str, table: Table) -> Table {
    let mut schema = Schema::new("s");
    schema.tables.push(Arc::new(Table { schema: "s".into(), name: "t".into(), ..table }));
    Table::clone(&normalized(version, schema).schemas[0].tables[0])
}

fn default_of(version: &str, ty: &str, default: Default) -> String {
    let table = of_table(version, Table { columns: vec![with_default(ty, default)], ..Table::default() });
    match &table.columns[0].default {
        None => "none".to_string(),
        Some(Default::Literal(literal)) if literal.quoted => format!("'{}'", literal.text),
        Some(Default::Literal(literal)) => literal.text.clone(),
        Some(Default::Expr(expr)) => format!("sql {}", expr.0),
    }
}

const MYSQL: &str = "9.1.0";
const MARIADB: &str = "10.11.6-MariaDB";

#[test]
fn defaults_have_one_form() {
    assert_eq!(default_of(MYSQL, "decimal(5,2)", literal("1.5", false)), "1.50");
    assert_eq!(default_of(MYSQL, "int", literal("5", true)), "5");
    assert_eq!(default_of(MYSQL, "bool", literal("true", false)), "1");
    assert_eq!(default_of(MYSQL, "varchar(9)", literal("x", false)), "'x'");
    assert_eq!(default_of(MYSQL, "varchar(9)", expr("NULL")), "none");
    assert_eq!(default_of(MYSQL, "varchar(9)", expr("'x'")), "'x'");
    assert_eq!(default_of(MYSQL, "varchar(9)", expr("('x')")), "sql (_utf8mb4'x')");
    assert_eq!(default_of(MYSQL, "datetime(3)", expr("now(3)")), "sql CURRENT_TIMESTAMP(3)");
    assert_eq!(default_of(MARIADB, "datetime", expr("CURRENT_TIMESTAMP")), "sql (current_timestamp())");
    assert_eq!(default_of(MYSQL, "datetime", literal("2020-01-02", true)), "'2020-01-02 00:00:00'");
    assert_eq!(default_of(MYSQL, "bit(8)", literal("5", false)), "sql b'101'");
    assert_eq!(default_of(MYSQL, "varbinary(9)", literal("ab", true)), "sql 0x6162");
    assert_eq!(default_of(MARIADB, "varbinary(9)", literal("ab", true)), "'ab'");
    assert_eq!(default_of(MYSQL, "char(36)", expr("uuid()")), "sql (uuid())");
}

#[test]
fn charsets_are_inherited_and_said_where_they_differ() {
    let mut same = column("same", "varchar(9)");
    same.attrs.set(&CHARSET, "latin1".to_string());
    let mut other = column("other", "varchar(9)");
    other.attrs.set(&COLLATE, "utf8_bin".to_string());
    let mut number = column("number", "int");
    number.attrs.set(&CHARSET, "latin1".to_string());
    let mut schema = Schema::new("s");
    schema.attrs.set(&CHARSET, "latin1".to_string());
    schema.tables.push(Arc::new(Table {
        schema: "s".into(),
        name: "t".into(),
        columns: vec![same, other, number],
        ..Table::default()
    }));
    let realm = normalized(MYSQL, schema);
    let table = &realm.schemas[0].tables[0];
    let show = |attrs: &Attrs| format!("{:?} {:?}", attrs.get(&CHARSET), attrs.get(&COLLATE));
    assert_eq!(show(&realm.schemas[0].attrs), "Some(\"latin1\") Some(\"latin1_swedish_ci\")");
    assert_eq!(show(&table.attrs), "Some(\"latin1\") Some(\"latin1_swedish_ci\")");
    let columns: Vec<String> = table.columns.iter().map(|column| show(&column.attrs)).collect();
    assert_eq!(columns, ["None None", "Some(\"utf8mb3\") Some(\"utf8mb3_bin\")", "None None"]);
}

fn check_keys(version: &str, expected: Expect) {
    let mut id = column("id", "int");
    id.attrs.set(&AUTO_INCREMENT, true);
    let parts = |name: &str| vec![IndexPart::column(name)];
    let key = |name: Option<&str>, column: &str| ForeignKey {
        name: name.map(Into::into),
        columns: vec![column.into()],
        ref_schema: "s".into(),
        ref_table: "p".into(),
        ref_columns: vec!["id".into()],
        on_update: None,
        on_delete: None,
        attrs: Attrs::default(),
    };
    let mut hash = super::super::implied::indexes(&Table {
        foreign_keys: vec![key(Some("z"), "a")],
        ..Table::default()
    });
    hash[0].attrs.set(&INDEX_TYPE, "HASH".to_string());
    let check = |name: Option<&str>| Check {
        name: name.map(Into::into),
        expr: Expr("a > 0".to_string()),
        attrs: Attrs::default(),
    };
    let mut attrs = Attrs::default();
    attrs.set(&ENGINE, "innodb".to_string());
    let table = of_table(
        version,
        Table {
            columns: vec![id, column("a", "int"), column("b", "int"), column("c", "int")],
            primary_key: Some(PrimaryKey {
                name: Some("pk".into()),
                parts: parts("id"),
                comment: None,
                attrs: Attrs::default(),
            }),
            indexes: hash,
            foreign_keys: vec![key(None, "b"), key(Some("fk"), "c"), key(None, "a")],
            checks: vec![check(None), check(Some("a_check")), check(None)],
            attrs,
            ..Table::default()
        },
    );
    let mut out =
        vec![format!("engine {:?}, id null {}", table.attrs.get(&ENGINE), table.columns[0].nullable)];
    out.extend(table.indexes.iter().map(|index| {
        let columns: Vec<_> = index.parts.iter().filter_map(IndexPart::column_name).cloned().collect();
        format!("index {} ({}) {:?}", index.name, columns.join(","), index.attrs.get(&INDEX_TYPE))
    }));
    out.extend(
        table.foreign_keys.iter().map(|key| {
            format!("key {:?} {:?} {:?} {:?}", key.name, key.columns, key.on_delete, key.ref_schema)
        }),
    );
    out.extend(table.checks.iter().map(|check| format!("check {:?}", check.name)));
    expected.assert_eq(&(out.join("\n") + "\n"));
}

#[test]
fn keys_and_checks_get_names_and_foreign_keys_indexes() {
    check_keys(
        MYSQL,
        expect![[r#"
        engine Some("InnoDB"), id null false
        index b (b) None
        index fk (c) None
        index z (a) None
        key Some("fk") ["c"] Some(NoAction) ""
        key Some("t_ibfk_1") ["b"] Some(NoAction) ""
        key Some("t_ibfk_2") ["a"] Some(NoAction) ""
        check Some("a_check")
        check Some("t_chk_1")
        check Some("t_chk_2")
    "#]],
    );
    check_keys(
        MARIADB,
        expect![[r#"
        engine Some("InnoDB"), id null false
        index b (b) None
        index fk (c) None
        index z (a) None
        key Some("fk") ["c"] Some(Restrict) ""
        key Some("t_ibfk_1") ["b"] Some(Restrict) ""
        key Some("t_ibfk_2") ["a"] Some(Restrict) ""
        check Some("CONSTRAINT_1")
        check Some("CONSTRAINT_2")
        check Some("a_check")
    "#]],
    );
}

#[test]
fn tables_tell_what_their_server_is_like() {
    use engine::normalize::Hooks as _;
    let told = |collations: &[&str]| {
        let mut schema = Schema::new("s");
        for collation in collations {
            let mut table = Table { schema: "s".into(), name: "t".into(), ..Table::default() };
            if !collation.is_empty() {
                table.attrs.set(&COLLATE, (*collation).to_owned());
            }
            schema.tables.push(Arc::new(table));
        }
        let mut server = engine::connection::Capabilities::default();
        let realm = schema::Realm { schemas: vec![schema], ..schema::Realm::default() };
        crate::mysql::normalize::Mysql.tells(&realm, &mut server);
        server.setting(crate::mysql::features::COLLATION_SETTING).to_owned()
    };
    assert_eq!(told(&["utf8mb4_general_ci", "", "utf8mb4_general_ci"]), "utf8mb4_general_ci");
    assert_eq!(told(&["utf8mb4_general_ci", "utf8mb4_bin"]), "");
    assert_eq!(told(&[""]), "");
}
