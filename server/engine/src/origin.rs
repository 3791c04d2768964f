//! Where the objects of a realm come from, and where they are used.
//!
//! The realm itself has no positions, so these travel beside it. Both are made piece by piece (an HCL block, a SQL
//! statement) with ranges relative to the piece, shared by `Arc`, and placed by the offset the piece has in this
//! version of the file: an edit above a block costs nothing but its new offset. Invariant: what a [`Part`] says
//! depends on the text of its pieces only, never on where they stand.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use schema::ObjectPath;
use text::{FileId, FileRange, TextRange, TextSize};

/// Where an object is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    pub file: FileId,
    /// The whole definition: the block, the statement, the column's clause.
    pub range: TextRange,
    /// Its name; the definition's first token where it has none.
    pub name: TextRange,
}

/// Where a piece stands in this version of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: FileId,
    pub offset: TextSize,
}

/// Where one top-level object and all within it are defined, relative to the pieces that define it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub entries: Vec<Entry>,
}

/// One definition in a [`Part`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub path: ObjectPath,
    /// Which of the part's pieces it is in.
    pub piece: u32,
    pub range: TextRange,
    pub name: TextRange,
}

/// What a piece refers to, with ranges relative to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    pub entries: Vec<Use>,
}

/// One reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub range: TextRange,
    pub target: ObjectPath,
}

/// A name found at a place: what it stands for, and whether it is its definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    pub path: ObjectPath,
    pub place: FileRange,
    pub defines: bool,
}

/// The definitions and uses of a state. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    objects: Arc<FxHashMap<ObjectPath, Placed>>,
    uses: Arc<Vec<(Place, Arc<Uses>)>>,
    /// Names that differ in case only are the same; a use is written in any case.
    caseless: bool,
}

/// A [`Part`] and where its pieces stand.
#[derive(Clone, Debug)]
pub struct Placed {
    pub part: Arc<Part>,
    pub places: Vec<Place>,
}

/// Collects the parts of a state.
#[derive(Debug, Default)]
pub struct Builder {
    objects: FxHashMap<ObjectPath, Placed>,
    uses: Vec<(Place, Arc<Uses>)>,
    caseless: bool,
}

impl Place {
    /// The absolute place of `range`.
    pub fn at(self, range: TextRange) -> FileRange {
        FileRange { file: self.file, range: range + self.offset }
    }
}

impl Builder {
    /// Room for `objects` top-level objects.
    pub fn with_capacity(objects: usize) -> Self {
        let mut map = FxHashMap::default();
        map.reserve(objects);
        Self { objects: map, uses: Vec::with_capacity(objects), caseless: false }
    }

    /// The same, where names that differ in case only are the same.
    #[must_use]
    pub fn caseless(mut self, caseless: bool) -> Self {
        self.caseless = caseless;
        self
    }

    /// Adds what is known of the top-level object `path`; the first definition of a path stays.
    pub fn add(&mut self, path: ObjectPath, part: Arc<Part>, places: Vec<Place>) {
        self.objects.entry(path).or_insert(Placed { part, places });
    }

    /// Adds what the piece at `place` refers to.
    pub fn add_uses(&mut self, place: Place, uses: Arc<Uses>) {
        if !uses.entries.is_empty() {
            self.uses.push((place, uses));
        }
    }

    /// The finished index.
    pub fn finish(self) -> Origins {
        Origins { objects: Arc::new(self.objects), uses: Arc::new(self.uses), caseless: self.caseless }
    }
}

impl Origins {
    /// Those of several states as one; the first definition of a path stays.
    pub fn merge(parts: impl IntoIterator<Item = Origins>) -> Origins {
        let mut builder = Builder::default();
        for part in parts {
            for (path, placed) in part.objects.iter() {
                builder.objects.entry(path.clone()).or_insert_with(|| placed.clone());
            }
            builder.uses.extend(part.uses.iter().cloned());
        }
        builder.finish()
    }

    /// Where `path` is defined.
    pub fn get(&self, path: &ObjectPath) -> Option<Origin> {
        let top = top(path);
        let placed = match self.objects.get(&top) {
            Some(placed) => placed,
            None if self.caseless => {
                let (_, placed) = self.objects.iter().find(|(known, _)| self.same(known, &top))?;
                placed
            }
            None => return None,
        };
        let entries = &placed.part.entries;
        let exact = entries.iter().find(|entry| entry.path == *path);
        let entry =
            exact.or_else(|| entries.iter().find(|entry| self.caseless && self.same(&entry.path, path)))?;
        placed.origin(entry)
    }

    /// Whether both paths name one object.
    pub fn same(&self, a: &ObjectPath, b: &ObjectPath) -> bool {
        if a == b {
            return true;
        }
        let parents = || match (a.parent(), b.parent()) {
            (Some(a), Some(b)) => self.same(&a, &b),
            (None, None) => true,
            _ => false,
        };
        self.caseless
            && std::mem::discriminant(a) == std::mem::discriminant(b)
            && a.kind() == b.kind()
            && a.name().eq_ignore_ascii_case(b.name())
            && parents()
    }

    /// The statements that made what `path` is or lies in what it is, in order: the first created it.
    pub fn history(&self, path: &ObjectPath) -> &[Place] {
        let top = top(path);
        let exact = self.objects.get(&top);
        let found = exact.or_else(|| {
            let mut all = self.objects.iter().filter(|_| self.caseless);
            all.find(|(known, _)| self.same(known, &top)).map(|(_, placed)| placed)
        });
        found.map_or(&[], |placed| &placed.places)
    }

    /// Where `path` or else the nearest object around it is defined: an index that a database made on its own has
    /// no text, its table has.
    pub fn nearest(&self, path: &ObjectPath) -> Option<Origin> {
        let mut path = path.clone();
        loop {
            if let Some(origin) = self.get(&path) {
                return Some(origin);
            }
            path = path.parent()?;
        }
    }

    /// Every definition, in no particular order.
    pub fn definitions(&self) -> impl Iterator<Item = (&ObjectPath, Origin)> {
        self.objects.values().flat_map(|placed| {
            placed.part.entries.iter().filter_map(|entry| Some((&entry.path, placed.origin(entry)?)))
        })
    }

    /// Every reference to `path`, in the order of files and pieces.
    pub fn uses_of(&self, path: &ObjectPath) -> Vec<FileRange> {
        self.uses().filter(|(target, _)| self.same(target, path)).map(|(_, place)| place).collect()
    }

    /// Every reference.
    pub fn uses(&self) -> impl Iterator<Item = (&ObjectPath, FileRange)> {
        self.uses
            .iter()
            .flat_map(|(place, uses)| uses.entries.iter().map(|entry| (&entry.target, place.at(entry.range))))
    }

    /// The definitions and references whose name touches `offset` of `file`, the narrowest first.
    pub fn at(&self, file: FileId, offset: TextSize) -> Vec<Occurrence> {
        let touches = |place: &FileRange| place.file == file && place.range.contains_inclusive(offset);
        let uses = self.uses().filter(|(_, place)| touches(place)).map(|(path, place)| Occurrence {
            path: path.clone(),
            place,
            defines: false,
        });
        let definitions = self
            .definitions()
            .map(|(path, origin)| (path, FileRange { file: origin.file, range: origin.name }))
            .filter(|(_, place)| touches(place))
            .map(|(path, place)| Occurrence { path: path.clone(), place, defines: true });
        let mut found: Vec<Occurrence> = uses.chain(definitions).collect();
        found.sort_by_key(|occurrence| occurrence.place.range.len());
        found
    }

    /// Whether nothing has a place: the state of a live database.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }
}

impl Placed {
    fn origin(&self, entry: &Entry) -> Option<Origin> {
        let place = self.places.get(entry.piece as usize)?;
        Some(Origin { file: place.file, range: entry.range + place.offset, name: entry.name + place.offset })
    }
}

impl Part {
    /// Adds a definition in the part's first piece.
    pub fn add(&mut self, path: ObjectPath, range: TextRange, name: TextRange) {
        self.entries.push(Entry { path, piece: 0, range, name });
    }
}

impl Uses {
    /// Adds a reference.
    pub fn add(&mut self, range: TextRange, target: ObjectPath) {
        self.entries.push(Use { range, target });
    }
}

/// The top-level object that `path` is or lies in; a schema stays a schema.
pub fn top(path: &ObjectPath) -> ObjectPath {
    match path {
        ObjectPath::Column { .. }
        | ObjectPath::PrimaryKey { .. }
        | ObjectPath::Index { .. }
        | ObjectPath::ForeignKey { .. }
        | ObjectPath::Check { .. } => path.parent().unwrap_or_else(|| path.clone()),
        _ => path.clone(),
    }
}
