//! Patterns of `--exclude`, as written on the command line.

use std::sync::Arc;

use schema::{
    Attrs, Check, Column, Expr, ForeignKey, Index, IndexPart, Key, PrimaryKey, Realm, Schema, Table, Trigger,
};

use super::Patterns;
use crate::Scope;

fn column(name: &str) -> Column {
    Column {
        name: name.into(),
        ty: None,
        raw_type: String::new(),
        nullable: true,
        default: None,
        generated: None,
        comment: None,
        attrs: Attrs::default(),
    }
}

/// Schemas `main` and `other`, each with tables `users` (columns id, a, ab; index i over a; key fk over ab; check c)
/// and `posts` (column id), and a trigger `users_log` of `users`.
fn realm() -> Realm {
    let schema = |name: &str| {
        let users = Table {
            name: "users".into(),
            columns: vec![column("id"), column("a"), column("ab")],
            primary_key: Some(PrimaryKey {
                name: None,
                parts: vec![IndexPart::column("id")],
                comment: None,
                attrs: Attrs::default(),
            }),
            indexes: vec![Index {
                name: "i".into(),
                unique: false,
                parts: vec![IndexPart::column("a")],
                predicate: None,
                comment: None,
                key: Key::Index,
                attrs: Attrs::default(),
            }],
            foreign_keys: vec![ForeignKey {
                name: Some("fk".into()),
                columns: vec!["ab".into()],
                ref_schema: "".into(),
                ref_table: "posts".into(),
                ref_columns: vec!["id".into()],
                on_update: None,
                on_delete: None,
                attrs: Attrs::default(),
            }],
            checks: vec![Check { name: Some("c".into()), expr: Expr("1".into()), attrs: Attrs::default() }],
            ..Table::default()
        };
        let posts = Table { name: "posts".into(), columns: vec![column("id")], ..Table::default() };
        let log = Trigger {
            schema: name.into(),
            name: "users_log".into(),
            on: "users".into(),
            body: String::new(),
            attrs: Attrs::default(),
        };
        Schema {
            tables: vec![Arc::new(users), Arc::new(posts)],
            triggers: vec![Arc::new(log)],
            ..Schema::new(name)
        }
    };
    Realm { schemas: vec![schema("main"), schema("other")], ..Realm::default() }
}

/// What is left, in a few words.
fn show(realm: &Realm) -> String {
    let mut out = String::new();
    for schema in &realm.schemas {
        out.push_str(&format!("{}:", schema.name));
        for table in &schema.tables {
            let mut parts: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            parts.extend(table.primary_key.iter().map(|_| "pk"));
            parts.extend(table.indexes.iter().map(|index| index.name.as_str()));
            parts.extend(table.foreign_keys.iter().filter_map(|key| key.name.as_deref()));
            parts.extend(table.checks.iter().filter_map(|check| check.name.as_deref()));
            out.push_str(&format!(" {}({})", table.name, parts.join(" ")));
        }
        out.push_str(&schema.triggers.iter().map(|trigger| format!(" {}", trigger.name)).collect::<String>());
        out.push('\n');
    }
    out
}

fn exclude(patterns: &[&str], scope: &Scope) -> String {
    let patterns: Vec<String> = patterns.iter().map(|pattern| pattern.to_string()).collect();
    match Patterns::parse(&patterns) {
        Ok(patterns) => {
            let mut realm = realm();
            if scope.bound.is_some() {
                realm.schemas.truncate(1);
            }
            patterns.apply(&mut realm, scope);
            show(&realm)
        }
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn in_a_bound_scope_a_name_is_a_table() {
    let scope = Scope::bound("main");
    assert_eq!(exclude(&["users"], &scope), "main: posts(id)\n");
    assert_eq!(exclude(&["*"], &scope), "main:\n");
    assert_eq!(exclude(&["*.*"], &scope), "main: users() posts()\n");
    assert_eq!(exclude(&["*.[ab]*"], &scope), "main: users(id pk c) posts(id) users_log\n");
    assert_eq!(
        exclude(&["users.*[type=index]"], &scope),
        "main: users(id a ab pk fk c) posts(id) users_log\n"
    );
    assert_eq!(
        exclude(&["users.*[type=fk|check]"], &scope),
        "main: users(id a ab pk i) posts(id) users_log\n"
    );
    assert_eq!(exclude(&["users.id"], &scope), "main: users(a ab i fk c) posts(id) users_log\n");
    assert_eq!(exclude(&["*_log[type=trigger]"], &scope), "main: users(id a ab pk i fk c) posts(id)\n");
    assert_eq!(exclude(&["main.users.i"], &scope), "main: users(id a ab pk fk c) posts(id) users_log\n");
}

#[test]
fn in_a_realm_a_name_is_a_schema() {
    let scope = Scope::realm();
    assert_eq!(exclude(&["main", "other.p*"], &scope), "other: users(id a ab pk i fk c) users_log\n");
    assert_eq!(exclude(&["*.*[type=table]"], &scope), "main:\nother:\n");
    assert_eq!(exclude(&["users"], &scope), show(&realm()));
    assert_eq!(exclude(&["*.*[type=view]", "*[type=table]"], &scope), show(&realm()));
}

#[test]
fn bad_patterns_are_refused() {
    let scope = Scope::realm();
    assert_eq!(exclude(&["a.b.c.d"], &scope), r#"error: too many parts in pattern: "a.b.c.d""#);
    assert_eq!(exclude(&["a["], &scope), "error: syntax error in pattern");
    assert_eq!(exclude(&["[]a]"], &scope), "error: syntax error in pattern");
    assert_eq!(
        exclude(&["\"a"], &scope),
        "error: parse error on line 1, column 3: extraneous or missing \" in quoted-field"
    );
    assert_eq!(
        exclude(&["a\"b"], &scope),
        "error: parse error on line 1, column 2: bare \" in non-quoted field"
    );
}

#[test]
fn quotes_keep_dots_together() {
    assert_eq!(exclude(&["\"ma.in\".x"], &Scope::realm()), show(&realm()));
    assert_eq!(
        exclude(&["\"main\".\"users\""], &Scope::realm()),
        "main: posts(id)\nother: users(id a ab pk i fk c) posts(id) users_log\n"
    );
}

#[test]
fn objects_of_no_schema_and_of_a_table_go_too() {
    let object = |kind, name: &str, of: Option<(&'static str, &str)>| {
        let mut attrs = schema::Attrs::default();
        if let Some((key, table)) = of {
            attrs.set(&schema::AttrKey::<String>::new(key, ""), table.to_owned());
        }
        Arc::new(schema::Object { kind, schema: "".into(), name: name.into(), comment: None, attrs })
    };
    let mut schema = Schema::new("public");
    schema.tables.push(Arc::new(Table { name: "T a".into(), ..Table::default() }));
    schema.objects.push(object("policy", "mine", Some(("on", "\"T a\""))));
    schema.objects.push(object("partition", "t_1", Some(("of", "other"))));
    let mut realm = Realm { schemas: vec![schema], ..Realm::default() };
    realm.objects.push(object("extension", "citext", None));
    let patterns = Patterns::parse(&["public.T a", "*[type=extension]"].map(String::from)).unwrap();
    patterns.apply(&mut realm, &Scope::realm());
    assert!(realm.objects.is_empty());
    let names: Vec<&str> = realm.schemas[0].objects.iter().map(|object| object.name.as_str()).collect();
    assert_eq!(names, ["t_1"]);
}
