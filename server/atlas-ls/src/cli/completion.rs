//! Completion scripts for shells, generated from the command table.
//!
//! Static: a script knows the commands and flags of the binary that wrote it and starts nothing. A position that takes
//! a path is left to the shell's own completion of files.

use super::table::{Command, Flag, Kind, ROOT, Shell};

/// What can follow the words of one command.
struct Node {
    /// The words behind the program's name, by single spaces: `schema apply`.
    path: String,
    commands: Vec<(&'static str, &'static str)>,
    flags: Vec<&'static Flag>,
}

/// The script for `shell`, for a program called `program`.
pub fn script(shell: Shell, program: &str) -> String {
    let mut nodes = Vec::new();
    walk(&ROOT, "", &[], &mut nodes);
    match shell {
        Shell::Bash => bash(program, &nodes),
        Shell::Zsh => zsh(program, &nodes),
        Shell::Fish => fish(program, &nodes),
        Shell::Power => powershell(program, &nodes),
    }
}

fn walk(command: &'static Command, path: &str, inherited: &[&'static Flag], nodes: &mut Vec<Node>) {
    let below: Vec<&'static Flag> = inherited.iter().copied().chain(command.persistent).collect();
    let flags = command.flags.iter().chain(below.iter().copied()).filter(|flag| !flag.hidden).collect();
    let commands = command.visible().map(|child| (child.name, child.short)).collect();
    nodes.push(Node { path: path.to_owned(), commands, flags });
    for child in command.visible() {
        let path = if path.is_empty() { child.name.to_owned() } else { format!("{path} {}", child.name) };
        walk(child, &path, &below, nodes);
    }
}

impl Node {
    /// All that may stand here, for shells that only want words.
    fn words(&self) -> String {
        let commands = self.commands.iter().map(|(name, _)| (*name).to_owned());
        let flags = self.flags.iter().flat_map(|flag| {
            let short = flag.short.map(|short| format!("-{short}"));
            [Some(format!("--{}", flag.name)), short].into_iter().flatten()
        });
        commands.chain(flags).chain(["--help".to_owned(), "-h".to_owned()]).collect::<Vec<_>>().join(" ")
    }

    /// The flags whose next word is a value.
    fn valued(&self) -> String {
        let flags = self.flags.iter().filter(|flag| flag.kind != Kind::Bool).flat_map(|flag| {
            let short = flag.short.map(|short| format!("-{short}"));
            [Some(format!("--{}", flag.name)), short].into_iter().flatten()
        });
        flags.collect::<Vec<_>>().join("|")
    }
}

/// A name a shell function may have.
fn function(program: &str) -> String {
    program.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// The part that bash and zsh share: finds the command, then offers its words.
fn posix(nodes: &[Node], array: &str, first: usize, current: &str) -> String {
    let mut out = String::from("    local path=\"\" word next i=");
    out.push_str(&format!(
        "{first}\n    while [ \"$i\" -lt {current} ]; do\n        word=\"${{{array}[$i]}}\"\n"
    ));
    out.push_str("        next=\"${path:+$path }$word\"\n        case \"$next\" in\n");
    let paths: Vec<String> =
        nodes.iter().filter(|node| !node.path.is_empty()).map(|node| format!("'{}'", node.path)).collect();
    out.push_str(&format!("            {}) path=\"$next\" ;;\n        esac\n", paths.join("|")));
    out.push_str("        i=$((i + 1))\n    done\n");
    out.push_str("    words_here=\"\" takes_value=\"\"\n    case \"$path\" in\n");
    for node in nodes {
        out.push_str(&format!("        '{}')\n            words_here=\"{}\"\n", node.path, node.words()));
        let valued = node.valued();
        if !valued.is_empty() {
            out.push_str(&format!("            case \"$previous\" in {valued}) takes_value=1 ;; esac\n"));
        }
        out.push_str("            ;;\n");
    }
    out.push_str("    esac\n");
    out
}

fn bash(program: &str, nodes: &[Node]) -> String {
    let name = function(program);
    format!(
        "# bash completion for {program}\n\
         _{name}_complete() {{\n\
         \x20   local current=\"${{COMP_WORDS[COMP_CWORD]}}\" previous=\"${{COMP_WORDS[COMP_CWORD-1]}}\" words_here takes_value\n\
         {}\
         \x20   COMPREPLY=()\n\
         \x20   if [ -z \"$takes_value\" ]; then\n\
         \x20       COMPREPLY=($(compgen -W \"$words_here\" -- \"$current\"))\n\
         \x20   fi\n\
         }}\n\
         complete -o default -F _{name}_complete {program}\n",
        posix(nodes, "COMP_WORDS", 1, "\"$COMP_CWORD\"")
    )
}

fn zsh(program: &str, nodes: &[Node]) -> String {
    let name = function(program);
    format!(
        "#compdef {program}\n\
         # zsh completion for {program}\n\
         _{name}_complete() {{\n\
         \x20   local current=\"${{words[CURRENT]}}\" previous=\"${{words[CURRENT-1]}}\" words_here takes_value\n\
         {}\
         \x20   if [ -n \"$takes_value\" ]; then\n\
         \x20       _files\n\
         \x20   else\n\
         \x20       compadd -- ${{=words_here}}\n\
         \x20       _files\n\
         \x20   fi\n\
         }}\n\
         compdef _{name}_complete {program}\n",
        posix(nodes, "words", 2, "\"$CURRENT\"")
    )
}

fn fish(program: &str, nodes: &[Node]) -> String {
    let name = function(program);
    let mut out = format!(
        "# fish completion for {program}\n\
         function __{name}_at\n\
         \x20   set -l path\n\
         \x20   for word in (commandline -opc)[2..-1]\n\
         \x20       switch (string join ' ' $path $word)\n"
    );
    for node in nodes.iter().filter(|node| !node.path.is_empty()) {
        out.push_str(&format!("            case '{}'\n                set -a path $word\n", node.path));
    }
    out.push_str("        end\n    end\n    test \"$path\" = \"$argv\"\nend\n");
    for node in nodes {
        let condition = format!("__{name}_at {}", node.path);
        for (command, short) in &node.commands {
            out.push_str(&format!(
                "complete -c {program} -n '{}' -f -a {command} -d {}\n",
                condition.trim_end(),
                quoted(short)
            ));
        }
        for flag in &node.flags {
            let short = flag.short.map(|short| format!(" -s {short}")).unwrap_or_default();
            let takes = if flag.kind == Kind::Bool { "" } else { " -r" };
            out.push_str(&format!(
                "complete -c {program} -n '{}'{short} -l {}{takes} -d {}\n",
                condition.trim_end(),
                flag.name,
                quoted(flag.help)
            ));
        }
    }
    out
}

fn powershell(program: &str, nodes: &[Node]) -> String {
    let mut out = format!(
        "# powershell completion for {program}\n\
         Register-ArgumentCompleter -Native -CommandName '{program}' -ScriptBlock {{\n\
         \x20   param($word, $ast, $cursor)\n\
         \x20   $words = @{{\n"
    );
    for node in nodes {
        let words: Vec<String> = node.words().split(' ').map(quoted).collect();
        out.push_str(&format!("        '{}' = @({})\n", node.path, words.join(", ")));
    }
    out.push_str(
        "    }\n\
         \x20   $path = ''\n\
         \x20   foreach ($element in $ast.CommandElements | Select-Object -Skip 1) {\n\
         \x20       $next = \"$path $element\".Trim()\n\
         \x20       if ($element.Extent.EndOffset -lt $cursor -and $words.ContainsKey($next)) { $path = $next }\n\
         \x20   }\n\
         \x20   $words[$path] | Where-Object { $_ -like \"$word*\" } | ForEach-Object {\n\
         \x20       [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)\n\
         \x20   }\n\
         }\n",
    );
    out
}

/// In single quotes, with those inside doubled away.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "’"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_knows_every_visible_command_and_flag() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::Power] {
            let script = script(shell, "atlas-ls");
            for word in ["inspect", "auto-approve", "check", "powershell", "dev-url"] {
                assert!(script.contains(word), "{shell:?} lacks {word}");
            }
            assert!(!script.contains("clientProcessId"), "{shell:?} shows a hidden flag");
        }
    }

    /// Asks the script itself what may follow `line`.
    fn ask(line: &[&str]) -> Option<Vec<String>> {
        let ask = format!(
            "{}\nCOMP_WORDS=({}); COMP_CWORD={}; _atlas_ls_complete; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            script(Shell::Bash, "atlas-ls"),
            line.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" "),
            line.len() - 1
        );
        let output = std::process::Command::new("bash").arg("-c").arg(ask).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        Some(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }

    #[test]
    fn bash_completes_commands_and_flags() {
        let Some(found) = ask(&["atlas-ls", "sch"]) else { return };
        assert_eq!(found, ["schema"]);
        assert_eq!(ask(&["atlas-ls", "schema", "ins"]), Some(vec!["inspect".to_owned()]));
        assert_eq!(ask(&["atlas-ls", "schema", "apply", "--dry"]), Some(vec!["--dry-run".to_owned()]));
        assert_eq!(ask(&["atlas-ls", "schema", "apply", "--url", ""]), Some(Vec::new()));
    }
}
