//! Who is told in the end: a mail server, and a recipient of the data. Both take everything, and count how
//! often they were told the same.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// How long they wait for what is still on its way: hands of the dead are empty after half a minute.
const PATIENCE: Duration = Duration::from_secs(180);

/// How long they take over each thing, as others do: so whoever is killed has something in hand.
const SLOWNESS: Duration = Duration::from_millis(40);

/// What was taken: of whom, under which id, how often.
pub(super) type Taken = BTreeMap<(String, String), usize>;

/// One of the two.
pub(super) struct Receiver {
    /// Where it listens, on this machine.
    pub(super) port: u16,
    taken: Arc<(Mutex<Taken>, Condvar)>,
}

/// Speaks with whoever connects, and has each thing that it takes noted.
type Speak = fn(TcpStream, &mut dyn FnMut(String, String)) -> Result<()>;

impl Receiver {
    /// A mail server: of the address, by the header `Message-ID`.
    pub(super) fn of_mails() -> Result<Self> {
        Self::start(mails)
    }

    /// A recipient of the data: of the account, by the header `Demur-Delivery`.
    pub(super) fn of_messages() -> Result<Self> {
        Self::start(message)
    }

    fn start(speak: Speak) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let taken = Arc::<(Mutex<Taken>, Condvar)>::default();
        let shared = Arc::clone(&taken);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || {
                    let mut note = |of, id| {
                        let mut taken = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
                        *taken.entry((of, id)).or_default() += 1;
                        shared.1.notify_all();
                        drop(taken);
                        std::thread::sleep(SLOWNESS);
                    };
                    // Whoever was killed in the middle of a word has said nothing.
                    drop(speak(stream, &mut note));
                });
            }
        });
        Ok(Receiver { port, taken })
    }

    /// Waits until it was told so many different things.
    pub(super) fn wait_for(&self, different: usize) -> Result<()> {
        let taken = self.taken.0.lock().unwrap_or_else(PoisonError::into_inner);
        let few = |taken: &mut Taken| taken.len() < different;
        let (taken, _) = self
            .taken
            .1
            .wait_timeout_while(taken, PATIENCE, few)
            .unwrap_or_else(PoisonError::into_inner);
        if taken.len() < different {
            bail!("only {} of {different} arrived in {PATIENCE:?}", taken.len());
        }
        Ok(())
    }

    /// What it was told until now.
    pub(super) fn taken(&self) -> Taken {
        self.taken.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// SMTP (RFC 5321), as far as a sender who trusts this machine needs it.
fn mails(stream: TcpStream, note: &mut dyn FnMut(String, String)) -> Result<()> {
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    let mut to = String::new();
    out.write_all(b"220 ready\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "RCPT" => {
                line.split(['<', '>']).nth(1).context("no address")?.clone_into(&mut to);
                "250 ok"
            }
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                let mut id = None;
                loop {
                    let line = lines.next().transpose()?.context("cut off")?;
                    if line == "." {
                        break;
                    }
                    id = id.or_else(|| line.strip_prefix("Message-ID: ").map(str::to_owned));
                }
                note(std::mem::take(&mut to), id.context("a mail without Message-ID")?);
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        out.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}

/// HTTP, for one request.
fn message(mut stream: TcpStream, note: &mut dyn FnMut(String, String)) -> Result<()> {
    let mut read = BufReader::new(stream.try_clone()?);
    let (mut id, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        read.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            match line.trim_end().is_empty() {
                true => break,
                false => continue,
            }
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse()?,
            "demur-delivery" => id = Some(value.to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    read.read_exact(&mut body)?;
    let said: Value = serde_json::from_slice(&body)?;
    let of = |what: &str| said[what].as_str().map(str::to_owned).context("not said");
    note(format!("{} {}", of("account")?, of("event")?), id.context("no id")?);
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?;
    Ok(())
}
