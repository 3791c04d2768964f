//! Aggregates, policies, event triggers.
//!
//! Source: PostgreSQL 18, `CREATE AGGREGATE`, `CREATE POLICY`, `CREATE EVENT TRIGGER`.

use schema::Object;

use super::super::attr;
use super::Planner;
use super::render::{ident, literal, strings, wrapped};

impl Planner<'_> {
    pub(super) fn create_aggregate(&self, object: &Object) -> String {
        let (own, attrs) = (object.schema.as_str(), &object.attrs);
        let items = attrs.get(&attr::ARGS).unwrap_or_default();
        let args: Vec<String> = items.iter().map(|arg| self.arg(own, arg, false)).collect();
        let args = if args.is_empty() { "*".to_string() } else { args.join(", ") };
        let mut options = vec![format!(
            "SFUNC = {}",
            self.render.function(own, &attrs.get(&attr::STATE_FUNC).unwrap_or_default())
        )];
        let state = attrs.get(&attr::STATE_TYPE).unwrap_or_default();
        options.push(format!("STYPE = {}", self.render.type_text(own, &state)));
        if let Some(function) = attrs.get(&attr::FINAL_FUNC) {
            options.push(format!("FINALFUNC = {}", self.render.function(own, &function)));
        }
        if let Some(value) = attrs.get(&attr::INITIAL_VALUE) {
            options.push(format!("INITCOND = {}", literal(value.trim_matches('\''))));
        }
        if let Some(parallel) = attrs.get(&attr::PARALLEL) {
            options.push(format!("PARALLEL = {parallel}"));
        }
        format!("CREATE AGGREGATE {} ({args}) ({})", self.render.path(own, &object.name), options.join(", "))
    }

    pub(super) fn aggregate_name(&self, object: &Object) -> String {
        let text = self.signature(&object.schema, &object.name, &object.attrs);
        match text.strip_suffix("()") {
            Some(start) => format!("{start}(*)"),
            None => text,
        }
    }

    pub(super) fn create_policy(&self, object: &Object) -> String {
        let (own, attrs) = (object.schema.as_str(), &object.attrs);
        let mut writer = self.render.line();
        writer.word("CREATE POLICY").ident(&object.name).word("ON");
        writer.word(&self.render.target(own, &attrs.get(&attr::ON).unwrap_or_default()));
        if let Some(kind) = attrs.get(&attr::AS) {
            writer.word("AS").word(&kind);
        }
        if let Some(command) = attrs.get(&attr::FOR) {
            writer.word("FOR").word(&command);
        }
        let roles = strings(attrs, &attr::TO);
        if !roles.is_empty() {
            writer
                .word("TO")
                .word(&roles.iter().map(|role| super::objects::role(role)).collect::<Vec<_>>().join(", "));
        }
        if let Some(expr) = attrs.get(&attr::USING) {
            writer.word("USING").word(&wrapped(&expr));
        }
        if let Some(expr) = attrs.get(&attr::WITH_CHECK) {
            writer.word("WITH CHECK").word(&wrapped(&expr));
        }
        writer.finish()
    }

    pub(super) fn policy_name(&self, object: &Object) -> String {
        let on = object.attrs.get(&attr::ON).unwrap_or_default();
        format!("{} ON {}", ident(&object.name), self.render.target(&object.schema, &on))
    }

    pub(super) fn create_event_trigger(&self, object: &Object) -> String {
        let attrs = &object.attrs;
        let mut writer = self.render.line();
        writer.word("CREATE EVENT TRIGGER").ident(&object.name).word("ON");
        writer.word(&attrs.get(&attr::ON).unwrap_or_default());
        let tags = strings(attrs, &attr::TAGS);
        if !tags.is_empty() {
            let tags: Vec<String> = tags.iter().map(|tag| literal(tag)).collect();
            writer.word("WHEN TAG IN").word(&format!("({})", tags.join(", ")));
        }
        let word = if self.major() < 11 { "EXECUTE PROCEDURE" } else { "EXECUTE FUNCTION" };
        let function = self.render.target("", &attrs.get(&attr::EXECUTE).unwrap_or_default());
        writer.word(word).word(&format!("{function}()"));
        writer.finish()
    }
}
