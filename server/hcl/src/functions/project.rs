//! Functions that ask the world; only `atlas.hcl` has them.
//!
//! They do no I/O: a fact nobody fetched yet makes the result unknown.

use super::{Outcome, string, text_at};
use crate::function::{Function, Group, Param, Purity, Run, ask};
use crate::scope::{FactRequest, Scope};
use crate::value::Value;

const fn project(
    name: &'static str,
    params: &'static [Param],
    returns: &'static str,
    run: fn(&[Value], &dyn Scope) -> Outcome,
    doc: &'static str,
) -> Function {
    Function {
        name,
        params,
        variadic: None,
        returns,
        doc,
        group: Group::Project,
        purity: Purity::Project,
        run: Run::Values(run),
    }
}

#[rustfmt::skip]
pub static TABLE: &[Function] = &[
    project("env", &[string("name")], "string", env, "The value of an environment variable; empty when it is not set."),
    project("file", &[string("path")], "string", file, "The text of a file; the path is relative to the directory of `atlas.hcl`."),
    project("fileset", &[string("pattern")], "list(string)", fileset, "The files that match a pattern, in which `**` stands for any directories."),
    project("getenv", &[string("name")], "string", env, "The value of an environment variable; empty when it is not set."),
    project("glob", &[string("pattern")], "list(string)", glob, "The files that match a pattern. Use `fileset` instead."),
    project("timestamp", &[], "string", timestamp, "The time now, RFC 3339 in UTC."),
];

fn env(args: &[Value], scope: &dyn Scope) -> Outcome {
    ask(scope, &FactRequest::Env { name: text_at(args, 0).into() })
}

fn file(args: &[Value], scope: &dyn Scope) -> Outcome {
    ask(scope, &FactRequest::File { path: text_at(args, 0).into() })
}

fn fileset(args: &[Value], scope: &dyn Scope) -> Outcome {
    ask(scope, &FactRequest::Fileset { pattern: text_at(args, 0).into() })
}

fn glob(args: &[Value], scope: &dyn Scope) -> Outcome {
    ask(scope, &FactRequest::Glob { pattern: text_at(args, 0).into() })
}

fn timestamp(_: &[Value], scope: &dyn Scope) -> Outcome {
    ask(scope, &FactRequest::Now)
}
