//! Numbers that look random and are the same in every run.
//!
//! Source: S. Vigna, "An experimental exploration of Marsaglia's xorshift generators", xorshift64*.

/// A generator with a seed.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Equal seeds give equal numbers; neighbouring seeds give unrelated ones.
    pub fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..4 {
            random.draw();
        }
        random
    }

    pub fn draw(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number from zero to below `limit`; zero when there is none.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.draw() >> 33) as usize % limit.max(1)
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of `items`, which must not be empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// `word` with a typing mistake: two letters swapped, one doubled, one left out, or one too many at the end.
    pub fn misspell(&mut self, word: &str) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        let at = self.below(letters.len().saturating_sub(1));
        match self.below(4) {
            0 if letters.len() > 3 && letters[at] != letters[at + 1] => letters.swap(at, at + 1),
            1 if letters.len() > 4 => {
                letters.remove(at + 1);
            }
            2 => letters.insert(at, letters[at]),
            _ => letters.push('x'),
        }
        letters.into_iter().collect()
    }
}
