//! Completion as tables of half-typed text.
