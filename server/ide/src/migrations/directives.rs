//! `-- atlas:<name>` in migration files: which there are, what may stand behind them, what contradicts itself.
//!
//! Source: reference/migrations.md sections 5 and 10.

use project::Snapshot;
use syntax::sql::Directive;
use text::{Code, Diagnostic, FileId, TextEdit, TextRange, TextSize};

use crate::completion::{Item, ItemKind};
use crate::trees;

/// A directive nobody knows.
pub const UNKNOWN: Code = "unknown-directive";
/// How a file wants to be run contradicts itself, or the env.
pub const TXMODE: Code = "txmode-conflict";
/// The sections of the file cannot be told.
pub const SECTIONS: Code = "txtar-section";

/// A directive and what may stand behind it.
struct Known {
    name: &'static str,
    arguments: &'static [&'static str],
    /// What stands behind the name when it is inserted.
    rest: &'static str,
    doc: &'static str,
}

const KNOWN: &[Known] = &[
    Known {
        name: "nolint",
        arguments: &[],
        rest: "",
        doc: "Leaves findings of the statement, or of the file, unreported: all of them, or those of the analyzers and codes behind it.",
    },
    Known {
        name: "txmode",
        arguments: &["none", "file"],
        rest: " none",
        doc: "Whether the file runs in a transaction: `none`, or `file` for one of its own.",
    },
    Known {
        name: "delimiter",
        arguments: &[],
        rest: " \\n\\n\\n",
        doc: "What ends a statement of this file, on its first line: `\\n`, `\\r` and `\\t` are written as escapes.",
    },
    Known {
        name: "checkpoint",
        arguments: &[],
        rest: "",
        doc: "The file makes the schema from nothing: an empty database starts with it. A tag may stand behind it.",
    },
    Known {
        name: "sum",
        arguments: &["ignore"],
        rest: " ignore",
        doc: "`ignore`, on the first line: the text of the file does not count in `atlas.sum`.",
    },
    Known {
        name: "import",
        arguments: &[],
        rest: " ",
        doc: "Another SQL file, or a directory of them, that belongs to this schema; a path seen from here.",
    },
    Known {
        name: "txtar",
        arguments: &[],
        rest: "",
        doc: "The file has sections: checks that must be true before it runs, the migration, and what takes it back.",
    },
    Known {
        name: "assert",
        arguments: &["oneof"],
        rest: " oneof",
        doc: "`oneof`, at the head of a section of checks: one of them is enough.",
    },
    Known {
        name: "baseline",
        arguments: &[],
        rest: "",
        doc: "The file stands for what a database had before its first migration.",
    },
];

/// Directives of schema files, which say nothing in a migration but are no mistake.
const ELSEWHERE: &[&str] = &["lint", "rename", "renamed"];

const SECTION_NAMES: &[(&str, &str)] = &[
    ("checks.sql", "Queries that must return true before the migration runs."),
    ("checks/name.sql", "Queries under a name of their own."),
    ("migration.sql", "The statements of the migration."),
    ("down.sql", "The statements that take it back."),
];

/// Every directive of a file, each once, in order.
pub(super) fn all(snapshot: &Snapshot, file: FileId) -> Vec<Directive> {
    let Some(tree) = trees::sql(snapshot, file) else { return Vec::new() };
    let mut found: Vec<Directive> = tree.directives().to_vec();
    for placed in tree.pieces() {
        found.extend(placed.piece.directives().map(|directive| Directive {
            range: directive.range + placed.start,
            name_range: directive.name_range + placed.start,
            args_range: directive.args_range + placed.start,
            ..directive.clone()
        }));
    }
    found.sort_by_key(|directive| directive.range.start());
    found.dedup_by_key(|directive| directive.range);
    found
}

/// What is wrong with the directives of a migration file.
pub(super) fn diagnostics(snapshot: &Snapshot, file: FileId) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let directives = all(snapshot, file);
    for directive in &directives {
        let name = directive.name.as_str();
        if KNOWN.iter().any(|known| known.name == name) || ELSEWHERE.contains(&name) {
            continue;
        }
        let mut hint = Diagnostic::hint(
            directive.name_range,
            UNKNOWN,
            format!("there is no directive {name:?}, so this is a comment"),
        );
        if let Some(near) = KNOWN.iter().find(|known| is_slip(name, known.name)) {
            let title = format!("Change {name:?} to {:?}", near.name);
            hint = hint.with_fix(title, directive.name_range, near.name);
        }
        found.push(hint);
    }
    found.extend(txmode(snapshot, file, &directives));
    found
}

/// One letter too many, too few, or another one.
fn is_slip(written: &str, name: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (written.to_lowercase().chars().collect(), name.chars().collect());
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let left = |len: usize| len - head - tail;
    let swapped =
        left(a.len()) == 2 && left(b.len()) == 2 && a[head] == b[head + 1] && a[head + 1] == b[head];
    left(a.len()) <= 1 && left(b.len()) <= 1 || swapped
}

/// Directives `txmode` that contradict each other, or the env.
///
/// In Atlas's words, which are said when the file is to be applied.
fn txmode(snapshot: &Snapshot, file: FileId, directives: &[Directive]) -> Vec<Diagnostic> {
    let head = trees::sql(snapshot, file).map(|tree| tree.directives().to_vec()).unwrap_or_default();
    let modes: Vec<&Directive> = directives
        .iter()
        .filter(|it| it.name == "txmode" && head.iter().any(|head| head.range == it.range))
        .collect();
    let name = snapshot.path(file).map_or("", |path| path.name());
    let mut found = Vec::new();
    if let [_, second, ..] = modes.as_slice() {
        let values: Vec<String> = modes.iter().map(|mode| format!("{:?}", mode.args.as_str())).collect();
        let message = format!("multiple txmode values found in file {name:?}: [{}]", values.join(" "));
        found.push(Diagnostic::error(second.range, TXMODE, message));
        return found;
    }
    let Some(mode) = modes.first() else { return found };
    let range = if mode.args_range.is_empty() { mode.range } else { mode.args_range };
    match mode.args.as_str() {
        "none" | "file" => {
            let env = snapshot.info(file).claims.iter().find(|claim| claim.migration).cloned();
            let global = env.and_then(|claim| snapshot.env(&claim.config, &claim.env));
            if global.is_some_and(|env| env.migration.tx_mode.as_deref() == Some("all"))
                && mode.args == "none"
            {
                let message = format!(
                    "cannot set txmode directive to \"none\" in {name:?} when txmode \"all\" is set globally"
                );
                found.push(Diagnostic::error(range, TXMODE, message));
            }
        }
        "all" => {
            let message =
                format!("txmode \"all\" is not allowed in file directive {name:?}. Use \"file\" instead");
            found.push(Diagnostic::error(range, TXMODE, message).with_fix(
                "Change \"all\" to \"file\"",
                range,
                "file",
            ));
        }
        other => {
            let message = format!("unknown txmode {other:?} found in file directive {name:?}");
            found.push(Diagnostic::error(range, TXMODE, message));
        }
    }
    found
}

/// What may be written at `offset` in a comment of a SQL file; `None` when it is no place for a directive.
pub(crate) fn complete(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Option<Vec<Item>> {
    let text = snapshot.text(file)?;
    let number = text.line(offset);
    let whole = text.line_range(number);
    let before = text.slice(TextRange::new(whole.start(), offset)).into_owned();
    let comment = before.trim_start();
    let body = comment.strip_prefix("--").or_else(|| comment.strip_prefix('#'))?;
    let word_start = |word: &str| offset.checked_sub(TextSize::of(word)).unwrap_or(offset);
    if let Some((_, rest)) = body.rsplit_once("atlas:") {
        return Some(match rest.split_once([' ', '\t']) {
            None => names(TextRange::new(word_start(rest), offset), ""),
            Some((name, arguments)) => {
                let word = arguments.rsplit([' ', '\t', ',']).next().unwrap_or_default();
                self::arguments(snapshot, file, name, TextRange::new(word_start(word), offset))
            }
        });
    }
    let typed = body.trim_start();
    if !"atlas:".starts_with(typed) && !is_section(typed) {
        return None;
    }
    let range = TextRange::new(word_start(typed), offset);
    let mut items = if "atlas:".starts_with(typed) { names(range, "atlas:") } else { Vec::new() };
    let is_txtar = all(snapshot, file).iter().any(|directive| directive.name == "txtar");
    if is_txtar && comment.starts_with("-- ") {
        items.extend(SECTION_NAMES.iter().map(|(name, doc)| {
            let mut item = item(name, range, doc);
            item.edit.insert = format!("{name} --");
            item
        }));
    }
    Some(items)
}

fn is_section(typed: &str) -> bool {
    SECTION_NAMES.iter().any(|(name, _)| name.starts_with(typed))
}

fn names(range: TextRange, prefix: &str) -> Vec<Item> {
    let one = |known: &Known| {
        let mut item = item(&format!("{prefix}{}", known.name), range, known.doc);
        item.edit.insert = format!("{prefix}{}{}", known.name, known.rest);
        item.trigger_again = known.rest == " ";
        item
    };
    KNOWN.iter().map(one).collect()
}

fn arguments(snapshot: &Snapshot, file: FileId, name: &str, range: TextRange) -> Vec<Item> {
    match name {
        "nolint" => {
            let dialect = snapshot.info(file).dialect();
            let analyzers = dialect.map_or(&[][..], |dialect| dialect.lint).iter();
            analyzers
                .flat_map(|analyzer| {
                    let codes = analyzer.codes.iter().map(|code| item(code.code, range, code.title));
                    std::iter::once(item(analyzer.name, range, analyzer.doc)).chain(codes)
                })
                .collect()
        }
        "import" => {
            let Some(directory) = snapshot.path(file).and_then(|path| path.parent()) else {
                return Vec::new();
            };
            let below = snapshot.files().into_iter().filter(|other| *other != file);
            below
                .filter_map(|other| snapshot.path(other)?.below(&directory).map(str::to_owned))
                .filter(|name| name.ends_with(".sql"))
                .map(|name| {
                    let mut item = item(&name, range, "");
                    item.kind = ItemKind::File;
                    item
                })
                .collect()
        }
        _ => {
            let known = KNOWN.iter().find(|known| known.name == name);
            known.into_iter().flat_map(|known| known.arguments).map(|word| item(word, range, "")).collect()
        }
    }
}

fn item(label: &str, range: TextRange, doc: &str) -> Item {
    let mut item = Item::new(ItemKind::EnumValue, label, range, crate::completion::Rank::First).doc(doc);
    item.edit = TextEdit { range, insert: label.to_owned() };
    item
}

/// What a directive under the cursor means.
pub(crate) fn hover(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Option<(TextRange, String)> {
    let directive = all(snapshot, file).into_iter().find(|it| it.range.contains_inclusive(offset))?;
    if directive.name == "nolint" && directive.args_range.contains_inclusive(offset) {
        let dialect = snapshot.info(file).dialect()?;
        let text = directive.args.as_str();
        let at = usize::from(offset - directive.args_range.start());
        let start = text.get(..at)?.rfind(' ').map_or(0, |space| space + 1);
        let word = text.get(start..)?.split(' ').next()?;
        let (analyzer, code) = engine::lint::find_code(dialect.lint, word)?;
        let range =
            TextRange::at(directive.args_range.start() + TextSize::of(&text[..start]), TextSize::of(word));
        return Some((
            range,
            format!("**{}** ({}): {}\n\n{}", code.code, analyzer.name, code.title, code.doc),
        ));
    }
    let known = KNOWN.iter().find(|known| known.name == directive.name)?;
    Some((directive.range, format!("**atlas:{}** — directive\n\n{}", known.name, known.doc)))
}
