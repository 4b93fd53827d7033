//! Reads addresses of the web and of machines.

use std::net::IpAddr;

use super::reader::Item;

/// An address of the web in its parts.
struct Web<'a> {
    secure: bool,
    host: &'a str,
    /// What stands behind host and port, beginning with a slash if there is anything.
    rest: &'a str,
}

impl<'a> Web<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (secure, rest) = match text.strip_prefix("https://") {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix("http://")?),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let host = match split_port(authority) {
            Some((host, _)) => host,
            None => bare_host(authority)?,
        };
        let sound = rest.bytes().all(|b| b.is_ascii_graphic()) && !rest.contains('#');
        sound.then_some(Web { secure, host, rest })
    }
}

/// Reads `url` of `[site]`: without a path, as every page begins at the root. Comes back without a
/// slash at its end.
pub(super) fn site(item: &Item<'_>) -> Option<String> {
    const FIX: &str =
        "write `url = \"https://privacy.example.com\"`: what people's links begin with";
    let text = item.text_or(FIX)?;
    let web = secure(item, &text, FIX)?;
    if !matches!(web.rest, "" | "/") {
        item.error(format!("`url` is \"{text}\", which has a path"), FIX);
        return None;
    }
    Some(text.trim_end_matches('/').to_owned())
}

/// Reads `url` of a recipient.
pub(super) fn webhook(item: &Item<'_>) -> Option<String> {
    const FIX: &str = "write `url = \"https://recipient.example/demur\"`: what is told goes there";
    let text = item.text_or(FIX)?;
    secure(item, &text, FIX)?;
    Some(text)
}

/// Reads `post_to` of `[lineage]`.
pub(super) fn lineage(item: &Item<'_>) -> Option<String> {
    const FIX: &str = "write `post_to = \"https://lineage.example.com/api/v1/lineage\"`: each event \
                       goes there";
    let text = item.text_or(FIX)?;
    secure(item, &text, FIX)?;
    Some(text)
}

/// Reads `issuer` of a provider of OpenID Connect: exactly as the provider writes it itself.
pub(super) fn issuer(item: &Item<'_>) -> Option<String> {
    const FIX: &str = "write `issuer = \"https://login.example.com\"`, exactly as the provider's own \
                       /.well-known/openid-configuration has it";
    let text = item.text_or(FIX)?;
    secure(item, &text, FIX)?;
    Some(text)
}

/// An address that nobody between here and there can read along with.
fn secure<'a>(item: &Item<'_>, text: &'a str, fix: &str) -> Option<Web<'a>> {
    let Some(web) = Web::parse(text) else {
        item.error(format!("`{}` is \"{text}\", which is no address of the web", item.key), fix);
        return None;
    };
    if !web.secure && !is_loopback(web.host) {
        item.error(
            format!("`{}` is \"{text}\", and what goes there travels in the clear", item.key),
            "write https://; http:// is for this machine itself, such as http://localhost:8080",
        );
        return None;
    }
    Some(web)
}

/// Reads `host:port`.
pub(super) fn server(item: &Item<'_>) -> Option<(String, u16)> {
    const FIX: &str = "write `server = \"mail.example.com:587\"`: a host and a port";
    let text = item.text_or(FIX)?;
    let Some((host, port)) = split_port(&text) else {
        item.error(format!("`server` is \"{text}\", which is not a host and a port"), FIX);
        return None;
    };
    Some((host.to_owned(), port))
}

/// Whether a host is this very machine.
pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn split_port(text: &str) -> Option<(&str, u16)> {
    let (host, port) = text.rsplit_once(':')?;
    let port = port.bytes().all(|b| b.is_ascii_digit()).then(|| port.parse().ok())??;
    Some((bare_host(host)?, port)).filter(|(_, port)| *port > 0)
}

/// A host name, or a number of either kind; the newer one stands in brackets.
fn bare_host(text: &str) -> Option<&str> {
    if let Some(inside) = text.strip_prefix('[') {
        let inside = inside.strip_suffix(']')?;
        return inside.parse::<std::net::Ipv6Addr>().is_ok().then_some(inside);
    }
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
    (text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.bytes().all(plain))
        .then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_ports_are_taken_apart() {
        for (text, host, port) in [
            ("mail.example.com:587", "mail.example.com", 587),
            ("127.0.0.1:25", "127.0.0.1", 25),
            ("[::1]:2525", "::1", 2525),
        ] {
            assert_eq!(split_port(text), Some((host, port)));
        }
        for text in ["mail", "mail:", "mail:0", "mail:65536", "mail:+1", ":25", "::1:25", "a b:1"] {
            assert_eq!(split_port(text), None, "{text}");
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for host in ["localhost", "demur.localhost", "127.3.2.1", "::1"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example.com", "128.0.0.1", "::2", "example.com", "0.0.0.0"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
