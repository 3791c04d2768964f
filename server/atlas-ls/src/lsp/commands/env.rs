//! `atlas.setEnv` and `atlas.refreshFacts`: what the user decides about an env.

use super::about::{About, Purpose};
use super::{Command, Context};
use crate::lsp::failure::Failure;

/// Chooses the env by which the files of a configuration are judged.
pub(super) struct SetEnv;

impl Command for SetEnv {
    const NAME: &'static str = "atlas.setEnv";
    type Args = About;
    type Report = ();

    async fn run(context: Context, about: About) -> Result<(), Failure> {
        let chosen = about.choose(&context.snapshot)?;
        context.client.then(move |owner| {
            owner.state.workspace.choose(chosen.config, chosen.env);
            owner.state.refreshed();
        });
        Ok(())
    }
}

/// Looks at the target of an env again, and asks again what was refused.
pub(super) struct RefreshFacts;

impl Command for RefreshFacts {
    const NAME: &'static str = "atlas.refreshFacts";
    type Args = About;
    type Report = ();

    async fn run(context: Context, about: About) -> Result<(), Failure> {
        let chosen = about.choose(&context.snapshot)?;
        chosen.permit(&context, Purpose::Inspect).await?;
        let env = chosen.settings(&context.snapshot)?;
        context.look_again(&chosen, &env);
        Ok(())
    }
}
