//! Round trips over generated schemas: what is written is read back the same, and stays as it is when formatted.
//!
//! What executing does to a real SQLite is tested beside the dialect; here everything goes through files of a project,
//! as a user has them.

use dialects::SQLITE;
use dialects::testing::{Reach, changed, realm};
use engine::diff::{Policy, diff};
use inside::generate::{self, Model};
use inside::world::id_of;
use inside::{Random, World, cases};
use schema::Realm;
use text::Text;

const CONFIG: &str =
    "env \"local\" {\n  src = \"file://schema.lt.hcl\"\n  dev = \"sqlite://dev?mode=memory\"\n}\n";

fn project(hcl: &str) -> World {
    World::of([("atlas.hcl".to_owned(), CONFIG.to_owned()), ("schema.lt.hcl".to_owned(), hcl.to_owned())])
}

fn differences(from: &Realm, to: &Realm) -> String {
    let changes = diff(from, to, &SQLITE, &Policy::default()).expect("a diff");
    changes.iter().map(|change| format!("{change:#?}\n")).collect()
}

fn formatted(text: &str) -> String {
    syntax::hcl::format(text)
}

#[test]
fn what_is_written_as_hcl_is_read_back_the_same() {
    for seed in 0..cases(100, 1_000) as u64 {
        let written = realm(seed, Reach::Hcl);
        let hcl = engine::encode(&written, &SQLITE).expect("a schema that HCL can say");
        let world = project(&hcl);
        let found: String = world.check().iter().map(|found| world.render(found)).collect();
        assert!(found.is_empty(), "seed {seed}\n{found}\n{hcl}");
        let snapshot = world.open();
        let id = id_of(&snapshot, "schema.lt.hcl").expect("just set");
        let desired = snapshot.state_of(id).expect("an env lists it");
        let read = &desired.state().expect("a state from a file").realm;
        assert_eq!(differences(&written, read), "", "seed {seed}\n{hcl}");
        assert_eq!(differences(read, &written), "", "seed {seed}\n{hcl}");
        let again = engine::encode(read, &SQLITE).expect("a schema that HCL can say");
        assert_eq!(again, hcl, "seed {seed}");
    }
}

#[test]
fn what_is_written_is_formatted_and_formatting_twice_equals_once() {
    for seed in 0..cases(100, 1_000) as u64 {
        let hcl = engine::encode(&realm(seed, Reach::Hcl), &SQLITE).expect("a schema that HCL can say");
        // Atlas writes `decimal(10,2)` and its own formatter makes it `decimal(10, 2)`.
        assert_eq!(formatted(&hcl).replace(", ", ","), hcl.replace(", ", ","), "seed {seed}");
        let mut random = Random::new(seed);
        for (name, bytes) in generate::config(&Model::new(&mut random, 5)).files {
            if !name.ends_with(".hcl") {
                continue;
            }
            let text = crumpled(&String::from_utf8(bytes).expect("made as text"), &mut random);
            let once = formatted(&text);
            assert_eq!(formatted(&once), once, "seed {seed}, {name}\n{text}");
        }
    }
}

/// The same text with blanks at random between the words of its lines.
fn crumpled(text: &str, random: &mut Random) -> String {
    let mut out = String::new();
    let mut heredoc = false;
    for line in text.lines() {
        if heredoc || line.contains('#') || line.contains('"') {
            // Blanks in a string count.
            out.push_str(line);
        } else {
            let blanks = |random: &mut Random| " ".repeat(1 + random.below(4));
            out.push_str(&blanks(random));
            for word in line.split_whitespace() {
                out.push_str(word);
                out.push_str(&blanks(random));
            }
        }
        heredoc = if heredoc { line.trim() != "SQL" } else { line.contains("<<-SQL") };
        out.push_str(if random.one_in(9) { "\n\n\n" } else { "\n" });
    }
    out
}

#[test]
fn the_text_of_a_tree_is_the_text_of_its_file() {
    let mut world = World::read(&super::false_errors::repository().join("tests/corpus"));
    for seed in 0..20 {
        let sql = generate::wild(&mut Random::new(seed));
        world.files.insert(format!("generated/{seed}.sql"), sql.into_bytes());
    }
    let mut files = 0;
    for name in world.files.keys() {
        let text = world.text(name);
        let read = if name.ends_with(".hcl") {
            let file = syntax::hcl::File::of(text);
            file.pieces().iter().map(|placed| placed.piece.text().to_owned()).collect::<String>()
        } else if name.ends_with(".sql") {
            let file = syntax::sql::File::parse(&Text::new(text), SQLITE.grammar, None);
            file.pieces().iter().map(|placed| placed.piece.text().to_owned()).collect::<String>()
        } else {
            continue;
        };
        files += 1;
        assert_eq!(read, text, "{name}");
    }
    assert!(files > 100, "{files} files");
}

#[test]
fn after_any_edit_a_project_says_what_a_fresh_one_says() {
    for seed in 0..cases(50, 500) as u64 {
        let before = realm(seed, Reach::Hcl);
        let after = changed(&before, seed, Reach::Hcl);
        let (from, to) = (engine::encode(&before, &SQLITE), engine::encode(&after, &SQLITE));
        let (from, to) = (from.expect("said in HCL"), to.expect("said in HCL"));
        // Half way there the text is broken.
        let cut = (0..=to.len() / 2).rev().find(|at| to.is_char_boundary(*at)).unwrap_or(0);
        let texts = [from.as_str(), &to[..cut], &to];
        let edited = project(&from).edits("schema.lt.hcl", &texts);
        for (text, said) in texts.iter().zip(edited) {
            let world = project(text);
            let fresh: String = world.check().iter().map(|found| world.render(found)).collect();
            let said: String = said.iter().map(|found| world.render(found)).collect();
            assert_eq!(said, fresh, "seed {seed}\n{text}");
        }
    }
}
