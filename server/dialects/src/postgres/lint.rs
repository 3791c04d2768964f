//! The lint analyzers of PostgreSQL, in the order of reports.

use engine::lint::Analyzer;

/// In the order of reports.
pub static ANALYZERS: &[&Analyzer] = &[];
