//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};

/// The address of whoever asks, for limits only: it is neither stored nor logged.
///
/// Behind `proxies` reverse proxies it is the entry of `X-Forwarded-For` that the outermost of them
/// wrote, counted from the right: what stands further left, anybody can write.
pub(crate) fn address(
    extensions: &Extensions,
    headers: &HeaderMap,
    proxies: usize,
) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if proxies == 0 {
        return peer;
    }
    let entries: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let at = entries.len().checked_sub(proxies);
    at.and_then(|at| entries[at].parse().ok()).or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(forwarded: &[&str], proxies: usize) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let mut extensions = Extensions::new();
        let peer: SocketAddr = "192.0.2.9:4000".parse().unwrap();
        extensions.insert(ConnectInfo(peer));
        address(&extensions, &headers, proxies).map(|address| address.to_string())
    }

    #[test]
    fn a_forged_entry_changes_nothing() {
        let peer = Some("192.0.2.9".to_owned());
        assert_eq!(seen(&["198.51.100.1"], 0), peer);
        assert_eq!(seen(&["203.0.113.7, 198.51.100.1"], 1), Some("198.51.100.1".into()));
        assert_eq!(seen(&["203.0.113.7", "198.51.100.1"], 1), Some("198.51.100.1".into()));
        assert_eq!(seen(&["6.6.6.6, 203.0.113.7, 10.0.0.1"], 2), Some("203.0.113.7".into()));
    }

    #[test]
    fn without_a_readable_entry_it_is_the_peer() {
        let peer = Some("192.0.2.9".to_owned());
        assert_eq!(seen(&[], 1), peer);
        assert_eq!(seen(&["unknown"], 1), peer);
        assert_eq!(seen(&["198.51.100.1"], 2), peer);
    }
}
