//! What a dialect declares of a column type: its names, its arguments, its family.
//!
//! Data only. Decoding, encoding, completion, hover and the reference page read it.

use schema::Class;

/// A column type of a dialect.
#[derive(Clone, Copy, Debug)]
pub struct TypeDef {
    /// As SQL writes it, in the canonical spelling: `unsigned big int`.
    pub name: &'static str,
    /// As HCL writes it: `unsigned_big_int`.
    pub hcl: &'static str,
    /// In order; required ones first.
    pub args: &'static [TypeArg],
    pub class: Class,
    /// Other SQL spellings of the same type, lower case.
    pub aliases: &'static [&'static str],
    /// One sentence.
    pub doc: &'static str,
}

/// An argument of a type.
#[derive(Clone, Copy, Debug)]
pub struct TypeArg {
    pub name: &'static str,
    pub kind: ArgKind,
    pub required: bool,
    /// Whether the encoder prints it (SQLite forgets the sizes of integers).
    pub kept: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgKind {
    Int,
    /// Any number of strings: the values of an enum.
    Strings,
}

/// The definition whose HCL name is `name`.
pub fn by_hcl(types: &'static [TypeDef], name: &str) -> Option<&'static TypeDef> {
    types.iter().find(|def| def.hcl == name)
}

/// The definition whose SQL name or alias is `name` (lower case).
pub fn by_sql(types: &'static [TypeDef], name: &str) -> Option<&'static TypeDef> {
    types.iter().find(|def| def.name == name || def.aliases.contains(&name))
}
