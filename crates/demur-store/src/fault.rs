//! What a store's errors mean, in words for the one who can mend it.

use std::path::Path;

use object_store::Error as Fault;

use crate::error::Error;

/// What a store answers, and what is wrong then.
const SIGNS: [(&[&str], &str, &str); 7] = [
    (
        &["NoSuchBucket", "ContainerNotFound", "The specified bucket does not exist"],
        "there is no such bucket",
        "mend the URL; Demur makes no buckets",
    ),
    (
        &["RequestTimeTooSkewed", "RequestTimeTooSkew"],
        "the store refused it because this machine's clock is wrong",
        "set the clock, for example with NTP",
    ),
    (
        &["InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken"],
        "the store does not accept these credentials",
        "renew AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, where it is used, AWS_SESSION_TOKEN",
    ),
    (
        &["169.254.169.254", "metadata.google.internal", "169.254.170.2"],
        "there are no credentials",
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (GOOGLE_APPLICATION_CREDENTIALS, \
         AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY), or run where a role gives them",
    ),
    (
        &["scheme is not allowed", "URL scheme"],
        "the store has no TLS",
        "name it with https://, or set AWS_ALLOW_HTTP=true for a server of your own",
    ),
    (
        &["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraint"],
        "the bucket is in another region",
        "set AWS_REGION to the bucket's",
    ),
    (
        &["Account must be specified", "Missing account"],
        "the environment does not say whose container it is",
        "set AZURE_STORAGE_ACCOUNT_NAME, and AZURE_STORAGE_ACCOUNT_KEY or another credential",
    ),
];

/// A store's error with the URL that it is about.
pub fn explain(location: &Path, doing: &'static str, fault: Fault) -> Error {
    let said = chain(&fault);
    let wrong = |what: &str, hint: &str| Error::input(location, None, what, hint);
    let sign = SIGNS.iter().find(|(signs, ..)| signs.iter().any(|sign| said.contains(sign)));
    match (&fault, sign) {
        (Fault::Precondition { .. } | Fault::NotModified { .. }, _) => {
            wrong("it was changed while it was read", "do it again when nobody writes there")
        }
        (_, Some((_, what, hint))) => wrong(what, hint),
        (Fault::NotFound { .. }, _) => wrong("there is no such object", "mend the URL"),
        (Fault::PermissionDenied { .. }, _) => wrong(
            "access is denied",
            "let these credentials list, read and, for training sets, write and delete there",
        ),
        (Fault::Unauthenticated { .. }, _) => wrong(
            "the store does not accept these credentials",
            "set or renew them in the environment (AWS_…, GOOGLE_…, AZURE_…)",
        ),
        _ => Error::io(location, doing, std::io::Error::other(said)),
    }
}

/// An error and its causes on one line, without what stands twice.
fn chain(fault: &Fault) -> String {
    let mut said = fault.to_string();
    let mut cause = std::error::Error::source(fault);
    while let Some(one) = cause {
        let text = one.to_string();
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        cause = one.source();
    }
    said.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(fault: Fault) -> String {
        explain(Path::new("s3://bucket/x"), "read", fault).to_string()
    }

    #[test]
    fn what_can_be_mended_is_said() {
        let missing = |text: &str| Fault::NotFound { path: "x".into(), source: text.into() };
        assert!(said(missing("404 <Code>NoSuchBucket</Code>")).contains("no such bucket"));
        assert!(said(missing("404 <Code>NoSuchKey</Code>")).contains("no such object"));
        let denied = |text: &str| Fault::PermissionDenied { path: "x".into(), source: text.into() };
        assert!(said(denied("403 <Code>RequestTimeTooSkewed</Code>")).contains("set the clock"));
        assert!(said(denied("403 <Code>AccessDenied</Code>")).contains("access is denied"));
        let broken = Fault::Generic { store: "S3", source: "connection refused".into() };
        let error = explain(Path::new("s3://bucket/x"), "read", broken);
        assert!(!error.is_input(), "nobody can mend it in the configuration");
        assert!(error.to_string().starts_with("s3://bucket/x: could not read: "));
    }
}
