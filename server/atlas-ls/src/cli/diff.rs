//! `schema diff`.

use std::sync::Arc;

use commands::format::{DiffReport, Kind, Template};
use commands::schema::diff;

use super::parse::Invocation;
use super::setup::Setup;
use super::{Failure, Session, refuse};

const SYNCED: &str = "Schemas are synced, no changes to be made.\n";

/// Prints what leads from one state to another.
///
/// Source: reference/cli.md section 5.3.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let mut setup = Setup::load(session, invocation).await?;
    setup.fill(invocation)?;
    invocation.check()?;
    refuse(invocation, &["include"])?;
    let template = match invocation.text("format") {
        "" => None,
        format => {
            let parsed = Template::parse(Kind::Diff, format);
            Some(parsed.map_err(|error| format!("parse log format: {error}"))?)
        }
    };
    let (policy, options) = (setup.policy(), setup.options(invocation));
    let (from, to) = (invocation.list("from"), invocation.list("to"));
    let report = diff::diff(&mut setup.workspace, from, to, &policy, &options);
    let report = session.interrupt.stop(report).await??;
    let text = match template {
        Some(template) => template.execute(Arc::new(DiffReport { report }), session.console.colour)?,
        None if report.is_synced() => SYNCED.to_owned(),
        // The default report is a template too, which is seen when it fails.
        None => match report.plan("") {
            Ok(plan) => plan.to_sql(),
            Err(error) => {
                return Err(format!(
                    "template: schema_diff:2:3: executing \"schema_diff\" at <sql $>: error calling sql: {error}"
                )
                .into());
            }
        },
    };
    session.console.print(&text);
    Ok(())
}
