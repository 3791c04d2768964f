//! From arguments to a command and the values of its flags.
//!
//! Follows cobra 1.8 and pflag 1.0.5: flags stand anywhere, `--x=v`, `-x v`, `-xv`, `-ab`, `--` ends them. Invariant: a
//! value from the configuration goes through the same reader as one from the command line.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::table::{Command, Flag, Kind};
use super::{csv, duration};

/// What the user asked for.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// From the root to the command.
    pub path: Vec<&'static Command>,
    /// Help was asked for; nothing else is looked at.
    pub help: bool,
    /// What stands beside the flags.
    pub args: Vec<String>,
    values: BTreeMap<&'static str, Value>,
    changed: BTreeSet<&'static str>,
}

#[derive(Clone, Debug)]
enum Value {
    Bool(bool),
    Text(String),
    List(Vec<String>),
    Duration(Duration),
    Count(usize),
    Vars(Vec<(String, String)>),
}

/// Arguments that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub message: String,
    /// The command whose help tells more; only said for a command nobody knows.
    pub see: Option<String>,
}

impl From<String> for Refused {
    fn from(message: String) -> Self {
        Self { message, see: None }
    }
}

/// Reads `arguments`, which do not include the program's name.
///
/// # Errors
/// In the words of cobra and pflag.
pub fn parse(root: &'static Command, arguments: &[String]) -> Result<Invocation, Refused> {
    let (path, rest) = find(root, arguments);
    let command = path.last().copied().unwrap_or(root);
    let mut invocation =
        Invocation { path, help: false, args: Vec::new(), values: BTreeMap::new(), changed: BTreeSet::new() };
    for flag in invocation.flags() {
        let value = match flag.kind {
            Kind::Bool => Value::Bool(false),
            Kind::Text => Value::Text(flag.default.to_owned()),
            Kind::List => Value::List(Vec::new()),
            Kind::Duration => Value::Duration(duration::parse(flag.default).unwrap_or_default()),
            Kind::Count => Value::Count(flag.default.parse().unwrap_or_default()),
            Kind::Vars => Value::Vars(Vec::new()),
        };
        invocation.values.insert(flag.name, value);
    }
    if command.action == Some(super::table::Action::NotYet) {
        invocation.args = rest;
        return Ok(invocation);
    }
    let stray = if invocation.path.len() == 1 { first_argument(command, &rest) } else { None };
    if let Some(name) = stray {
        return Err(unknown_command(command, &name));
    }
    invocation.read(&rest)?;
    if invocation.help || command.action.is_none() {
        return Ok(invocation);
    }
    if let Some(most) = command.most.filter(|most| invocation.args.len() > *most) {
        let text = match most {
            0 => format!("unknown command {:?} for {:?}", invocation.args[0], invocation.name()),
            most => format!("accepts at most {most} arg(s), received {}", invocation.args.len()),
        };
        return Err(text.into());
    }
    Ok(invocation)
}

/// The command that the words mean, and the arguments without them.
///
/// A word behind a flag that is not known to be a switch is taken for the flag's value.
fn find(root: &'static Command, arguments: &[String]) -> (Vec<&'static Command>, Vec<String>) {
    let mut path = vec![root];
    let mut rest = arguments.to_vec();
    loop {
        let here = path.last().copied().unwrap_or(root);
        let flags = flags_of(&path);
        let Some(index) = word(&flags, &rest) else { return (path, rest) };
        let Some(child) = here.child(&rest[index]) else { return (path, rest) };
        rest.remove(index);
        path.push(child);
    }
}

/// The index of the first argument that is neither a flag nor a flag's value.
fn word(flags: &[&'static Flag], arguments: &[String]) -> Option<usize> {
    let mut index = 0;
    while let Some(argument) = arguments.get(index) {
        if argument == "--" {
            return None;
        }
        let takes_value = if let Some(name) = argument.strip_prefix("--") {
            !name.contains('=') && !is_switch(flags.iter().find(|flag| flag.name == name))
        } else if argument.starts_with('-') && argument.len() > 1 {
            let short = argument[1..].chars().next();
            argument.chars().count() == 2 && !is_switch(flags.iter().find(|flag| flag.short == short))
        } else if argument.is_empty() {
            false
        } else {
            return Some(index);
        };
        index += if takes_value { 2 } else { 1 };
    }
    None
}

fn is_switch(flag: Option<&&'static Flag>) -> bool {
    flag.is_some_and(|flag| flag.kind == Kind::Bool)
}

fn first_argument(command: &'static Command, arguments: &[String]) -> Option<String> {
    word(&flags_of(&[command]), arguments).map(|index| arguments[index].clone())
}

/// The flags of a command: its own, then those of the groups above it.
fn flags_of(path: &[&'static Command]) -> Vec<&'static Flag> {
    let own: &'static [Flag] = path.last().map_or(&[], |command| command.flags);
    own.iter().chain(path.iter().rev().flat_map(|command| command.persistent)).collect()
}

fn unknown_command(command: &'static Command, name: &str) -> Refused {
    let near: Vec<&str> = command
        .visible()
        .map(|child| child.name)
        .filter(|child| distance(&name.to_lowercase(), child) <= 2 || child.starts_with(&name.to_lowercase()))
        .collect();
    let mut message = format!("unknown command {name:?} for {:?}", command.name);
    if !near.is_empty() {
        message.push_str("\n\nDid you mean this?\n");
        for name in near {
            message.push_str(&format!("\t{name}\n"));
        }
    }
    Refused { message, see: Some(command.name.to_owned()) }
}

/// Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let substituted = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

impl Invocation {
    /// The command that was named.
    pub fn command(&self) -> &'static Command {
        self.path.last().copied().unwrap_or(&super::table::ROOT)
    }

    /// As on the command line: `atlas schema apply`.
    pub fn name(&self) -> String {
        self.path.iter().map(|command| command.name).collect::<Vec<_>>().join(" ")
    }

    /// The flags it takes: its own, then those of the groups above it.
    pub fn flags(&self) -> Vec<&'static Flag> {
        flags_of(&self.path)
    }

    /// Whether the user, or the configuration, gave `flag` a value.
    pub fn changed(&self, flag: &str) -> bool {
        self.changed.contains(flag)
    }

    pub fn switch(&self, flag: &str) -> bool {
        matches!(self.values.get(flag), Some(Value::Bool(true)))
    }

    /// The text of `flag`, which may be empty.
    pub fn text(&self, flag: &str) -> &str {
        match self.values.get(flag) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    pub fn list(&self, flag: &str) -> &[String] {
        match self.values.get(flag) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    pub fn duration(&self, flag: &str) -> Duration {
        match self.values.get(flag) {
            Some(Value::Duration(duration)) => *duration,
            _ => Duration::ZERO,
        }
    }

    /// A number that is not negative.
    pub fn count(&self, flag: &str) -> usize {
        match self.values.get(flag) {
            Some(Value::Count(count)) => *count,
            _ => 0,
        }
    }

    pub fn vars(&self) -> &[(String, String)] {
        match self.values.get("var") {
            Some(Value::Vars(vars)) => vars,
            _ => &[],
        }
    }

    /// Gives `flag` the configuration's value, unless it has one, does not exist, or the value is empty.
    ///
    /// # Errors
    /// As on the command line: `invalid argument "x" for "--lock-timeout" flag: …`.
    pub fn set_default(&mut self, flag: &str, value: &str) -> Result<(), String> {
        let Some(flag) = self.flags().into_iter().find(|it| it.name == flag) else { return Ok(()) };
        if value.is_empty() || self.changed(flag.name) {
            return Ok(());
        }
        self.set(flag, value)
    }

    /// Required flags and groups of flags, which are looked at after the configuration was.
    ///
    /// # Errors
    /// `required flag(s) "url" not set`; `if any flags in the group [log format] are set …`.
    pub fn check(&self) -> Result<(), String> {
        let missing: Vec<String> = self
            .flags()
            .iter()
            .filter(|flag| flag.required && !self.changed(flag.name))
            .map(|flag| format!("{:?}", flag.name))
            .collect();
        if !missing.is_empty() {
            return Err(format!("required flag(s) {} not set", missing.join(", ")));
        }
        self.check_groups()
    }

    /// Groups of flags of which only one may be set.
    ///
    /// # Errors
    /// `if any flags in the group [log format] are set none of the others can be; [format log] were all set`.
    pub fn check_groups(&self) -> Result<(), String> {
        for group in self.command().exclusive {
            let mut set: Vec<&str> = group.iter().copied().filter(|flag| self.changed(flag)).collect();
            if set.len() > 1 {
                set.sort_unstable();
                return Err(format!(
                    "if any flags in the group [{}] are set none of the others can be; [{}] were all set",
                    group.join(" "),
                    set.join(" ")
                ));
            }
        }
        Ok(())
    }

    fn read(&mut self, arguments: &[String]) -> Result<(), String> {
        let flags = self.flags();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "--" {
                self.args.extend(rest.cloned());
                return Ok(());
            }
            if let Some(text) = argument.strip_prefix("--") {
                if text.starts_with(['-', '=']) {
                    return Err(format!("bad flag syntax: {argument}"));
                }
                let (name, value) = match text.split_once('=') {
                    Some((name, value)) => (name, Some(value)),
                    None => (text, None),
                };
                let Some(flag) = flags.iter().copied().find(|flag| flag.name == name) else {
                    if name == "help" {
                        self.help = true;
                        continue;
                    }
                    return Err(format!("unknown flag: --{name}"));
                };
                let value = match (value, flag.kind) {
                    (Some(value), _) => value,
                    (None, Kind::Bool) => "true",
                    (None, _) => {
                        rest.next().ok_or_else(|| format!("flag needs an argument: --{name}"))?.as_str()
                    }
                };
                self.set(flag, value)?;
            } else if argument.len() > 1 && argument.starts_with('-') {
                self.shorts(&flags, argument, &mut rest)?;
            } else {
                self.args.push(argument.clone());
            }
        }
        Ok(())
    }

    /// `-x`, `-xv`, `-x=v`, `-x v`, `-ab`.
    fn shorts<'a>(
        &mut self,
        flags: &[&'static Flag],
        argument: &str,
        rest: &mut impl Iterator<Item = &'a String>,
    ) -> Result<(), String> {
        let letters = &argument[1..];
        let mut left = letters;
        while let Some(letter) = left.chars().next() {
            let after = &left[letter.len_utf8()..];
            let Some(flag) = flags.iter().copied().find(|flag| flag.short == Some(letter)) else {
                if letter == 'h' {
                    self.help = true;
                    left = after;
                    continue;
                }
                return Err(format!("unknown shorthand flag: '{letter}' in -{left}"));
            };
            if let Some(value) = after.strip_prefix('=').filter(|_| after.len() > 1) {
                return self.set(flag, value);
            }
            if flag.kind == Kind::Bool {
                self.set(flag, "true")?;
                left = after;
                continue;
            }
            if !after.is_empty() {
                return self.set(flag, after);
            }
            let value =
                rest.next().ok_or_else(|| format!("flag needs an argument: '{letter}' in -{left}"))?;
            return self.set(flag, value);
        }
        Ok(())
    }

    fn set(&mut self, flag: &'static Flag, text: &str) -> Result<(), String> {
        let before = self.values.get(flag.name).cloned().filter(|_| self.changed(flag.name));
        let value = match flag.kind {
            Kind::Bool => boolean(text).map(Value::Bool),
            Kind::Text => Ok(Value::Text(text.to_owned())),
            Kind::Duration => duration::parse(text).map(Value::Duration),
            Kind::Count => count(text).map(Value::Count),
            Kind::List => {
                let mut items = match before {
                    Some(Value::List(items)) => items,
                    _ => Vec::new(),
                };
                let more = if text.is_empty() { Ok(Vec::new()) } else { csv::record(text) };
                more.map(|more| {
                    items.extend(more);
                    Value::List(items)
                })
            }
            Kind::Vars => {
                let mut vars = match before {
                    Some(Value::Vars(vars)) => vars,
                    _ => Vec::new(),
                };
                csv::record(text).and_then(|pairs| {
                    for pair in pairs {
                        let Some((name, value)) = pair.split_once('=') else {
                            return Err(format!("variables must be format as key=value, got: {pair:?}"));
                        };
                        vars.push((name.to_owned(), value.to_owned()));
                    }
                    Ok(Value::Vars(vars))
                })
            }
        };
        let value = value.map_err(|reason| {
            let name = match flag.short {
                Some(short) => format!("-{short}, --{}", flag.name),
                None => format!("--{}", flag.name),
            };
            format!("invalid argument {text:?} for {name:?} flag: {reason}")
        })?;
        self.values.insert(flag.name, value);
        self.changed.insert(flag.name);
        Ok(())
    }
}

/// Source: Go 1.26 `strconv.ParseBool`.
/// As Go's `strconv.ParseUint` says it.
fn count(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("strconv.ParseUint: parsing {text:?}: invalid syntax"))
}

fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!("strconv.ParseBool: parsing {text:?}: invalid syntax")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::table::ROOT;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    fn show(line: &str) -> String {
        match parse(&ROOT, &words(line)) {
            Err(refused) => format!("error: {}", refused.message),
            Ok(invocation) => {
                let mut out = invocation.name();
                for flag in invocation.flags() {
                    if invocation.changed(flag.name) {
                        let value = match invocation.values.get(flag.name) {
                            Some(Value::Bool(value)) => format!("{value}"),
                            Some(Value::Text(value)) => format!("{value:?}"),
                            Some(Value::List(value)) => format!("{value:?}"),
                            Some(Value::Duration(value)) => format!("{value:?}"),
                            Some(Value::Count(value)) => format!("{value:?}"),
                            Some(Value::Vars(value)) => format!("{value:?}"),
                            None => String::new(),
                        };
                        out.push_str(&format!(" {}={value}", flag.name));
                    }
                }
                if !invocation.args.is_empty() {
                    out.push_str(&format!(" {:?}", invocation.args));
                }
                match invocation.check() {
                    Err(message) => format!("{out}; {message}"),
                    Ok(()) => out,
                }
            }
        }
    }

    #[test]
    fn flags_stand_anywhere_and_in_every_form() {
        for (line, expected) in [
            ("schema inspect -u x", r#"atlas schema inspect url="x""#),
            ("schema inspect -ux", r#"atlas schema inspect url="x""#),
            ("schema inspect -u=x", r#"atlas schema inspect url="x""#),
            ("schema inspect --url=x", r#"atlas schema inspect url="x""#),
            ("--env x schema inspect -u y", r#"atlas schema inspect url="y" env="x""#),
            ("-c file://a schema inspect -u y", r#"atlas schema inspect url="y" config="file://a""#),
            ("schema --env x inspect -u y", r#"atlas schema inspect url="y" env="x""#),
            (
                "schema apply -u x --to a,b --to c --dry-run",
                r#"atlas schema apply url="x" to=["a", "b", "c"] dry-run=true"#,
            ),
            ("schema apply -u x -f a -f b", r#"atlas schema apply url="x" file=["a", "b"]"#),
            ("schema apply -u x --auto-approve=false", r#"atlas schema apply url="x" auto-approve=false"#),
            ("schema apply -u x --lock-timeout 30s", r#"atlas schema apply url="x" lock-timeout=30s"#),
            ("schema inspect -u x --exclude \"users\"", r#"atlas schema inspect url="x" exclude=["users"]"#),
            (
                "schema inspect -u x --var a=1,b=2 --var a=3",
                r#"atlas schema inspect url="x" var=[("a", "1"), ("b", "2"), ("a", "3")]"#,
            ),
            ("schema fmt a b -- --c", r#"atlas schema fmt ["a", "b", "--c"]"#),
            ("schema foo", r#"atlas schema ["foo"]"#),
            ("migrate push --whatever x", r#"atlas migrate push ["--whatever", "x"]"#),
            ("--stdio", "atlas stdio=true"),
            ("tool lsp --stdio", "atlas tool lsp stdio=true"),
        ] {
            assert_eq!(show(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_the_words_of_cobra() {
        for (line, expected) in [
            ("foo", r#"error: unknown command "foo" for "atlas""#),
            (
                "shema inspect",
                "error: unknown command \"shema\" for \"atlas\"\n\nDid you mean this?\n\tschema\n",
            ),
            ("schema inspect --x", "error: unknown flag: --x"),
            ("schema inspect -x", "error: unknown shorthand flag: 'x' in -x"),
            ("schema inspect -u", "error: flag needs an argument: 'u' in -u"),
            ("schema inspect --url", "error: flag needs an argument: --url"),
            ("schema inspect --=x", "error: bad flag syntax: --=x"),
            (
                "schema apply --lock-timeout xx",
                r#"error: invalid argument "xx" for "--lock-timeout" flag: time: invalid duration "xx""#,
            ),
            (
                "schema apply --dry-run=x",
                r#"error: invalid argument "x" for "--dry-run" flag: strconv.ParseBool: parsing "x": invalid syntax"#,
            ),
            (
                "schema inspect --var a",
                r#"error: invalid argument "a" for "--var" flag: variables must be format as key=value, got: "a""#,
            ),
            (
                r#"schema inspect --var a="x,y""#,
                r#"error: invalid argument "a=\"x,y\"" for "--var" flag: parse error on line 1, column 3: bare " in non-quoted-field"#,
            ),
            (
                r#"schema inspect -s a"b"#,
                r#"error: invalid argument "a\"b" for "-s, --schema" flag: parse error on line 1, column 2: bare " in non-quoted-field"#,
            ),
            ("schema inspect", r#"atlas schema inspect; required flag(s) "url" not set"#),
            ("schema diff", r#"atlas schema diff; required flag(s) "from", "to" not set"#),
            ("schema diff a b", "error: accepts at most 1 arg(s), received 2"),
            (
                "schema apply --auto-approve --dry-run",
                "atlas schema apply dry-run=true auto-approve=true; if any flags in the group [dry-run auto-approve] are set none of the others can be; [auto-approve dry-run] were all set",
            ),
        ] {
            assert_eq!(show(line), expected, "{line}");
        }
        let empty = parse(&ROOT, &["schema".into(), "inspect".into(), "--var".into(), String::new()]);
        assert_eq!(
            empty.err().map(|it| it.message).as_deref(),
            Some(r#"invalid argument "" for "--var" flag: EOF"#)
        );
    }
}
