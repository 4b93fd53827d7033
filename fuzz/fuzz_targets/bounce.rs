//! Mail servers of the world write reports; whatever they write is read.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for bounce in demur_notice::bounce::read(bytes) {
        // What a report says stays out of logs: its debug form names nobody.
        assert!(!format!("{bounce:?}").contains('@'));
    }
});
