//! The address of a PostgreSQL register: a URL, completed by the environment that `psql` knows as well.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::error::{Error, Result};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);
/// After so long without an answer a connection counts as dead, even where nobody closed it.
const SILENCE: Duration = Duration::from_secs(30);

/// The address of a register in PostgreSQL. It shows itself without the password.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    config: Box<Config>,
    tls: Tls,
    shown: String,
}

/// How a connection is protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tls {
    /// Not at all.
    Off,
    /// By TLS, and the server's certificate must be good: by the system's authorities, or by those of
    /// this file.
    On(Option<PathBuf>),
}

/// What can follow `sslmode=`.
const MODES: &str = "write sslmode=require, which always checks the certificate, or \
                     sslmode=disable on a network that you trust";

impl PostgresUrl {
    /// Reads an address; what it leaves open comes from `environment`, which knows `PGHOST`, `PGPORT`,
    /// `PGUSER`, `PGPASSWORD`, `PGDATABASE`, `PGOPTIONS`, `PGSSLMODE` and `PGSSLROOTCERT`. Relative
    /// paths count from `base`.
    ///
    /// # Errors
    /// Where it is none; the message never repeats a password.
    pub(crate) fn parse(
        text: &str,
        base: &Path,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self> {
        let (address, own) = split(text);
        let shown = without_password(text);
        let wrong = |why: &str| Error::Url(format!("the register's address {shown}: {why}"));
        let mut config = Config::from_str(&address).map_err(|error| {
            let why = std::error::Error::source(&error).map(ToString::to_string);
            wrong(&format!(
                "{}; write postgres://user@host/database",
                why.unwrap_or_else(|| error.to_string())
            ))
        })?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            match environment("PGHOST") {
                Some(hosts) => {
                    for host in hosts.split(',') {
                        config.host(host);
                    }
                }
                None => {
                    config.host("localhost");
                }
            }
        }
        if config.get_ports().is_empty()
            && let Some(port) = environment("PGPORT")
        {
            config.port(port.parse().map_err(|_| wrong("PGPORT is no number"))?);
        }
        if config.get_user().is_none()
            && let Some(user) = environment("PGUSER")
        {
            config.user(user);
        }
        if config.get_dbname().is_none()
            && let Some(database) = environment("PGDATABASE")
        {
            config.dbname(database);
        }
        if config.get_password().is_none()
            && let Some(password) = environment("PGPASSWORD")
        {
            config.password(password);
        }
        if config.get_options().is_none()
            && let Some(options) = environment("PGOPTIONS")
        {
            config.options(options);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_application_name().is_none() {
            config.application_name("demur");
        }
        config.keepalives_idle(SILENCE / 3).keepalives_interval(SILENCE / 3);
        config.keepalives_retries(2).tcp_user_timeout(SILENCE);
        let authority = own.authority.or_else(|| environment("PGSSLROOTCERT"));
        let authority = authority.map(|path| base.join(path));
        let tls = match own.mode.or_else(|| environment("PGSSLMODE")).as_deref() {
            None if is_near(&config) => Tls::Off,
            None | Some("require" | "verify-full") => Tls::On(authority),
            Some("disable") => Tls::Off,
            Some(other) => {
                return Err(wrong(&format!("sslmode={other} is not supported; {MODES}")));
            }
        };
        config.ssl_mode(match tls {
            Tls::Off => tokio_postgres::config::SslMode::Disable,
            Tls::On(_) => tokio_postgres::config::SslMode::Require,
        });
        Ok(PostgresUrl { config: Box::new(config), tls, shown })
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    pub(super) fn tls(&self) -> &Tls {
        &self.tls
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// What an address says of TLS; the driver does not know these words.
#[derive(Default)]
struct Own {
    mode: Option<String>,
    authority: Option<String>,
}

/// Takes out of an address what is about TLS.
fn split(text: &str) -> (String, Own) {
    let mut own = Own::default();
    let Some((address, query)) = text.split_once('?') else { return (text.to_owned(), own) };
    let mut rest: Vec<&str> = Vec::new();
    for part in query.split('&') {
        match part.split_once('=') {
            Some(("sslmode", mode)) => own.mode = Some(mode.to_owned()),
            Some(("sslrootcert", path)) => own.authority = Some(path.replace("%2F", "/")),
            _ => rest.push(part),
        }
    }
    let mark = if rest.is_empty() { "" } else { "?" };
    (format!("{address}{mark}{}", rest.join("&")), own)
}

/// Scheme, user, host and database: what a message may say. Where it cannot be told from a password what
/// is none, it says less.
fn without_password(text: &str) -> String {
    let (address, query) = text.split_once('?').unwrap_or((text, ""));
    let Some((scheme, rest)) = address.split_once("://") else { return "postgres:".into() };
    match rest.rsplit_once('@') {
        _ if query.contains('@') => format!("{scheme}:"),
        Some((who, place)) => {
            let user = who.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{place}")
        }
        None => {
            let authority = rest.split('/').next().unwrap_or_default();
            let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
            match authority.rsplit_once(':') {
                Some((_, port)) if !is_port(port) => format!("{scheme}:"),
                _ => format!("{scheme}://{rest}"),
            }
        }
    }
}

/// Whether nothing leaves this machine.
fn is_near(config: &Config) -> bool {
    let near = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hosts().iter().all(near)
        && config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<PostgresUrl> {
        PostgresUrl::parse(text, Path::new("/srv/demur"), &|_| None)
    }

    #[test]
    fn no_message_tells_a_password() {
        let url = parse("postgres://demur:s3cret@db.example/demur?sslmode=require").unwrap();
        assert_eq!(url.to_string(), "postgres://demur@db.example/demur");
        assert!(!format!("{url:?}").contains("s3cret"));
        for wrong in [
            "postgres://demur:s3cret@db.example:port/demur",
            "postgres://demur:s3cret@db.example/demur?sslmode=allow",
            "postgres://db.example/demur?password=s3cret&colour=red",
            "postgres://demur:s3cret@[db.example/demur",
            "postgres://demur:s3cret",
            "postgres://demur:s3cret?@db.example/demur",
            "postgres://demur@db.example/demur?sslmode=no&password=s3cret@home",
        ] {
            let said = parse(wrong).map_or_else(|e| e.to_string(), |url| format!("{url} {url:?}"));
            assert!(!said.contains("s3cret"), "{said}");
        }
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted_unless_one_says_otherwise() {
        let tls = |text| parse(text).unwrap().tls;
        assert_eq!(tls("postgres://demur@db.example/demur"), Tls::On(None));
        assert_eq!(tls("postgres://demur@db.example/demur?sslmode=disable"), Tls::Off);
        assert_eq!(tls("postgres://demur@127.0.0.1:5433/demur"), Tls::Off);
        assert_eq!(tls("postgres://demur@localhost/demur?sslmode=require"), Tls::On(None));
        let own = Tls::On(Some("/srv/demur/ca.pem".into()));
        assert_eq!(tls("postgres://db.example/demur?sslrootcert=ca.pem"), own);
    }

    #[test]
    fn the_environment_completes_an_address_and_never_overrides_it() {
        let environment = |name: &str| {
            let value = match name {
                "PGHOST" => "db.example",
                "PGUSER" => "someone",
                "PGPASSWORD" => "s3cret",
                "PGPORT" => "5444",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let parse = |text| PostgresUrl::parse(text, Path::new("/"), &environment).unwrap();
        let url = parse("postgres://demur@/register");
        assert_eq!(url.config.get_hosts(), [Host::Tcp("db.example".into())]);
        assert_eq!(url.config.get_ports(), [5444]);
        assert_eq!(url.config.get_user(), Some("demur"));
        assert_eq!(url.config.get_password(), Some(&b"s3cret"[..]));
        assert!(!format!("{url} {url:?}").contains("s3cret"));
        assert_eq!(parse("postgres://localhost/r").config.get_user(), Some("someone"));
    }
}
