//! Everything one piece says, worked out from its tree, and what it depends on.

use std::cell::RefCell;
use std::sync::Arc;

use hcl::{Each, NoTurns, Value};
use schema::{Object, ObjectPath, Routine, Schema, SmolStr, Table, Trigger, View};
use syntax::hcl::Piece;
use syntax::hcl::ast::{self, AstNode, Block, Item};

use super::globals::Globals;
use super::names::{Answer, Names, Question};
use super::read::{Note, Notes, Words};
use super::scope::{BlockScope, PieceScope, Place};
use super::summary::{Summary, header_range};
use super::{object, table, trigger};
use crate::Dialect;
use crate::origin::{Part, Uses};

/// What a piece says.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    pub schemas: Vec<(Schema, Arc<Part>)>,
    pub tables: Vec<(Arc<Table>, Arc<Part>)>,
    pub views: Vec<(Arc<View>, Arc<Part>)>,
    pub triggers: Vec<(Arc<Trigger>, Arc<Part>)>,
    pub routines: Vec<(Arc<Routine>, Arc<Part>)>,
    pub objects: Vec<(Arc<Object>, Arc<Part>)>,
    pub uses: Arc<Uses>,
    pub notes: Vec<Note>,
    deps: Vec<(Question, Answer)>,
}

impl Decoded {
    /// Whether everything the piece asked has the same answer now.
    pub fn holds(&self, names: &Names<'_>, globals: &Globals) -> bool {
        self.deps.iter().all(|(question, answer)| super::scope::answer(question, names, globals) == *answer)
    }
}

/// Works out what `piece` says.
pub(super) fn decode(
    piece: &Piece,
    summary: &Summary,
    names: &Names<'_>,
    globals: &Globals,
    dialect: &'static Dialect,
) -> Decoded {
    let scope = PieceScope { names, globals, deps: RefCell::default(), said: RefCell::default() };
    let notes = Notes {
        notes: Vec::new(),
        uses: Uses::default(),
        text: piece.text(),
        own: (SmolStr::default(), SmolStr::default()),
        recording: true,
        shape_only: false,
        silent: summary.broken,
    };
    let mut decoder = Decoder { out: Decoded::default(), scope: &scope, notes, dialect };
    if let Some(body) = piece.body() {
        for item in body.items() {
            decoder.item(&item);
        }
    }
    let Decoder { mut out, notes, .. } = decoder;
    out.uses = Arc::new(notes.uses);
    out.notes = notes.notes;
    out.deps = scope.deps.into_inner();
    out
}

struct Decoder<'a> {
    out: Decoded,
    scope: &'a PieceScope<'a>,
    notes: Notes<'a>,
    dialect: &'static Dialect,
}

impl Decoder<'_> {
    fn item(&mut self, item: &Item) {
        let spec = self.dialect.spec;
        match item {
            Item::Block(block) => {
                let Some(word) = block.type_name() else { return };
                match word.text() {
                    "variable" | "locals" | "data" => self.shape(block, word.text()),
                    word_text => match spec.block(word_text) {
                        Some(declared) => self.object(block, declared.name),
                        None => {
                            self.notes.unknown_block(&word, spec, "the schema");
                        }
                    },
                }
            }
            Item::Attribute(attribute) => {
                let Some(name) = attribute.name() else { return };
                if spec.openness == hcl::spec::Openness::Complete {
                    let near = hcl::suggest(name.text(), spec.blocks.iter().map(|block| block.name));
                    let mut message = format!("the schema has no attribute {:?}", name.text());
                    if let Some(near) = near {
                        message.push_str(&format!(", did you mean block {near:?}?"));
                    }
                    self.notes.error(name.range(), hcl::code::UNKNOWN_ATTRIBUTE, message);
                }
            }
            Item::Incomplete(_) => {}
        }
    }

    /// Blocks whose values were worked out with all others of their kind: only their form is judged here.
    fn shape(&mut self, block: &Block, word: &str) {
        let Some(spec) = self.dialect.spec.block(word) else { return };
        if !self.notes.labels(block, spec) {
            return;
        }
        self.notes.shape_only = true;
        let scope = BlockScope {
            piece: self.scope,
            dialect: self.dialect,
            columns: &[],
            complete: true,
            table: "",
            each: None,
            place: Place::Plain,
        };
        let what = match block.labels().next() {
            Some(label) => format!("{word} {:?}", label.value()),
            None => word.to_owned(),
        };
        let read = self.notes.read(block, spec.body, &scope, &what);
        for (inner_spec, inner) in &read.blocks {
            self.notes.read(inner, inner_spec.body, &scope, &format!("{:?} of {what}", inner_spec.name));
        }
        self.notes.shape_only = false;
    }

    fn object(&mut self, block: &Block, word: &'static str) {
        let for_each = block.body().and_then(|body| body.attribute("for_each")?.expr());
        let Some(expr) = for_each else {
            self.turn(block, word, None);
            return;
        };
        let turns = self.turns(&expr, block);
        let known = turns.is_some();
        // Of what is not known, or empty, only the form is judged.
        let turns = turns.filter(|turns| !turns.is_empty());
        let unknown = || vec![Each { key: Value::lost(), value: Value::lost() }];
        let count = self.counts();
        for (at, each) in turns.clone().unwrap_or_else(unknown).iter().enumerate() {
            let before = self.notes.notes.len();
            self.notes.recording = at == 0;
            self.turn(block, word, Some(each));
            // The same mistake in every turn is one mistake.
            let (earlier, later) = self.notes.notes.split_at(before);
            let fresh: Vec<Note> = later
                .iter()
                .filter(|note| !earlier.iter().any(|known| known.diagnostic.range == note.diagnostic.range))
                .cloned()
                .collect();
            self.notes.notes.truncate(before);
            self.notes.notes.extend(fresh);
        }
        self.notes.recording = true;
        if turns.is_none() || !known {
            self.truncate(count);
        }
    }

    /// How many objects of each kind there are.
    fn counts(&self) -> [usize; 6] {
        let out = &self.out;
        [
            out.schemas.len(),
            out.tables.len(),
            out.views.len(),
            out.triggers.len(),
            out.routines.len(),
            out.objects.len(),
        ]
    }

    fn truncate(&mut self, [schemas, tables, views, triggers, routines, objects]: [usize; 6]) {
        self.out.routines.truncate(routines);
        self.out.objects.truncate(objects);
        self.out.schemas.truncate(schemas);
        self.out.tables.truncate(tables);
        self.out.views.truncate(views);
        self.out.triggers.truncate(triggers);
    }

    /// The turns of a block; `None` when they are not known.
    fn turns(&mut self, expr: &ast::Expr, block: &Block) -> Option<Vec<Each>> {
        let scope = BlockScope {
            piece: self.scope,
            dialect: self.dialect,
            columns: &[],
            complete: true,
            table: "",
            each: None,
            place: Place::Plain,
        };
        let value = hcl::eval(expr, &scope);
        // What is wrong with the expression is noted when the block is read.
        self.scope.said.borrow_mut().clear();
        if !value.diagnostics.is_empty() {
            return None;
        }
        match hcl::for_each(&value.value) {
            Ok(turns) => Some(turns),
            Err(NoTurns::Unknown(_)) => None,
            Err(NoTurns::Unsupported(message)) => {
                let range = if expr.range().is_empty() { header_range(block) } else { expr.range() };
                let diagnostic = text::Diagnostic::error(range, hcl::code::TYPE_MISMATCH, message.clone());
                self.notes.push(diagnostic, Words::Sentence(format!("schemahcl: {message}")));
                None
            }
        }
    }

    fn turn(&mut self, block: &Block, word: &'static str, each: Option<&Each>) {
        let (notes, scope, dialect) = (&mut self.notes, self.scope, self.dialect);
        match word {
            "table" | "materialized" => {
                // The rules of the dialect look at the notes of this table only.
                let before = std::mem::take(&mut notes.notes);
                let decoded = table::decode(notes, block, word, scope, dialect, each);
                let own = std::mem::replace(&mut notes.notes, before);
                notes.notes.extend(own);
                match decoded {
                    Some(decoded) if word == "table" => {
                        self.out.tables.push((Arc::new(decoded.table), Arc::new(decoded.part)));
                    }
                    Some(decoded) => {
                        let (view, part) = object::materialized(decoded, dialect);
                        self.out.views.push((Arc::new(view), Arc::new(part)));
                    }
                    None => {}
                }
            }
            "view" => {
                if let Some((view, part)) = object::view(notes, block, scope, dialect, each) {
                    self.out.views.push((Arc::new(view), Arc::new(part)));
                }
            }
            "trigger" => {
                if let Some((trigger, part)) = trigger::trigger(notes, block, scope, dialect, each) {
                    self.out.triggers.push((Arc::new(trigger), Arc::new(part)));
                }
            }
            "schema" => {
                if let Some((schema, part)) = object::schema(notes, block, scope, dialect, each) {
                    self.out.schemas.push((schema, Arc::new(part)));
                }
            }
            "function" | "procedure" => {
                if let Some((routine, part)) = object::routine(notes, block, word, scope, dialect, each) {
                    self.out.routines.push((Arc::new(routine), Arc::new(part)));
                }
            }
            _ => {
                let objects = object::object(notes, block, word, scope, dialect, each);
                for (object, part) in objects.into_iter().flatten() {
                    self.out.objects.push((Arc::new(object), Arc::new(part)));
                }
            }
        }
    }
}

/// The path an object of a part has, for placing it.
pub(super) fn path_of(part: &Part) -> Option<&ObjectPath> {
    part.entries.first().map(|entry| &entry.path)
}
