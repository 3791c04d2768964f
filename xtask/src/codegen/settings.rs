//! The settings, declared once in the server, as VS Code's contribution and as a reference page.

use std::fmt::Write;

use anyhow::{Context, Result};
use atlas_ls::lsp::{Kind, Scope, Setting, settings};
use serde_json::{Map, Value, json};

use super::Generator;

const FROM: &str = "server/atlas-ls/src/lsp/settings.rs";

/// The settings inside the extension's manifest; everything else of it stays.
pub const PACKAGE: Generator =
    Generator { path: "editors/vscode/package.json", from: FROM, generate: package };

/// A page for the users of any editor.
pub const REFERENCE: Generator =
    Generator { path: "docs/reference/settings.md", from: FROM, generate: reference };

fn package(current: &str) -> Result<String> {
    let mut manifest: Value = serde_json::from_str(current)?;
    let configuration = manifest
        .pointer_mut("/contributes/configuration")
        .context("the manifest contributes no configuration")?;
    let mut properties = Map::new();
    for (index, setting) in settings().iter().enumerate() {
        properties.insert(format!("atlas.{}", setting.name), property(setting, index + 1)?);
    }
    configuration["properties"] = Value::Object(properties);
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

fn property(setting: &Setting, order: usize) -> Result<Value> {
    let mut property = json!({ "type": type_name(setting.kind) });
    if let Kind::Choice(values) = setting.kind {
        property["enum"] = values.iter().map(|(value, _)| *value).collect();
        property["enumDescriptions"] = values.iter().map(|(_, doc)| *doc).collect();
    }
    if setting.kind == Kind::Map {
        property["additionalProperties"] = json!({ "type": "string" });
    }
    property["default"] = serde_json::from_str(setting.default)
        .with_context(|| format!("the default of {} is no JSON: {}", setting.name, setting.default))?;
    property["scope"] = match setting.scope {
        // A decision goes with its user to every machine; a path or a variable belongs to one.
        Scope::Machine if matches!(setting.kind, Kind::Choice(_) | Kind::Bool) => "application",
        Scope::Machine => "machine",
        Scope::Window => "window",
        Scope::Resource => "resource",
    }
    .into();
    property["markdownDescription"] = setting.doc.into();
    property["order"] = order.into();
    Ok(property)
}

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "boolean",
        Kind::Text | Kind::Choice(_) => "string",
        Kind::Map => "object",
    }
}

fn reference(_: &str) -> Result<String> {
    let mut text = String::from(
        "# Settings\n\n\
         Written by `cargo xtask codegen`; do not edit.\n\
         In VS Code each name has `atlas.` in front; other editors send them as `initializationOptions.settings` or answer `workspace/configuration` for the section `atlas`.\n",
    );
    for setting in settings() {
        write!(text, "\n## {}\n\n{}\n\n", setting.name, setting.doc)?;
        if let Kind::Choice(values) = setting.kind {
            for (value, doc) in values {
                writeln!(text, "- `{value}`: {doc}")?;
            }
            text.push('\n');
        }
        let who = match setting.scope {
            Scope::Machine => "the user; a workspace cannot",
            Scope::Window => "the user or the workspace",
            Scope::Resource => "the user, the workspace or one of its folders",
        };
        writeln!(text, "Default: `{}`. Set by {who}.", setting.default)?;
    }
    Ok(text)
}
