//! The program: the command line, which also starts the language server.

use std::process::ExitCode;

fn main() -> ExitCode {
    atlas_ls::cli::main(std::env::args_os())
}
