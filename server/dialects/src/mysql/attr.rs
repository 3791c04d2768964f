//! The attributes only MySQL has, declared once: decoding, encoding, comparing and planning read the same keys.
