//! `ALTER TABLE` and `CREATE INDEX`, read from their text.
//!
//! What the changes do to a table is the business of [`apply`]; what a table's new name does, that of [`rename`].

mod apply;
mod rename;

use engine::replay::{Builder, Name, Unsupported};
use schema::{Attrs, Default, SmolStr};
use syntax::sql::Piece;
use syntax::sql::ast::{self, TableAction};

use self::apply::{apply, find_column};
pub(super) use self::rename::rename_table;
use super::column::{self, Written};
use super::key::{self, Key, Naming, has_index};
use super::table::{self, TableOption, partitioning, written};
use super::{Qual, name_of, step};

/// One thing an `ALTER TABLE` does.
#[derive(Clone, Debug)]
enum Change {
    Add {
        columns: Vec<Written>,
        place: Option<Option<Name>>,
        quiet: bool,
    },
    Redefine {
        from: Name,
        to: Written,
        place: Option<Option<Name>>,
        quiet: bool,
    },
    DropColumn {
        name: Name,
        quiet: bool,
    },
    RenameColumn {
        from: Name,
        to: Name,
        quiet: bool,
    },
    AddKey(Key),
    DropKey {
        kind: SmolStr,
        name: Option<Name>,
        quiet: bool,
    },
    RenameKey {
        from: Name,
        to: Name,
        quiet: bool,
    },
    Default {
        column: Name,
        default: Option<Default>,
    },
    IndexShown {
        name: Name,
        shown: bool,
    },
    CheckEnforced {
        name: Name,
        enforced: bool,
    },
    Option(TableOption),
    Convert {
        charset: TableOption,
        collate: Option<TableOption>,
    },
    Partition(Box<Attrs>),
    /// Names of partitions that go, and those that come instead.
    Partitions {
        drop: Vec<String>,
        add: Vec<Attrs>,
        all: bool,
    },
    Unversioned,
}

pub(super) fn table(
    alter: &ast::AlterTable,
    naming: Naming,
    builder: &mut Builder,
) -> Result<(), Unsupported> {
    let Some(path) = alter.path() else { return Ok(()) };
    let qual = Qual::of(&path);
    let quiet = alter.if_exists().is_some();
    let mut changes = Vec::new();
    let mut rename = None;
    for action in alter.table_actions() {
        match action {
            TableAction::RenameTable(to) => rename = to.path().map(|path| Qual::of(&path)),
            action => changes.extend(change(&action, naming)),
        }
    }
    step(builder, move |scene| {
        let Some((id, table)) = qual.table(scene, quiet) else { return };
        if !apply(scene, id, &table, &changes, naming) {
            return;
        }
        if let Some(to) = &rename {
            rename_table(scene, &qual, to, true);
        }
    });
    Ok(())
}

fn place(position: Option<ast::ColumnPosition>) -> Option<Option<Name>> {
    position.map(|position| position.after().map(|name| name_of(&name)))
}

fn change(action: &TableAction, naming: Naming) -> Option<Change> {
    let has = |node: &syntax::sql::SyntaxNode, word: &str| {
        node.children_with_tokens()
            .filter_map(|child| child.into_token())
            .any(|token| token.text().eq_ignore_ascii_case(word))
    };
    Some(match action {
        TableAction::AddColumns(columns, position) => {
            let quiet = columns
                .first()
                .and_then(|column| column.syntax().parent())
                .is_some_and(|node| has(&node, "EXISTS"));
            Change::Add { columns: written(columns), place: place(position.clone()), quiet }
        }
        TableAction::ModifyColumn(modify) => {
            let to = column::read(&modify.column()?)?;
            let quiet = has(modify.syntax(), "EXISTS");
            Change::Redefine { from: to.name.clone(), to, place: place(modify.position()), quiet }
        }
        TableAction::ChangeColumn(change) => Change::Redefine {
            from: name_of(&change.from()?),
            to: column::read(&change.column()?)?,
            place: place(change.position()),
            quiet: has(change.syntax(), "EXISTS"),
        },
        TableAction::DropColumn(drop) => {
            Change::DropColumn { name: name_of(&drop.name()?), quiet: drop.if_exists().is_some() }
        }
        TableAction::RenameColumn(rename) => Change::RenameColumn {
            from: name_of(&rename.from()?),
            to: name_of(&rename.to()?),
            quiet: has(rename.syntax(), "EXISTS"),
        },
        TableAction::AddKey(node) => {
            let mut key = key::read(node, naming)?;
            if let Key::Index { if_not_exists, .. } = &mut key {
                *if_not_exists = has(node, "EXISTS");
            }
            Change::AddKey(key)
        }
        TableAction::DropKey(drop) => Change::DropKey {
            kind: drop.kind(),
            name: drop.name().map(|name| name_of(&name)),
            quiet: drop.if_exists().is_some(),
        },
        TableAction::RenameKey(rename) => Change::RenameKey {
            from: name_of(&rename.from()?),
            to: name_of(&rename.to()?),
            quiet: has(rename.syntax(), "EXISTS"),
        },
        TableAction::Alter(alter) => {
            let name = name_of(&alter.name()?);
            let node = alter.syntax();
            if has(node, "INDEX") || has(node, "KEY") {
                let hidden = has(node, "INVISIBLE") || (has(node, "IGNORED") && !has(node, "NOT"));
                Change::IndexShown { name, shown: !hidden }
            } else if has(node, "CHECK") || has(node, "CONSTRAINT") {
                Change::CheckEnforced { name, enforced: !has(node, "NOT") }
            } else if has(node, "DROP") {
                Change::Default { column: name, default: None }
            } else if let Some(default) = alter.default() {
                Change::Default { column: name, default: column::default(&default) }
            } else {
                return None;
            }
        }
        TableAction::Option(option) => Change::Option(TableOption::of(option)),
        TableAction::Partition(node) => Change::Partition(Box::new(partitioning(node))),
        TableAction::RenameTable(_) => return None,
        TableAction::Other(other) => return self::other(other),
    })
}

fn other(other: &ast::AlterOther) -> Option<Change> {
    let words = other.words();
    let node = other.syntax();
    if words.starts_with("CONVERT TO") {
        let options: Vec<TableOption> = other.options().map(|option| TableOption::of(&option)).collect();
        let value = node.children().find(|child| {
            matches!(child.kind(), syntax::sql::SyntaxKind::NAME | syntax::sql::SyntaxKind::LITERAL)
        })?;
        let charset = TableOption {
            words: "CHARACTER SET".into(),
            value: column::plain(value.text().to_string().trim()).to_lowercase(),
        };
        return Some(Change::Convert { charset, collate: options.into_iter().next() });
    }
    let add: Vec<Attrs> = node
        .children()
        .filter_map(ast::PartitionDef::cast)
        .filter_map(|node| table::partition(&node))
        .collect();
    if words.starts_with("ADD PARTITION") {
        return Some(Change::Partitions { drop: Vec::new(), add, all: false });
    }
    if words.starts_with("REMOVE PARTITIONING") {
        return Some(Change::Partitions { drop: Vec::new(), add: Vec::new(), all: true });
    }
    if let Some(names) = words.strip_prefix("DROP PARTITION ") {
        let mut drop: Vec<String> = names.split(' ').map(str::to_lowercase).collect();
        let loose = node.children().map(|child| child.text().to_string().trim().to_lowercase());
        drop.extend(loose.map(|name| name.trim_matches('`').to_owned()));
        return Some(Change::Partitions { drop, add: Vec::new(), all: false });
    }
    if words.starts_with("DROP SYSTEM VERSIONING") {
        return Some(Change::Unversioned);
    }
    if words.starts_with("ADD SYSTEM VERSIONING") {
        return Some(Change::Option(TableOption {
            words: "WITH SYSTEM VERSIONING".into(),
            value: String::new(),
        }));
    }
    None
}

pub(super) fn create_index(create: &ast::CreateIndex, piece: &Piece, naming: Naming, builder: &mut Builder) {
    let (Some(name), Some(table)) = (create.path().map(|path| path.name), create.table()) else { return };
    let names: Vec<ast::Name> = create
        .syntax()
        .children()
        .filter(|child| child.kind() == syntax::sql::SyntaxKind::NAME)
        .filter_map(|node| ast::Name::of(&node))
        .collect();
    let schema = (names.len() > 1).then(|| name_of(&names[0]));
    let qual = Qual { schema, name: name_of(&table) };
    let kind = ["FULLTEXT", "SPATIAL"].into_iter().find(|word| {
        create
            .syntax()
            .children_with_tokens()
            .filter_map(|child| child.into_token())
            .any(|token| token.text().eq_ignore_ascii_case(word))
    });
    let options: Vec<_> = create.index_options().collect();
    let columns = create.columns();
    let unique = create.unique().is_some();
    let mut key = key::index(Some(name.clone()), unique, kind, &columns, options, piece.statement_range());
    let quiet = create.if_not_exists().is_some();
    if let Key::Index { if_not_exists, index, .. } = &mut key {
        super::hint(&mut index.attrs, piece, piece.statement_range());
        *if_not_exists = quiet;
    }
    let replace = create
        .syntax()
        .children_with_tokens()
        .filter_map(|child| child.into_token())
        .any(|token| token.text().eq_ignore_ascii_case("REPLACE"));
    let used: Vec<Name> =
        columns.iter().filter_map(|column| column.column()).map(|name| name_of(&name)).collect();
    let named = name_of(&name);
    step(builder, move |scene| {
        let Some((id, table)) = qual.table(scene, false) else { return };
        if has_index(&table, &named.text) && !replace {
            if !quiet {
                scene.exists("index", &named, None);
            }
            return;
        }
        for column in &used {
            if find_column(&table, &column.text).is_none() {
                if scene.is_complete(id) {
                    scene.missing_column(&table, column);
                }
                return;
            }
        }
        scene.edit(id, 0, |table, origin| {
            if replace {
                table.indexes.retain(|index| !index.name.eq_ignore_ascii_case(&named.text));
            }
            key::add(table, std::slice::from_ref(&key), naming, origin);
        });
    });
}
