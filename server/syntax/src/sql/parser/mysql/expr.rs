//! What expressions of MySQL have beyond those of all dialects.

use crate::sql::kind::SyntaxKind;
use crate::sql::parser::Parser;

/// Units of `INTERVAL`.
const UNITS: &[&str] = &[
    "MICROSECOND",
    "SECOND",
    "MINUTE",
    "HOUR",
    "DAY",
    "WEEK",
    "MONTH",
    "QUARTER",
    "YEAR",
    "SECOND_MICROSECOND",
    "MINUTE_MICROSECOND",
    "MINUTE_SECOND",
    "HOUR_MICROSECOND",
    "HOUR_SECOND",
    "HOUR_MINUTE",
    "DAY_MICROSECOND",
    "DAY_SECOND",
    "DAY_MINUTE",
    "DAY_HOUR",
    "YEAR_MONTH",
];

impl Parser<'_> {
    /// Takes an operand only MySQL has; whether an operand is complete behind it.
    pub(in crate::sql::parser) fn my_operand(&mut self) -> Option<bool> {
        let next = self.nth_kind(1);
        let text = matches!(next, Some(SyntaxKind::STRING | SyntaxKind::BLOB));
        // `_utf8mb4'x'`, `DATE '2020-01-01'`.
        let introducer = self.word().starts_with('_')
            && (text
                || (next == Some(SyntaxKind::NUMBER)
                    && self.nth(1).is_some_and(|token| self.text_of(token).starts_with("0"))));
        if introducer || (text && self.at_any(&["DATE", "TIME", "TIMESTAMP"])) {
            self.start(SyntaxKind::LITERAL);
            self.bump_word();
            self.bump();
            while self.at(SyntaxKind::STRING) {
                self.bump();
            }
            self.finish();
            return Some(true);
        }
        if self.at_word("INTERVAL") && next != Some(SyntaxKind::COMMA) {
            self.bump_word();
            self.expr("interval");
            self.eat_any(UNITS);
            return Some(true);
        }
        if self.at_word("NEXT") && self.nth_is(1, "VALUE")
            || self.at_word("PREVIOUS") && self.nth_is(1, "VALUE")
        {
            self.bump_word();
            self.bump_word();
            self.eat_word("FOR");
            if self.at_name() {
                self.path();
            }
            return Some(true);
        }
        if self.at_word("BINARY") && next != Some(SyntaxKind::L_PAREN) {
            self.bump_word();
            return Some(false);
        }
        let call = next == Some(SyntaxKind::L_PAREN)
            && self.at_any(&[
                "VALUES",
                "CURRENT_TIMESTAMP",
                "CURRENT_DATE",
                "CURRENT_TIME",
                "LOCALTIME",
                "LOCALTIMESTAMP",
                "UTC_TIMESTAMP",
                "UTC_DATE",
                "UTC_TIME",
            ]);
        if call {
            self.start(SyntaxKind::CALL);
            self.any_name();
            self.args();
            self.finish();
            return Some(true);
        }
        if self.at_any(&[
            "LOCALTIME",
            "LOCALTIMESTAMP",
            "UTC_TIMESTAMP",
            "UTC_DATE",
            "UTC_TIME",
            "CURRENT_USER",
            "MAXVALUE",
        ]) && next != Some(SyntaxKind::DOT)
            && next != Some(SyntaxKind::L_PAREN)
        {
            self.literal();
            return Some(true);
        }
        None
    }

    /// Takes an operator in words only MySQL has.
    pub(in crate::sql::parser) fn my_infix(&mut self) -> Option<bool> {
        if self.at_word("SOUNDS") && self.nth_is(1, "LIKE")
            || self.at_word("MEMBER") && self.nth_is(1, "OF")
            || self.at_word("NOT") && self.nth_is(1, "RLIKE")
        {
            self.bump_word();
            self.bump_word();
            return Some(false);
        }
        if self.at_word("AGAINST") && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
            self.bump_word();
            self.start(SyntaxKind::LOOSE);
            self.bump_balanced();
            self.finish();
            return Some(true);
        }
        None
    }
}
