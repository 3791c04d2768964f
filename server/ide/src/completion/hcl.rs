//! Completion in HCL: finds the kind of place and hands on.

use hcl::functions;
use hcl::spec::{self, Body};
use project::Role;
use smol_str::SmolStr;
use text::{TextRange, TextSize};

use super::{Item, body, values};
use crate::hcl_place::{Place, Spot};
use crate::world::World;

/// What the parts of completion in HCL have in common.
pub(super) struct Cx<'a> {
    pub world: &'a World<'a>,
    pub spot: &'a Spot,
    /// What is declared for the body around the cursor.
    pub declared: Option<spec::Place>,
    pub functions: &'static [&'static [hcl::Function]],
}

pub(super) fn complete(world: &World<'_>, spec: &'static Body, offset: TextSize) -> Vec<Item> {
    let Some(tree) = world.snapshot.hcl(world.file) else { return Vec::new() };
    let Some(spot) = Spot::find(&tree, offset) else { return body::empty_file(spec, offset) };
    let path = spot.path();
    let declared = spec::lookup(spec, path.iter().map(|(kind, label)| (kind.as_str(), label.as_deref())));
    let is_config = world.info.role == Role::Config;
    let functions = if is_config { functions::PROJECT } else { functions::SCHEMA };
    let cx = Cx { world, spot: &spot, declared, functions };
    match &spot.place {
        Place::Nowhere => Vec::new(),
        Place::Item { word, alone } => body::complete(&cx, *word, *alone),
        Place::Label { kind, index, range, quoted } => body::labels(&cx, kind, *index, *range, *quoted),
        Place::Value(value) => values::complete(&cx, value),
    }
}

impl Cx<'_> {
    /// A range of the piece in the file.
    pub fn file(&self, range: TextRange) -> TextRange {
        range + self.spot.base
    }

    pub fn is_config(&self) -> bool {
        self.world.info.role == Role::Config
    }

    /// The type of the innermost block.
    pub fn block(&self) -> SmolStr {
        self.spot.path().pop().map(|(kind, _)| kind).unwrap_or_default()
    }
}
