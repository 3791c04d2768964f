//! The text of strings: paths, URLs, words, names in an index, SQL.

use hcl::spec::{AttrType, Attribute, Content};
use project::{Answer, Path, Want};
use smol_str::SmolStr;
use text::{TextRange, TextSize};

use super::hcl::Cx;
use super::item::Rank;
use super::{Item, ItemKind, references, sql};
use crate::hcl_place::{Str, Value};

pub(super) fn complete(
    cx: &Cx<'_>,
    value: &Value,
    string: &Str,
    declared: Option<&'static Attribute>,
) -> Vec<Item> {
    let range = cx.file(string.content);
    if let Some(steps) = &string.index_of {
        return references::index(cx, steps, range);
    }
    if let Some(compared) = &value.compared {
        let is_env = compared.iter().map(SmolStr::as_str).eq(["atlas", "env"]);
        return if is_env { envs(cx, range) } else { Vec::new() };
    }
    let offset = cx.spot.base + cx.spot.offset;
    let typed = typed(cx, range, offset);
    match value.call.as_ref().map(|(call, _)| call.as_str()) {
        Some("file" | "fileset" | "glob") => return paths(cx, &typed, offset, range.end()),
        Some("sql") => return sql::in_string(cx, string, sql::Part::Expression),
        Some("env" | "getenv") => return Vec::new(),
        _ => {}
    }
    let Some(declared) = declared else { return Vec::new() };
    match declared.content {
        Content::Sql => sql::in_string(cx, string, sql::part(cx, declared)),
        Content::Url => urls(cx, declared, &typed, offset, range),
        Content::Path => paths(cx, &typed, offset, range.end()),
        _ => words(&declared.ty, range),
    }
}

/// The string up to the cursor.
fn typed(cx: &Cx<'_>, range: TextRange, offset: TextSize) -> String {
    let text = cx.world.snapshot.text(cx.world.file);
    text.map_or_else(String::new, |text| {
        text.slice(TextRange::new(range.start(), offset.max(range.start()))).into_owned()
    })
}

fn words(ty: &AttrType, range: TextRange) -> Vec<Item> {
    let words = ty.words().into_iter();
    words.map(|word| Item::new(ItemKind::EnumValue, word.name, range, Rank::First).doc(word.doc)).collect()
}

/// The envs of this configuration.
fn envs(cx: &Cx<'_>, range: TextRange) -> Vec<Item> {
    let Some(path) = cx.world.snapshot.path(cx.world.file) else { return Vec::new() };
    let names = cx.world.snapshot.env_names(path);
    names.into_iter().map(|name| Item::new(ItemKind::Env, name.as_str(), range, Rank::First)).collect()
}

/// The beginnings of URLs, and paths behind `file://`.
fn urls(cx: &Cx<'_>, declared: &Attribute, typed: &str, offset: TextSize, range: TextRange) -> Vec<Item> {
    if let Some(path) = typed.strip_prefix("file://") {
        return paths(cx, path, offset, range.end());
    }
    if typed.contains("://") {
        return Vec::new();
    }
    let block = cx.block();
    let is_source = matches!(declared.name, "src" | "dir") || block == "migration" || block == "schema";
    let mut items = Vec::new();
    let mut add = |label: &str, detail: &str, rank: Rank| {
        items.push(Item::new(ItemKind::Value, label, range, rank).detail(detail).again());
    };
    if is_source || block == "runtimevar" {
        add("file://", "a file or directory", Rank::First);
    }
    if declared.name == "src" {
        add("env://", "an attribute of this env", Rank::Later);
    }
    if !is_source || declared.name == "src" {
        // The usual scheme of each product, then its other ones.
        let (rank, other) = if is_source { (Rank::Later, Rank::Last) } else { (Rank::Usual, Rank::Later) };
        for dialect in cx.world.snapshot.dialects.iter() {
            for (at, scheme) in dialect.schemes.iter().enumerate() {
                add(&format!("{scheme}://"), dialect.title, if at == 0 { rank } else { other });
            }
            if let Some(dev) = dialect.dev_url.filter(|_| declared.name == "dev") {
                add(dev, "needs no server", Rank::First);
            }
        }
        if declared.name == "dev" {
            add("docker://", "a container", Rank::Usual);
        }
    }
    if is_source && !typed.is_empty() {
        // Atlas takes plain paths too.
        items.extend(paths(cx, typed, offset, range.end()));
    }
    items
}

/// What lies in the directory typed so far.
fn paths(cx: &Cx<'_>, typed: &str, offset: TextSize, end: TextSize) -> Vec<Item> {
    let Some(directory) = cx.world.directory() else { return Vec::new() };
    let (above, name) = typed.rsplit_once('/').map_or(("", typed), |(above, name)| (above, name));
    let above = if typed.starts_with('/') && above.is_empty() { "/" } else { above };
    let directory = if above.is_empty() { directory } else { directory.join(above) };
    let start = offset - TextSize::of(name);
    // Up to the next slash: what follows it is another name.
    let text = cx.world.snapshot.text(cx.world.file);
    let rest = text.map_or_else(String::new, |text| text.slice(TextRange::new(offset, end)).into_owned());
    let rest = rest.split('/').next().unwrap_or_default().len();
    let range = TextRange::new(start, offset + TextSize::new(rest as u32));
    let mut items = Vec::new();
    for (name, is_directory) in entries(cx, &directory) {
        let hidden = name.starts_with('.');
        let kind = if is_directory { ItemKind::Folder } else { ItemKind::File };
        let rank = if hidden { Rank::Last } else { Rank::First };
        items.push(Item::new(kind, name.as_str(), range, rank));
    }
    items
}

/// The entries of a directory, as far as they are known.
fn entries(cx: &Cx<'_>, directory: &Path) -> Vec<(SmolStr, bool)> {
    let mut found: Vec<(SmolStr, bool)> = Vec::new();
    if let Some(fact) = cx.world.snapshot.fact(&Want::Directory(directory.clone()))
        && let Answer::Entries(entries) = &fact.answer
    {
        found.extend(entries.iter().map(|entry| (entry.name.clone(), entry.directory)));
    }
    for id in cx.world.snapshot.files() {
        let path = cx.world.snapshot.path(id);
        let below = path.and_then(|path| path.below(directory)).filter(|below| !below.is_empty());
        let Some(below) = below else { continue };
        found.push(match below.split_once('/') {
            Some((first, _)) => (SmolStr::from(first), true),
            None => (SmolStr::from(below), false),
        });
    }
    found.sort();
    found.dedup();
    found
}
