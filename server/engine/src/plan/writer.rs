//! Writes one statement: words with single spaces, quoted names, literals, lists.
//!
//! The one way statements are made; nothing is concatenated by hand. Invariant: what goes in as a name or literal comes
//! out quoted, with quotes inside it doubled.

/// A statement being written.
#[derive(Clone, Debug)]
pub struct Writer {
    text: String,
    /// What names are quoted with.
    quote: char,
    /// What an element of a [`Writer::block`] is indented with; empty for one line.
    indent: String,
    depth: usize,
}

impl Writer {
    /// An empty statement whose names are quoted with `quote`.
    pub fn new(quote: char, indent: &str) -> Self {
        Self { text: String::new(), quote, indent: indent.to_string(), depth: 0 }
    }

    /// Keywords or an operator, as given.
    pub fn word(&mut self, word: &str) -> &mut Self {
        self.space();
        self.text.push_str(word);
        self
    }

    /// `word` if `condition`.
    pub fn word_if(&mut self, condition: bool, word: &str) -> &mut Self {
        if condition { self.word(word) } else { self }
    }

    /// A quoted name.
    pub fn ident(&mut self, name: &str) -> &mut Self {
        self.space();
        self.quoted(name);
        self
    }

    /// A quoted name behind its qualifier, unless that is empty.
    pub fn path(&mut self, qualifier: &str, name: &str) -> &mut Self {
        self.space();
        if !qualifier.is_empty() {
            self.quoted(qualifier);
            self.text.push('.');
        }
        self.quoted(name);
        self
    }

    /// A string.
    pub fn literal(&mut self, text: &str) -> &mut Self {
        self.space();
        self.text.push('\'');
        self.text.push_str(&text.replace('\'', "''"));
        self.text.push('\'');
        self
    }

    /// `(a, b)`, one line.
    pub fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.space();
        self.text.push('(');
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.text.push_str(", ");
            }
            write(self, item);
        }
        self.text.push(')');
        self
    }

    /// `(a, b)`, each element on a line of its own when there is an indent.
    pub fn block<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        if self.indent.is_empty() {
            return self.list(items, write);
        }
        self.space();
        self.text.push('(');
        self.depth += 1;
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.line();
            write(self, item);
        }
        self.depth -= 1;
        self.line();
        self.text.push(')');
        self
    }

    /// The statement.
    pub fn finish(self) -> String {
        self.text
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.push_str(&self.indent.repeat(self.depth));
    }

    fn quoted(&mut self, name: &str) {
        self.text.push(self.quote);
        for char in name.chars() {
            self.text.push(char);
            if char == self.quote {
                self.text.push(char);
            }
        }
        self.text.push(self.quote);
    }

    /// A space, unless the text starts here or just opened or separated something.
    fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '(', '\n']) {
            self.text.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Writer;

    #[test]
    fn quotes_inside_names_and_literals_are_doubled() {
        let mut writer = Writer::new('`', "");
        writer.word("DROP TABLE").path("", "a`b").word("DEFAULT").literal("it's");
        assert_eq!(writer.finish(), "DROP TABLE `a``b` DEFAULT 'it''s'");
    }

    #[test]
    fn blocks_break_lines_only_with_an_indent() {
        let write = |indent: &str| {
            let mut writer = Writer::new('`', indent);
            writer.word("CREATE TABLE").path("s", "t").block(["a", "b"], |writer, name| {
                writer.ident(name).word("int");
            });
            writer.word("STRICT");
            writer.finish()
        };
        assert_eq!(write(""), "CREATE TABLE `s`.`t` (`a` int, `b` int) STRICT");
        assert_eq!(write("  "), "CREATE TABLE `s`.`t` (\n  `a` int,\n  `b` int\n) STRICT");
    }
}
