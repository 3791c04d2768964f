//! What the definitions of PostgreSQL do.

use engine::replay::{Builder, Hooks, Rename, Unsupported};
use schema::{Column, View};
use syntax::sql::Piece;
use syntax::sql::ast::Statement;

pub struct Ddl;

impl Hooks for Ddl {
    fn read(&self, _: &Statement, _: &Piece, _: &mut Builder) -> Result<(), Unsupported> {
        Err(Unsupported)
    }

    fn rename_in_expr(&self, text: &str, _from: &str, _to: &str) -> String {
        text.to_string()
    }

    fn rename_in_body(&self, text: &str, _rename: &Rename<'_>) -> String {
        text.to_string()
    }

    fn view_with_body(&self, view: &View, body: String) -> View {
        View { body, ..view.clone() }
    }

    fn columns_of(&self, _text: &str) -> Vec<String> {
        Vec::new()
    }

    fn derived_column(&self, name: &str, of: Option<&Column>) -> Column {
        let plain = Column {
            name: name.into(),
            ty: None,
            raw_type: String::new(),
            nullable: true,
            default: None,
            generated: None,
            comment: None,
            attrs: schema::Attrs::default(),
        };
        of.map_or(plain.clone(), |of| Column { name: name.into(), ..of.clone() })
    }

    fn rename_automatic(&self, _index: &str, _from: &str, _to: &str) -> Option<String> {
        None
    }
}
