//! The kinds of mistakes the parser reports.
//!
//! One mistake gives one diagnostic: what follows from an earlier one in the same item is not reported.

/// The codes of syntax diagnostics.
pub mod codes {
    use text::Code;

    /// A bracket, brace or parenthesis that is never closed.
    pub const UNCLOSED: Code = "syntax-unclosed";
    /// A closing bracket without an opening one.
    pub const UNOPENED: Code = "syntax-unopened";
    /// An argument without `=`, or a word that is neither argument nor block.
    pub const MISSING_EQUALS: Code = "syntax-missing-equals";
    /// A block without a body.
    pub const MISSING_BODY: Code = "syntax-missing-body";
    /// An argument, operand or operator without its expression.
    pub const MISSING_EXPRESSION: Code = "syntax-missing-expression";
    /// Two items on one line.
    pub const MISSING_NEWLINE: Code = "syntax-missing-newline";
    /// Two elements without a comma between them.
    pub const MISSING_SEPARATOR: Code = "syntax-missing-separator";
    /// A `.` without a name after it.
    pub const MISSING_NAME: Code = "syntax-missing-name";
    /// A string that does not end on its line.
    pub const UNCLOSED_STRING: Code = "syntax-unclosed-string";
    /// A heredoc without its closing tag.
    pub const UNCLOSED_HEREDOC: Code = "syntax-unclosed-heredoc";
    /// A `/*` without `*/`.
    pub const UNCLOSED_COMMENT: Code = "syntax-unclosed-comment";
    /// More than one argument in a block on one line.
    pub const SINGLE_LINE_BLOCK: Code = "syntax-single-line-block";
    /// An escape that strings do not have.
    pub const INVALID_ESCAPE: Code = "syntax-invalid-escape";
    /// `${` or `%{` that is not allowed or not complete.
    pub const INVALID_TEMPLATE: Code = "syntax-invalid-template";
    /// A number that is not one.
    pub const INVALID_NUMBER: Code = "syntax-invalid-number";
    /// A `for` expression that is not complete.
    pub const INVALID_FOR: Code = "syntax-invalid-for";
    /// A character or token that has no place here.
    pub const UNEXPECTED: Code = "syntax-unexpected";
    /// An expression or block nested deeper than we follow.
    pub const TOO_DEEP: Code = "syntax-too-deep";

    /// All of them.
    pub const ALL: &[Code] = &[
        UNCLOSED,
        UNOPENED,
        MISSING_EQUALS,
        MISSING_BODY,
        MISSING_EXPRESSION,
        MISSING_NEWLINE,
        MISSING_SEPARATOR,
        MISSING_NAME,
        UNCLOSED_STRING,
        UNCLOSED_HEREDOC,
        UNCLOSED_COMMENT,
        SINGLE_LINE_BLOCK,
        INVALID_ESCAPE,
        INVALID_TEMPLATE,
        INVALID_NUMBER,
        INVALID_FOR,
        UNEXPECTED,
        TOO_DEEP,
    ];
}
