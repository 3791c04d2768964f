//! Tests: no feature minds half a file, wherever it was cut, nor a cursor anywhere in it.

use text::{TextRange, TextSize};

use crate::fixture::Fixture;

const CONFIG: &str = r#"variable "u" {
  type = string
}
locals { a = "é${var.u}" }
env "local" {
  url = "sqlite://app.db"
  src = ["file://schema.lt.hcl", local.a]
  lint { naming { match = "^[a-z]+$" } }
}
"#;

const SCHEMA: &str = r#"schema "main" {}
table "üsers" {
  schema = schema.main
  column "id" { type = integer }
  column "n" {
    type = varchar(10)
    as   = "id || '😀'"
  }
  check "c" { expr = "id > 0" }
  primary_key { columns = [column.id] }
}
view "v" {
  schema = schema.main
  as     = <<-SQL
    WITH c AS (SELECT id AS x FROM "üsers" u)
    SELECT c.x FROM c ORDER BY x
  SQL
}
trigger "t" {
  on = table.üsers
  as = "BEGIN UPDATE üsers SET n = NEW.id WHERE id = 1; END"
}
"#;

const STATEMENTS: &str = r#"-- atlas:import other.sql
CREATE TABLE "t" (id int PRIMARY KEY, n varchar(10) DEFAULT 'é', CONSTRAINT f FOREIGN KEY (id) REFERENCES o (x));
CREATE UNIQUE INDEX i ON t (n) WHERE n > 1;
CREATE TRIGGER tr AFTER UPDATE OF n ON t BEGIN INSERT INTO t (id) VALUES (NEW.id); END;
WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT t.*, c.x FROM t JOIN c ON c.x = t.id;
/* 字 */ ALTER TABLE t RENAME COLUMN n TO m;
"#;

#[test]
fn cut_configurations() {
    cut("atlas.hcl", CONFIG);
}

#[test]
fn cut_schemas() {
    cut("schema.lt.hcl", SCHEMA);
}

#[test]
fn cut_statements() {
    cut("schema.sql", STATEMENTS);
}

/// Every third character as the end, and the same text without its first part.
fn cut(name: &str, text: &str) {
    for (at, _) in text.char_indices().step_by(3) {
        everything(name, &text[..at]);
        everything(name, &text[at..]);
    }
    everything(name, text);
    everything(name, &text.replace('\n', "\r\n"));
}

fn everything(name: &str, text: &str) {
    let fixture = Fixture::new(name, &format!("-- {name} --\n{text}"));
    let (snapshot, file) = (&fixture.snapshot, fixture.files[0].1);
    let whole = fixture.text(file);
    let end = TextSize::of(whole.as_str());
    let within = |range: TextRange| {
        assert!(range.end() <= end, "{range:?} is beyond {end:?}");
        assert!(whole.get(range.start().into()..range.end().into()).is_some(), "{range:?} cuts a character");
    };
    let all = TextRange::up_to(end);
    crate::tokens(snapshot, file, None).iter().for_each(|token| within(token.range));
    crate::folding(snapshot, file).iter().for_each(|fold| within(fold.range));
    crate::links(snapshot, file).iter().for_each(|link| within(link.range));
    crate::document_symbols(snapshot, file).iter().for_each(|symbol| within(symbol.range));
    crate::code_lenses(snapshot, file).iter().for_each(|lens| within(lens.range));
    crate::workspace_symbols(snapshot, "us");
    crate::status(snapshot);
    for edit in crate::format(snapshot, file) {
        within(edit.range);
    }
    for action in crate::fixes(snapshot, file, all) {
        for edit in action.edits.iter().flat_map(|(_, edits)| edits) {
            within(edit.range);
        }
    }
    for offset in [0, 1, 2].map(|back| floor(&whole, whole.len().saturating_sub(back * 4))) {
        crate::selection(snapshot, file, &[offset]).concat().into_iter().for_each(within);
        crate::definition(snapshot, file, offset).iter().for_each(|link| within(link.origin));
        crate::highlights(snapshot, file, offset).iter().for_each(|place| within(place.range));
        crate::references(snapshot, file, offset, true);
    }
}

fn floor(text: &str, mut at: usize) -> TextSize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    TextSize::new(at as u32)
}
