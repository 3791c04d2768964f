//! A question with a few answers, chosen with the arrow keys.
//!
//! On a terminal keys are read one by one, by way of `stty`; where there is none, as they come: an enter chooses what
//! is marked. Invariant: the terminal is left as it was found.
//!
//! Source: promptui `Select`, as reference/cli.md section 5.2 shows it.

use std::io::{IsTerminal as _, Read};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use super::console::Console;

/// What the person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The index of the answer.
    Chosen(usize),
    /// Ctrl-C.
    Left,
}

/// Asks. Blocks until a key is there.
///
/// # Errors
/// `^D` when there is nothing to read from.
pub fn select(console: &Console, question: &str, answers: &[&str]) -> Result<Answer, String> {
    let keys = std::io::stdin();
    let raw = keys.is_terminal().then(Raw::enter).flatten();
    let answer = ask(console, question, answers, &mut keys.lock(), raw.is_some());
    drop(raw);
    answer
}

fn ask(
    console: &Console,
    question: &str,
    answers: &[&str],
    keys: &mut impl Read,
    redraw: bool,
) -> Result<Answer, String> {
    let mut at = 0;
    console.print(&drawn(question, answers, at));
    loop {
        let moved = match key(keys)? {
            Key::Enter => {
                if redraw {
                    console.print(&erased(answers.len() + 1));
                }
                console.print(&format!("✔ {}\n", answers.get(at).copied().unwrap_or_default()));
                return Ok(Answer::Chosen(at));
            }
            Key::Leave => return Ok(Answer::Left),
            Key::End => return Err("^D".to_owned()),
            Key::Up => at.saturating_sub(1),
            Key::Down => (at + 1).min(answers.len().saturating_sub(1)),
            Key::Other => continue,
        };
        if moved != at {
            at = moved;
            if redraw {
                console.print(&erased(answers.len() + 1));
                console.print(&drawn(question, answers, at));
            }
        }
    }
}

fn drawn(question: &str, answers: &[&str], at: usize) -> String {
    let mut out = format!("? {question}: \n");
    for (index, answer) in answers.iter().enumerate() {
        let mark = if index == at { "▸" } else { " " };
        out.push_str(&format!("  {mark} {answer}\n"));
    }
    out
}

fn erased(lines: usize) -> String {
    format!("\u{1b}[{lines}A\u{1b}[J")
}

enum Key {
    Enter,
    Up,
    Down,
    Leave,
    End,
    Other,
}

fn key(keys: &mut impl Read) -> Result<Key, String> {
    Ok(match byte(keys)? {
        Some(b'\r' | b'\n') => Key::Enter,
        Some(3) => Key::Leave,
        None | Some(4) => Key::End,
        Some(b'k' | 16) => Key::Up,
        Some(b'j' | 14) => Key::Down,
        Some(27) => match byte(keys)? {
            Some(b'[' | b'O') => match byte(keys)? {
                Some(b'A') => Key::Up,
                Some(b'B') => Key::Down,
                _ => Key::Other,
            },
            _ => Key::Other,
        },
        Some(_) => Key::Other,
    })
}

fn byte(keys: &mut impl Read) -> Result<Option<u8>, String> {
    let mut byte = [0];
    match keys.read(&mut byte) {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(byte[0])),
        Err(error) => Err(crate::machine::reason(&error)),
    }
}

/// What the terminal was like before it was changed.
static BEFORE: Mutex<Option<String>> = Mutex::new(None);

/// The terminal without echo and line editing, until dropped.
struct Raw;

impl Raw {
    fn enter() -> Option<Self> {
        let before = stty(&["-g"])?;
        stty(&["-icanon", "-echo", "-isig", "min", "1", "time", "0"])?;
        if let Ok(mut saved) = BEFORE.lock() {
            *saved = Some(before.trim().to_owned());
        }
        Some(Self)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        restore();
    }
}

/// Leaves the terminal as it was found; for those who cannot wait for the answer.
pub fn restore() {
    let before = BEFORE.lock().ok().and_then(|mut saved| saved.take());
    if let Some(before) = before {
        let _ = stty(&[&before]);
    }
}

fn stty(args: &[&str]) -> Option<String> {
    let output =
        Command::new("stty").args(args).stdin(Stdio::inherit()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(keys: &str) -> Result<Answer, String> {
        let console = Console { colour: false };
        ask(&console, "Are you sure?", &["Apply", "Abort"], &mut keys.as_bytes(), false)
    }

    #[test]
    fn arrows_move_and_enter_chooses() {
        for (keys, expected) in [
            ("\n", Ok(Answer::Chosen(0))),
            ("\u{1b}[B\r", Ok(Answer::Chosen(1))),
            ("jk\n", Ok(Answer::Chosen(0))),
            ("jjj\n", Ok(Answer::Chosen(1))),
            ("\u{3}", Ok(Answer::Left)),
            ("\u{4}", Err("^D".to_owned())),
            ("", Err("^D".to_owned())),
            ("xyz", Err("^D".to_owned())),
        ] {
            assert_eq!(answer(keys), expected, "{keys:?}");
        }
    }
}
