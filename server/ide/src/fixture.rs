//! Projects for tests, made from one text: `-- name --` starts a file below `/p`, `$0` marks the cursor.
//!
//! `\-- name --` is a line of a file and no header. A text without headers is one file, whose name the caller gives. Every directory fact follows from the names, so
//! nothing is left to ask but what tests set themselves.

use std::collections::{BTreeMap, BTreeSet};

use project::{Answer, Content, Entry, Fact, Path, Project, Snapshot, Want};
use smol_str::SmolStr;
use text::{FileId, Text, TextRange, TextSize};

/// A project and the cursor in it.
pub struct Fixture {
    pub project: Project,
    pub snapshot: Snapshot,
    /// The files in the order of the text.
    pub files: Vec<(String, FileId)>,
    /// Every `$0`, in order.
    pub cursors: Vec<(FileId, TextSize)>,
}

impl Fixture {
    /// Reads `text`; `name` is the file of a text without headers.
    pub fn new(name: &str, text: &str) -> Self {
        let mut project = Project::new(dialects::all());
        let mut files = Vec::new();
        let mut cursors = Vec::new();
        let mut directories: BTreeMap<String, BTreeSet<Entry>> = BTreeMap::new();
        directories.entry("/p".into()).or_default();
        for (name, text) in split(name, text) {
            let mut parts = text.split("$0");
            let mut clean = parts.next().unwrap_or_default().to_owned();
            let mut offsets = Vec::new();
            for part in parts {
                offsets.push(TextSize::of(clean.as_str()));
                clean.push_str(part);
            }
            let id = project.set_file(Path::new(&format!("/p/{name}")), Content::Text(Text::new(&clean)));
            cursors.extend(offsets.into_iter().map(|offset| (id, offset)));
            list(&mut directories, &name);
            files.push((name, id));
        }
        for (directory, entries) in directories {
            let answer = Answer::Entries(entries.into_iter().collect());
            project.set_fact(Want::Directory(Path::new(&directory)), Fact { answer, time: 0 });
        }
        let snapshot = project.snapshot();
        Self { project, snapshot, files, cursors }
    }

    /// The only cursor.
    pub fn cursor(&self) -> (FileId, TextSize) {
        assert_eq!(self.cursors.len(), 1, "a fixture has one cursor");
        self.cursors[0]
    }

    /// The file called `name`.
    pub fn file(&self, name: &str) -> FileId {
        self.files.iter().find(|(known, _)| known == name).map(|(_, id)| *id).expect("a file of the fixture")
    }

    /// The name of a file.
    pub fn name(&self, id: FileId) -> &str {
        self.files.iter().find(|(_, known)| *known == id).map_or("?", |(name, _)| name)
    }

    /// The text of a file, without cursors.
    pub fn text(&self, id: FileId) -> String {
        self.snapshot.text(id).map(Text::to_string).unwrap_or_default()
    }

    /// What stands at a place.
    pub fn slice(&self, id: FileId, range: TextRange) -> String {
        self.text(id)[range].to_owned()
    }
}

/// The files of a text, in order.
fn split(name: &str, text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let header = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (header, files.last_mut()) {
            (Some(name), _) => files.push((name.to_owned(), String::new())),
            (None, Some((_, file))) => file.push_str(line.strip_prefix('\\').unwrap_or(line)),
            (None, None) => files.push((name.to_owned(), line.to_owned())),
        }
    }
    files
}

/// Adds `name` and the directories above it to the listings.
fn list(directories: &mut BTreeMap<String, BTreeSet<Entry>>, name: &str) {
    let mut directory = "/p".to_owned();
    let mut rest = name;
    while let Some((first, below)) = rest.split_once('/') {
        let entry = Entry { name: SmolStr::from(first), directory: true };
        directories.entry(directory.clone()).or_default().insert(entry);
        directory = format!("{directory}/{first}");
        rest = below;
    }
    let entry = Entry { name: SmolStr::from(rest), directory: false };
    directories.entry(directory).or_default().insert(entry);
}
