//! Real files: every statement analysed, nothing wrong.

use super::{messages, parse, tree};

/// Asserts that `text` is understood to the last statement.
///
/// The golden files among the samples leave out `;`, which is reported and harmless.
fn complete(text: &str) {
    let file = parse(text);
    let whole: String = file.pieces().iter().map(|placed| placed.piece.text()).collect();
    assert_eq!(whole, text);
    let found = messages(&file, text);
    let wrong: Vec<&str> = found.lines().filter(|line| !line.contains("sql-missing-delimiter")).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    for placed in file.pieces() {
        let known = placed.piece.statement().is_none_or(|statement| statement.is_fully_analysed());
        assert!(known, "{}\n{}", placed.piece.statement_text(), tree(&placed.piece.syntax()));
    }
    assert!(file.coverage().analysed > 20);
    assert_eq!((file.coverage().opaque, file.coverage().skipped), (0, 0));
}

#[test]
fn chinook_is_analysed_in_full() {
    complete(include_str!("../../../test_data/sql/chinook_sqlite.sql"));
}

#[test]
fn the_definitions_of_atlas_scripts_are_analysed_in_full() {
    complete(include_str!("../../../test_data/sql/atlas_sqlite.sql"));
}

#[test]
fn every_form_sqlite_accepts_is_analysed_in_full() {
    complete(include_str!("../../../test_data/sql/sqlite_forms.sql"));
}
