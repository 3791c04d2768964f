//! Hover as tables of texts.
