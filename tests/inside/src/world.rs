//! A folder held in memory, opened as a project; what the project asks for is answered from the folder.
//!
//! Programs, queries and databases are refused, as in a workspace that nobody trusts with them. Invariant: the
//! project is asked again until it wants nothing more, so what is found is what a server would show in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path as FilePath;

use project::{Answer, Content, Entry, Fact, Path, Project, Snapshot, Want};
use smol_str::SmolStr;
use text::{Diagnostic, Encoding, FileId, Severity, Text};

/// Where the folder pretends to be.
const ROOT: &str = "/w";

/// Files by name, relative to the folder.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub files: BTreeMap<String, Vec<u8>>,
}

/// A diagnostic with the name of its file.
#[derive(Clone, Debug)]
pub struct Found {
    pub file: String,
    pub diagnostic: Diagnostic,
}

impl World {
    /// A folder with these files.
    pub fn of(files: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { files: files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect() }
    }

    /// The files of a folder of the file system, without hidden ones.
    pub fn read(folder: &FilePath) -> Self {
        fn walk(folder: &FilePath, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
            let entries =
                fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            for entry in entries {
                let path = entry.expect("a folder can be listed").path();
                let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
                if path.is_dir() {
                    walk(&path, &format!("{prefix}{name}/"), files);
                } else {
                    files.insert(format!("{prefix}{name}"), fs::read(&path).expect("a file can be read"));
                }
            }
        }
        let mut world = Self::default();
        walk(folder, "", &mut world.files);
        world
    }

    /// The folders that hold an `atlas.hcl`, as worlds of their own, by name.
    pub fn projects(&self) -> BTreeMap<String, World> {
        let mut found = BTreeMap::new();
        for name in self.files.keys() {
            let Some(folder) = name.strip_suffix("atlas.hcl").filter(|it| it.is_empty() || it.ends_with('/'))
            else {
                continue;
            };
            let inside = self
                .files
                .iter()
                .filter_map(|(name, bytes)| Some((name.strip_prefix(folder)?.to_owned(), bytes.clone())));
            found.insert(folder.to_owned(), World { files: inside.collect() });
        }
        found
    }

    /// The project with all files set.
    pub fn project(&self) -> Project {
        let mut project = Project::new(dialects::all());
        for (name, bytes) in &self.files {
            project.set_file(path(name), content(bytes));
        }
        project
    }

    /// The project with all files set and all questions answered.
    pub fn open(&self) -> Snapshot {
        self.settle(&mut self.project())
    }

    /// What is found after each of `texts` was put into the file called `name`, one after another in one project.
    pub fn edits(&self, name: &str, texts: &[&str]) -> Vec<Vec<Found>> {
        let mut project = self.project();
        let after = |text: &&str| {
            project.set_file(path(name), content(text.as_bytes()));
            self.found(&self.settle(&mut project))
        };
        texts.iter().map(after).collect()
    }

    /// Answers the questions of `project` until it has none.
    pub fn settle(&self, project: &mut Project) -> Snapshot {
        let mut answered = BTreeSet::new();
        loop {
            let snapshot = project.snapshot();
            let ids: Vec<FileId> = self.files.keys().filter_map(|name| id_of(&snapshot, name)).collect();
            let wanted: Vec<Want> =
                snapshot.wanted(&ids).into_iter().filter(|want| answered.insert(want.clone())).collect();
            if wanted.is_empty() {
                return snapshot;
            }
            for want in wanted {
                match &want {
                    Want::File(path) => {
                        if snapshot.file(path).is_none() {
                            project.set_file(path.clone(), Content::Missing);
                        }
                    }
                    _ => {
                        let answer = self.answer(&want);
                        project.set_fact(want, Fact { answer, time: 0 });
                    }
                }
            }
        }
    }

    fn answer(&self, want: &Want) -> Answer {
        match want {
            Want::Directory(path) => match self.entries(path) {
                Some(entries) => Answer::Entries(entries),
                None => Answer::Failed("no such file or directory".to_owned()),
            },
            Want::Glob { base, pattern, .. } => {
                let pattern = wildcard(base.join(pattern).as_str());
                let names = self.files.keys().map(|name| format!("{ROOT}/{name}"));
                let found = names.filter(|name| pattern.is_match(name)).map(SmolStr::from);
                Answer::Value(hcl::Value::strings(found))
            }
            Want::Env(_) => Answer::Value(hcl::Value::string("")),
            Want::Now => Answer::Value(hcl::Value::string("2026-01-02T03:04:05Z")),
            _ => Answer::Refused("nobody asked the user".to_owned()),
        }
    }

    fn entries(&self, folder: &Path) -> Option<Vec<Entry>> {
        let prefix = match folder.as_str().strip_prefix(ROOT)? {
            "" => String::new(),
            inside => format!("{}/", inside.strip_prefix('/')?),
        };
        let mut entries = BTreeSet::new();
        for name in self.files.keys() {
            let Some(rest) = name.strip_prefix(&prefix) else { continue };
            let (name, directory) = rest.split_once('/').map_or((rest, false), |(first, _)| (first, true));
            entries.insert(Entry { name: SmolStr::from(name), directory });
        }
        (!entries.is_empty()).then(|| entries.into_iter().collect())
    }

    /// All that is found in all files, in order.
    pub fn check(&self) -> Vec<Found> {
        self.found(&self.open())
    }

    /// All that is found in a snapshot of this world, in order.
    pub fn found(&self, snapshot: &Snapshot) -> Vec<Found> {
        let mut found = Vec::new();
        for name in self.files.keys() {
            let Some(id) = id_of(snapshot, name) else { continue };
            let diagnostics = ide::diagnostics(snapshot, id);
            found.extend(diagnostics.into_iter().map(|diagnostic| Found { file: name.clone(), diagnostic }));
        }
        found
    }

    /// What a user would call a false alarm: errors and warnings, but for what analyzers say of running a migration, which
    /// is true of many that were run.
    pub fn alarms(&self) -> Vec<Found> {
        let is_lint = |code: &str| code.len() == 5 && code.as_bytes()[..2].iter().all(u8::is_ascii_uppercase);
        let loud =
            |found: &Found| found.diagnostic.severity >= Severity::Warning && !is_lint(found.diagnostic.code);
        self.check().into_iter().filter(loud).collect()
    }

    pub fn text(&self, name: &str) -> &str {
        self.files.get(name).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// `name:line:column severity code "text": message`.
    pub fn render(&self, found: &Found) -> String {
        let Found { file, diagnostic } = found;
        let text = Text::new(self.text(file));
        let at = text.position(diagnostic.range.start(), Encoding::Utf32);
        let place = self.text(file).get(std::ops::Range::<usize>::from(diagnostic.range)).unwrap_or("?");
        format!(
            "{file}:{}:{} {:?} {} {place:?}: {}\n",
            at.line + 1,
            at.character + 1,
            diagnostic.severity,
            diagnostic.code,
            diagnostic.message
        )
    }
}

/// The file called `name` in a snapshot of a world.
pub fn id_of(snapshot: &Snapshot, name: &str) -> Option<FileId> {
    snapshot.file(&path(name))
}

fn path(name: &str) -> Path {
    Path::new(&format!("{ROOT}/{name}"))
}

fn content(bytes: &[u8]) -> Content {
    match std::str::from_utf8(bytes) {
        Ok(text) => Content::Text(Text::new(text)),
        Err(_) => Content::Binary,
    }
}

/// `*` is anything but a slash, `**` anything.
fn wildcard(pattern: &str) -> regex::Regex {
    let pattern = regex::escape(pattern).replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*");
    regex::Regex::new(&format!("^{pattern}$")).expect("an escaped pattern")
}
