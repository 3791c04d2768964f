//! Renaming what breaks the naming policy, everywhere it is used.
//!
//! Such a finding is about something the plan is only about to make, so no row is lost by another name. Invariant: it
//! is offered only when every place is known to be a plain spelling of the name.

use engine::lint::{Config, Finding};
use project::{Env, LivePlan, Snapshot};
use schema::ObjectPath;

use super::Edits;
use crate::names::{Meaning, Name};

/// The title and the edits of the renaming, if a simple name matches the policy.
pub(super) fn rename(
    snapshot: &Snapshot,
    plan: &LivePlan,
    env: &Env,
    finding: &Finding,
) -> Option<(String, Edits)> {
    let config = Config::from_value(&env.lint);
    let options = config.of(engine::lint::naming::NAMING.name)?;
    let kind = match &finding.object {
        ObjectPath::ForeignKey { .. } => "foreign_key",
        path => path.kind(),
    };
    let pattern = options.patterns.get(kind).or(options.pattern.as_ref())?;
    let old = finding.object.name();
    let new = candidates(old).into_iter().find(|name| name != old && pattern.regex.is_match(name))?;
    let state = plan.desired.state()?;
    let origin = state.origins.get(&finding.object)?;
    let name = Name { range: origin.name, means: Meaning::Object(finding.object.clone()), defines: true };
    let edits = crate::rename::every_place(snapshot, origin.file, &name, old, &new).ok()?;
    Some((format!("Rename {kind} {old:?} to {new:?}"), super::tidy(edits)))
}

/// The same words in the usual spellings.
fn candidates(name: &str) -> Vec<String> {
    let words = words(name);
    let capital = |word: &String| {
        let mut chars = word.chars();
        chars
            .next()
            .map(|first| first.to_uppercase().collect::<String>() + chars.as_str())
            .unwrap_or_default()
    };
    let pascal: String = words.iter().map(capital).collect();
    let camel =
        words.first().cloned().unwrap_or_default() + &words.iter().skip(1).map(capital).collect::<String>();
    vec![words.join("_"), words.concat(), words.join("-"), words.join("_").to_uppercase(), camel, pascal]
}

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = None::<char>;
    for ch in name.chars() {
        let starts =
            ch.is_uppercase() && before.is_some_and(|before| before.is_lowercase() || before.is_numeric());
        if !ch.is_alphanumeric() || starts {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| ch.is_alphanumeric()) {
            word.extend(ch.to_lowercase());
        }
        before = Some(ch);
    }
    words.retain(|word| !word.is_empty());
    words
}
