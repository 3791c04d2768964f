//! Strings that name files or pages: `src`, `dir`, `path`, `file("…")`, images of a dev database.
//!
//! Told from the text alone: a computed string has no link. Invariant: a link to a file names one the project was told
//! of, or a name with an extension; a directory is no link, for editors cannot open one.

use project::{Content, Parsed, Path, Role, Snapshot};
use syntax::hcl::ast::{AstNode, Attribute, Call, Expr, Template};
use text::{FileId, TextRange, TextSize};

use crate::trees;

/// A string that leads somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocLink {
    /// The string's content, without quotes.
    pub range: TextRange,
    pub target: LinkTarget,
    pub tooltip: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// A file, and its id when the project knows it.
    File(Path, Option<FileId>),
    Url(String),
}

/// Attributes that hold a path without a scheme.
const PATHS: &[&str] = &["src", "path", "paths", "dir"];

/// The links of `file`, in the order of the text.
pub fn links(snapshot: &Snapshot, file: FileId) -> Vec<DocLink> {
    let Some(directory) = snapshot.path(file).and_then(Path::parent) else { return Vec::new() };
    let mut found = Vec::new();
    match trees::tree(snapshot, file) {
        Some(Parsed::Hcl(tree)) => {
            // Labels and types are no strings that lead anywhere; only a configuration names files.
            if matches!(snapshot.info(file).role, Role::Schema) {
                return found;
            }
            for placed in tree.pieces() {
                for node in placed.piece.syntax().descendants() {
                    let Some(template) = Template::cast(node) else { continue };
                    let Some(text) = template.as_plain_string() else { continue };
                    let range = template.content_range() + placed.start;
                    found.extend(link(snapshot, &directory, &text, range, is_path(&template)));
                }
            }
        }
        Some(Parsed::Sql(tree)) => {
            for placed in tree.pieces() {
                for directive in placed.piece.directives().filter(|directive| directive.name == "import") {
                    let range = directive.args_range + placed.start;
                    found.extend(link(snapshot, &directory, &directive.args, range, true));
                }
            }
            for directive in tree.directives().iter().filter(|directive| directive.name == "import") {
                found.extend(link(snapshot, &directory, &directive.args, directive.args_range, true));
            }
        }
        None => {}
    }
    found.sort_by_key(|link| link.range.start());
    found.dedup_by_key(|link| link.range);
    found
}

/// Whether the string is a path by where it stands.
fn is_path(template: &Template) -> bool {
    for ancestor in template.syntax().ancestors().skip(1) {
        if let Some(call) = Call::cast(ancestor.clone()) {
            return matches!(call.full_name().as_str(), "file");
        }
        if let Some(attribute) = Attribute::cast(ancestor.clone()) {
            let is_list = |expr: Expr| matches!(expr, Expr::Template(_) | Expr::Tuple(_));
            return attribute.name().is_some_and(|name| PATHS.contains(&name.text()))
                && attribute.expr().is_some_and(is_list);
        }
    }
    false
}

fn link(
    snapshot: &Snapshot,
    directory: &Path,
    text: &str,
    range: TextRange,
    is_path: bool,
) -> Option<DocLink> {
    if range.is_empty() {
        return None;
    }
    if let Some(image) = text.strip_prefix("docker://") {
        let url = image_page(image)?;
        let tooltip = "Show the image's page".to_owned();
        return Some(DocLink { range, target: LinkTarget::Url(url), tooltip });
    }
    let relative = match text.split_once("://") {
        Some(("file", path)) => path,
        Some(_) => return None,
        None if is_path => text,
        None => return None,
    };
    let (relative, query) = relative.split_once('?').unwrap_or((relative, ""));
    if relative.is_empty() {
        return None;
    }
    let path = directory.join(relative);
    let known = snapshot.file(&path).filter(|id| {
        matches!(snapshot.content(*id), Some(Content::Text(_) | Content::Binary | Content::Unreadable(_)))
    });
    let is_name = path.name().trim_start_matches('.').contains('.');
    (known.is_some() || is_name).then(|| {
        let tooltip = format!("Open {}", path.name());
        let after = TextSize::of(query) + TextSize::new(if query.is_empty() { 0 } else { 1 });
        let range = TextRange::new(range.start(), range.end().checked_sub(after).unwrap_or(range.end()));
        DocLink { range, target: LinkTarget::File(path, known), tooltip }
    })
}

/// The page of a dev database's image: `docker://postgres/15/dev`.
fn image_page(image: &str) -> Option<String> {
    let mut parts = image.split(['/', '?']);
    let (name, tag) = (parts.next()?, parts.next().unwrap_or_default());
    let repository = match name {
        "postgres" | "mysql" | "mariadb" => format!("_/{name}"),
        "clickhouse" => "r/clickhouse/clickhouse-server".to_owned(),
        "sqlserver" => return Some("https://hub.docker.com/r/microsoft/mssql-server".to_owned()),
        _ => return None,
    };
    let is_tag =
        !tag.is_empty() && tag.chars().all(|ch| ch.is_ascii_alphanumeric() || matches!(ch, '.' | '-' | '_'));
    let query = if is_tag { format!("/tags?name={tag}") } else { String::new() };
    Some(format!("https://hub.docker.com/{repository}{query}"))
}

#[cfg(test)]
mod tests;
