//! The form for a one-time code, as anybody may send it: whatever stands in it, nobody is signed in
//! who does not hold the code.
#![no_main]

use std::sync::LazyLock;

use axum::http::StatusCode;
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};

#[allow(dead_code, unreachable_pub, reason = "the tests' own small platform; only a part is used here")]
#[path = "../../crates/demur-web/tests/it/support.rs"]
mod support;

use support::Site;

struct Target {
    runtime: Runtime,
    site: Site,
    /// The number of a form whose code was sent to somebody else.
    form: String,
}

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (site, form) = runtime.block_on(async {
        let site = Site::new();
        let asked = site.post("/privacy/code", "email=bo%40example.org").await;
        let form = asked.leads_to().split_once("at=").expect("a form's number").1.to_owned();
        (site, form)
    });
    Target { runtime, site, form }
});

fuzz_target!(|bytes: &[u8]| {
    let target = &*TARGET;
    let sent = String::from_utf8_lossy(bytes);
    // `@` stands for the number that is right: a fuzzer would never find it.
    let sent = sent.replace('@', &target.form);
    let answer = target.runtime.block_on(target.site.post("/privacy/enter", &sent));
    let refused = [
        StatusCode::UNPROCESSABLE_ENTITY,
        StatusCode::BAD_REQUEST,
        StatusCode::PAYLOAD_TOO_LARGE,
    ];
    assert!(refused.contains(&answer.status), "{}", answer.status);
    assert!(answer.cookie().is_none());
});
