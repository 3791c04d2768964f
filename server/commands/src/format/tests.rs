//! Templates on reports, as tables.

use std::sync::Arc;

use engine::DatabaseUrl;
use engine::plan::Statement;

use super::{ApplyReport, Kind, Template};

fn report() -> ApplyReport {
    let statement = |cmd: &str, comment: &str| Statement {
        cmd: cmd.to_owned(),
        comment: comment.to_owned(),
        ..Statement::default()
    };
    let url = DatabaseUrl::parse("sqlite://a.db?_fk=1").expect("a URL");
    ApplyReport {
        target: Some((url, "sqlite", Some("main".to_owned()))),
        applied: vec![statement("CREATE TABLE `t` (`a` int CHECK (a < 1))", "create \"t\" table")],
        pending: vec![statement("DROP TABLE `u`", "drop \"u\" table")],
        error: None,
    }
}

fn show(template: &str) -> String {
    match Template::parse(Kind::Apply, template) {
        Err(error) => format!("parse: {error}"),
        Ok(template) => {
            template.execute(Arc::new(report()), false).unwrap_or_else(|error| format!("error: {error}"))
        }
    }
}

#[test]
fn templates_see_fields_functions_and_json() {
    for (template, expected) in [
        ("{{ .Driver }} {{ .URL.Host }}", "sqlite a.db"),
        ("{{ range .Changes.Applied }}{{ .Cmd }};{{ end }}", "CREATE TABLE `t` (`a` int CHECK (a < 1));"),
        ("{{ len .Changes.Pending | println }}", "1\n"),
        (
            "{{ json .Changes }}",
            r#"{"Applied":["CREATE TABLE `t` (`a` int CHECK (a \u003c 1))"],"Pending":["DROP TABLE `u`"]}"#,
        ),
        (
            "{{ json . }}",
            r#"{"Driver":"sqlite","URL":{"Scheme":"sqlite","Opaque":"","User":null,"Host":"a.db","Path":"","Fragment":"","RawQuery":"_fk=1","RawPath":"","RawFragment":"","ForceQuery":false,"OmitHost":false,"Schema":"main"},"Changes":{"Applied":["CREATE TABLE `t` (`a` int CHECK (a \u003c 1))"],"Pending":["DROP TABLE `u`"]}}"#,
        ),
        (
            r#"{{ json .Changes | json_merge "{\"Tenant\":\"a\"}" }}"#,
            r#"{"Applied":["CREATE TABLE `t` (`a` int CHECK (a \u003c 1))"],"Pending":["DROP TABLE `u`"],"Tenant":"a"}"#,
        ),
        (r#"{{ json (slice .Driver 0 2) "  " }}"#, r#""sq""#),
        (r#"{{ upper .Driver }} {{ add 1 2 }} {{ cyan "%s!" "x" }}"#, "SQLITE 3 x!"),
        ("{{ with .Changes.Error }}{{ .Text }}{{ else }}fine{{ end }}", "fine"),
        ("{{ indent_ln \"a\\nb\" 2 }}", "a\n  b"),
        ("{{ range .Changes.Pending }}{{ upper .Comment }}{{ end }}", "DROP \"U\" TABLE"),
    ] {
        assert_eq!(show(template), expected, "{template}");
    }
}

#[test]
fn mistakes_are_told_in_the_words_of_go() {
    for (template, expected) in [
        ("{{ foo . }}", r#"parse: template: format:1: function "foo" not defined"#),
        ("a\n{{ if .X }}{{ foo }}{{ end }}", r#"parse: template: format:2: function "foo" not defined"#),
        ("{{ .X", "parse: template: format:1: unclosed action"),
        (
            "x {{ .Nope }}",
            r#"error: template: format:1:5: executing "format" at <.Nope>: can't evaluate field Nope in type *cmdlog.SchemaApply"#,
        ),
        (
            "{{ json_merge \"x\" }}",
            r#"error: template: format:1:3: executing "format" at <json_merge "x">: error calling json_merge: json_merge: expected value at line 1 column 1"#,
        ),
    ] {
        assert_eq!(show(template), expected, "{template}");
    }
}
