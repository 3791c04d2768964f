//! What a schema file for MySQL may contain.
//!
//! Data only: validation, completion, hover and the reference page derive from it.

use engine::decode::common;
use hcl::spec::Body;

/// The top level of a schema file.
pub static FILE: Body = Body::new(&[], &[common::VARIABLE, common::LOCALS, common::DATA]);
