//! Advertised is handled and handled is advertised.
