//! Where chance comes from.

/// A source of random bytes. Case numbers, salts, nonces and keys are drawn from it.
pub trait Entropy {
    /// Fills `bytes`. Implementations outside tests must be fit for keys.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// The operating system's randomness, drawn in blocks: an import of half a million objections asks
/// some three million times.
pub struct OsEntropy {
    block: [u8; 4096],
    used: usize,
}

impl OsEntropy {
    /// A source with nothing drawn yet.
    #[must_use]
    pub fn new() -> Self {
        OsEntropy { block: [0; 4096], used: 4096 }
    }
}

impl Default for OsEntropy {
    fn default() -> Self {
        OsEntropy::new()
    }
}

impl Entropy for OsEntropy {
    /// # Panics
    /// Where the operating system has no randomness to give: no key may be made then.
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.used == self.block.len() {
                getrandom::fill(&mut self.block).expect("the operating system gives random bytes");
                self.used = 0;
            }
            // What was handed out is not kept.
            *byte = std::mem::take(&mut self.block[self.used]);
            self.used += 1;
        }
    }
}

/// A reproducible source for tests and benchmarks; never for a register that matters.
pub struct SeededEntropy(blake3::OutputReader);

impl SeededEntropy {
    /// The source that `seed` gives.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        SeededEntropy(blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof())
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
}

/// Draws `N` bytes.
pub(crate) fn draw<const N: usize>(entropy: &mut dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}
