//! `-- atlas:import path` at the head of a SQL schema file: other files and directories it needs.
//!
//! Invariant: every file comes once, behind all that it imports; what nobody imports keeps its place.
//!
//! Source: reference/migrations.md section 5 (documented; paths are seen from the importing file).

use text::{FileId, Text, TextRange, TextSize};

use super::{Source, Stat, stat};
use crate::Path;
use crate::kind::{Role, role};
use crate::memo::Reader;

/// `files` and what they import, in the order to run them.
///
/// # Errors
/// What the state is instead: a file that is missing or not read yet, files that import each other.
pub(super) fn expand(reader: &Reader<'_>, files: &[FileId]) -> Result<Vec<FileId>, Source> {
    let mut order = Order { reader, done: Vec::new(), open: Vec::new() };
    for file in files {
        order.visit(*file)?;
    }
    Ok(order.done)
}

struct Order<'a, 'r> {
    reader: &'a Reader<'r>,
    done: Vec<FileId>,
    /// The files whose imports are being read.
    open: Vec<FileId>,
}

impl Order<'_, '_> {
    fn visit(&mut self, id: FileId) -> Result<(), Source> {
        if self.done.contains(&id) {
            return Ok(());
        }
        let name =
            |id: &FileId| self.reader.file(*id).map_or_else(String::new, |file| file.path.name().to_owned());
        if let Some(at) = self.open.iter().position(|open| *open == id) {
            let mut names: Vec<String> = self.open.iter().skip(at).map(name).collect();
            names.push(name(&id));
            return Err(Source::Wrong(format!(
                "atlas:import: files import each other: {}",
                names.join(" -> ")
            )));
        }
        let Some(file) = self.reader.file(id) else { return Ok(()) };
        let imports = file.content.text().map(imports).unwrap_or_default();
        if !imports.is_empty() {
            self.open.push(id);
            let directory = file.path.parent().unwrap_or_else(|| Path::new("/"));
            for import in imports {
                self.import(&directory.join(import.trim_start_matches("file://")))?;
            }
            self.open.pop();
        }
        self.done.push(id);
        Ok(())
    }

    fn import(&mut self, path: &Path) -> Result<(), Source> {
        match stat(self.reader, path) {
            Stat::File(id) => self.visit(id),
            Stat::Pending => Err(Source::Pending),
            Stat::Wrong(message) => Err(Source::Wrong(format!("atlas:import: {message}"))),
            Stat::Directory(entries) => {
                let mut inside: Vec<Path> = entries
                    .iter()
                    .filter(|entry| !entry.directory)
                    .map(|entry| path.join(&entry.name))
                    .collect();
                inside.retain(|path| role(path) == Role::Sql);
                inside.sort();
                for path in inside {
                    // A directory's own file that imports its directory means the others.
                    match stat(self.reader, &path) {
                        Stat::File(id) if self.open.last() == Some(&id) => {}
                        _ => self.import(&path)?,
                    }
                }
                Ok(())
            }
        }
    }
}

/// How much of a file is read at a time to find its head.
const STEP: u32 = 4096;

/// The paths in the comments before the first statement.
fn imports(text: &Text) -> Vec<String> {
    let mut size = STEP;
    loop {
        let end = TextSize::new(size).min(text.len());
        let head = text.slice(TextRange::new(TextSize::new(0), end));
        let mut out = Vec::new();
        let mut whole = end == text.len();
        for line in head.trim_start_matches('\u{feff}').split_inclusive('\n') {
            let is_cut = !whole && !line.ends_with('\n');
            if is_cut {
                break;
            }
            let line = line.trim();
            if !line.is_empty() && !line.starts_with("--") && !line.starts_with('#') {
                whole = true;
                break;
            }
            let comment = line.trim_start_matches(['-', '#']).trim_start();
            let argument = comment.strip_prefix("atlas:import").filter(|rest| rest.starts_with([' ', '\t']));
            out.extend(argument.map(|path| path.trim().trim_matches(['"', '\'']).to_owned()));
        }
        if whole {
            return out;
        }
        size *= 4;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_stand_before_the_first_statement() {
        let read = |text: &str| imports(&Text::new(text)).join(" ");
        assert_eq!(
            read("-- atlas:import a.sql\r\n-- more\n\n--atlas:import \"b c/\"\nSELECT 1;\n"),
            "a.sql b c/"
        );
        assert_eq!(read("SELECT 1;\n-- atlas:import a.sql\n"), "");
        assert_eq!(read("-- atlas:imports a.sql\n-- atlas:import\n"), "");
        let long = format!("{}-- atlas:import z.sql\n", "-- a comment\n".repeat(2000));
        assert_eq!(read(&long), "z.sql");
    }
}
