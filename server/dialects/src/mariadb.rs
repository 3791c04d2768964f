//! MariaDB: MySQL with another name, other URLs and other files. What its servers do otherwise is told by their
//! capabilities ([`crate::mysql::features::MARIADB`]).

use crate::mysql::{BASE, ddl, inspect, plan};

/// MariaDB.
pub static MARIADB: engine::Dialect = engine::Dialect {
    name: "mariadb",
    title: "MariaDB",
    schemes: &["mariadb", "maria", "mariadb+unix", "maria+unix"],
    language: "atlas-schema-mariadb",
    suffix: ".ma.hcl",
    ddl: &ddl::Ddl { maria: true },
    assumed: inspect::assumed_mariadb,
    released: |tag| super::mysql::features::released(tag, "-MariaDB"),
    plan: &plan::Mysql { assumed: inspect::assumed_mariadb },
    ..BASE
};
