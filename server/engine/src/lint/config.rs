//! The `lint` block as the analyzers read it.
//!
//! Settings nobody understands are ignored; a pattern that cannot be read is told of in [`Config::problems`].

use std::collections::BTreeMap;

use hcl::Value;
use regex::Regex;
use schema::SmolStr;

use super::Analyzer;

/// The settings of all analyzers.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// By analyzer name.
    pub analyzers: BTreeMap<SmolStr, Options>,
    /// By code: `check "DS102" {}`.
    pub checks: BTreeMap<SmolStr, Check>,
    pub review: Option<Review>,
    /// Patterns that cannot be read.
    pub problems: Vec<String>,
}

/// The settings of one analyzer.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub error: Option<bool>,
    /// Report even where a `nolint` directive says not to.
    pub force: bool,
    /// Switches of its own, as written: `check_create`.
    pub flags: BTreeMap<SmolStr, bool>,
    /// `naming`: the pattern of all names.
    pub pattern: Option<Pattern>,
    /// `naming`: patterns by kind of object, as written: `foreign_key`.
    pub patterns: BTreeMap<SmolStr, Pattern>,
    /// `destructive`: names of tables that may be dropped.
    pub allow_table: Option<Regex>,
    /// `destructive`: names of columns that may be dropped.
    pub allow_column: Option<Regex>,
}

/// A pattern of names and what is said about a name that does not match.
#[derive(Clone, Debug)]
pub struct Pattern {
    pub regex: Regex,
    pub message: Option<String>,
}

/// The settings of one code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Check {
    pub error: Option<bool>,
    pub skip: bool,
    /// Report even where a `nolint` directive says not to.
    pub force: bool,
}

/// When a plan needs a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Review {
    Always,
    /// Any finding.
    Warning,
    /// A finding that fails the run.
    Error,
}

impl Review {
    /// As written: `ALWAYS`, `WARNING`, `ERROR`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "ALWAYS" => Some(Review::Always),
            "WARNING" => Some(Review::Warning),
            "ERROR" => Some(Review::Error),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Review::Always => "ALWAYS",
            Review::Warning => "WARNING",
            Review::Error => "ERROR",
        }
    }

    /// Whether a plan with `report` needs a person.
    ///
    /// Source: documented review policy of `schema apply`.
    pub fn asks(self, report: &super::Report) -> bool {
        match self {
            Review::Always => true,
            Review::Warning => !report.is_empty(),
            Review::Error => report.has_errors(),
        }
    }
}

impl Options {
    /// The switch `name`; `None` when it is not written.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.flags.get(name).copied()
    }
}

impl Config {
    /// Reads an evaluated `lint` block: attributes and blocks by name, labels one level deeper.
    pub fn from_value(value: &Value) -> Self {
        let mut config = Self::default();
        for (name, value) in value.entries().into_iter().flatten() {
            match name.as_str() {
                "review" => config.review = value.as_str().and_then(Review::parse),
                "check" => {
                    for (code, settings) in value.entries().into_iter().flatten() {
                        let flag = |name: &str| settings.get(name).and_then(Value::as_bool);
                        let check = Check {
                            error: flag("error"),
                            skip: flag("skip") == Some(true),
                            force: flag("force") == Some(true),
                        };
                        config.checks.insert(code.clone(), check);
                    }
                }
                _ if value.entries().is_some() => {
                    let options = config.options(name, value);
                    config.analyzers.insert(name.clone(), options);
                }
                _ => {}
            }
        }
        config
    }

    /// The settings of an analyzer, if there are any.
    pub fn of(&self, analyzer: &str) -> Option<&Options> {
        self.analyzers.get(analyzer)
    }

    /// Whether findings of `code` fail the run.
    pub fn fails(&self, analyzer: &Analyzer, code: &str) -> bool {
        let check = self.checks.get(code).and_then(|check| check.error);
        let options = self.of(analyzer.name).and_then(|options| options.error);
        check.or(options).unwrap_or(analyzer.error)
    }

    pub fn is_skipped(&self, code: &str) -> bool {
        self.checks.get(code).is_some_and(|check| check.skip)
    }

    /// Whether findings of `code` are reported whatever a directive says.
    pub fn is_forced(&self, analyzer: &str, code: &str) -> bool {
        self.checks.get(code).is_some_and(|check| check.force)
            || self.of(analyzer).is_some_and(|options| options.force)
    }

    fn options(&mut self, name: &str, value: &Value) -> Options {
        let flags: BTreeMap<SmolStr, bool> = value
            .entries()
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.clone(), value.as_bool()?)))
            .collect();
        let flag = |name: &str| flags.get(name).copied();
        let mut options =
            Options { error: flag("error"), force: flag("force") == Some(true), ..Options::default() };
        options.flags = flags;
        options.pattern = self.pattern(name, value);
        for (key, inner) in value.entries().into_iter().flatten() {
            if inner.entries().is_none() {
                continue;
            }
            let Some(pattern) = self.pattern(&format!("{name}.{key}"), inner) else { continue };
            match key.as_str() {
                "allow_table" => options.allow_table = Some(pattern.regex),
                "allow_column" => options.allow_column = Some(pattern.regex),
                _ => {
                    options.patterns.insert(key.clone(), pattern);
                }
            }
        }
        options
    }

    fn pattern(&mut self, place: &str, value: &Value) -> Option<Pattern> {
        let text = value.get("match")?.as_str()?;
        match Regex::new(text) {
            Ok(regex) => {
                let message = value.get("message").and_then(Value::as_str).map(str::to_owned);
                Some(Pattern { regex, message })
            }
            Err(_) => {
                self.problems.push(format!("lint.{place}: pattern {text:?} cannot be read"));
                None
            }
        }
    }
}
