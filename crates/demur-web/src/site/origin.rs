//! Whether a request that changes something was sent by a page of this site.
//!
//! Browsers say where a request comes from: `Sec-Fetch-Site`, and `Origin` before that. A form on
//! another site can forge neither. Who sends neither is no browser, and gets nothing by a cookie.

use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method};

/// Whether a request may act.
pub(crate) fn may_act(method: &Method, headers: &HeaderMap, url: &str) -> bool {
    if method.is_safe() {
        return true;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        // `none`: the person did it without any page, such as sending a form anew after a restart.
        return site == "same-origin" || site == "none";
    }
    match headers.get(ORIGIN).map(|origin| origin.to_str().unwrap_or_default()) {
        Some(origin) => origin == url || is_host(origin, headers),
        None => !headers.contains_key(COOKIE),
    }
}

/// Whether an origin is the host that the request was sent to: a site is also reached by other names
/// than its public one, on the machine it runs on.
fn is_host(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let named = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    host.is_some() && named == host
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acts(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        may_act(&Method::POST, &map, "https://privacy.example")
    }

    #[test]
    fn forms_of_other_sites_do_nothing() {
        assert!(acts(&[("sec-fetch-site", "same-origin")]));
        assert!(!acts(&[("sec-fetch-site", "cross-site")]));
        assert!(!acts(&[("sec-fetch-site", "same-site")]));
        assert!(acts(&[("origin", "https://privacy.example")]));
        assert!(!acts(&[("origin", "https://evil.example"), ("host", "privacy.example")]));
        assert!(!acts(&[("origin", "null"), ("host", "privacy.example")]));
        assert!(acts(&[("origin", "http://localhost:8080"), ("host", "localhost:8080")]));
    }

    #[test]
    fn a_cookie_needs_a_browser_that_says_where_it_is() {
        assert!(acts(&[]));
        assert!(!acts(&[("cookie", "a=b")]));
    }

    #[test]
    fn looking_is_always_possible() {
        let mut headers = HeaderMap::new();
        headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert!(may_act(&Method::GET, &headers, "https://privacy.example"));
    }
}
