//! Found errors: each kind of mistake, in random places, is found once, at its place, under its name.
//!
//! The kinds are the tables below; how one is read is told in `inside::seed`. Every base is generated anew for each
//! place, and a test insists that the bases themselves are free of findings. Invariant: what is expected is what a
//! user would point at, so a table is changed only when that changes, never to fit what the product says.

#[path = "mistakes/config.rs"]
mod config;
#[path = "mistakes/hcl.rs"]
mod hcl;
#[path = "mistakes/sql.rs"]
mod sql;

use std::collections::BTreeMap;

use inside::generate::{self, Model};
use inside::{Random, Seed, World, cases};

type Base = fn(&Model) -> World;

const BASES: [(&str, Base, &[&[Seed]]); 3] = [
    ("schema HCL", generate::hcl, &[hcl::SYNTAX, hcl::NAMES, hcl::MEANING]),
    ("SQL", generate::sql, &[sql::SYNTAX, sql::NAMES, sql::MEANING]),
    ("atlas.hcl", generate::config, &[config::SYNTAX, config::NAMES, config::MEANING]),
];

#[test]
fn the_bases_are_free_of_findings() {
    for (name, base, _) in BASES {
        for seed in 0..20 {
            let world = base(&Model::new(&mut Random::new(seed), 8));
            let found: String = world.check().iter().map(|found| world.render(found)).collect();
            assert!(found.is_empty(), "{name}, seed {seed}\n{found}");
        }
    }
}

/// Plants each kind in 20 places and reports every one that is not found as it must be.
fn check(base: Base, tables: &[&[Seed]]) {
    let places = cases(20, 100);
    let mut report = String::new();
    let mut failed: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in tables.iter().flat_map(|table| table.iter()) {
        let mut random = Random::new(seed.kind.bytes().map(u64::from).sum());
        let (mut planted, mut shown) = (0, 0);
        for attempt in 0..places * 10 {
            if planted == places {
                break;
            }
            let world = base(&Model::new(&mut Random::new(attempt as u64), 5));
            let Some(mistake) = seed.plant(&world, &mut random) else { continue };
            planted += 1;
            if let Some(complaint) = seed.judge(&mistake) {
                *failed.entry(seed.kind).or_default() += 1;
                shown += 1;
                if shown <= 2 {
                    report.push_str(&format!("{}:\n{complaint}", seed.kind));
                }
            }
        }
        assert_eq!(planted, places, "no place for {:?}", seed.kind);
    }
    if let Ok(path) = std::env::var("ATLAS_SEED_REPORT") {
        std::fs::write(path, &report).expect("a report can be written");
    }
    let report: String = report.chars().take(20_000).collect();
    assert!(failed.is_empty(), "{report}\nnot found as they must be: {failed:#?}");
}

#[test]
fn mistakes_in_schema_hcl_are_found() {
    check(BASES[0].1, BASES[0].2);
}

#[test]
fn mistakes_in_sql_are_found() {
    check(BASES[1].1, BASES[1].2);
}

#[test]
fn mistakes_in_atlas_hcl_are_found() {
    check(BASES[2].1, BASES[2].2);
}

#[test]
fn there_are_at_least_forty_kinds() {
    let kinds: Vec<&str> = BASES
        .iter()
        .flat_map(|(.., tables)| tables.iter())
        .flat_map(|table| table.iter())
        .map(|seed| seed.kind)
        .collect();
    let mut unique = kinds.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), kinds.len(), "two kinds have one name");
    assert!(kinds.len() >= 40, "{} kinds", kinds.len());
}
