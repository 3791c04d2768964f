//! Typing at random, inside the process: after each edit the project says what a fresh one says.
//!
//! The same through the wire is in the black-box tests; here every state is compared, not only the last, so that a
//! cache that is stale for a moment is seen.

use inside::world::id_of;
use inside::{Random, World, cases, generate};
use text::{TextRange, TextSize};

/// What people type, in pieces.
const PIECES: &[&str] = &[
    "a",
    "x",
    " ",
    "\n",
    "\r\n",
    "\"",
    "'",
    "`",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "=",
    ".",
    ",",
    ";",
    "#",
    "--",
    "/*",
    "*/",
    "<<-SQL\n",
    "SQL\n",
    "${",
    "column \"é\" {\n",
    "table \"表\" {",
    "type = ",
    "😀",
    "日本",
    "CREATE TABLE t (",
    "END;\n",
    "BEGIN\n",
    "null = true\n",
    "schema.main",
    "\t",
    "DELIMITER //\n",
    "$$",
    "\u{feff}",
    "",
];

fn boundary(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn render(world: &World, found: &[inside::Found]) -> String {
    found.iter().map(|found| world.render(found)).collect()
}

fn type_into(mut world: World, file: &str, seed: u64, edits: usize) {
    let mut random = Random::new(seed);
    let length = world.text(file).len();
    let mut project = world.project();
    for edit in 0..edits {
        let text = world.text(file).to_owned();
        let from = boundary(&text, random.below(text.len() + 1));
        let reach = if text.len() > length + length / 2 { 60 } else { 8 };
        let to = if random.one_in(3) {
            boundary(&text, (from + random.below(reach)).min(text.len())).max(from)
        } else {
            from
        };
        let piece = *random.pick(PIECES);
        let range = TextRange::new(TextSize::new(from as u32), TextSize::new(to as u32));
        let id = id_of(&project.snapshot(), file).expect("it is there");
        project.edit_file(id, |text| text.edit(range, piece));
        let after = format!("{}{piece}{}", &text[..from], &text[to..]);
        world.files.insert(file.to_owned(), after.into_bytes());
        // A snapshot that nobody asks anything leaves the caches behind by more than one edit.
        if random.one_in(4) {
            continue;
        }
        let snapshot = world.settle(&mut project);
        let (said, fresh) = (render(&world, &world.found(&snapshot)), render(&world, &world.check()));
        assert_eq!(said, fresh, "edit {edit} of seed {seed} on\n{}", world.text(file));
    }
}

#[test]
fn sql_typed_at_random() {
    for seed in 0..cases(6, 60) as u64 {
        let model = generate::Model::new(&mut Random::new(seed), 3);
        type_into(generate::sql(&model), "schema.sql", seed, 200);
        let wild = generate::wild(&mut Random::new(seed));
        let mut world = generate::sql(&model);
        world.files.insert("schema.sql".to_owned(), wild.clone().into_bytes());
        type_into(world, "schema.sql", seed, 200);
        // No env lists this one: what it contains says what it is.
        type_into(World::of([("alone.sql".to_owned(), wild)]), "alone.sql", seed, 200);
    }
}

#[test]
fn schema_hcl_typed_at_random() {
    for seed in 0..cases(6, 60) as u64 {
        let model = generate::Model::new(&mut Random::new(seed), 3);
        let file = ["schema/main.lt.hcl", "schema/tables0.lt.hcl", "schema/views.lt.hcl"][seed as usize % 3];
        type_into(generate::hcl(&model), file, seed, 200);
    }
}

#[test]
fn atlas_hcl_typed_at_random() {
    for seed in 0..cases(3, 30) as u64 {
        let model = generate::Model::new(&mut Random::new(seed), 2);
        type_into(generate::config(&model), "atlas.hcl", seed, 200);
    }
}
