//! The attributes only PostgreSQL has, declared once: decoding, encoding, comparing and planning read the same keys.
