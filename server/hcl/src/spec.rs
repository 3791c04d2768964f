//! What a body may contain, declared once: validation, completion, hover and the reference pages derive from it.
//!
//! Tables are `static` and built with `const fn`s, one attribute a line:
//!
//! ```ignore
//! static COLUMN: Body = Body::new(
//!     &[
//!         Attribute::bool("null", "Whether the column may hold NULL.").default("false"),
//!         Attribute::new("type", AttrType::Type, "The type of the column.").required(),
//!     ],
//!     &[Block::new("as", &AS, "How a generated column is computed.").once()],
//! );
//! ```
//!
//! This module holds no knowledge of any file kind. Invariant: names within one body differ, aliases included
//! ([`Body::check`] tells; owners of tables call it in a test).

/// What a body may contain.
#[derive(Debug)]
pub struct Body {
    pub attributes: &'static [Attribute],
    pub blocks: &'static [Block],
    pub openness: Openness,
    /// Sets of names of attributes and blocks of which at most one may be there.
    pub exclusive: &'static [&'static [&'static str]],
    /// Sets of names of attributes and blocks of which one must be there.
    pub one_of: &'static [&'static [&'static str]],
}

/// What an unknown name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    /// The grammar is complete: an unknown name is an error.
    Complete,
    /// Any attribute is allowed (`env`: input variables); an unknown block is an error.
    Open,
    /// The grammar may not be complete: an unknown name is a hint.
    Partial,
}

/// An attribute of a body.
#[derive(Debug)]
pub struct Attribute {
    pub name: &'static str,
    pub ty: AttrType,
    pub required: bool,
    /// One sentence or a few, in Markdown.
    pub doc: &'static str,
    /// What to use instead, as a sentence.
    pub deprecated: Option<&'static str>,
    /// Other names with the same meaning.
    pub aliases: &'static [&'static str],
    /// The value that applies when it is not set, as written.
    pub default: Option<&'static str>,
    pub content: Content,
    pub status: Status,
}

/// What an attribute takes.
#[derive(Clone, Copy, Debug)]
pub enum AttrType {
    Any,
    String,
    Bool,
    Int,
    Number,
    List(&'static AttrType),
    Map(&'static AttrType),
    /// One of these, as a bare identifier or a string.
    Enum(&'static [EnumValue]),
    /// A reference to a block of one of these types: `["column"]`.
    Ref(&'static [&'static str]),
    /// A type of the schema's database, or a reference to a block that defines one.
    Type,
    /// A type of a variable.
    VariableType,
    /// `sql("…")`
    Sql,
    /// Any of these.
    OneOf(&'static [AttrType]),
}

/// A word an attribute may take.
#[derive(Clone, Copy, Debug)]
pub struct EnumValue {
    pub name: &'static str,
    pub doc: &'static str,
}

/// What the text of a string is about; decides completion, links and embedded highlighting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Plain,
    /// A URL, `file://…` or of a database.
    Url,
    /// A path relative to the configuration.
    Path,
    Sql,
    /// A regular expression, RE2.
    Regex,
    /// A Go template.
    Template,
    /// A Go duration, `10s`.
    Duration,
    /// A glob of names of objects.
    Glob,
    /// An object of one of several kinds: the kind counts.
    Object,
}

/// Whether we do what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Executed,
    /// Accepted, completed and documented, but without effect yet.
    Accepted,
}

/// A block of a body.
#[derive(Debug)]
pub struct Block {
    pub name: &'static str,
    pub labels: Labels,
    pub body: &'static Body,
    /// Bodies that depend on the first label: `data "sql"`.
    pub variants: &'static [Variant],
    pub repeatable: bool,
    pub required: bool,
    pub doc: &'static str,
    pub deprecated: Option<&'static str>,
    pub status: Status,
}

/// The labels of a block.
#[derive(Clone, Copy, Debug)]
pub struct Labels {
    pub min: usize,
    pub max: usize,
    /// In order; may be shorter than `max`.
    pub names: &'static [Label],
}

/// One label.
#[derive(Clone, Copy, Debug)]
pub struct Label {
    pub name: &'static str,
    pub doc: &'static str,
}

/// The body of a block with a certain first label.
#[derive(Debug)]
pub struct Variant {
    pub label: &'static str,
    pub body: &'static Body,
    pub doc: &'static str,
}

impl Body {
    /// A body with a complete grammar.
    pub const fn new(attributes: &'static [Attribute], blocks: &'static [Block]) -> Self {
        Self { attributes, blocks, openness: Openness::Complete, exclusive: &[], one_of: &[] }
    }

    /// The same body, where any attribute is allowed.
    #[must_use]
    pub const fn open(mut self) -> Self {
        self.openness = Openness::Open;
        self
    }

    /// The same body, with a grammar that may not be complete.
    #[must_use]
    pub const fn partial(mut self) -> Self {
        self.openness = Openness::Partial;
        self
    }

    #[must_use]
    pub const fn exclusive(mut self, sets: &'static [&'static [&'static str]]) -> Self {
        self.exclusive = sets;
        self
    }

    #[must_use]
    pub const fn one_of(mut self, sets: &'static [&'static [&'static str]]) -> Self {
        self.one_of = sets;
        self
    }

    /// The attribute called `name`, also by an alias.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        let attributes = self.attributes;
        attributes.iter().find(|attribute| attribute.name == name || attribute.aliases.contains(&name))
    }

    /// The block called `name`.
    pub fn block(&self, name: &str) -> Option<&'static Block> {
        let blocks = self.blocks;
        blocks.iter().find(|block| block.name == name)
    }

    /// The first name declared twice among the attributes, or among the blocks, of this body.
    pub fn check(&self) -> Option<&'static str> {
        let mut names: Vec<&'static str> = self
            .attributes
            .iter()
            .flat_map(|it| std::iter::once(it.name).chain(it.aliases.iter().copied()))
            .collect();
        let mut blocks: Vec<&'static str> = self.blocks.iter().map(|block| block.name).collect();
        [&mut names, &mut blocks].into_iter().find_map(|names| {
            names.sort_unstable();
            names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
        })
    }
}

impl Attribute {
    pub const fn new(name: &'static str, ty: AttrType, doc: &'static str) -> Self {
        Self {
            name,
            ty,
            required: false,
            doc,
            deprecated: None,
            aliases: &[],
            default: None,
            content: Content::Plain,
            status: Status::Executed,
        }
    }

    pub const fn string(name: &'static str, doc: &'static str) -> Self {
        Self::new(name, AttrType::String, doc)
    }

    pub const fn bool(name: &'static str, doc: &'static str) -> Self {
        Self::new(name, AttrType::Bool, doc)
    }

    pub const fn int(name: &'static str, doc: &'static str) -> Self {
        Self::new(name, AttrType::Int, doc)
    }

    pub const fn strings(name: &'static str, doc: &'static str) -> Self {
        Self::new(name, AttrType::STRINGS, doc)
    }

    pub const fn words(name: &'static str, values: &'static [EnumValue], doc: &'static str) -> Self {
        Self::new(name, AttrType::Enum(values), doc)
    }

    /// A reference to a block of one of the types `kinds`.
    pub const fn reference(name: &'static str, kinds: &'static [&'static str], doc: &'static str) -> Self {
        Self::new(name, AttrType::Ref(kinds), doc)
    }

    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    #[must_use]
    pub const fn deprecated(mut self, instead: &'static str) -> Self {
        self.deprecated = Some(instead);
        self
    }

    #[must_use]
    pub const fn aliases(mut self, names: &'static [&'static str]) -> Self {
        self.aliases = names;
        self
    }

    #[must_use]
    pub const fn default(mut self, written: &'static str) -> Self {
        self.default = Some(written);
        self
    }

    #[must_use]
    pub const fn holds(mut self, content: Content) -> Self {
        self.content = content;
        self
    }

    /// Accepted, but without effect yet.
    #[must_use]
    pub const fn accepted(mut self) -> Self {
        self.status = Status::Accepted;
        self
    }
}

impl AttrType {
    pub const STRINGS: AttrType = AttrType::List(&AttrType::String);

    /// The words it takes, in order; of all alternatives of a union.
    pub fn words(&self) -> Vec<&'static EnumValue> {
        match self {
            AttrType::Enum(values) => values.iter().collect(),
            AttrType::List(inner) => inner.words(),
            AttrType::OneOf(types) => types.iter().flat_map(AttrType::words).collect(),
            _ => Vec::new(),
        }
    }

    /// The types of blocks it may refer to.
    pub fn kinds(&self) -> Vec<&'static str> {
        match self {
            AttrType::Ref(kinds) => kinds.to_vec(),
            AttrType::List(inner) => inner.kinds(),
            AttrType::OneOf(types) => types.iter().flat_map(AttrType::kinds).collect(),
            _ => Vec::new(),
        }
    }

    /// The name in a message or hover: `list(string)`.
    pub fn describe(&self) -> String {
        match self {
            AttrType::Any => "any".into(),
            AttrType::String => "string".into(),
            AttrType::Bool => "bool".into(),
            AttrType::Int => "int".into(),
            AttrType::Number => "number".into(),
            AttrType::List(inner) => format!("list({})", inner.describe()),
            AttrType::Map(inner) => format!("map({})", inner.describe()),
            AttrType::Enum(values) => {
                format!("enum ({})", values.iter().map(|value| value.name).collect::<Vec<_>>().join(", "))
            }
            AttrType::Ref(kinds) => format!("reference to {}", kinds.join(" or ")),
            AttrType::Type => "type".into(),
            AttrType::VariableType => "type constraint".into(),
            AttrType::Sql => "sql expression".into(),
            AttrType::OneOf(types) => types.iter().map(AttrType::describe).collect::<Vec<_>>().join(" or "),
        }
    }
}

impl EnumValue {
    pub const fn new(name: &'static str, doc: &'static str) -> Self {
        Self { name, doc }
    }
}

impl Block {
    /// A block without labels that may be there many times.
    pub const fn new(name: &'static str, body: &'static Body, doc: &'static str) -> Self {
        Self {
            name,
            labels: Labels::NONE,
            body,
            variants: &[],
            repeatable: true,
            required: false,
            doc,
            deprecated: None,
            status: Status::Executed,
        }
    }

    /// The same block, with labels.
    #[must_use]
    pub const fn labels(mut self, labels: Labels) -> Self {
        self.labels = labels;
        self
    }

    /// The same block, with one required label: its name.
    #[must_use]
    pub const fn named(self) -> Self {
        self.labels(Labels { min: 1, max: 1, names: &[Label { name: "name", doc: "" }] })
    }

    /// The same block, with a name that may be left out.
    #[must_use]
    pub const fn maybe_named(self) -> Self {
        self.labels(Labels { min: 0, max: 1, names: &[Label { name: "name", doc: "" }] })
    }

    /// The same block, which may be there once only.
    #[must_use]
    pub const fn once(mut self) -> Self {
        self.repeatable = false;
        self
    }

    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    #[must_use]
    pub const fn variants(mut self, variants: &'static [Variant]) -> Self {
        self.variants = variants;
        self
    }

    #[must_use]
    pub const fn deprecated(mut self, instead: &'static str) -> Self {
        self.deprecated = Some(instead);
        self
    }

    /// Accepted, but without effect yet.
    #[must_use]
    pub const fn accepted(mut self) -> Self {
        self.status = Status::Accepted;
        self
    }

    /// The body of a block with these labels.
    pub fn body_of(&self, first_label: Option<&str>) -> &'static Body {
        let variant = self.variants.iter().find(|variant| Some(variant.label) == first_label);
        variant.map_or(self.body, |variant| variant.body)
    }
}

impl Labels {
    pub const NONE: Labels = Labels { min: 0, max: 0, names: &[] };

    /// Exactly `count` labels, called `names`.
    pub const fn exactly(count: usize, names: &'static [Label]) -> Self {
        Self { min: count, max: count, names }
    }

    pub const fn between(min: usize, max: usize, names: &'static [Label]) -> Self {
        Self { min, max, names }
    }
}

impl Label {
    pub const fn new(name: &'static str, doc: &'static str) -> Self {
        Self { name, doc }
    }
}

impl Variant {
    pub const fn new(label: &'static str, body: &'static Body, doc: &'static str) -> Self {
        Self { label, body, doc }
    }
}

/// What is at a path of blocks.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// `None` for the file itself.
    pub block: Option<&'static Block>,
    pub body: &'static Body,
}

/// What is declared at `path`, a list of block types with their first labels, outermost first.
///
/// `None` when a block on the way is not declared.
pub fn lookup<'a>(
    root: &'static Body,
    path: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
) -> Option<Place> {
    let mut place = Place { block: None, body: root };
    for (name, label) in path {
        let block = place.body.block(name)?;
        place = Place { block: Some(block), body: block.body_of(label) };
    }
    Some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    static LEAF: Body = Body::new(&[Attribute::bool("on", "Switch.").default("false")], &[]);
    /// Contains itself, as `schema` in some grammars does.
    static TREE: Body = Body::new(
        &[
            Attribute::string("a", "A.").required().aliases(&["b"]),
            Attribute::new("c", AttrType::OneOf(&[AttrType::Ref(&["x"]), AttrType::STRINGS]), "C."),
        ],
        &[
            Block::new("tree", &TREE, "More.").named(),
            Block::new("data", &TREE, "").variants(&[Variant::new("leaf", &LEAF, "")]),
        ],
    )
    .open();

    #[test]
    fn a_static_table_may_contain_itself_and_is_found_by_path() {
        let place = lookup(&TREE, [("tree", Some("x")), ("tree", None), ("data", Some("leaf"))]).unwrap();
        assert_eq!(place.body.attributes[0].name, "on");
        assert!(lookup(&TREE, [("wood", None)]).is_none());
        assert_eq!(TREE.attribute("b").unwrap().name, "a");
        assert_eq!(TREE.attribute("c").unwrap().ty.describe(), "reference to x or list(string)");
        assert_eq!(TREE.check(), None);
    }

    static TWICE: Body =
        Body::new(&[Attribute::string("a", ""), Attribute::string("c", "").aliases(&["a"])], &[]);

    #[test]
    fn a_name_declared_twice_is_found() {
        assert_eq!(TWICE.check(), Some("a"));
    }
}
