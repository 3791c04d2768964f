//! TiDB: MySQL with another name and other URLs. What its servers do otherwise is told by their capabilities
//! ([`crate::mysql::features::TIDB`]). Its files are those of MySQL.

use crate::mysql::{BASE, inspect, plan};

/// TiDB.
pub static TIDB: engine::Dialect = engine::Dialect {
    name: "tidb",
    title: "TiDB",
    schemes: &["tidb"],
    assumed: inspect::assumed_tidb,
    // Its versions are not MySQL's.
    released: |_| None,
    plan: &plan::Mysql { assumed: inspect::assumed_tidb },
    ..BASE
};
