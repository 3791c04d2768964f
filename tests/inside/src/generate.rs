//! Schemas at random: a model of a few tables, and the same as HCL files, as a SQL file, as `atlas.hcl`.
//!
//! What is made is free of mistakes, and SQLite takes it. Plain SQL is written the way people write it; wild SQL uses
//! every quote, case and clause there is. Invariant: equal seeds give equal text.

mod sql;

use std::fmt::Write as _;

pub use sql::wild;

use crate::{Random, World};

const NAMES: &[&str] = &[
    "users",
    "posts",
    "comments",
    "tags",
    "orders",
    "items",
    "invoices",
    "payments",
    "carts",
    "reviews",
    "sessions",
    "addresses",
];

/// Tables of a schema.
#[derive(Clone, Debug)]
pub struct Model {
    pub tables: Vec<Table>,
}

/// A table: `id`, `name`, `amount`, `parent_id`, and the columns that chance adds.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: &'static str,
    pub strict: bool,
    pub without_rowid: bool,
    pub auto_increment: bool,
    pub email: bool,
    pub price: bool,
    pub doubled: Option<&'static str>,
    pub created_at: bool,
    pub active: bool,
    pub data: bool,
    /// The table `parent_id` refers to, with what happens on delete.
    pub parent: Option<(&'static str, &'static str)>,
    pub unique: bool,
    pub partial: bool,
    pub checked: bool,
}

impl Model {
    pub fn new(random: &mut Random, tables: usize) -> Self {
        let mut names: Vec<&'static str> = NAMES.to_vec();
        let mut chosen = Vec::new();
        for _ in 0..tables.min(NAMES.len()) {
            chosen.push(names.remove(random.below(names.len())));
        }
        let mut tables: Vec<Table> = chosen.iter().map(|name| Table::new(random, name, &chosen)).collect();
        // What every seed needs is there at least once.
        if let Some(first) = tables.first_mut() {
            first.auto_increment = true;
            first.without_rowid = false;
            first.parent.get_or_insert((chosen[0], "CASCADE"));
            first.unique = true;
            first.checked = true;
        }
        if let Some(second) = tables.get_mut(1) {
            second.strict = true;
            second.price = false;
            second.created_at = false;
            second.active = false;
            second.without_rowid = true;
            second.auto_increment = false;
            second.doubled = Some("STORED");
        }
        if let Some(third) = tables.get_mut(2) {
            third.strict = false;
            third.price = true;
            third.email = true;
            third.created_at = true;
            third.active = true;
            third.doubled = Some("VIRTUAL");
            third.partial = true;
        }
        Self { tables }
    }
}

impl Table {
    fn new(random: &mut Random, name: &'static str, all: &[&'static str]) -> Self {
        let strict = random.one_in(5);
        let without_rowid = random.one_in(5);
        Self {
            name,
            strict,
            without_rowid,
            auto_increment: !without_rowid && random.one_in(3),
            email: random.one_in(2),
            price: !strict && random.one_in(2),
            doubled: random.one_in(3).then(|| *random.pick(&["STORED", "VIRTUAL"])),
            created_at: !strict && random.one_in(2),
            active: !strict && random.one_in(2),
            data: random.one_in(3),
            parent: (!random.one_in(3)).then(|| {
                (*random.pick(all), *random.pick(&["CASCADE", "SET NULL", "NO ACTION", "RESTRICT"]))
            }),
            unique: random.one_in(2),
            partial: random.one_in(3),
            checked: random.one_in(2),
        }
    }

    fn text_type(&self) -> &'static str {
        if self.strict { "text" } else { "varchar(255)" }
    }
}

/// A project of several HCL files in a folder, with an `atlas.hcl` that lists it.
pub fn hcl(model: &Model) -> World {
    let mut files = vec![
        ("atlas.hcl".to_owned(), CONFIG_OF_HCL.to_owned()),
        ("schema/main.lt.hcl".to_owned(), MAIN.to_owned()),
    ];
    let per_file = model.tables.len().div_ceil(3).max(1);
    for (at, tables) in model.tables.chunks(per_file).enumerate() {
        let text = tables.iter().map(hcl_table).collect::<Vec<_>>().join("\n");
        files.push((format!("schema/tables{at}.lt.hcl"), text));
    }
    let first = model.tables.first().map_or("users", |table| table.name);
    files.push(("schema/views.lt.hcl".to_owned(), VIEWS.replace("$table", first)));
    World::of(files)
}

const CONFIG_OF_HCL: &str = r#"env "local" {
  src    = "file://schema"
  dev    = "sqlite://dev?mode=memory"
  prefix = "p"
}
"#;

const MAIN: &str = r#"schema "main" {
  comment = "everything"
}

variable "prefix" {
  type        = string
  default     = "x"
  description = "what names start with"
}

variable "limit" {
  type    = number
  default = 10
}

locals {
  greeting = "hello ${var.prefix}"
  largest  = max(var.limit, 20)
  kinds    = ["a", "b", upper("c")]
  nobody   = lower(local.greeting)
}
"#;

const VIEWS: &str = r#"view "names" {
  schema = schema.main
  as     = <<-SQL
    SELECT id, name
    FROM $table
    WHERE amount > 0
  SQL
  depends_on = [table.$table]
}

view "totals" {
  schema = schema.main
  as     = "SELECT sum(amount) AS total FROM $table"
}

trigger "changed" {
  on = table.$table
  after {
    update_of = [table.$table.column.name]
  }
  as = <<-SQL
    BEGIN
      UPDATE $table SET amount = amount + 1 WHERE id = new.id;
    END
  SQL
}
"#;

fn hcl_table(table: &Table) -> String {
    let mut out = String::new();
    let name = table.name;
    let _ = writeln!(out, "# All {name}.\ntable \"{name}\" {{\n  schema = schema.main");
    let mut column = |name: &str, rest: &str| {
        let _ = writeln!(out, "  column \"{name}\" {{\n{rest}  }}");
    };
    let auto = if table.auto_increment { "    auto_increment = true\n" } else { "" };
    column("id", &format!("    null = false\n    type = integer\n{auto}"));
    column(
        "name",
        &format!("    null    = false\n    type    = {}\n    default = local.greeting\n", table.text_type()),
    );
    column(
        "amount",
        "    null    = false\n    type    = integer\n    default = 1\n    comment = \"how much\"\n",
    );
    column("parent_id", "    null = true\n    type = integer\n");
    if table.email {
        column("email", &format!("    null = true\n    type = {}\n", table.text_type()));
    }
    if table.price {
        column("price", "    null    = false\n    type    = decimal(10, 2)\n    default = 0.5\n");
    }
    if let Some(storage) = table.doubled {
        let rest = format!(
            "    null = true\n    type = integer\n    as {{\n      expr = \"amount * 2\"\n      type = {storage}\n    }}\n"
        );
        column("doubled", &rest);
    }
    if table.created_at {
        column(
            "created_at",
            "    null    = false\n    type    = datetime\n    default = sql(\"CURRENT_TIMESTAMP\")\n",
        );
    }
    if table.active {
        column("active", "    null    = false\n    type    = bool\n    default = true\n");
    }
    if table.data {
        column("data", "    null = true\n    type = blob\n");
    }
    out.push_str("  primary_key {\n    columns = [column.id]\n  }\n");
    if let Some((parent, action)) = table.parent {
        let _ = writeln!(
            out,
            "  foreign_key \"{name}_parent\" {{\n    columns     = [column.parent_id]\n    ref_columns = [table.{parent}.column.id]\n    on_update   = NO_ACTION\n    on_delete   = {}\n  }}",
            action.replace(' ', "_")
        );
    }
    let unique = if table.unique { "    unique  = true\n" } else { "" };
    let _ =
        writeln!(out, "  index \"{name}_name\" {{\n{unique}    columns = [column.name, column.amount]\n  }}");
    if table.partial {
        let _ = writeln!(
            out,
            "  index \"{name}_parts\" {{\n    on {{\n      desc   = true\n      column = column.amount\n    }}\n    on {{\n      expr = \"lower(name)\"\n    }}\n    where = \"amount > 1\"\n  }}"
        );
    }
    if table.checked {
        let _ = writeln!(out, "  check \"{name}_amount\" {{\n    expr = \"amount > 0\"\n  }}");
    }
    if table.strict {
        out.push_str("  strict = true\n");
    }
    if table.without_rowid {
        out.push_str("  without_rowid = true\n");
    }
    out.push_str("}\n");
    out
}

/// A project of one SQL file, written plainly, with an `atlas.hcl` that lists it.
pub fn sql(model: &Model) -> World {
    World::of([
        (
            "atlas.hcl".to_owned(),
            "env \"local\" {\n  src = \"file://schema.sql\"\n  dev = \"sqlite://dev?mode=memory\"\n}\n"
                .to_owned(),
        ),
        ("schema.sql".to_owned(), sql::plain(model)),
    ])
}

/// A project whose `atlas.hcl` uses much of its grammar.
pub fn config(model: &Model) -> World {
    let mut world = hcl(model);
    world.files.insert("atlas.hcl".to_owned(), CONFIG.as_bytes().to_vec());
    world.files.insert("other.lt.hcl".to_owned(), b"# Nothing yet.\n".to_vec());
    let migration = b"CREATE TABLE t (id int);\n";
    let sum = engine::migrate::Sum::of([("1.sql", migration.as_slice())]).to_string();
    world.files.insert("migrations/1.sql".to_owned(), migration.to_vec());
    world.files.insert("migrations/atlas.sum".to_owned(), sum.into_bytes());
    world
}

const CONFIG: &str = r#"variable "tenant" {
  type        = string
  default     = "acme"
  description = "whose database"
}

variable "size" {
  type    = number
  default = 3
}

variable "shards" {
  type    = list(string)
  default = ["a", "b"]
}

locals {
  file   = "${var.tenant}.db"
  limit  = var.size + 1
  loud   = upper(local.file)
  joined = join("-", var.shards)
}

data "hcl_schema" "app" {
  path = "schema"
  vars = {
    prefix = var.tenant
  }
}

lint {
  review = ERROR
  destructive {
    error = true
  }
  naming {
    match   = "^[a-z_]+$"
    message = "lower case only"
  }
}

diff {
  skip {
    drop_schema = true
  }
}

env "local" {
  url     = "sqlite://${local.file}"
  dev     = "sqlite://dev?mode=memory"
  src     = data.hcl_schema.app.url
  exclude = ["tmp_*"]
  migration {
    dir          = "file://migrations"
    exec_order   = LINEAR
    lock_timeout = "3s"
  }
  format {
    schema {
      apply = "{{ sql . \"  \" }}"
    }
  }
}

env "files" {
  url = "sqlite://${local.loud}"
  dev = "sqlite://dev?mode=memory"
  src = ["file://schema/main.lt.hcl", "file://other.lt.hcl"]
  lint {
    data_depend {
      error = true
    }
    condrop {
      error = true
    }
  }
  diff {
    skip {
      drop_table = true
    }
  }
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_give_equal_projects() {
        let text =
            |seed| hcl(&Model::new(&mut Random::new(seed), 6)).text("schema/tables0.lt.hcl").to_owned();
        assert_eq!(text(7), text(7));
        assert_ne!(text(7), text(8));
    }
}
