//! How many notices a second go to a server on this machine:
//! `cargo run --release -p demur-notice --example rate`.
//!
//! Ours composes each person's mail, makes their link, sends it and has the register know on disk what
//! is under way and what was delivered. Its rivals do nothing but send one prepared message over and
//! over on one connection: lettre by its own `send`, which writes a message and its end apart and so
//! waits for an acknowledgement in between, and lettre with both in one write, which is the ratio's
//! measure. The server is a few threads of this very process, which only count.

#![allow(clippy::print_stdout, reason = "its figures are all that it is for")]
#![allow(clippy::disallowed_methods, reason = "a figure is taken now")]
#![allow(clippy::unwrap_used, reason = "a measurement that fails has no result")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use demur_core::authority::for_country;
use demur_core::id::AccountId;
use demur_core::purpose;
use demur_notice::dispatch::{Ledger, Outcome, Settings, dispatch};
use demur_notice::mail::{Envelope, EnvelopeError, Mail, Sender};
use demur_notice::notice::Notice;
use demur_notice::post::{Post, Security, SmtpConfig, SmtpPost};
use demur_notice::{Composed, Language};
use demur_register::desk::Drawer;
use demur_register::{Error, KeySource, Link, LinkKind, Options, OsEntropy, Register, RegisterUrl};
use jiff::{SignedDuration, Timestamp};
use lettre::address::Envelope as Addresses;
use lettre::transport::smtp::client::SmtpConnection;
use lettre::transport::smtp::extension::ClientId;

const MAILS: u64 = 20_000;
/// Lettre's own `send` takes 40 ms a mail where the system delays acknowledgements.
const SLOW_MAILS: u64 = 100;
const ROUNDS: usize = 3;
const PURPOSE: &str = "assistant-training";
const PLACE: &str = "https://privacy.example.com/o/----------";

fn main() {
    let (port, taken) = server();
    println!("{:<56}{:>9}{:>8}", "", "mails/s", "ratio");
    for round in 1..=ROUNDS {
        let slow = lettre_alone(port);
        let rival = one_write(port);
        let language = |n: u64| Language::all().nth(n as usize % 6).unwrap();
        let english = ours(port, 4, |_| Language::ENGLISH);
        let six = ours(port, 4, language);
        let one = ours(port, 1, language);
        for (what, rate) in [
            ("lettre, one prepared message", slow),
            ("lettre, one prepared message, in one write", rival),
            ("notices in English, 4 connections", english),
            ("notices in six languages, 4 connections", six),
            ("notices in six languages, 1 connection", one),
        ] {
            println!("round {round}: {what:<47}{rate:>9.0}{:>8.2}", rate / rival);
        }
    }
    let expected = ROUNDS as u64 * (SLOW_MAILS + 4 * MAILS);
    assert_eq!(taken.load(Ordering::Relaxed), expected, "every mail was taken");
}

/// Mails a second with a register behind them.
fn ours(port: u16, connections: usize, language: impl Fn(u64) -> Language + Sync) -> f64 {
    let dir = tempfile::tempdir().unwrap();
    let options = Options {
        url: RegisterUrl::parse("sqlite:rate.db", dir.path()).unwrap(),
        key: KeySource::File(dir.path().join("rate.key")),
        origin: Options::DEFAULT_ORIGIN.into(),
    };
    let mut register =
        Register::open(options, Box::new(OsEntropy::new()), Timestamp::now()).unwrap();
    register.record_purpose(&purpose::sample(), Timestamp::now()).unwrap();
    let composed: Vec<Composed> = Language::all().map(notice).collect();
    let (links, ids) = (register.links(), register.mail_ids());
    let issued_at = Timestamp::now();
    let compose = |n: &u64, date: Timestamp| -> Result<Mail, EnvelopeError> {
        let account = AccountId::from(*n as i64);
        let id = ids.notice(PURPOSE, &account, None);
        let link = links.seal(&Link {
            kind: LinkKind::Object { account, purpose: PURPOSE.into() },
            issued_at,
            expires_at: issued_at + SignedDuration::from_hours(17_520),
        });
        let code = language(*n);
        let composed = composed.iter().find(|c| c.language == code).unwrap();
        let composed = composed.with_link(PLACE, &format!("https://privacy.example.com/o/{link}"));
        seal(&composed, &format!("person{n}@example.org"), &format!("{id}@example.com"), date)
    };
    let posts = (0..connections).map(|_| Box::new(SmtpPost::new(smtp(port)).unwrap()) as _);
    let posts: Vec<Box<dyn Post + Send>> = posts.collect();
    let settings = Settings {
        group: 16,
        pace: None,
        rounds: Vec::new(),
        reconnect: Vec::new(),
        patience: usize::MAX,
    };
    let mut ledger = Log(&mut register);
    let start = Instant::now();
    let totals =
        dispatch(0..MAILS, &compose, posts, &mut ledger, &settings, &Timestamp::now).unwrap();
    let took = start.elapsed();
    assert_eq!(totals.delivered, MAILS, "{totals:?}");
    assert_eq!(register.notices(PURPOSE).unwrap().len() as u64, MAILS);
    MAILS as f64 / took.as_secs_f64()
}

/// Writes what the command line writes, as often.
struct Log<'a>(&'a mut Register);

impl Ledger<u64> for Log<'_> {
    type Error = Error;
    fn note(&mut self, settled: &[(u64, Outcome)], under_way: &[u64]) -> Result<(), Error> {
        let now = Timestamp::now();
        let delivered = settled.iter().filter_map(|(n, outcome)| match outcome {
            Outcome::Delivered(at) => Some((AccountId::from(*n as i64), *at)),
            _ => None,
        });
        let window = format!("{under_way:?}");
        self.0.act(now, |act| {
            act.add_notices(PURPOSE, delivered)?;
            act.put(Drawer::Sending, b"notice", now, None, &window).map(drop)
        })
    }
}

/// Mails a second of lettre with nothing around it.
fn lettre_alone(port: u16) -> f64 {
    let hello = ClientId::Domain("localhost".into());
    let timeout = Some(Duration::from_secs(5));
    let mut connection =
        SmtpConnection::connect(("127.0.0.1", port), timeout, &hello, None, None).unwrap();
    let (from, to) = ("privacy@example.com", "person@example.org");
    let addresses = Addresses::new(Some(from.parse().unwrap()), vec![to.parse().unwrap()]).unwrap();
    let mail = prepared();
    let start = Instant::now();
    for _ in 0..SLOW_MAILS {
        connection.send(&addresses, mail.bytes()).unwrap();
    }
    SLOW_MAILS as f64 / start.elapsed().as_secs_f64()
}

/// The same with a message and its end in one write.
fn one_write(port: u16) -> f64 {
    let mut post = SmtpPost::new(SmtpConfig { per_connection: u32::MAX, ..smtp(port) }).unwrap();
    let mail = prepared();
    let start = Instant::now();
    for _ in 0..MAILS {
        post.send(&mail).unwrap();
    }
    MAILS as f64 / start.elapsed().as_secs_f64()
}

fn prepared() -> Mail {
    let composed = notice(Language::ENGLISH);
    seal(&composed, "person@example.org", "1@example.com", Timestamp::now()).unwrap()
}

fn smtp(port: u16) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".into(),
        port,
        security: Security::Plain,
        login: None,
        hello: "localhost".into(),
        certificate: None,
        timeout: Duration::from_secs(5),
        per_connection: 500,
    }
}

fn seal(
    composed: &Composed,
    to: &str,
    message_id: &str,
    date: Timestamp,
) -> Result<Mail, EnvelopeError> {
    let from = Sender { name: "Example Platform", address: "privacy@example.com" };
    Envelope { from, to, message_id, date, composed, list_unsubscribe: None }.seal()
}

fn notice(language: Language) -> Composed {
    Notice {
        language,
        purpose: &purpose::sample(),
        link: PLACE,
        privacy_centre: "https://privacy.example.com/privacy",
        public_notice: "https://privacy.example.com/notice/assistant-training",
        interest: "To have an assistant that understands how people really write.",
        recipients: &["Example Cloud Ltd, hosting"],
        transfers: None,
        retention: "Training data is deleted two years after the training.",
        contact: "dpo@example.com",
        authority: for_country("IE").unwrap(),
    }
    .compose()
}

fn server() -> (u16, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let taken = Arc::<AtomicU64>::default();
    let shared = Arc::clone(&taken);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || serve(stream.unwrap(), &shared));
        }
    });
    (port, taken)
}

fn serve(stream: TcpStream, taken: &AtomicU64) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut out = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream);
    let mut line = Vec::new();
    out.write_all(b"220 ready\r\n").ok()?;
    let mut in_message = false;
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
        let answer: &[u8] = match (in_message, line.as_slice()) {
            (true, b".\r\n") => {
                in_message = false;
                taken.fetch_add(1, Ordering::Relaxed);
                b"250 taken\r\n"
            }
            (true, _) => continue,
            (false, line) if line.starts_with(b"EHLO") => b"250-localhost\r\n250 8BITMIME\r\n",
            (false, line) if line.starts_with(b"DATA") => {
                in_message = true;
                b"354 go on\r\n"
            }
            (false, line) if line.starts_with(b"QUIT") => b"221 bye\r\n",
            (false, _) => b"250 ok\r\n",
        };
        out.write_all(answer).ok()?;
    }
}
