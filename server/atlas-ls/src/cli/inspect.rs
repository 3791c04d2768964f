//! `schema inspect`.

use std::sync::Arc;

use commands::format::{InspectReport, Kind, Template};
use commands::schema::inspect;

use super::parse::Invocation;
use super::setup::Setup;
use super::{Failure, Session};

/// Prints a state.
///
/// Source: reference/cli.md section 5.1.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let mut setup = Setup::load(session, invocation).await?;
    setup.fill(invocation)?;
    invocation.check()?;
    let format = if invocation.changed("log") { invocation.text("log") } else { invocation.text("format") };
    let template = match format {
        "" => None,
        format => {
            let parsed = Template::parse(Kind::Inspect, format);
            Some(parsed.map_err(|error| format!("parse log format: {error}"))?)
        }
    };
    let url = invocation.text("url");
    if url.starts_with("env://") && setup.env.is_none() {
        return Err("missing scheme. See: https://atlasgo.io/url".to_owned().into());
    }
    let options = setup.options(invocation);
    let report = inspect::inspect(&mut setup.workspace, url, &options);
    let report = session.interrupt.stop(report).await??;
    let text = match template {
        None => report.hcl()?,
        Some(template) => template.execute(Arc::new(InspectReport { report }), session.console.colour)?,
    };
    session.console.print(&text);
    Ok(())
}
