//! Tests: tokens by word, and the invariant on real files.

use expect_test::{Expect, expect};
use text::{TextRange, TextSize};

use super::{Modifiers, TokenKind, tokens};
use crate::fixture::Fixture;

#[track_caller]
fn check(name: &str, text: &str, expected: Expect) {
    let fixture = Fixture::new(name, text);
    let file = fixture.files[0].1;
    verify(&fixture, name);
    let mut out = String::new();
    for token in tokens(&fixture.snapshot, file, None) {
        let modifiers: String = token.modifiers.names().map(|name| format!(" {name}")).collect();
        out.push_str(&format!("{} {}{modifiers}\n", fixture.slice(file, token.range), token.kind.name()));
    }
    expected.assert_eq(&out);
}

/// Sorted, apart, not empty, on one line; and a range gives exactly its part of the whole.
fn verify(fixture: &Fixture, about: &str) {
    for (_, file) in &fixture.files {
        let text = fixture.text(*file);
        let all = tokens(&fixture.snapshot, *file, None);
        let mut end = TextSize::new(0);
        for token in &all {
            assert!(!token.range.is_empty(), "{about}: {token:?} is empty");
            assert!(token.range.start() >= end, "{about}: {token:?} overlaps {:?}", &text[token.range]);
            assert!(!text[token.range].contains('\n'), "{about}: {token:?} spans lines");
            end = token.range.end();
        }
        let third = text.len() as u32 / 3;
        let range = TextRange::new(TextSize::new(third), TextSize::new(2 * third));
        let part = tokens(&fixture.snapshot, *file, Some(range));
        let expected: Vec<_> = all
            .into_iter()
            .filter(|token| token.range.start() <= range.end() && range.start() <= token.range.end())
            .collect();
        assert_eq!(part, expected, "{about}: tokens of a range");
    }
}

#[test]
fn each_kind_has_its_name() {
    assert_eq!(TokenKind::EnumMember.name(), "enumMember");
    assert_eq!(Modifiers(0b101).names().collect::<Vec<_>>(), ["declaration", "defaultLibrary"]);
}

#[test]
fn hcl_blocks_and_references() {
    check(
        "a.lt.hcl",
        "# about\ntable \"t\" {\n  schema = schema.main\n  column \"a\" {\n    null = true\n    type = varchar(10)\n    default = 1\n  }\n  foreign_key \"f\" {\n    columns = [column.a]\n    ref_columns = [table.t.column.a]\n    on_delete = CASCADE\n  }\n}\n",
        expect![[r##"
            # about comment
            table keyword
            "t" class declaration
            schema property
            schema variable
            main namespace
            column keyword
            "a" property declaration
            null property
            true keyword
            type property
            varchar type defaultLibrary
            10 number
            default property
            1 number
            foreign_key keyword
            "f" variable declaration
            columns property
            column variable
            a property
            ref_columns property
            table variable
            t class
            column variable
            a property
            on_delete property
            CASCADE enumMember
        "##]],
    );
}

#[test]
fn sql_in_a_heredoc() {
    check(
        "a.lt.hcl",
        "view \"v\" {\n  as = <<-SQL\n    SELECT u.id, 'x'\n      FROM users u\n  SQL\n}\n",
        expect![[r#"
            view keyword
            "v" class declaration
            as property
            <<-SQL keyword
            SELECT keyword
            u class
            id property
            'x' string
            FROM keyword
            users class
            u variable declaration
            SQL keyword
        "#]],
    );
}

#[test]
fn computed_sql_stays_a_string() {
    check(
        "a.lt.hcl",
        "view \"v\" {\n  as = \"SELECT ${var.a}\"\n}\n",
        expect![[r#"
            view keyword
            "v" class declaration
            as property
            "SELECT  string
            var keyword
            a parameter readonly
            " string
        "#]],
    );
}

#[test]
fn configuration() {
    check(
        "atlas.hcl",
        "variable \"u\" {\n  type = string\n}\nenv \"e\" {\n  url = var.u\n  x = [for k, v in local.m : upper(v) if k != \"\"]\n}\n",
        expect![[r#"
            variable keyword
            "u" parameter declaration
            type property
            string type defaultLibrary
            env keyword
            "e" namespace declaration
            url property
            var keyword
            u parameter readonly
            x property
            for keyword
            k variable declaration
            v variable declaration
            in keyword
            local keyword
            m variable
            upper function defaultLibrary
            v variable
            if keyword
            k variable
            != operator
            "" string
        "#]],
    );
}

#[test]
fn definitions_in_sql() {
    check(
        "a.sql",
        "CREATE TABLE main.t (\n  \"id\" integer NOT NULL DEFAULT 1,\n  n varchar(10) CONSTRAINT c REFERENCES o (x) ON DELETE CASCADE\n);\nCREATE INDEX i ON t (n);\nCREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT NEW.id; END;\n",
        expect![[r#"
            CREATE keyword
            TABLE keyword
            main namespace
            t class declaration
            "id" property declaration
            integer type defaultLibrary
            NOT keyword
            NULL keyword
            DEFAULT keyword
            1 number
            n property declaration
            varchar type defaultLibrary
            10 number
            CONSTRAINT keyword
            c variable declaration
            REFERENCES keyword
            o class
            x property
            ON keyword
            DELETE keyword
            CASCADE keyword
            CREATE keyword
            INDEX keyword
            i variable declaration
            ON keyword
            t class
            n property
            CREATE keyword
            TRIGGER keyword
            tr variable declaration
            AFTER keyword
            INSERT keyword
            ON keyword
            t class
            BEGIN keyword
            SELECT keyword
            NEW class
            id property
            END keyword
        "#]],
    );
}

#[test]
fn directives_in_comments_stand_out() {
    check(
        "a.sql",
        "-- checks.sql --\n-- atlas:assert DS103\nSELECT 1; /*atlas:nolint*/\n-- of atlas: none\n--atlas:nolint\nSELECT 2;\n",
        expect![[r#"
            --  comment
            atlas:assert keyword
            SELECT keyword
            1 number
            /* comment
            atlas:nolint keyword
            -- of atlas: none comment
            -- comment
            atlas:nolint keyword
            SELECT keyword
            2 number
        "#]],
    );
}

#[test]
fn queries_in_sql() {
    check(
        "a.sql",
        "/* two\n   lines */\nWITH c AS (SELECT count(*) AS n FROM t AS x) -- end\nSELECT c.n + :p FROM c;\nINSERT INTO t (a) VALUES ('x\ny');\nDROP TABLE t;\n",
        expect![[r#"
            /* two comment
            lines */ comment
            WITH keyword
            c class declaration
            AS keyword
            SELECT keyword
            count function defaultLibrary
            * operator
            AS keyword
            n variable declaration
            FROM keyword
            t class
            AS keyword
            x variable declaration
            -- end comment
            SELECT keyword
            c class
            n property
            + operator
            :p parameter
            FROM keyword
            c class
            INSERT keyword
            INTO keyword
            t class
            a property
            VALUES keyword
            'x string
            y' string
            DROP keyword
            TABLE keyword
            t class
        "#]],
    );
}

#[test]
fn real_files_keep_the_invariant() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../syntax/test_data");
    let mut seen = 0;
    for part in ["hcl", "sql"] {
        for entry in std::fs::read_dir(folder.join(part)).expect("the folder of test data") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).expect("readable");
            if name.ends_with(".sql") {
                verify(&Fixture::new(&name, &format!("-- {name} --\n{text}")), &name);
                seen += 1;
            } else if name.ends_with(".txtar") {
                for (at, (of, text)) in archive(&text).into_iter().enumerate() {
                    let of =
                        if of.ends_with(".hcl") { format!("{at}/{of}") } else { format!("{at}/x.lt.hcl") };
                    verify(&Fixture::new("", &format!("-- {of} --\n{}", text.replace("$0", "$1"))), &of);
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 20, "only {seen} files");
}

fn archive(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
            Some(name) => files.push((name.replace(['/', ' '], "_"), String::new())),
            None => {
                if let Some((_, file)) = files.last_mut() {
                    file.push_str(line);
                }
            }
        }
    }
    files
}
