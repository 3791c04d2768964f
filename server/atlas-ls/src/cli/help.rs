//! Help, as cobra lays it out.
//!
//! Source: cobra 1.8 default help and usage templates; pflag 1.0.5 `FlagUsages`.

use super::table::{Command, Flag, Kind};

/// The help of the last command of `path`.
pub fn help(path: &[&'static Command]) -> String {
    let Some(command) = path.last() else { return String::new() };
    let name = path.iter().map(|command| command.name).collect::<Vec<_>>().join(" ");
    let about = if command.long.is_empty() { command.short } else { command.long };
    let mut out = format!("{}\n\nUsage:", about.trim_end());
    let children: Vec<&Command> = command.visible().collect();
    if command.action.is_some() {
        out.push_str(&format!("\n  {}", usage(&name, command)));
    }
    if !children.is_empty() {
        out.push_str(&format!("\n  {name} [command]"));
    }
    if !command.example.is_empty() {
        out.push_str(&format!("\n\nExamples:\n{}", command.example));
    }
    if !children.is_empty() {
        out.push_str("\n\nAvailable Commands:");
        let width = children.iter().map(|child| child.name.len()).max().unwrap_or(0).max(11);
        for child in &children {
            out.push_str(&format!("\n  {:width$} {}", child.name, child.short));
        }
    }
    let help = Flag { short: Some('h'), help: "", ..HELP };
    let own = command.flags.iter().chain(command.persistent.iter());
    let text = format!("help for {}", command.name);
    out.push_str(&format!("\n\nFlags:\n{}", flags(own.chain([&help]), &text)));
    let inherited: Vec<&Flag> =
        path[..path.len() - 1].iter().rev().flat_map(|command| command.persistent).collect();
    if !inherited.is_empty() {
        out.push_str(&format!("\n\nGlobal Flags:\n{}", flags(inherited.into_iter(), "")));
    }
    if !children.is_empty() {
        out.push_str(&format!("\n\nUse \"{name} [command] --help\" for more information about a command."));
    }
    out.push('\n');
    out
}

const HELP: Flag = Flag {
    name: "help",
    short: Some('h'),
    kind: Kind::Bool,
    default: "",
    help: "",
    hidden: false,
    required: false,
};

/// `atlas schema apply [flags]`.
fn usage(name: &str, command: &Command) -> String {
    let mut line = name.to_owned();
    if !command.usage.is_empty() {
        line.push_str(&format!(" {}", command.usage));
    }
    if !command.usage.contains("[flags]") {
        line.push_str(" [flags]");
    }
    line
}

fn flags<'a>(flags: impl Iterator<Item = &'a Flag>, help: &str) -> String {
    let shown: Vec<(String, String)> = flags
        .filter(|flag| !flag.hidden)
        .map(|flag| {
            let mut left = match flag.short {
                Some(short) => format!("  -{short}, --{}", flag.name),
                None => format!("      --{}", flag.name),
            };
            let takes = takes(flag.kind);
            if !takes.is_empty() {
                left.push_str(&format!(" {takes}"));
            }
            let mut right = if flag.name == "help" { help.to_owned() } else { flag.help.to_owned() };
            match flag.kind {
                Kind::Text if !flag.default.is_empty() => {
                    right.push_str(&format!(" (default {:?})", flag.default))
                }
                Kind::Duration => right.push_str(&format!(" (default {})", flag.default)),
                Kind::Vars => right.push_str(" (default [])"),
                _ => {}
            }
            (left, right)
        })
        .collect();
    let width = shown.iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0);
    let lines: Vec<String> = shown.iter().map(|(left, right)| format!("{left:width$}   {right}")).collect();
    lines.join("\n")
}

fn takes(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "",
        Kind::Text => "string",
        Kind::List => "strings",
        Kind::Duration => "duration",
        Kind::Count => "uint",
        Kind::Vars => "<name>=<value>",
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::help;
    use crate::cli::table::ROOT;

    #[test]
    fn a_group_lists_its_commands_and_flags() {
        let schema = ROOT.child("schema").expect("it exists");
        expect![[r#"
            The `atlas schema` command groups subcommands working with declarative Atlas schemas.

            Usage:
              atlas schema [command]

            Available Commands:
              apply       Apply an atlas schema to a target database.
              clean       Removes all objects from the connected database.
              diff        Calculate and print the diff between two schemas.
              fmt         Formats Atlas HCL files
              inspect     Inspect a database and print its schema in Atlas DDL syntax.

            Flags:
              -c, --config string        select config (project) file using URL format (default "file://atlas.hcl")
                  --env string           set which env from the config file to use
                  --var <name>=<value>   input variables (default [])
              -h, --help                 help for schema

            Use "atlas schema [command] --help" for more information about a command.
        "#]].assert_eq(&help(&[&ROOT, schema]));
    }

    #[test]
    fn a_command_lists_its_flags_and_those_of_its_group() {
        let schema = ROOT.child("schema").expect("it exists");
        let clean = schema.child("clean").expect("it exists");
        expect![[r#"
            'atlas schema clean' drops all objects in the connected database and leaves it in an empty state.
            As a safety feature, 'atlas schema clean' will ask for confirmation before attempting to execute any SQL.

            Usage:
              atlas schema clean [flags]

            Examples:
              atlas schema clean -u "sqlite://file.db"
              atlas schema clean -u "sqlite://file.db" --auto-approve

            Flags:
              -u, --url string     [driver://username:password@address/dbname?param=value] select a resource using the URL format
                  --auto-approve   apply changes without prompting for approval
              -h, --help           help for clean

            Global Flags:
              -c, --config string        select config (project) file using URL format (default "file://atlas.hcl")
                  --env string           set which env from the config file to use
                  --var <name>=<value>   input variables (default [])
        "#]].assert_eq(&help(&[&ROOT, schema, clean]));
    }
}
