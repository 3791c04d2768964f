//! The settings a user can change, declared once.
//!
//! The list feeds reading them here, `package.json` of the VS Code extension and the reference page. Invariant: a
//! value of the wrong type counts as not set, and what the workspace may set never decides where something is
//! executed.

use serde_json::Value;

/// One setting, as a user of any editor finds it under `atlas.`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Without the prefix `atlas.`: `plan.live`.
    pub name: &'static str,
    pub kind: Kind,
    pub scope: Scope,
    /// The default as JSON text.
    pub default: &'static str,
    /// One or two sentences of Markdown.
    pub doc: &'static str,
}

/// What a setting's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Text,
    /// One of the values, each with what it means.
    Choice(&'static [(&'static str, &'static str)]),
    /// Names to texts.
    Map,
}

/// Who may set it (as in VS Code).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The user of this machine only: a workspace must not decide it.
    Machine,
    /// Once per window.
    Window,
    /// Per workspace folder.
    Resource,
}

/// Every setting, in the order in which a settings page shows them.
pub fn settings() -> &'static [Setting] {
    SETTINGS
}

const SETTINGS: &[Setting] = &[
    Setting {
        name: "facts",
        kind: Kind::Choice(&[
            ("never", "Nothing outside the workspace is read, and no program is run."),
            ("ask", "Ask before an environment's targets are read or its programs are run."),
            (
                "auto",
                "Read targets and run programs named in `atlas.hcl` of trusted workspaces without asking.",
            ),
        ]),
        scope: Scope::Machine,
        default: "\"ask\"",
        doc: "Whether the server may fetch what `atlas.hcl` refers to: the state of databases, programs, remote \
              directories. Has no effect in workspaces that are not trusted.",
    },
    Setting {
        name: "env",
        kind: Kind::Text,
        scope: Scope::Resource,
        default: "\"\"",
        doc: "The environment by which files are judged. Empty means the first one that lists the file.",
    },
    Setting {
        name: "variables",
        kind: Kind::Map,
        scope: Scope::Resource,
        default: "{}",
        doc: "Values of input variables, as `--var` on the command line.",
    },
    Setting {
        name: "plan.live",
        kind: Kind::Bool,
        scope: Scope::Window,
        default: "true",
        doc: "Keep an open plan preview up to date while typing.",
    },
    Setting {
        name: "lint.enable",
        kind: Kind::Bool,
        scope: Scope::Resource,
        default: "true",
        doc: "Show the findings of the analyzers at the lines that cause them.",
    },
    Setting {
        name: "format.enable",
        kind: Kind::Bool,
        scope: Scope::Resource,
        default: "true",
        doc: "Format HCL files, as `schema fmt` does.",
    },
    Setting {
        name: "inspect.maxAge",
        kind: Kind::Text,
        scope: Scope::Resource,
        default: "\"5m\"",
        doc: "How old the known state of a target may become before it is inspected again, such as `30s`, `5m` \
              or `1h`.",
    },
    Setting {
        name: "trace.server",
        kind: Kind::Choice(&[
            ("off", "No trace."),
            ("messages", "The name and duration of every request."),
            ("verbose", "The messages as well."),
        ]),
        scope: Scope::Window,
        default: "\"off\"",
        doc: "Trace the messages between the editor and the server.",
    },
    Setting {
        name: "server.path",
        kind: Kind::Text,
        scope: Scope::Machine,
        default: "\"\"",
        doc: "Path of the server to start instead of the one that came with the extension.",
    },
    Setting {
        name: "server.extraEnv",
        kind: Kind::Map,
        scope: Scope::Machine,
        default: "{}",
        doc: "Environment variables for the server.",
    },
];

/// Whether outside facts may be fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Facts {
    Never,
    #[default]
    Ask,
    Auto,
}

/// The values the server itself acts on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) facts: Facts,
    /// `None` where the first env that lists a file shall judge it.
    pub(crate) env: Option<String>,
    /// Input variables in the order given.
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) plan_live: bool,
    pub(crate) lint: bool,
    pub(crate) format: bool,
    /// In seconds.
    pub(crate) inspect_max_age: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self::read(&Value::Null)
    }
}

impl Settings {
    /// From the object under `atlas`, nested (`{"plan": {"live": …}}`) or flat (`{"plan.live": …}`), with or without
    /// the prefix.
    pub(crate) fn read(value: &Value) -> Self {
        let value = value.get("atlas").unwrap_or(value);
        let text = |name| lookup(value, name).as_str().map(str::to_owned);
        let yes = |name| lookup(value, name).as_bool().unwrap_or(true);
        let max_age = text("inspect.maxAge").and_then(|age| seconds(&age)).unwrap_or(300);
        Self {
            facts: match text("facts").as_deref() {
                Some("never") => Facts::Never,
                Some("auto") => Facts::Auto,
                _ => Facts::Ask,
            },
            env: text("env").filter(|env| !env.is_empty()),
            variables: variables(&lookup(value, "variables")),
            plan_live: yes("plan.live"),
            lint: yes("lint.enable"),
            format: yes("format.enable"),
            inspect_max_age: max_age,
        }
    }
}

/// The value a client gave for `name` if it has the declared type, else the default.
fn lookup(value: &Value, name: &str) -> Value {
    let setting = SETTINGS.iter().find(|setting| setting.name == name);
    let nested = || name.split('.').try_fold(value, |value, part| value.get(part));
    let flat = || value.get(name).or_else(|| value.get(format!("atlas.{name}")));
    let given = flat().or_else(nested);
    match (given, setting) {
        (Some(given), Some(setting)) if setting.kind.accepts(given) => given.clone(),
        (_, Some(setting)) => serde_json::from_str(setting.default).unwrap_or_default(),
        _ => Value::Null,
    }
}

impl Kind {
    /// Whether `value` is of this kind.
    pub fn accepts(self, value: &Value) -> bool {
        match self {
            Kind::Bool => value.is_boolean(),
            Kind::Text => value.is_string(),
            Kind::Choice(choices) => {
                value.as_str().is_some_and(|value| choices.iter().any(|(choice, _)| *choice == value))
            }
            Kind::Map => value.is_object(),
        }
    }
}

/// Lists become one value per element, as `--var name=a --var name=b` does.
fn variables(value: &Value) -> Vec<(String, String)> {
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut out = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        match value {
            Value::Array(items) => out.extend(items.iter().map(|item| (name.clone(), plain(item)))),
            Value::Null => {}
            value => out.push((name.clone(), plain(value))),
        }
    }
    out
}

/// `90`, `30s`, `5m`, `1h`, `1h30m`.
fn seconds(age: &str) -> Option<u64> {
    let mut total = 0u64;
    let mut number = String::new();
    for ch in age.trim().chars() {
        let unit = match ch {
            '0'..='9' => {
                number.push(ch);
                continue;
            }
            's' => 1,
            'm' => 60,
            'h' => 3600,
            _ => return None,
        };
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(unit)?)?;
        number.clear();
    }
    match number.as_str() {
        "" => (!age.trim().is_empty()).then_some(total),
        rest => total.checked_add(rest.parse().ok()?),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_default_is_of_its_kind() {
        for setting in settings() {
            let default = serde_json::from_str(setting.default).expect(setting.name);
            assert!(setting.kind.accepts(&default), "{}", setting.name);
            assert!(setting.doc.ends_with('.'), "{}", setting.name);
        }
    }

    #[test]
    fn nested_flat_and_prefixed_settings_are_the_same() {
        for given in [
            json!({"plan": {"live": false}, "env": "prod"}),
            json!({"plan.live": false, "env": "prod"}),
            json!({"atlas.plan.live": false, "atlas.env": "prod"}),
            json!({"atlas": {"plan": {"live": false}, "env": "prod"}}),
        ] {
            let settings = Settings::read(&given);
            assert_eq!((settings.plan_live, settings.env.as_deref()), (false, Some("prod")), "{given}");
        }
    }

    #[test]
    fn a_value_of_the_wrong_type_counts_as_not_set() {
        let odd =
            json!({"facts": "always", "env": 3, "variables": [], "plan": {"live": "no"}, "inspect": null});
        assert_eq!(Settings::read(&odd), Settings::default());
        assert_eq!(Settings::read(&json!([1])), Settings::default());
    }

    #[test]
    fn variables_keep_their_order_and_lists_repeat_the_name() {
        let settings = Settings::read(&json!({"variables": {"b": "x", "a": ["1", 2], "n": null, "t": true}}));
        let pairs: Vec<_> =
            settings.variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(pairs, ["b=x", "a=1", "a=2", "t=true"]);
    }

    #[test]
    fn ages_are_read_as_durations() {
        let read = |age| Settings::read(&json!({"inspect": {"maxAge": age}})).inspect_max_age;
        assert_eq!(
            [read("30s"), read("1h30m"), read("90"), read("soon"), read("")],
            [30, 5400, 90, 300, 300]
        );
    }
}
