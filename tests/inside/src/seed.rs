//! Seeded mistakes: a project without a mistake, one place changed, and what must be said about it.
//!
//! A seed is data. `find` is a regular expression over the files it may change; `put` replaces the whole match, with
//! `$1` for a group of it and `%1` for that group misspelt. What the user is to be shown stands between `«` and `»`
//! in `put`; `«»` is an empty place.

use std::collections::BTreeMap;

use regex::{Captures, Regex};
use text::{Severity, TextRange, TextSize};

use crate::{Found, Random, World};

/// One kind of mistake.
#[derive(Clone, Copy, Debug)]
pub struct Seed {
    /// In words, for the report.
    pub kind: &'static str,
    /// The end of the names of files it may be put into.
    pub file: &'static str,
    pub find: &'static str,
    pub put: &'static str,
    pub code: &'static str,
    pub level: Level,
}

/// How loud the finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Error,
    Warning,
    /// Nobody published the whole grammar, so the name may be right.
    Hint,
}

/// A mistake in its place.
#[derive(Clone, Debug)]
pub struct Planted {
    pub world: World,
    pub file: String,
    pub range: TextRange,
}

impl Seed {
    /// A kind of mistake that is an error.
    pub const fn error(
        kind: &'static str,
        file: &'static str,
        find: &'static str,
        put: &'static str,
        code: &'static str,
    ) -> Self {
        Self { kind, file, find, put, code, level: Level::Error }
    }

    #[must_use]
    pub const fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Plants the mistake at a random place of `world`, `None` if it has none.
    pub fn plant(&self, world: &World, random: &mut Random) -> Option<Planted> {
        let find = Regex::new(self.find).unwrap_or_else(|error| panic!("{}: {error}", self.kind));
        let mut places: Vec<(String, usize)> = Vec::new();
        for name in world.files.keys().filter(|name| name.ends_with(self.file)) {
            places.extend(find.captures_iter(world.text(name)).enumerate().map(|(at, _)| (name.clone(), at)));
        }
        if places.is_empty() {
            return None;
        }
        let (file, at) = random.pick(&places).clone();
        let text = world.text(&file).to_owned();
        let captures = find.captures_iter(&text).nth(at)?;
        let whole = captures.get(0)?.range();
        let put = expand(self.put, &captures, &text, random);
        let start = put.find('«').unwrap_or_else(|| panic!("{}: no «", self.kind));
        let end = put.find('»').unwrap_or_else(|| panic!("{}: no »", self.kind)) - '«'.len_utf8();
        let put = put.replace(['«', '»'], "");
        let (from, to) =
            (TextSize::new((whole.start + start) as u32), TextSize::new((whole.start + end) as u32));
        let mut world = world.clone();
        let text = format!("{}{put}{}", &text[..whole.start], &text[whole.end..]);
        world.files.insert(file.clone(), text.into_bytes());
        Some(Planted { world, file, range: TextRange::new(from, to) })
    }

    /// What is wrong with the report about a planted mistake; `None` if it is as it must be.
    pub fn judge(&self, planted: &Planted) -> Option<String> {
        let found = planted.world.check();
        let severity = match self.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Hint => Severity::Hint,
        };
        let right = |found: &Found| {
            found.file == planted.file
                && found.diagnostic.range == planted.range
                && found.diagnostic.code == self.code
                && found.diagnostic.severity == severity
        };
        if let [only] = found.as_slice()
            && right(only)
        {
            return None;
        }
        let text = planted.world.text(&planted.file);
        let at = usize::from(planted.range.start());
        let line = text[..at].matches('\n').count();
        let around: String = text
            .split_inclusive('\n')
            .skip(line.saturating_sub(2))
            .take(5)
            .map(|line| format!("    | {line}"))
            .collect();
        let mut report = format!(
            "  {}:{} wants {} at {:?} ({:?})\n{around}",
            planted.file,
            line + 1,
            self.code,
            &text[std::ops::Range::<usize>::from(planted.range)],
            planted.range,
        );
        for found in &found {
            report.push_str(&format!("    got {}", planted.world.render(found)));
        }
        if found.is_empty() {
            report.push_str("    got nothing\n");
        }
        Some(report)
    }
}

/// `put` with its groups.
fn expand(put: &str, captures: &Captures<'_>, text: &str, random: &mut Random) -> String {
    let mut out = String::new();
    let mut misspelt: BTreeMap<usize, String> = BTreeMap::new();
    let mut chars = put.chars().peekable();
    while let Some(char) = chars.next() {
        let group = chars.peek().and_then(|next| next.to_digit(10)).filter(|_| matches!(char, '$' | '%'));
        let Some(group) = group else {
            out.push(char);
            continue;
        };
        chars.next();
        let group = group as usize;
        let word = captures.get(group).map_or("", |group| group.as_str());
        if char == '$' {
            out.push_str(word);
        } else {
            let wrong = misspelt.entry(group).or_insert_with(|| {
                // A mistake that makes another word of the text is none that can be seen.
                let known = |wrong: &str| {
                    // Nor is one that makes a keyword.
                    wrong == "order"
                        || text
                            .split(|char: char| !char.is_alphanumeric() && char != '_')
                            .any(|known| known.eq_ignore_ascii_case(wrong))
                };
                (0..50)
                    .map(|_| random.misspell(word))
                    .find(|wrong| wrong != word && !known(wrong))
                    .unwrap_or_else(|| format!("{word}xx"))
            });
            out.push_str(wrong);
        }
    }
    out
}
