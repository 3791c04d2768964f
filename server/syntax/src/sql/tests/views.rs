//! Typed views: names and options with their ranges, comments, directives, coverage, places.

use expect_test::expect;
use text::{TextRange, TextSize};

use super::grammar::MYSQL;
use super::{parse, parse_as};
use crate::sql::ast::{
    AlterAction, ColumnConstraint, DefaultValue, LiteralKind, Source, Statement, TableConstraint,
};
use crate::sql::{File, PieceKind};

fn first(text: &str) -> Statement {
    match parse(text).pieces().first().and_then(|placed| placed.piece.statement()) {
        Some(statement) => statement,
        None => panic!("no statement in {text}"),
    }
}

fn at(text: &str, range: TextRange) -> &str {
    &text[usize::from(range.start())..usize::from(range.end())]
}

#[test]
fn a_table_with_the_place_of_everything() {
    let text = "CREATE TEMP TABLE IF NOT EXISTS main.[a b] (\n  \"i\"\"d\" VARYING CHARACTER ( 70 , -2 ) CONSTRAINT pk \
                PRIMARY KEY DESC AUTOINCREMENT DEFAULT ( 1 + 2 ) REFERENCES p (x) ON DELETE set null,\n  \
                UNIQUE (x COLLATE nocase DESC, lower(y)), CONSTRAINT f FOREIGN KEY (a, b) REFERENCES q\n) STRICT, WITHOUT ROWID;";
    let Statement::CreateTable(table) = first(text) else { panic!("no table") };
    let mut out: Vec<String> = Vec::new();
    let mut say = |what: &str, range: Option<TextRange>| {
        out.push(format!("{what}: {:?}", range.map(|range| at(text, range))));
    };
    say("temporary", table.temporary());
    say("if not exists", table.if_not_exists());
    say("schema", table.path().and_then(|path| path.schema).map(|name| name.range));
    say("name", table.name().map(|name| name.range));
    say("strict", table.strict());
    say("without rowid", table.without_rowid());
    for column in table.columns() {
        say("column", column.name().map(|name| name.range));
        let kind = column.type_name();
        say("type", kind.as_ref().map(|kind| kind.words_range()));
        for (_, range) in kind.iter().flat_map(|kind| kind.args()) {
            say("argument", Some(range));
        }
        for constraint in column.constraints() {
            say("constraint", Some(constraint.range()));
            say("  name", constraint.name().map(|name| name.range));
            match constraint {
                ColumnConstraint::PrimaryKey(key) => {
                    say("  desc", key.desc());
                    say("  autoincrement", key.autoincrement());
                }
                ColumnConstraint::Default(default) => {
                    say("  value", default.value_range());
                    assert!(
                        matches!(default.value(), Some(DefaultValue::Expr(expr)) if expr.text() == "1 + 2")
                    );
                    assert_eq!(default.text().as_deref(), Some("( 1 + 2 )"));
                }
                ColumnConstraint::References(references) => {
                    say("  table", references.table().map(|path| path.range));
                    assert_eq!(
                        references.on_delete().and_then(|it| it.action()).as_deref(),
                        Some("SET NULL")
                    );
                    assert!(references.on_update().is_none());
                }
                _ => {}
            }
        }
    }
    for constraint in table.constraints() {
        say("table constraint", Some(constraint.range()));
        match constraint {
            TableConstraint::Unique(unique) => {
                let columns = unique.columns();
                assert_eq!(columns[0].column().map(|name| name.text).as_deref(), Some("x"));
                assert_eq!(columns[0].collation().map(|name| name.text).as_deref(), Some("nocase"));
                assert!(columns[0].desc().is_some() && columns[1].column().is_none());
                assert_eq!(columns[1].expr().map(|expr| expr.text()).as_deref(), Some("lower(y)"));
            }
            TableConstraint::ForeignKey(key) => {
                assert_eq!(key.columns().len(), 2);
                assert_eq!(
                    key.references().and_then(|it| it.table()).map(|it| it.name.text).as_deref(),
                    Some("q")
                );
            }
            _ => {}
        }
    }
    expect![[r#"
        temporary: Some("TEMP")
        if not exists: Some("IF NOT EXISTS")
        schema: Some("main")
        name: Some("[a b]")
        strict: Some("STRICT")
        without rowid: Some("WITHOUT ROWID")
        column: Some("\"i\"\"d\"")
        type: Some("VARYING CHARACTER")
        argument: Some("70")
        argument: Some("-2")
        constraint: Some("CONSTRAINT pk PRIMARY KEY DESC AUTOINCREMENT")
          name: Some("pk")
          desc: Some("DESC")
          autoincrement: Some("AUTOINCREMENT")
        constraint: Some("DEFAULT ( 1 + 2 )")
          name: None
          value: Some("( 1 + 2 )")
        constraint: Some("REFERENCES p (x) ON DELETE set null")
          name: None
          table: Some("p")
        table constraint: Some("UNIQUE (x COLLATE nocase DESC, lower(y))")
        table constraint: Some("CONSTRAINT f FOREIGN KEY (a, b) REFERENCES q")"#]]
    .assert_eq(&out.join("\n"));
    let names: Vec<String> =
        table.columns().filter_map(|c| c.name()).map(|name| name.text.to_string()).collect();
    assert_eq!(names, ["i\"d"]);
}

#[test]
fn defaults_by_their_looks() {
    let kinds: Vec<_> = ["'a'", "x'00'", "-1.5", "NULL", "true", "CURRENT_DATE"]
        .into_iter()
        .map(|value| {
            let Statement::CreateTable(table) =
                first(&format!("CREATE TABLE t (a DEFAULT {value} NOT NULL)"))
            else {
                panic!("no table")
            };
            match table.columns().next().and_then(|column| column.constraints().next()) {
                Some(ColumnConstraint::Default(default)) => match default.value() {
                    Some(DefaultValue::Literal(literal)) => literal.kind(),
                    _ => None,
                },
                _ => None,
            }
        })
        .collect();
    use LiteralKind::{Blob, Bool, Null, Number, String, Time};
    assert_eq!(kinds, [String, Blob, Number, Null, Bool, Time].map(Some));
}

#[test]
fn a_trigger_and_its_statements() {
    let Statement::CreateTrigger(trigger) = first(
        "CREATE TRIGGER g AFTER UPDATE OF a, b ON t FOR EACH ROW WHEN new.a > 0 BEGIN DELETE FROM u; SELECT 1; END",
    ) else {
        panic!("no trigger")
    };
    assert_eq!(trigger.time().as_deref(), Some("AFTER"));
    assert_eq!(trigger.event().and_then(|event| event.event()).as_deref(), Some("UPDATE"));
    assert_eq!(trigger.event().map(|event| event.columns().len()), Some(2));
    assert_eq!(trigger.table().map(|name| name.text).as_deref(), Some("t"));
    assert!(trigger.for_each_row().is_some());
    assert_eq!(trigger.when().map(|when| when.text()).as_deref(), Some("new.a > 0"));
    assert!(matches!(trigger.statements().as_slice(), [Statement::Delete(_), Statement::Query(_)]));
}

#[test]
fn the_names_a_query_uses() {
    let Statement::Query(query) = first(
        "WITH c AS (SELECT 1) SELECT t.a, b AS x, *, u.* FROM main.t, c AS d JOIN (SELECT z FROM y) AS q ON q.z = t.a WHERE e IN (SELECT h FROM i)",
    ) else {
        panic!("no query")
    };
    assert_eq!(query.ctes().len(), 1);
    let Some(select) = query.selects().next() else { panic!("no select") };
    let outputs: Vec<_> =
        select.result_columns().iter().map(|column| column.output_name().map(|n| n.text)).collect();
    assert_eq!(outputs, [Some("a".into()), Some("x".into()), None, None]);
    assert!(select.result_columns()[2].is_star() && select.result_columns()[3].is_star());
    let tables: Vec<_> = select.tables().iter().map(|table| table.visible_name().map(|n| n.text)).collect();
    assert_eq!(tables, [Some("t".into()), Some("d".into()), Some("q".into())]);
    assert!(matches!(select.tables()[2].source(), Some(Source::Query(_))));
    let columns: Vec<String> =
        select.column_refs().iter().map(|column| column.syntax().text().to_string()).collect();
    assert_eq!(columns, ["t.a", "b", "u.*", "q.z", "t.a", "e"]);
}

#[test]
fn a_half_typed_column_names_its_table() {
    let Statement::Query(query) = first("SELECT t.\nFROM t") else { panic!("no query") };
    let Some(select) = query.selects().next() else { panic!("no select") };
    let column = &select.column_refs()[0];
    assert_eq!(column.table().map(|name| name.text).as_deref(), Some("t"));
    assert!(column.name().is_none());
    assert_eq!(select.tables().len(), 1);
}

#[test]
fn neighbours_of_half_typed_columns_stay() {
    for text in [
        "CREATE TABLE t (\n  a int,\n  b\n  c text NOT NULL,\n  d int\n);",
        "CREATE TABLE t (\n  a int,\n  b varchar(,\n  c text,\n  d int\n);\n",
        "CREATE TABLE t (\n  a int,\n  b text DEFAULT 'x,\n  c text NOT NULL,\n  d int\n);",
        "CREATE TABLE t (\n  a int,\n  b REFERENCES\n  c text NOT NULL,\n  d int\n",
        "CREATE TABLE t (\n  a int,\n  b int = ,\n  c text NOT NULL,\n  d int\n)",
        "CREATE TABLE t (\n  a int,\n  b int CHECK (,\n  c text,\n  d int\n)",
    ] {
        let Statement::CreateTable(table) = first(text) else { panic!("no table") };
        let names: Vec<_> =
            table.columns().filter_map(|column| column.name()).map(|name| name.text).collect();
        assert_eq!(
            (names.first().map(|n| n.as_str()), names.last().map(|n| n.as_str())),
            (Some("a"), Some("d")),
            "{text}"
        );
        assert!(names.len() >= 3, "{text} {names:?}");
    }
}

#[test]
fn alter_tells_what_it_does() {
    let Statement::AlterTable(alter) = first("ALTER TABLE s.t RENAME COLUMN a TO b") else {
        panic!("no alter")
    };
    let Some(AlterAction::RenameColumn(rename)) = alter.action() else { panic!("no rename") };
    assert_eq!(
        (rename.from().map(|n| n.text), rename.to().map(|n| n.text)),
        (Some("a".into()), Some("b".into()))
    );
}

fn comments(text: &str) -> String {
    let file = parse(text);
    let mut out = format!(
        "file {:?}\n",
        file.directives().iter().map(|it| format!("{}={}", it.name, it.args)).collect::<Vec<_>>()
    );
    for placed in file.pieces() {
        for comment in placed.piece.comments() {
            let range = comment.range + placed.start;
            assert_eq!(at(text, range), comment.text);
            if let Some(directive) = &comment.directive {
                assert_eq!(at(text, directive.args_range + placed.start), directive.args);
                assert_eq!(at(text, directive.name_range + placed.start), directive.name);
            }
        }
        out.push_str(&format!(
            "{:?} {:?} {:?}\n",
            placed.piece.statement_text(),
            placed.piece.comments().iter().map(|it| (it.text.as_str(), it.attached)).collect::<Vec<_>>(),
            placed.piece.directives().map(|it| format!("{}={}", it.name, it.args)).collect::<Vec<_>>(),
        ));
    }
    out
}

#[test]
fn comments_and_directives() {
    expect![[r#"
        file ["txmode=none", "nolint=DS102 destructive"]
        "cmd0" [("-- atlas:txmode none", false), ("-- note atlas:nolint DS102 destructive", false), ("--atlas:nolint", true), ("-- atlas:nolint destructive", true)] ["nolint=", "nolint=destructive"]
        "cmd1" [("/*atlas:nolint DS101*/", true), ("/* atlas:lint no */", true), ("-- atlas:renamed_from x", true)] ["nolint=DS101", "renamed_from=x"]
        "" [] []
    "#]]
    .assert_eq(&comments(
        "-- atlas:txmode none\n-- note atlas:nolint DS102 destructive\n\n--atlas:nolint\n-- atlas:nolint destructive\ncmd0; -- behind\n\
         /*atlas:nolint DS101*/\n/* atlas:lint no */\n-- atlas:renamed_from x\ncmd1;\n",
    ));
    expect![[r#"
        file []
        "cmd0" [("-- atlas:txmode none", true)] ["txmode=none"]
    "#]]
    .assert_eq(&comments("-- atlas:txmode none\ncmd0;"));
    expect![[r#"
        file ["txmode=none"]
        "cmd0" [("-- atlas:txmode none", false)] []
    "#]]
    .assert_eq(&comments("-- atlas:txmode none\r\n\r\ncmd0;"));
}

#[test]
fn coverage_counts_statements() {
    let counted = |file: File| (file.coverage().analysed, file.coverage().opaque, file.coverage().skipped);
    assert_eq!(
        counted(parse("-- x\nCREATE TABLE t (a int);; GRANT x; CREATE TABLE u (a int) ENGINE x;\n")),
        (1, 2, 0)
    );
    assert_eq!(counted(parse_as("CREATE TABLE t (a int); SELECT 1;", &MYSQL)), (0, 0, 2));
}

#[test]
fn the_piece_at_a_place() {
    let file = parse("SELECT 1;\nSELECT 2");
    let kinds: Vec<_> = [0, 8, 9, 10, 18, 99]
        .into_iter()
        .map(|offset| file.piece_at(TextSize::new(offset)).map(|placed| u32::from(placed.start)))
        .collect();
    assert_eq!(kinds, [Some(0), Some(0), Some(9), Some(9), Some(9), Some(9)]);
    assert!(parse("").piece_at(TextSize::new(0)).is_none());
    assert_eq!(file.pieces()[0].piece.kind(), PieceKind::Query);
}

#[test]
fn equal_pieces_have_equal_identities() {
    let file = parse("SELECT 1;SELECT 1;SELECT 2;");
    let ids: Vec<_> = file.pieces().iter().map(|placed| placed.piece.id()).collect();
    assert!(ids[0] == ids[1] && ids[1] != ids[2]);
    assert_ne!(ids[0], parse_as("SELECT 1;", &MYSQL).pieces()[0].piece.id());
}
