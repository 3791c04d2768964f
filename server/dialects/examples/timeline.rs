//! Measures a directory of migrations with a memory; `cargo xtask bench migrations` runs it.
//!
//! Prints one line for each measurement: dialect, name, how often, and p50, p99 and the worst in milliseconds, parted
//! by tabs.

#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::sync::Arc;
use std::time::Instant;

use dialects::{MARIADB, MYSQL, POSTGRES, SQLITE};
use engine::Dialect;
use engine::lint::Config;
use engine::migrate::Timeline;
use syntax::sql::File;
use text::{FileId, Text};

/// How many files there are.
const FILES: usize = 500;
const EDITS: usize = 200;
const ROUNDS: usize = 10;

/// File `at`: every second one makes a table, the others change one that is there.
fn migration(at: usize, word: &str) -> String {
    let table = at / 2;
    if at.is_multiple_of(2) {
        let parent = table.saturating_sub(1);
        return format!(
            "CREATE TABLE t{table} (\n  id int NOT NULL PRIMARY KEY,\n  parent int,\n  name varchar(100) NOT NULL,\n  \
             amount decimal(10,2) DEFAULT 0,\n  {word} timestamp,\n  CHECK (amount >= 0),\n  \
             FOREIGN KEY (parent) REFERENCES t{parent} (id)\n);\nCREATE INDEX i{table} ON t{table} (name);\n"
        );
    }
    let of = (at * 7) % (table + 1);
    format!(
        "ALTER TABLE t{of} ADD COLUMN {word}{at} int;\nUPDATE t{of} SET {word}{at} = 1 WHERE {word}{at} IS NULL;\n\
         CREATE INDEX j{at} ON t{of} ({word}{at});\n"
    )
}

fn parse(dialect: &'static Dialect, text: &str, previous: Option<&File>) -> File {
    File::parse(&Text::from(text), dialect.grammar, previous)
}

/// Times in milliseconds.
#[derive(Default)]
struct Times(Vec<f64>);

impl Times {
    fn take<T>(&mut self, act: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let out = act();
        self.0.push(began.elapsed().as_secs_f64() * 1e3);
        out
    }

    fn print(mut self, dialect: &Dialect, name: &str) {
        self.0.sort_by(f64::total_cmp);
        let rank = |rank: f64| {
            let at = ((rank * self.0.len() as f64).ceil() as usize).clamp(1, self.0.len().max(1)) - 1;
            self.0.get(at).copied().unwrap_or(f64::NAN)
        };
        let (p50, p99, worst) = (rank(0.5), rank(0.99), rank(1.0));
        println!("{}\t{name}\t{}\t{p50:.3}\t{p99:.3}\t{worst:.3}", dialect.name, self.0.len());
    }
}

fn measure(dialect: &'static Dialect) {
    let config = Arc::new(Config::default());
    let last = FILES - 1;
    let mut files: Vec<(FileId, File)> =
        (0..FILES).map(|at| (FileId(at as u32), parse(dialect, &migration(at, "made"), None))).collect();
    let judge = |timeline: &mut Timeline, files: &[(FileId, File)], at: usize| {
        timeline.lint(files, at, &config, true).map_or(0, |judged| judged.report.findings().count())
    };

    let mut times = Times::default();
    for _ in 0..3 {
        times.take(|| judge(&mut Timeline::new(dialect, None), &files, last));
    }
    times.print(dialect, "lint of the last file, nothing remembered");

    let mut timeline = Timeline::new(dialect, None);
    judge(&mut timeline, &files, last);
    let mut times = Times::default();
    for edit in 0..EDITS {
        let text = migration(last, &format!("made{edit}_"));
        times.take(|| {
            files[last].1 = parse(dialect, &text, Some(&files[last].1));
            judge(&mut timeline, &files, last)
        });
    }
    times.print(dialect, "edit of the last file, lint of it");

    let mut times = Times::default();
    for edit in 0..EDITS {
        // A prime step visits all files in no order.
        let at = (edit * 211) % FILES;
        let text = migration(at, &format!("mode{edit}_"));
        let edited = parse(dialect, &text, Some(&files[at].1));
        let before = std::mem::replace(&mut files[at].1, edited);
        times.take(|| judge(&mut timeline, &files, at));
        files[at].1 = before;
    }
    times.print(dialect, "edit of any file, lint of it");

    let mut times = Times::default();
    for edit in 0..ROUNDS {
        let text = migration(0, &format!("begun{edit}_"));
        times.take(|| {
            files[0].1 = parse(dialect, &text, Some(&files[0].1));
            (0..FILES).map(|at| judge(&mut timeline, &files, at)).sum::<usize>()
        });
    }
    times.print(dialect, "edit of the first file, lint of all");

    let mut times = Times::default();
    for edit in 0..ROUNDS {
        let text = migration(0, &format!("began{edit}_"));
        times.take(|| {
            files[0].1 = parse(dialect, &text, Some(&files[0].1));
            timeline.after(&files, last).state.origins.definitions().count()
        });
    }
    times.print(dialect, "edit of the first file, state after the last with its places");
}

fn main() {
    for dialect in [&SQLITE, &POSTGRES, &MYSQL, &MARIADB] {
        measure(dialect);
    }
}
