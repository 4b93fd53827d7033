//! The way for mails, as the configuration has it: what notices and letters go out by.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use demur_notice::post::{FileOutbox, Login, Post, SmtpConfig, SmtpPost};

use crate::config::{MailConfig, MailServer, MailWay};
use crate::context::Context;
use crate::failure::Failure;

/// The environment variable that holds the mail server's password instead of a file.
pub(crate) const PASSWORD_VARIABLE: &str = "DEMUR_SMTP_PASSWORD";

/// How long to wait for a server's answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Messages on one connection: servers give no more than some hundreds.
const PER_CONNECTION: u32 = 500;

/// Threads that write to a folder.
const WRITERS: usize = 4;

/// As many ways as may be used at once; nothing is connected yet.
///
/// # Errors
/// Where the folder cannot be made, a file cannot be read, or there is no password.
pub(crate) fn posts(
    context: &Context,
    mail: &MailConfig,
) -> Result<Vec<Box<dyn Post + Send>>, Failure> {
    let posts = match &mail.way {
        MailWay::Outbox(folder) => {
            let folder = context.path(folder);
            let open = || FileOutbox::open(&folder).map(|outbox| Box::new(outbox) as _);
            (0..WRITERS).map(|_| open()).collect::<Result<Vec<_>, _>>()
        }
        MailWay::Server(server) => {
            let smtp = smtp(context, mail, server)?;
            let open = || SmtpPost::new(smtp.clone()).map(|post| Box::new(post) as _);
            (0..server.connections).map(|_| open()).collect()
        }
    };
    posts.map_err(|error| Failure::machine(error.to_string()))
}

fn smtp(context: &Context, mail: &MailConfig, server: &MailServer) -> Result<SmtpConfig, Failure> {
    let certificate = server.certificate.as_ref().map(|file| context.path(file));
    let certificate =
        certificate.map(|path: PathBuf| fs::read(&path).map_err(|error| unreadable(&path, &error)));
    Ok(SmtpConfig {
        host: server.host.clone(),
        port: server.port,
        security: server.security,
        login: login(context, server)?,
        hello: mail.sender().domain().to_owned(),
        certificate: certificate.transpose()?,
        timeout: PATIENCE,
        per_connection: PER_CONNECTION,
    })
}

fn login(context: &Context, server: &MailServer) -> Result<Option<Login>, Failure> {
    let Some(user) = server.user.clone() else { return Ok(None) };
    let password = match (std::env::var(PASSWORD_VARIABLE), &server.password_file) {
        (Ok(password), _) => password,
        (Err(_), Some(file)) => {
            let path = context.path(file);
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            // Editors end a file with a line end.
            text.trim_end_matches(['\r', '\n']).to_owned()
        }
        (Err(_), None) => {
            return Err(Failure::input(format!(
                "the mail server is given the user `{user}`, and no password\n  hint: write `password_file` under [mail], or set {PASSWORD_VARIABLE}"
            )));
        }
    };
    Ok(Some(Login { user, password }))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("{}: cannot be read: {error}", path.display()))
}
