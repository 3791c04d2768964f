//! `template_dir`: a directory of Go templates as migration files.
//!
//! All files are parsed into one set, so that one may call another by its path; the `.sql` files at the top are
//! executed.
//!
//! Source: reference/project.md section 7, `template_dir`.

use gotmpl::parse::Parser;
use gotmpl::{MissingKey, Template, TemplateError, Value};
use project::{Content, Path};
use smol_str::SmolStr;
use text::Text;

use crate::world::World;

/// The rendered files, by name.
///
/// # Errors
/// `path <p> is not a directory`; `executing template: …` in the template engine's words.
pub fn render(world: &dyn World, directory: &Path, vars: &str) -> Result<Vec<(SmolStr, Text)>, String> {
    let mut sources = Vec::new();
    collect(world, directory, "", &mut sources)
        .map_err(|_| format!("path {directory} is not a directory"))?;
    let data = serde_json::from_str(vars).map(|json| value(&json)).unwrap_or(Value::Nil);
    let mut set = Template::new("template_dir").missing_key(MissingKey::Error);
    for (name, text) in &sources {
        let parsed = Parser::with_name(Some(name), text, "{{", "}}").and_then(Parser::parse);
        let (tree, defines) = parsed.map_err(|error| format!("parsing template: {error}"))?;
        set = set.add_parse_tree(name, tree);
        for define in defines {
            set = set.add_parse_tree(&define.name, define.body);
        }
    }
    let mut rendered = Vec::new();
    for (name, _) in sources.iter().filter(|(name, _)| name.ends_with(".sql") && !name.contains('/')) {
        let output = set.execute_template_to_string(name, &data).map_err(|error| {
            let text = match error {
                TemplateError::MissingKey { key } => format!("map has no entry for key {key:?}"),
                other => other.to_string(),
            };
            format!("executing template: template: {name}: executing {name:?}: {text}")
        })?;
        rendered.push((SmolStr::from(name.as_str()), Text::new(&output)));
    }
    Ok(rendered)
}

fn collect(
    world: &dyn World,
    directory: &Path,
    prefix: &str,
    found: &mut Vec<(String, String)>,
) -> Result<(), String> {
    for entry in world.list(directory)? {
        let (path, name) = (directory.join(&entry.name), format!("{prefix}{}", entry.name));
        if entry.directory {
            collect(world, &path, &format!("{name}/"), found)?;
        } else if let Content::Text(text) = world.read(&path) {
            found.push((name, text.to_string()));
        }
    }
    Ok(())
}

/// Numbers become floats, as in Atlas.
fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Nil,
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Number(number) => Value::Float(number.as_f64().unwrap_or_default()),
        serde_json::Value::String(text) => Value::String(text.as_str().into()),
        serde_json::Value::Array(items) => Value::List(items.iter().map(value).collect()),
        serde_json::Value::Object(entries) => Value::Map(std::sync::Arc::new(
            entries.iter().map(|(key, item)| (key.as_str().into(), value(item))).collect(),
        )),
    }
}
