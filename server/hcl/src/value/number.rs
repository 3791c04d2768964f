//! Decimal numbers of any size.
//!
//! cty computes with binary floats of 512 bits; a decimal prints the same for everything a person writes. Invariant:
//! kept normalised, so that equal numbers are equal values (`1.50` is `1.5`).

use std::fmt;
use std::str::FromStr;

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, RoundingMode, ToPrimitive, Zero};

/// Significant digits kept by a division: what 512 bits hold.
const DIGITS: u64 = 154;
/// An exponent beyond this is refused, so that `1e999999999` cannot exhaust memory when printed.
const MAX_EXPONENT: i64 = 100_000;

/// A number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(BigDecimal);

impl Number {
    /// The number written in `text`: digits, an optional fraction, an optional exponent.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if !digits.starts_with(|ch: char| ch.is_ascii_digit())
            || !digits.chars().all(|ch| ch.is_ascii_digit() || matches!(ch, '.' | 'e' | 'E' | '+' | '-'))
        {
            return None;
        }
        if let Some((_, exponent)) = digits.split_once(['e', 'E']) {
            let exponent: i64 = exponent.trim_start_matches('+').parse().ok()?;
            if exponent.abs() > MAX_EXPONENT {
                return None;
            }
        }
        BigDecimal::from_str(text).ok().map(Self::from)
    }

    /// The number as a float, when it is finite; rounded as `f64` has to.
    pub fn from_f64(number: f64) -> Option<Self> {
        if !number.is_finite() {
            return None;
        }
        Self::parse(&format!("{number:e}"))
    }

    pub fn to_f64(&self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The number, when it is whole and fits.
    pub fn to_i64(&self) -> Option<i64> {
        if self.is_whole() { self.0.to_i64() } else { None }
    }

    /// The number, when it is whole, not negative and fits.
    pub fn to_usize(&self) -> Option<usize> {
        if self.is_whole() { self.0.to_usize() } else { None }
    }

    /// The number, when it is whole.
    pub fn to_big_int(&self) -> Option<BigInt> {
        self.is_whole().then(|| self.0.with_scale(0).into_bigint_and_exponent().0)
    }

    pub fn is_whole(&self) -> bool {
        self.0.fractional_digit_count() <= 0
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    pub fn is_negative(&self) -> bool {
        self.0.sign() == bigdecimal::num_bigint::Sign::Minus
    }

    #[must_use]
    pub fn abs(&self) -> Self {
        Self::from(self.0.abs())
    }

    #[must_use]
    pub fn negated(&self) -> Self {
        Self::from(-self.0.clone())
    }

    #[must_use]
    pub fn ceil(&self) -> Self {
        Self::from(self.0.with_scale_round(0, RoundingMode::Ceiling))
    }

    #[must_use]
    pub fn floor(&self) -> Self {
        Self::from(self.0.with_scale_round(0, RoundingMode::Floor))
    }

    #[must_use]
    pub fn plus(&self, other: &Number) -> Self {
        Self::from(&self.0 + &other.0)
    }

    #[must_use]
    pub fn minus(&self, other: &Number) -> Self {
        Self::from(&self.0 - &other.0)
    }

    /// The product, rounded to the digits we keep.
    #[must_use]
    pub fn times(&self, other: &Number) -> Self {
        Self::from(&self.0 * &other.0)
    }

    /// The quotient, or `None` for a division by zero.
    pub fn over(&self, other: &Number) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let ((a, a_scale), (b, b_scale)) =
            (self.0.as_bigint_and_exponent(), other.0.as_bigint_and_exponent());
        // Enough zeros behind the dividend to have all the digits we keep, and some to round by.
        let zeros = (digits(&b) + DIGITS + 2).saturating_sub(digits(&a));
        let quotient = a * BigInt::from(10).pow(u32::try_from(zeros).ok()?) / b;
        let scale = a_scale - b_scale + i64::try_from(zeros).ok()?;
        Some(Self::from(BigDecimal::new(quotient, scale).with_prec(DIGITS)))
    }

    /// What is left of a division that rounds towards zero; `None` for a division by zero.
    pub fn modulo(&self, other: &Number) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let quotient = (&self.0 / &other.0).with_scale_round(0, RoundingMode::Down);
        Some(Self::from(&self.0 - quotient * &other.0))
    }

    pub fn decimal(&self) -> &BigDecimal {
        &self.0
    }
}

impl From<BigDecimal> for Number {
    fn from(number: BigDecimal) -> Self {
        let number = if number.digits() > DIGITS * 64 { number.with_prec(DIGITS * 64) } else { number };
        Self(number.normalized())
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self::from(BigDecimal::from(number))
    }
}

impl From<BigInt> for Number {
    fn from(number: BigInt) -> Self {
        Self::from(BigDecimal::from(number))
    }
}

/// As cty converts a number to a string: all digits, no exponent.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_plain_string())
    }
}

/// How many decimal digits an integer has.
fn digits(number: &BigInt) -> u64 {
    BigDecimal::new(number.clone(), 0).digits()
}
