//! The names of documents about a migration: `atlas-migration:/<folder>/<path of the file>/<name>.<view>`.
//!
//! The folder by its name, the file as seen from it, the view last, with the file's name before it, for editors show the
//! last segment; each segment percent-encoded. Invariant: reading what was written gives the same file and view.

use gen_lsp_types::Uri;
use project::Path;

use super::plan_uri;
use super::workspace::Folder;

/// The scheme of these documents.
pub(crate) const SCHEME: &str = "atlas-migration";

/// What a document shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Schema,
    SchemaHcl,
    Diff,
    Lint,
}

impl View {
    const ALL: [(View, &str); 4] = [
        (View::Schema, "schema.sql"),
        (View::SchemaHcl, "schema.hcl"),
        (View::Diff, "changes.diff"),
        (View::Lint, "lint.txt"),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(view, _)| *view == self).map_or("", |(_, name)| name)
    }
}

/// The document of a migration file.
pub(crate) fn write(folders: &[Folder], file: &Path, view: View) -> Option<Uri> {
    let stem = file.name().trim_end_matches(".sql");
    plan_uri::named(SCHEME, folders, file, &format!("{stem}.{}", view.name()))
}

/// The migration file and what is shown of it.
pub(crate) fn read(folders: &[Folder], uri: &Uri) -> Option<(Path, View)> {
    let (path, name) = plan_uri::parts(SCHEME, folders, uri)?;
    let is_of =
        |known: &str| name.strip_suffix(known).is_some_and(|stem| stem.is_empty() || stem.ends_with('.'));
    View::ALL.iter().find(|(_, known)| is_of(known)).map(|(view, _)| (path, *view))
}

/// Its text.
///
/// # Errors
/// In words: it is no migration any more, or not understood.
pub(crate) fn text(snapshot: &project::Snapshot, file: &Path, view: View) -> Result<String, String> {
    let file = snapshot.file(file).ok_or("there is no such migration")?;
    match view {
        View::Schema => Ok(ide::schema_at(snapshot, file, false)?.text),
        View::SchemaHcl => Ok(ide::schema_at(snapshot, file, true)?.text),
        View::Lint => Ok(ide::lint_text(snapshot, file)?.0),
        View::Diff => {
            let (_, before, after) = ide::diff_with_previous(snapshot, file)?;
            Ok(compared(&before, &after))
        }
    }
}

/// Two schemas side by side. Those too large to be compared line by line are shown one after the other.
pub(crate) fn compared(before: &str, after: &str) -> String {
    const MOST: usize = 4_000;
    let lines = |text: &str| text.lines().count();
    if lines(before).max(lines(after)) > MOST {
        return format!("-- before\n{before}\n-- after\n{after}");
    }
    commands::udiff::unified(before, after, "before", "after")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let uri = Uri::parse("file:///w/shop").expect("a URI");
        let folders = [Folder { uri, path: Path::new("/w/shop"), name: "shop".into() }];
        for (view, name) in View::ALL {
            let file = Path::new("/w/shop/db/migrations/1 a.sql");
            let written = write(&folders, &file, view).expect("a URI");
            assert_eq!(
                written.as_str(),
                format!("atlas-migration:/shop/db/migrations/1%20a.sql/1%20a.{name}")
            );
            assert_eq!(read(&folders, &written), Some((file, view)));
        }
        let other = Uri::parse("atlas-plan:/shop/atlas.hcl/schema.sql").expect("a URI");
        assert_eq!(read(&folders, &other), None);
    }
}
