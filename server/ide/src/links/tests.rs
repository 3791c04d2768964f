//! Tests: strings that lead to files and pages, and the lenses of envs.

use expect_test::{Expect, expect};

use super::{LinkTarget, links};
use crate::fixture::Fixture;
use crate::{code_lenses, rendered};

#[track_caller]
fn check(text: &str, expected: Expect) {
    let fixture = Fixture::new("atlas.hcl", text);
    let file = fixture.files[0].1;
    let places = links(&fixture.snapshot, file).into_iter().map(|link| {
        let target = match link.target {
            LinkTarget::File(path, known) => {
                format!("{path}{}", if known.is_some() { "" } else { " (not seen)" })
            }
            LinkTarget::Url(url) => url,
        };
        (rendered::place(file, link.range), target)
    });
    expected.assert_eq(&rendered::places(&fixture, places.collect::<Vec<_>>()));
}

#[test]
fn sources_directories_and_files() {
    check(
        "-- atlas.hcl --\nlocals {\n  text = file(\"a/query.sql\")\n}\nenv \"e\" {\n  src = [\"file://schema.sql\", \"plain.hcl\", \"file://dir\"]\n  url = \"sqlite://app.db\"\n  dev = \"docker://postgres/15/dev\"\n  migration {\n    dir = \"file://migrations?format=atlas\"\n  }\n}\n-- schema.sql --\nselect 1;\n",
        expect![[r#"
            atlas.hcl:2: text = file("a/query.sql")
                                      ^^^^^^^^^^^ /p/a/query.sql (not seen)
            atlas.hcl:5: src = ["file://schema.sql", "plain.hcl", "file://dir"]
                                 ^^^^^^^^^^^^^^^^^ /p/schema.sql
            atlas.hcl:5: src = ["file://schema.sql", "plain.hcl", "file://dir"]
                                                      ^^^^^^^^^ /p/plain.hcl (not seen)
            atlas.hcl:7: dev = "docker://postgres/15/dev"
                                ^^^^^^^^^^^^^^^^^^^^^^^^ https://hub.docker.com/_/postgres/tags?name=15
        "#]],
    );
}

#[test]
fn computed_path_has_no_link() {
    check(
        "env \"e\" {\n  src = \"file://${atlas.env}.hcl\"\n}\n",
        expect![[r#"
        nothing
    "#]],
    );
}

#[track_caller]
fn lenses(text: &str, expected: Expect) {
    let fixture = Fixture::new("atlas.hcl", text);
    let file = fixture.files[0].1;
    let places = code_lenses(&fixture.snapshot, file)
        .into_iter()
        .map(|lens| (rendered::place(file, lens.range), format!("{} {:?}", lens.title, lens.env.as_deref())));
    expected.assert_eq(&rendered::places(&fixture, places.collect::<Vec<_>>()));
}

#[test]
fn each_env_can_be_planned_applied_and_inspected() {
    lenses(
        "env \"a\" {\n}\nenv {\n  name = atlas.env\n}\n",
        expect![[r#"
        atlas.hcl:1: env "a" {
                     ^^^^^^^ Plan Some("a")
        atlas.hcl:1: env "a" {
                     ^^^^^^^ Apply Some("a")
        atlas.hcl:1: env "a" {
                     ^^^^^^^ Inspect Some("a")
        atlas.hcl:3: env {
                     ^^^ Plan None
        atlas.hcl:3: env {
                     ^^^ Apply None
        atlas.hcl:3: env {
                     ^^^ Inspect None
    "#]],
    );
}

#[test]
fn schema_files_have_no_lenses() {
    lenses("-- a.lt.hcl --\nenv \"a\" {\n}\n", expect![["nothing\n"]]);
}
