//! Messages over SMTP (RFC 5321), many on one connection.
//!
//! The steps of a message are taken one by one here, as a refused recipient must neither cost the
//! connection nor count as a broken one.

use std::error::Error as _;
use std::fmt;
use std::net::ToSocketAddrs;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};

use super::{Post, Reply, SendError, Step};
use crate::bounce::Status;
use crate::mail::Mail;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Starts in the clear and must change to TLS before anything is said (port 587).
    StartTls,
    /// TLS from the first byte (port 465).
    Tls,
    /// None. Only towards the machine itself.
    Plain,
}

/// A name and a password for the server.
#[derive(Clone)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(…)")
    }
}

/// How to reach a server.
#[derive(Clone, Debug)]
pub struct SmtpConfig {
    /// Its name, which its certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who we are to it.
    pub login: Option<Login>,
    /// The name by which this machine greets.
    pub hello: String,
    /// A certificate to trust beside the public ones, as PEM: for a server inside one's own house.
    pub certificate: Option<Vec<u8>>,
    /// How long to wait for an answer.
    pub timeout: Duration,
    /// Messages on one connection before a new one is opened; servers limit this.
    pub per_connection: u32,
}

/// A connection to a server, opened when the first message goes out.
pub struct SmtpPost {
    config: SmtpConfig,
    connection: Option<SmtpConnection>,
    /// Messages that this connection has carried.
    carried: u32,
}

impl SmtpPost {
    /// Prepares the way; nothing is connected yet.
    ///
    /// # Errors
    /// Where mails would travel in the clear to another machine.
    pub fn new(config: SmtpConfig) -> Result<Self, SendError> {
        let post = SmtpPost { config, connection: None, carried: 0 };
        if post.config.security == Security::Plain {
            let host = (post.config.host.as_str(), post.config.port);
            let addresses = host.to_socket_addrs().map_err(|e| post.broken(e.to_string()))?;
            if !addresses.into_iter().all(|address| address.ip().is_loopback()) {
                return Err(post.broken(
                    "mails go to another machine only over STARTTLS or TLS; plain is for this one",
                ));
            }
        }
        Ok(post)
    }

    fn broken(&self, problem: impl Into<String>) -> SendError {
        let server = format!("{}:{}", self.config.host, self.config.port);
        SendError::Connection { server, problem: problem.into() }
    }

    /// What an error of the connection is, in words that hold nothing of the message.
    fn broken_by(&self, error: &Error) -> SendError {
        let source = error.source().map(ToString::to_string).unwrap_or_default();
        self.broken(match error.status() {
            Some(code) => format!("it answered {code}"),
            None if error.is_timeout() => "no answer in time".into(),
            None if error.is_tls() => format!("no secure connection: {source}"),
            None if error.is_response() => "the answer cannot be understood, or it hung up".into(),
            None => source,
        })
    }

    fn connect(&self) -> Result<SmtpConnection, SendError> {
        let config = &self.config;
        let hello = ClientId::Domain(config.hello.clone());
        let tls = match config.security {
            Security::Plain => None,
            Security::StartTls | Security::Tls => Some(self.tls()?),
        };
        let wrapped = tls.as_ref().filter(|_| config.security == Security::Tls);
        let server = (config.host.as_str(), config.port);
        let broken = |error: Error| self.broken_by(&error);
        let mut connection =
            SmtpConnection::connect(server, Some(config.timeout), &hello, wrapped, None)
                .map_err(broken)?;
        if let (Security::StartTls, Some(tls)) = (config.security, &tls) {
            connection.starttls(tls, &hello).map_err(broken)?;
        }
        if let Some(login) = &config.login {
            let credentials = Credentials::new(login.user.clone(), login.password.clone());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).map_err(
                |error| match error.status() {
                    Some(code) => self.broken(format!("it did not accept the login ({code})")),
                    None => self.broken_by(&error),
                },
            )?;
        }
        Ok(connection)
    }

    fn tls(&self) -> Result<TlsParameters, SendError> {
        let mut tls = TlsParameters::builder(self.config.host.clone());
        if let Some(pem) = &self.config.certificate {
            let certificate = Certificate::from_pem(pem).map_err(|error| self.broken_by(&error))?;
            tls = tls.add_root_certificate(certificate);
        }
        tls.build_rustls().map_err(|error| self.broken_by(&error))
    }

    /// Sends the sender, on a new connection where the old one is worn or has gone to sleep.
    fn begin(&mut self, mail: &Mail) -> Result<SmtpConnection, SendError> {
        if self.carried >= self.config.per_connection.max(1) {
            self.finish();
        }
        if let Some(mut connection) = self.connection.take() {
            match sender(&mut connection, mail) {
                Ok(()) => return Ok(connection),
                // Nothing of the message was said yet: a new connection starts afresh.
                Err(error) if error.status().is_none() || is_closing(&error) => {}
                Err(error) => return Err(self.refused(connection, &error, Step::Sender)),
            }
        }
        self.carried = 0;
        let mut connection = self.connect()?;
        match sender(&mut connection, mail) {
            Ok(()) => Ok(connection),
            Err(error) => Err(self.refused(connection, &error, Step::Sender)),
        }
    }

    /// Sorts an error, and keeps the connection where the server still speaks on it.
    fn refused(&mut self, mut connection: SmtpConnection, error: &Error, at: Step) -> SendError {
        let Some(code) = error.status() else {
            return self.broken_by(error);
        };
        if !is_closing(error) && connection.command(Rset).is_ok() {
            self.connection = Some(connection);
        }
        let reply = Reply { code: u16::from(code), status: status(error) };
        if error.is_transient() {
            SendError::Temporary { at, reply }
        } else if at == Step::Sender {
            SendError::Sender { reply }
        } else {
            SendError::Recipient { at, reply }
        }
    }
}

impl Post for SmtpPost {
    fn open(&mut self) -> Result<(), SendError> {
        if self.connection.is_none() {
            self.connection = Some(self.connect()?);
        }
        Ok(())
    }

    fn send(&mut self, mail: &Mail) -> Result<(), SendError> {
        let mut connection = self.begin(mail)?;
        let international = connection.server_info().supports_feature(Extension::SmtpUtfEight);
        if !is_ascii(mail) && !international {
            self.connection = connection.command(Rset).is_ok().then_some(connection);
            let reply = Reply { code: 0, status: None };
            return Err(SendError::Recipient { at: Step::Recipient, reply });
        }
        if let Err(error) = connection.command(Rcpt::new(mail.to.clone(), Vec::new())) {
            return Err(self.refused(connection, &error, Step::Recipient));
        }
        let sent = connection.command(Data).and_then(|_| connection.command(Stuffed(&mail.bytes)));
        match sent {
            Ok(_) => {
                self.carried += 1;
                self.connection = Some(connection);
                Ok(())
            }
            Err(error) => Err(self.refused(connection, &error, Step::Message)),
        }
    }

    fn finish(&mut self) {
        self.carried = 0;
        if let Some(mut connection) = self.connection.take() {
            // The messages are with the server; what it says to a goodbye changes nothing.
            let _ = connection.quit();
        }
    }
}

impl Drop for SmtpPost {
    fn drop(&mut self) {
        self.finish();
    }
}

impl fmt::Debug for SmtpPost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpPost({}:{})", self.config.host, self.config.port)
    }
}

fn is_ascii(mail: &Mail) -> bool {
    let address = |a: &lettre::Address| a.user().is_ascii() && a.domain().is_ascii();
    address(&mail.from) && address(&mail.to)
}

fn sender(connection: &mut SmtpConnection, mail: &Mail) -> Result<(), Error> {
    let server = connection.server_info();
    let mut parameters = Vec::new();
    if !is_ascii(mail) && server.supports_feature(Extension::SmtpUtfEight) {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !mail.bytes.is_ascii() && server.supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    connection.command(MailFrom::new(Some(mail.from.clone()), parameters)).map(|_| ())
}

/// 421: the server is about to hang up.
fn is_closing(error: &Error) -> bool {
    error.status().is_some_and(|code| u16::from(code) == 421)
}

/// The status code that begins a server's words.
fn status(error: &Error) -> Option<Status> {
    Status::parse(error.source()?.to_string().split_whitespace().next()?)
}

/// A message as SMTP carries it, with its end: written at once, as a second small write would wait
/// for the first one's acknowledgement.
struct Stuffed<'a>(&'a [u8]);

impl fmt::Display for Stuffed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy(self.0);
        for line in text.split_inclusive("\r\n") {
            if line.starts_with('.') {
                f.write_str(".")?;
            }
            f.write_str(line)?;
        }
        f.write_str(if text.ends_with("\r\n") { ".\r\n" } else { "\r\n.\r\n" })
    }
}
