//! A server that lets nobody in without TLS: whoever trusts its authority gets in, nobody else does, and
//! nobody is talked out of TLS.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::cluster::{Cluster, SERVICE_USER, quietly};
use crate::debian::{self, is_root};
use crate::load::server::Platform;
use crate::shell::ask;
use crate::workspace::Workspace;

/// Nobody objects here; a demo has to have some accounts.
const PEOPLE: usize = 100;
/// A certificate's authority, and the server that it vouches for.
const AUTHORITY: &str = "basicConstraints = critical, CA:TRUE";
const SERVER: &str = "basicConstraints = critical, CA:FALSE\nsubjectAltName = DNS:localhost";

pub(super) fn check(workspace: &Workspace, demur: &Path) -> Result<()> {
    if ask(Command::new("openssl").arg("version")).is_none() {
        debian::install(&["openssl"])?;
    }
    let folder = tempfile::tempdir()?;
    // The server's user has to come through.
    #[cfg(unix)]
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    let [authority, stranger] =
        ["authority", "stranger"].map(|name| certificate(folder.path(), name, AUTHORITY, None));
    let (authority, stranger) = (authority?, stranger?);
    let server = certificate(folder.path(), "server", SERVER, Some(&authority))?;
    let key = server.with_extension("key");
    if is_root() {
        quietly(Command::new("chown").arg(SERVICE_USER).arg(&key))?;
    }
    let settings = [
        "ssl=on".to_owned(),
        format!("ssl_cert_file={}", server.display()),
        format!("ssl_key_file={}", key.display()),
    ];
    let cluster = Cluster::start(&settings.each_ref().map(String::as_str))?;
    let plain = cluster.database("tls")?;
    cluster.sql("postgres", "ALTER SYSTEM SET fsync = off")?;
    cluster.let_in("hostssl all all 127.0.0.1/32 trust\n")?;

    let named = plain.replace("127.0.0.1", "localhost");
    let with = |mode: &str, authority: &Path| {
        format!("{named}?sslmode={mode}&sslrootcert={}", authority.display())
    };
    let place = workspace.target().join("tls");
    let platform = Platform::make(demur, &place, PEOPLE, Some(&with("require", &authority)))?;
    let configuration = platform.file("demur.toml");
    let text = fs::read_to_string(&configuration)?;
    let verify = |address: &str| -> Result<(bool, String)> {
        let changed = text.replace(&with("require", &authority), address);
        fs::write(&configuration, changed)?;
        let mut command = Command::new(demur);
        command.arg("--config").arg(&configuration).args(["register", "verify"]);
        let output = command.stdin(Stdio::null()).output().context("demur could not be started")?;
        Ok((output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned()))
    };
    let (is_let_in, said) = verify(&with("verify-full", &authority))?;
    if !is_let_in {
        bail!("a server with a certificate that is trusted is refused: {said}");
    }
    for (address, word, what) in [
        (with("require", &stranger), "certificate", "whom nobody vouches for"),
        (
            with("require", &authority).replace("localhost", "127.0.0.1"),
            "certificate",
            "of another name",
        ),
        (format!("{named}?sslmode=disable"), "no encryption", "that wants TLS"),
    ] {
        let (is_let_in, said) = verify(&address)?;
        if is_let_in || !said.contains(word) {
            bail!("of a server {what} `demur` says: {said}");
        }
    }
    let bare = Cluster::start(&["fsync=off"])?;
    let address = bare.database("tls")?.replace("127.0.0.1", "localhost");
    let (is_let_in, said) = verify(&format!("{address}?sslmode=require"))?;
    if is_let_in || !said.contains("TLS") {
        bail!("of a server without TLS `demur` says: {said}");
    }
    println!(
        "  TLS: a certificate that is trusted is taken, three others and a server without TLS are refused"
    );
    Ok(())
}

/// Makes a key and a certificate, by itself or by an authority; returns where the certificate is.
fn certificate(
    folder: &Path,
    name: &str,
    extensions: &str,
    authority: Option<&PathBuf>,
) -> Result<PathBuf> {
    let configuration = folder.join(format!("{name}.cnf"));
    let text = format!(
        "[req]\ndistinguished_name = name\nx509_extensions = extensions\nprompt = no\n\
         [name]\nCN = {name}\n[extensions]\n{extensions}\n"
    );
    fs::write(&configuration, text)?;
    let certificate = folder.join(format!("{name}.pem"));
    let mut make = Command::new("openssl");
    make.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]);
    make.args(["-days", "2", "-config"]).arg(&configuration);
    make.arg("-keyout").arg(certificate.with_extension("key")).arg("-out").arg(&certificate);
    if let Some(authority) = authority {
        make.arg("-CA").arg(authority).arg("-CAkey").arg(authority.with_extension("key"));
    }
    quietly(&mut make)?;
    Ok(certificate)
}
