//! Tests: every code of every dialect is found in its bad example and not in its good one.
//!
//! By the whole way: the examples are replayed, compared, and judged as files.

use engine::connection::Capabilities;
use engine::lint::file::{Cache, Judged, Subject, lint};
use engine::lint::{Config, Example, Options, Pattern};
use engine::{
    Dialect, Dialects,
    replay::{self, replay},
};
use syntax::sql::File;
use text::{FileId, Text};

use crate::{MYSQL, POSTGRES, SQLITE};

const ALL: Dialects = Dialects(&[&SQLITE, &POSTGRES, &MYSQL]);

fn config(naming: &str) -> Config {
    let mut config = Config::default();
    if !naming.is_empty() {
        let regex = regex::Regex::new(naming).expect("a pattern");
        let pattern = Some(Pattern { regex, message: None });
        config.analyzers.insert("naming".into(), Options { pattern, ..Options::default() });
    }
    config
}

fn server(dialect: &Dialect, example: &Example) -> Capabilities {
    let mut server = (dialect.assumed)();
    server.features.remove(example.without);
    server
}

fn judge(dialect: &'static Dialect, example: &Example, text: &str) -> Judged {
    let parse = |text: &str| File::parse(&Text::from(text), dialect.grammar, None);
    let before = [(FileId(0), parse(example.from))];
    let file = parse(text);
    let server = server(dialect, example);
    let config = config(example.naming);
    let subject = Subject {
        before: &before,
        file: FileId(1),
        sql: &file,
        config: &config,
        server: Some(&server),
        in_transaction: true,
    };
    lint(&subject, dialect, &mut Cache::default()).expect("states that can be compared")
}

/// Whether the statements are understood; what is not cannot be judged.
fn is_replayed(dialect: &'static Dialect, example: &Example) -> bool {
    let text = [example.from, example.bad, example.good].join("\n");
    let file = File::parse(&Text::from(text.as_str()), dialect.grammar, None);
    if file.pieces().iter().any(|placed| placed.piece.is_skipped()) {
        return false;
    }
    let state = replay(&[(FileId(0), file)], dialect, &mut replay::Cache::default());
    state.coverage.files.iter().all(|(_, counts)| counts.opaque == 0)
}

/// The first example of each code whose bad half is not found or whose good half is.
fn wrong(dialect: &'static Dialect) -> Vec<String> {
    let mut wrong = Vec::new();
    for (analyzer, example) in dialect
        .lint
        .iter()
        .flat_map(|analyzer| analyzer.examples.iter().map(move |example| (analyzer, example)))
    {
        let code = example.code;
        if !is_replayed(dialect, example) {
            eprintln!("{} {code}: not replayed yet", dialect.name);
            continue;
        }
        assert!(analyzer.codes.iter().any(|doc| doc.code == code), "{code} is no code of {}", analyzer.name);
        let found = |judged: &Judged| {
            let mut codes: Vec<_> = judged.report.findings().map(|finding| finding.code).collect();
            codes.dedup();
            codes
        };
        let bad = judge(dialect, example, example.bad);
        if !found(&bad).contains(&code) {
            wrong.push(format!(
                "{} {code}: {:?} is {:?} of {} changes",
                dialect.name,
                example.bad,
                found(&bad),
                bad.changes.len()
            ));
        }
        let good = judge(dialect, example, example.good);
        if found(&good).contains(&code) {
            wrong.push(format!("{} {code}: {:?} is found too", dialect.name, example.good));
        }
    }
    wrong
}

#[test]
fn bad_examples_are_found_and_good_ones_are_not() {
    let wrong: Vec<String> = ALL.iter().flat_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
