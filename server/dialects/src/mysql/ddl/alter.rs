//! `ALTER TABLE`, `RENAME TABLE`, `CREATE INDEX`.

use engine::replay::{Builder, Id, Name, Origin, Scene, Space, Thing, Unsupported};
use schema::{Attrs, Default, IndexPart, ObjectPath, PartOf, SmolStr, Table};
use syntax::sql::Piece;
use syntax::sql::ast::{self, TableAction};
use text::TextRange;

use super::column::{self, Written};
use super::key::{self, Key, Naming, has_index};
use super::table::{self, TableOption, add_column, partitioning, settle_binary, written};
use super::{Qual, expr, name_of, step};
use crate::mysql::attr::{
    CHARSET, COLLATE, ENFORCED, INVISIBLE, PARTITION, PARTITION_COLUMNS, PARTITION_NAME, PARTITIONS,
    SYSTEM_VERSIONED,
};

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
    piece: &Piece,
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
    let range = piece.statement_range();
    step(builder, move |scene| {
        let Some((id, table)) = qual.table(scene, quiet) else { return };
        if !apply(scene, id, &table, &changes, naming, range) {
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

fn find_column(table: &Table, name: &str) -> Option<usize> {
    table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
}

/// Whether the changes can be made; what cannot is said.
fn possible(scene: &mut Scene<'_, '_>, id: Id, table: &Table, changes: &[Change]) -> bool {
    let complete = scene.is_complete(id);
    // Columns that come and go in this statement, lower case.
    let mut columns: Vec<String> = table.columns.iter().map(|column| column.name.to_lowercase()).collect();
    let mut fine = true;
    for change in changes {
        match change {
            Change::Add { columns: new, quiet, .. } => {
                for written in new {
                    let folded = written.name.text.to_lowercase();
                    if columns.contains(&folded) {
                        if !quiet {
                            let message = format!(
                                "column {:?} of table {:?} already exists",
                                written.name.text, table.name
                            );
                            scene.error(written.name.range, "table-duplicate", message);
                            fine = false;
                        }
                    } else {
                        columns.push(folded);
                    }
                }
            }
            Change::Redefine { from, quiet, .. } | Change::RenameColumn { from, quiet, .. } => {
                let folded = from.text.to_lowercase();
                if !columns.contains(&folded) {
                    if !quiet && complete {
                        scene.missing_column(table, from);
                    }
                    fine &= *quiet;
                } else if let Change::Redefine { to, .. } = change {
                    columns.retain(|name| *name != folded);
                    columns.push(to.name.text.to_lowercase());
                } else if let Change::RenameColumn { to, .. } = change {
                    columns.retain(|name| *name != folded);
                    columns.push(to.text.to_lowercase());
                }
            }
            Change::DropColumn { name, quiet } => {
                let folded = name.text.to_lowercase();
                if !columns.contains(&folded) && !quiet {
                    if complete {
                        scene.missing_column(table, name);
                    }
                    fine = false;
                }
                columns.retain(|name| *name != folded);
            }
            Change::Default { column, .. } if !columns.contains(&column.text.to_lowercase()) => {
                if complete {
                    scene.missing_column(table, column);
                }
                fine = false;
            }
            Change::DropKey { kind, name: Some(name), quiet } if matches!(kind.as_str(), "INDEX" | "KEY") => {
                let added =
                    changes.iter().any(|other| matches!(other, Change::AddKey(_) | Change::Add { .. }));
                let primary = name.text.eq_ignore_ascii_case("PRIMARY");
                if !quiet && complete && !primary && !added && !has_index(table, &name.text) {
                    scene.missing("index", Space::Global("index"), name);
                }
            }
            Change::RenameKey { from, quiet, .. } if !quiet && complete && !has_index(table, &from.text) => {
                scene.missing("index", Space::Global("index"), from);
            }
            _ => {}
        }
    }
    fine
}

/// Makes the changes; whether they could be made.
fn apply(
    scene: &mut Scene<'_, '_>,
    id: Id,
    table: &Table,
    changes: &[Change],
    naming: Naming,
    range: TextRange,
) -> bool {
    if !possible(scene, id, table, changes) {
        return false;
    }
    scene.edit(id, 0, |table, origin| {
        let mut keys = Vec::new();
        for change in changes {
            one(table, change, &mut keys, origin, range);
        }
        // Keys may use columns that come later in the statement.
        key::add(table, &keys, naming, origin);
    });
    let renames: Vec<(&Name, &Name)> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Redefine { from, to, .. } if from.text != to.name.text => Some((from, &to.name)),
            Change::RenameColumn { from, to, .. } => Some((from, to)),
            _ => None,
        })
        .collect();
    for (from, to) in renames {
        refer_to_column(scene, table, &from.text, &to.text);
    }
    true
}

/// The foreign keys of other tables follow the new name of a column.
fn refer_to_column(scene: &mut Scene<'_, '_>, parent: &Table, from: &str, to: &SmolStr) {
    for id in scene.all(|space, _| space == Space::Relation) {
        let Some(table) = scene.table(id) else { continue };
        let refers = |key: &schema::ForeignKey| {
            let schema = if key.ref_schema.is_empty() { &table.schema } else { &key.ref_schema };
            *schema == parent.schema
                && key.ref_table == parent.name
                && key.ref_columns.iter().any(|column| column.eq_ignore_ascii_case(from))
        };
        if table.foreign_keys.iter().any(refers) {
            scene.edit(id, 1, |edited, _| {
                for key in edited.foreign_keys.iter_mut().filter(|key| refers(key)) {
                    for column in
                        key.ref_columns.iter_mut().filter(|column| column.eq_ignore_ascii_case(from))
                    {
                        column.clone_from(to);
                    }
                }
            });
        }
    }
}

fn one(table: &mut Table, change: &Change, keys: &mut Vec<Key>, origin: &mut Origin<'_>, range: TextRange) {
    match change {
        Change::Add { columns, place, quiet } => {
            for written in columns {
                if *quiet && find_column(table, &written.name.text).is_some() {
                    continue;
                }
                add_column(table, written, origin);
                if let Some(place) = place {
                    let from = table.columns.len() - 1;
                    move_column(table, from, place.as_ref());
                }
                keys.extend(written.keys.iter().cloned());
            }
        }
        Change::Redefine { from, to, place, .. } => {
            let Some(at) = find_column(table, &from.text) else { return };
            if from.text != to.name.text {
                rename_column(table, &from.text, &to.name, origin);
            }
            let mut column = to.column.clone();
            settle_binary(&mut column, table);
            // A check inside the definition goes with it.
            table.checks.retain(|check| {
                !(check.attrs.is(&crate::mysql::attr::IN_COLUMN) && check.name.as_ref() == Some(&column.name))
            });
            if is_primary(table, &column.name) {
                column.nullable = false;
            }
            if let Some(old) = table.columns.get_mut(at) {
                *old = column;
            }
            if let Some(place) = place {
                move_column(table, at, place.as_ref());
            }
            keys.extend(to.keys.iter().cloned());
        }
        Change::DropColumn { name, .. } => drop_column(table, &name.text, origin),
        Change::RenameColumn { from, to, .. } => {
            if let Some(at) = find_column(table, &from.text) {
                rename_column(table, &from.text, to, origin);
                if let Some(column) = table.columns.get_mut(at) {
                    column.name.clone_from(&to.text);
                }
            }
        }
        Change::AddKey(key) => keys.push(key.clone()),
        Change::DropKey { kind, name, .. } => drop_key(table, kind, name.as_ref()),
        Change::RenameKey { from, to, .. } => {
            let path = |index: SmolStr| ObjectPath::Index {
                schema: table.schema.clone(),
                table: table.name.clone(),
                index,
            };
            let renamed = table.indexes.iter().position(|index| index.name.eq_ignore_ascii_case(&from.text));
            if let Some(at) = renamed {
                let (before, after) = (path(table.indexes[at].name.clone()), path(to.text.clone()));
                origin.rename(&before, after, to.range);
                table.indexes[at].name.clone_from(&to.text);
                table.indexes[at].attrs.remove(&super::IMPLIED);
            }
        }
        Change::Default { column, default } => {
            if let Some(at) = find_column(table, &column.text) {
                table.columns[at].default.clone_from(default);
            }
        }
        Change::IndexShown { name, shown } => {
            let index = table.indexes.iter_mut().find(|index| index.name.eq_ignore_ascii_case(&name.text));
            match index {
                Some(index) if *shown => index.attrs.remove(&INVISIBLE),
                Some(index) => index.attrs.set(&INVISIBLE, true),
                None => {}
            }
        }
        Change::CheckEnforced { name, enforced } => {
            for check in &mut table.checks {
                if check.name.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(&name.text)) {
                    match enforced {
                        true => check.attrs.remove(&ENFORCED),
                        false => check.attrs.set(&ENFORCED, false),
                    }
                }
            }
        }
        Change::Option(option) => option_of(table, option),
        Change::Convert { charset, collate } => {
            for option in [Some(charset), collate.as_ref()].into_iter().flatten() {
                option.apply(table);
            }
            for column in &mut table.columns {
                column.attrs.remove(&CHARSET);
                column.attrs.remove(&COLLATE);
            }
        }
        Change::Partition(partition) => table.attrs.set(&PARTITION, vec![(**partition).clone()]),
        Change::Partitions { drop, add, all } => partitions(table, drop, add, *all),
        Change::Unversioned => table.attrs.remove(&SYSTEM_VERSIONED),
    }
    let _ = range;
}

/// An option of a table that is there: columns keep the charset they had.
fn option_of(table: &mut Table, option: &TableOption) {
    let before = (table.attrs.get(&CHARSET), table.attrs.get(&COLLATE));
    option.apply(table);
    let after = (table.attrs.get(&CHARSET), table.attrs.get(&COLLATE));
    if before == after || before == (None, None) {
        return;
    }
    for column in &mut table.columns {
        let text = column.ty.as_ref().is_some_and(|ty| {
            matches!(ty.class, schema::Class::String | schema::Class::Enum | schema::Class::Set)
        });
        if text && column.attrs.get(&COLLATE).is_none() && column.attrs.get(&CHARSET).is_none() {
            if let Some(charset) = &before.0 {
                column.attrs.set(&CHARSET, charset.clone());
            }
            if let Some(collate) = &before.1 {
                column.attrs.set(&COLLATE, collate.clone());
            }
        }
    }
}

fn partitions(table: &mut Table, drop: &[String], add: &[Attrs], all: bool) {
    if all {
        table.attrs.remove(&PARTITION);
        return;
    }
    let Some(mut levels) = table.attrs.get(&PARTITION) else { return };
    if let Some(level) = levels.first_mut() {
        let mut list = level.get(&PARTITIONS).unwrap_or_default();
        list.retain(|one| one.get(&PARTITION_NAME).is_none_or(|name| !drop.contains(&name.to_lowercase())));
        list.extend(add.iter().cloned());
        level.set(&PARTITIONS, list);
    }
    table.attrs.set(&PARTITION, levels);
}

fn is_primary(table: &Table, column: &str) -> bool {
    table
        .primary_key
        .as_ref()
        .is_some_and(|key| key.parts.iter().any(|part| part.column_name().is_some_and(|name| name == column)))
}

/// Moves the column at `from` to the front, or behind another.
fn move_column(table: &mut Table, from: usize, after: Option<&Name>) {
    let column = table.columns.remove(from);
    let at = match after {
        None => 0,
        Some(after) => find_column(table, &after.text).map_or(table.columns.len(), |at| at + 1),
    };
    table.columns.insert(at.min(table.columns.len()), column);
}

/// Everything in the table that names the column, but for its own definition.
fn rename_column(table: &mut Table, from: &str, to: &Name, origin: &mut Origin<'_>) {
    let rename = |name: &mut SmolStr| {
        if name.eq_ignore_ascii_case(from) {
            name.clone_from(&to.text);
        }
    };
    let parts = table.primary_key.iter_mut().flat_map(|key| &mut key.parts);
    for part in parts.chain(table.indexes.iter_mut().flat_map(|index| &mut index.parts)) {
        match &mut part.of {
            PartOf::Column(name) => rename(name),
            PartOf::Expr(text) => text.0 = expr::rename(&text.0, from, &to.text),
        }
    }
    for key in &mut table.foreign_keys {
        key.columns.iter_mut().for_each(rename);
    }
    for check in &mut table.checks {
        check.expr.0 = expr::rename(&check.expr.0, from, &to.text);
        if check.attrs.is(&crate::mysql::attr::IN_COLUMN) {
            check.name.iter_mut().for_each(rename);
        }
    }
    for generated in table.columns.iter_mut().filter_map(|column| column.generated.as_mut()) {
        generated.expr.0 = expr::rename(&generated.expr.0, from, &to.text);
    }
    if let Some(mut levels) = table.attrs.get(&PARTITION) {
        for level in &mut levels {
            if let Some(mut columns) = level.get(&PARTITION_COLUMNS) {
                for column in columns.iter_mut().filter(|column| column.eq_ignore_ascii_case(from)) {
                    *column = to.text.to_string();
                }
                level.set(&PARTITION_COLUMNS, columns);
            }
        }
        table.attrs.set(&PARTITION, levels);
    }
    let own = table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(from));
    let old = own.map_or(SmolStr::new(from), |column| column.name.clone());
    let path = |column: SmolStr| ObjectPath::Column {
        schema: table.schema.clone(),
        table: table.name.clone(),
        column,
    };
    origin.rename(&path(old), path(to.text.clone()), to.range);
}

/// A column goes, and with it its place in indexes and the checks that are about it alone.
fn drop_column(table: &mut Table, name: &str, origin: &mut Origin<'_>) {
    let Some(at) = find_column(table, name) else { return };
    let gone = table.columns.remove(at);
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    for index in &mut table.indexes {
        index.parts.retain(|part| !part.column_name().is_some_and(|column| is(column)));
    }
    table.indexes.retain(|index| !index.parts.is_empty());
    if let Some(key) = &mut table.primary_key {
        key.parts.retain(|part: &IndexPart| !part.column_name().is_some_and(|column| is(column)));
    }
    if table.primary_key.as_ref().is_some_and(|key| key.parts.is_empty()) {
        table.primary_key = None;
    }
    table.checks.retain(|check| {
        let names = expr::names(&check.expr.0);
        names.is_empty() || !names.iter().all(|column| is(column))
    });
    origin.remove(&ObjectPath::Column {
        schema: table.schema.clone(),
        table: table.name.clone(),
        column: gone.name,
    });
}

fn drop_key(table: &mut Table, kind: &str, name: Option<&Name>) {
    if kind == "PRIMARY KEY" {
        table.primary_key = None;
        return;
    }
    let Some(name) = name else { return };
    let is = |other: &SmolStr| other.eq_ignore_ascii_case(&name.text);
    let foreign = |table: &mut Table| {
        table.foreign_keys.retain(|key| !key.name.as_ref().is_some_and(is));
    };
    let check = |table: &mut Table| table.checks.retain(|check| !check.name.as_ref().is_some_and(is));
    let index = |table: &mut Table| {
        if name.text.eq_ignore_ascii_case("PRIMARY") {
            table.primary_key = None;
        }
        table.indexes.retain(|index| !is(&index.name));
    };
    match kind {
        "FOREIGN KEY" => foreign(table),
        "CHECK" => check(table),
        "INDEX" | "KEY" => index(table),
        // `DROP CONSTRAINT` finds any of them.
        _ if table.checks.iter().any(|check| check.name.as_ref().is_some_and(is)) => check(table),
        _ if table.foreign_keys.iter().any(|key| key.name.as_ref().is_some_and(is)) => foreign(table),
        _ => index(table),
    }
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

/// Calls a table or view by another name, perhaps in another database.
pub(super) fn rename_table(scene: &mut Scene<'_, '_>, from: &Qual, to: &Qual, quiet: bool) {
    let Some(id) = from.find(scene, Space::Relation) else {
        if !quiet && !from.is_elsewhere(scene) {
            scene.missing("table", Space::Relation, &from.name);
        }
        return;
    };
    let Some((old_schema, old)) = scene.name_of(id) else { return };
    let schema = to.home(scene);
    let name = to.name.text.clone();
    if scene.find(Space::Relation, Some(&schema), &name).is_some_and(|other| other != id) {
        scene.exists("table", &to.name, None);
        return;
    }
    match scene.thing(id).cloned() {
        Some(Thing::View(view)) => {
            let mut view = schema::View::clone(&view);
            view.name = name.clone();
            scene.set(id, Thing::View(view.into()));
            let path = ObjectPath::View { schema: schema.clone(), view: name.clone() };
            let before = ObjectPath::View { schema: old_schema.clone(), view: old.clone() };
            scene.origin(id, |origin| origin.rename(&before, path, to.name.range));
        }
        Some(Thing::Table(_)) => scene.edit(id, super::hash(&schema), |table, origin| {
            let (before, after) = (format!("{old}_ibfk_"), format!("{name}_ibfk_"));
            let (check_before, check_after) = (format!("{old}_chk_"), format!("{name}_chk_"));
            table.name.clone_from(&name);
            table.schema.clone_from(&schema);
            // Names the server made up are made anew.
            for key in &mut table.foreign_keys {
                if let Some(number) = key.name.as_ref().and_then(|own| own.strip_prefix(&before)) {
                    key.name = Some(format!("{after}{number}").into());
                }
                if key.ref_table == old && (key.ref_schema.is_empty() || key.ref_schema == old_schema) {
                    key.ref_table.clone_from(&name);
                }
            }
            for check in &mut table.checks {
                if let Some(number) = check.name.as_ref().and_then(|own| own.strip_prefix(&check_before)) {
                    check.name = Some(format!("{check_after}{number}").into());
                }
            }
            for path in origin.paths() {
                moved(path, &schema, &name);
            }
            let path = ObjectPath::Table { schema: schema.clone(), table: name.clone() };
            origin.rename(&path.clone(), path, to.name.range);
        }),
        _ => {}
    }
    scene.rename(id, schema.clone(), name.clone());
    for other in scene.all(|space, _| space == Space::Relation).into_iter().filter(|other| *other != id) {
        let Some(table) = scene.table(other) else { continue };
        let refers = |key: &schema::ForeignKey| {
            let at = if key.ref_schema.is_empty() { &table.schema } else { &key.ref_schema };
            *at == old_schema && key.ref_table == old
        };
        if table.foreign_keys.iter().any(refers) {
            scene.edit(other, 2, |edited, _| {
                for key in edited.foreign_keys.iter_mut().filter(|key| refers(key)) {
                    key.ref_table.clone_from(&name);
                    key.ref_schema =
                        if schema == edited.schema { SmolStr::default() } else { schema.clone() };
                }
            });
        }
    }
    super::object::follow_table(scene, &old_schema, &old, &name);
}

fn moved(path: &mut ObjectPath, to_schema: &SmolStr, to: &SmolStr) {
    use ObjectPath::{Check, Column, ForeignKey, Index, PrimaryKey, Table};
    match path {
        Table { schema, table }
        | Column { schema, table, .. }
        | PrimaryKey { schema, table }
        | Index { schema, table, .. }
        | ForeignKey { schema, table, .. }
        | Check { schema, table, .. } => {
            schema.clone_from(to_schema);
            table.clone_from(to);
        }
        _ => {}
    }
}
