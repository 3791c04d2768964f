//! New migration files: a plan in the words of each format.
//!
//! Invariant: a file of Atlas's format splits back into the statements of the plan; where `;` alone would not do, it
//! says another delimiter.
//!
//! Source: reference/migrations.md section 3 (atlas `sql/migrate/dir.go`, `sql/sqltool/tool.go`).

use super::file::file_name;
use super::rebase::version_after;
use super::{Directory, Format, statements};
use crate::Dialect;
use crate::plan::{Plan, Statement};

/// What a new file is called and what stands at its head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    pub version: String,
    /// What stands behind the version; may be empty.
    pub name: String,
    /// Lines for the head of the file, without `-- `: `atlas:checkpoint v1`. Only Atlas's format has them.
    pub directives: Vec<String>,
    /// It cannot run in a transaction, which is said in the format's words.
    pub outside_transaction: bool,
    /// Queries that must return true before it is executed; only Atlas's format has them.
    pub checks: Vec<String>,
    /// What takes it back is kept in Atlas's format too, as a section of the file.
    pub keeps_down: bool,
}

/// What a file does and what takes it back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    pub up: Vec<Block>,
    pub down: Vec<Block>,
}

/// A statement with what stands before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Comments, each line with its end; may be empty.
    pub head: String,
    /// Without its delimiter.
    pub text: String,
}

/// The delimiter where a statement contains `;` in a way no splitter could know.
const DELIMITER: &str = "-- end";

/// The files for a plan, as name and text. Without statements they are empty files to be filled by hand.
pub fn files(
    plan: &Plan,
    heading: &Heading,
    format: Format,
    dialect: Option<&'static Dialect>,
) -> Vec<(String, String)> {
    if format == Format::Liquibase {
        return vec![(file_name(&heading.version, &heading.name), liquibase(plan, &heading.version))];
    }
    let title = |it: &Statement| match format {
        Format::Atlas => it.title(),
        _ => it.comment.clone(),
    };
    let comment = |prefix: &str, text: String| match text.as_str() {
        "" => String::new(),
        text => format!("-- {prefix}{text}\n"),
    };
    let up = plan.statements.iter().map(|it| Block { head: comment("", title(it)), text: it.cmd.clone() });
    let down = plan.statements.iter().rev().flat_map(|it| {
        it.reverse.iter().enumerate().map(|(index, statement)| {
            let head = if index == 0 { comment("reverse: ", it.comment.clone()) } else { String::new() };
            Block { head, text: statement.clone() }
        })
    });
    let body = Body { up: up.collect(), down: down.collect() };
    wrapped(&body, heading, format, dialect)
}

/// The files for statements, as name and text.
pub fn wrapped(
    body: &Body,
    heading: &Heading,
    format: Format,
    dialect: Option<&'static Dialect>,
) -> Vec<(String, String)> {
    let Heading { version, name, .. } = heading;
    let plain = file_name(version, name);
    let stem = plain.strip_suffix(".sql").unwrap_or(&plain);
    let (up, down) = (&body.up, &body.down);
    match format {
        Format::Atlas => {
            let text = archive(body, heading, dialect);
            vec![(plain.clone(), text.unwrap_or_else(|| atlas(up, heading, dialect)))]
        }
        Format::GolangMigrate => vec![
            (format!("{stem}.up.sql"), joined(up, ";\n")),
            (format!("{stem}.down.sql"), joined(down, ";\n")),
        ],
        Format::Goose => {
            let head = if heading.outside_transaction { "-- +goose NO TRANSACTION\n" } else { "" };
            let (up, down) = (goose(up, dialect), goose(down, dialect));
            vec![(plain, format!("{head}-- +goose Up\n{up}\n-- +goose Down\n{down}"))]
        }
        Format::Dbmate => {
            let option = if heading.outside_transaction { " transaction:false" } else { "" };
            let (up, down) = (joined(up, ";\n"), joined(down, ";\n"));
            vec![(plain, format!("-- migrate:up{option}\n{up}\n-- migrate:down{option}\n{down}"))]
        }
        Format::Flyway => {
            let name = if name.is_empty() { String::new() } else { format!("__{name}") };
            vec![
                (format!("V{version}{name}.sql"), joined(up, ";\n")),
                (format!("U{version}{name}.sql"), joined(down, ";\n")),
            ]
        }
        Format::Liquibase => {
            let mut text = "--liquibase formatted sql\n".to_owned();
            let run = if heading.outside_transaction { " runInTransaction:false" } else { "" };
            for (index, block) in up.iter().enumerate() {
                text += &format!(
                    "--changeset atlas:{version}-{}{run}\n{}{};\n",
                    index + 1,
                    block.head,
                    block.text
                );
            }
            text.extend(down.iter().map(|it| format!("--rollback: {};\n", it.text.replace('\n', " "))));
            vec![(plain, text)]
        }
    }
}

/// The version of a new file made at `now` (as [`super::rebase`] counts), behind all files of `directory`.
pub fn next_version(directory: &Directory, now: &str) -> String {
    let flyway = directory.format == Format::Flyway;
    let version = |name: &str| {
        let name = if flyway { name.rsplit('/').next()?.strip_prefix('V')? } else { name };
        let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
        Some(stem.split_once('_').map_or(stem, |(version, _)| version).to_owned())
    };
    let last = directory.files.iter().filter_map(|(name, _)| version(name));
    if flyway {
        // Versions are numbers there, and nobody numbers beyond the time.
        let number = |version: &str| version.parse::<u128>().unwrap_or(0);
        return match last.max_by_key(|version| number(version)) {
            Some(last) if number(&last) >= number(now) => (number(&last) + 1).to_string(),
            _ => now.to_owned(),
        };
    }
    match last.max() {
        Some(last) if last.as_str() >= now => version_after(&last),
        _ => now.to_owned(),
    }
}

fn atlas(blocks: &[Block], heading: &Heading, dialect: Option<&'static Dialect>) -> String {
    let plain = joined(blocks, ";\n");
    let mut directives = heading.directives.clone();
    if heading.outside_transaction {
        directives.insert(0, "atlas:txmode none".to_owned());
    }
    let body = if splits_back(&plain, blocks, dialect) {
        plain
    } else {
        directives.insert(0, format!("atlas:delimiter {DELIMITER}"));
        let end = |text: &str| if text.trim_end().ends_with(';') { "" } else { ";" };
        let one = |it: &Block| format!("{}{}{}\n{DELIMITER}\n", it.head, it.text, end(&it.text));
        blocks.iter().map(one).collect()
    };
    if directives.is_empty() {
        return body;
    }
    let head: String = directives.iter().map(|directive| format!("-- {directive}\n")).collect();
    format!("{head}\n{body}")
}

/// A file of several sections, where there is need of them and every section can be split by `;`.
pub fn archive(body: &Body, heading: &Heading, dialect: Option<&'static Dialect>) -> Option<String> {
    let keeps_down = heading.keeps_down && !body.down.is_empty();
    if heading.checks.is_empty() && !keeps_down {
        return None;
    }
    let mut out = "-- atlas:txtar\n".to_owned();
    let directives = heading.outside_transaction.then(|| "atlas:txmode none".to_owned());
    for directive in directives.iter().chain(&heading.directives) {
        out.push_str(&format!("-- {directive}\n"));
    }
    let mut section = |name: &str, blocks: &[Block]| {
        let text = joined(blocks, ";\n");
        let whole = splits_back(&text, blocks, dialect);
        out.push_str(&format!("\n-- {name} --\n{text}"));
        whole
    };
    let check = |query: &String| Block { head: String::new(), text: query.clone() };
    let checks: Vec<Block> = heading.checks.iter().map(check).collect();
    let is_whole = (checks.is_empty() || section("checks.sql", &checks))
        && section("migration.sql", &body.up)
        && (!keeps_down || section("down.sql", &body.down));
    is_whole.then_some(out)
}

/// Whether `text` splits into the statements of `blocks`.
fn splits_back(text: &str, blocks: &[Block], dialect: Option<&'static Dialect>) -> bool {
    statements(text, Format::Atlas, dialect).is_ok_and(|found| {
        found.len() == blocks.len()
            && found.iter().zip(blocks).all(|(found, block)| found.bare() == block.text.trim())
    })
}

fn joined(blocks: &[Block], end: &str) -> String {
    blocks.iter().map(|it| format!("{}{}{end}", it.head, it.text)).collect()
}

/// Each statement, with marks around those that are several lines with `;`.
fn goose(blocks: &[Block], dialect: Option<&'static Dialect>) -> String {
    let one = |it: &Block| {
        let text = format!("-- +goose Up\n{};\n", it.text);
        let found = statements(&text, Format::Goose, dialect);
        if found.is_ok_and(|found| matches!(found.as_slice(), [one] if one.bare() == it.text.trim())) {
            format!("{}{};\n", it.head, it.text)
        } else {
            format!("{}-- +goose StatementBegin\n{};\n-- +goose StatementEnd\n", it.head, it.text)
        }
    };
    blocks.iter().map(one).collect()
}

fn liquibase(plan: &Plan, version: &str) -> String {
    let mut text = "--liquibase formatted sql\n".to_owned();
    for (index, statement) in plan.statements.iter().enumerate() {
        text += &format!("--changeset atlas:{version}-{}\n", index + 1);
        text += &match statement.comment.as_str() {
            "" => "\n".to_owned(),
            comment => format!("--comment: {comment}\n"),
        };
        text += &format!("{};\n", statement.cmd);
        for reverse in &statement.reverse {
            // A rollback is one line for each statement.
            text += &format!("--rollback: {};\n", reverse.replace('\n', " "));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        let statement = |cmd: &str, comment: &str, reverse: &[&str]| Statement {
            cmd: cmd.to_owned(),
            comment: comment.to_owned(),
            reverse: reverse.iter().map(|it| (*it).to_owned()).collect(),
            ..Statement::default()
        };
        Plan {
            statements: vec![
                statement("a", "create \"a\"", &["x", "y"]),
                statement("b\n c", "", &[]),
                statement("d", "modify \"d\"", &["z"]),
            ],
            ..Plan::default()
        }
    }

    fn shown(format: Format) -> String {
        let heading = Heading { version: "1".into(), name: "n".into(), ..Heading::default() };
        let files = files(&plan(), &heading, format, None);
        files.iter().map(|(name, text)| format!("== {name}\n{text}")).collect()
    }

    #[test]
    fn every_format_has_its_form() {
        let up = "-- create \"a\"\na;\nb\n c;\n-- modify \"d\"\nd;\n";
        let down = "-- reverse: modify \"d\"\nz;\n-- reverse: create \"a\"\nx;\ny;\n";
        assert_eq!(shown(Format::Atlas), "== 1_n.sql\n-- Create \"a\"\na;\nb\n c;\n-- Modify \"d\"\nd;\n");
        assert_eq!(shown(Format::GolangMigrate), format!("== 1_n.up.sql\n{up}== 1_n.down.sql\n{down}"));
        assert_eq!(shown(Format::Goose), format!("== 1_n.sql\n-- +goose Up\n{up}\n-- +goose Down\n{down}"));
        assert_eq!(
            shown(Format::Dbmate),
            format!("== 1_n.sql\n-- migrate:up\n{up}\n-- migrate:down\n{down}")
        );
        assert_eq!(shown(Format::Flyway), format!("== V1__n.sql\n{up}== U1__n.sql\n{down}"));
        assert_eq!(
            shown(Format::Liquibase),
            "== 1_n.sql\n--liquibase formatted sql\n--changeset atlas:1-1\n--comment: create \"a\"\na;\n\
             --rollback: x;\n--rollback: y;\n--changeset atlas:1-2\n\nb\n c;\n--changeset atlas:1-3\n\
             --comment: modify \"d\"\nd;\n--rollback: z;\n"
        );
    }

    #[test]
    fn a_statement_no_splitter_knows_gets_a_delimiter() {
        let blocks = [Block { head: "-- Do it\n".into(), text: "go; on".into() }];
        let heading = Heading { directives: vec!["atlas:checkpoint v1".into()], ..Heading::default() };
        let text = atlas(&blocks, &heading, None);
        assert_eq!(text, "-- atlas:delimiter -- end\n-- atlas:checkpoint v1\n\n-- Do it\ngo; on;\n-- end\n");
        assert_eq!(statements(&text, Format::Atlas, None).map(|it| it.len()), Ok(1));
    }

    #[test]
    fn a_new_version_is_behind_all_others() {
        let next = |format: Format, names: &[&str]| {
            let files = names.iter().map(|name| ((*name).to_owned(), String::new())).collect();
            next_version(&Directory::new(format, files, None), "20260101000000")
        };
        assert_eq!(next(Format::Atlas, &[]), "20260101000000");
        assert_eq!(next(Format::Atlas, &["1_a.sql", "20250101000000.sql"]), "20260101000000");
        assert_eq!(next(Format::Atlas, &["20260101000000_a.sql"]), "20260101000001");
        assert_eq!(next(Format::Atlas, &["3_a.sql"]), "4");
        assert_eq!(next(Format::GolangMigrate, &["20260101000000.up.sql"]), "20260101000001");
        assert_eq!(next(Format::Flyway, &["V3__a.sql"]), "20260101000000");
        assert_eq!(next(Format::Flyway, &["V20260101000000__a.sql"]), "20260101000001");
    }
}
