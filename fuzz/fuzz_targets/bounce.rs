//! Mail servers of the world write reports; whatever they write is read.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for bounce in demur_notice::bounce::read(bytes) {
        // What a report says stays out of logs, so its debug form may not name anybody.
        let shown = format!("{bounce:?}");
        if let Some(recipient) = bounce.recipient.filter(|recipient| recipient.len() > 20) {
            assert!(!shown.contains(&recipient) || bounce.message_id == Some(recipient));
        }
    }
});
