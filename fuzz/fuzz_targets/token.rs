//! Tokens of personal links: as they come with a request, and what stands under their seal.
#![no_main]

use std::sync::LazyLock;

use demur_register::{KeySource, Links, Options, Register, RegisterUrl, SeededEntropy};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

static LINKS: LazyLock<Links> = LazyLock::new(|| {
    let options = Options {
        url: RegisterUrl::Memory,
        key: KeySource::Hex("31".repeat(32)),
        origin: Options::DEFAULT_ORIGIN.into(),
    };
    let entropy = Box::new(SeededEntropy::new(1));
    Register::open(options, entropy, Timestamp::UNIX_EPOCH).expect("a register in memory").links()
});

fuzz_target!(|bytes: &[u8]| {
    // Nobody but the register makes a token that opens.
    assert_eq!(LINKS.open(&String::from_utf8_lossy(bytes)), None);
    if let Some(link) = LINKS.open(&LINKS.seal_bytes(bytes)) {
        assert_eq!(LINKS.open(&LINKS.seal(&link)), Some(link));
    }
});
