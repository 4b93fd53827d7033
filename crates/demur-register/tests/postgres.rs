//! What only a server does to a register: connections that break, commits whose answer never comes, and
//! too many connections. Needs the database that `cargo xtask test postgres` starts.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use common::*;
use demur_core::purpose::sample;
use demur_register::{Error, Options, Register, RegisterUrl, SeededEntropy};

/// A place whose connections can be told from those of other tests by `name`.
fn named(name: &str) -> (Place, Options) {
    let place = Place::new();
    let schema = place.postgres.as_ref().expect("`cargo xtask test postgres` names a server");
    let url = format!("{}&application_name={name}", schema.address());
    let url = RegisterUrl::parse(&url, Path::new("")).unwrap();
    let options = Options { url, ..place.options() };
    (place, options)
}

fn open(options: Options) -> Register {
    let register = Register::open(options, Box::new(SeededEntropy::new(1)), minute(0)).unwrap();
    with_purpose(register, &sample())
}

/// Ends every connection of that name, as a restart of the server would.
fn disconnect(place: &Place, name: &str) {
    place.tamper(&format!(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
         WHERE application_name = '{name}'"
    ));
}

#[test]
fn a_connection_that_broke_between_transactions_is_made_anew() {
    let (place, options) = named("between");
    let mut register = open(options);
    for n in 0..3 {
        disconnect(&place, "between");
        register.submit(objection(n, minute(n)), minute(n)).unwrap();
        disconnect(&place, "between");
        assert_eq!(now(&register).len(), n as usize + 1);
    }
    assert!(register.verify().unwrap().is_sound());
}

#[test]
fn a_transaction_whose_connection_breaks_leaves_no_trace() {
    let (place, options) = named("inside");
    let mut register = open(options);
    let before = register.size().unwrap();
    let mut batch = register.batch().unwrap();
    batch.act(minute(1), |act| act.submit(objection(1, minute(1)))).unwrap();
    disconnect(&place, "inside");
    let second = batch.act(minute(1), |act| act.submit(objection(2, minute(1))));
    assert!(second.is_err_and(|error| error.is_passing()));
    assert!(batch.commit().is_err());
    assert_eq!(register.size().unwrap(), before);
    register.submit(objection(1, minute(2)), minute(2)).unwrap();
    assert_eq!(now(&register).len(), 1);
}

/// Stands between a register and its server, and cuts connections when a commit passes by.
struct Proxy {
    port: u16,
    cut: Arc<AtomicU8>,
}

const LET_PASS: u8 = 0;
/// The server commits, and its answer is lost.
const AFTER: u8 = 1;
/// The server never hears of it.
const BEFORE: u8 = 2;
/// As [`AFTER`], and from then on the server cannot be reached at all.
const FOR_GOOD: u8 = 3;
const CLOSED: u8 = 4;

impl Proxy {
    fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let cut = Arc::new(AtomicU8::new(LET_PASS));
        let how = Arc::clone(&cut);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if how.load(Ordering::SeqCst) != CLOSED {
                    let server = TcpStream::connect(&server).unwrap();
                    pass(client, server, &how);
                }
            }
        });
        Proxy { port, cut }
    }
}

fn pass(client: TcpStream, server: TcpStream, how: &Arc<AtomicU8>) {
    let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let how = Arc::clone(how);
    std::thread::spawn(move || {
        let mut part = [0; 1 << 16];
        while let Ok(count @ 1..) = from.read(&mut part) {
            let commits = part[..count].windows(7).any(|word| word == b"COMMIT\0");
            let cut = if commits { how.load(Ordering::SeqCst) } else { LET_PASS };
            if cut != LET_PASS {
                // Before anybody notices that the connection is gone.
                how.store(if cut == FOR_GOOD { CLOSED } else { LET_PASS }, Ordering::SeqCst);
            }
            if matches!(cut, AFTER | FOR_GOOD) {
                // Nothing comes back from here on, and the server reads to the end.
                from.shutdown(Shutdown::Both).unwrap();
            }
            if cut != BEFORE {
                to.write_all(&part[..count]).unwrap();
            }
            if cut != LET_PASS {
                break;
            }
        }
        drop(from.shutdown(Shutdown::Both));
        drop(to.shutdown(Shutdown::Write));
    });
    let (mut from, mut to) = (server, client);
    std::thread::spawn(move || {
        // Read to the end even where nobody listens: a reset could overtake what the server was sent.
        let mut part = [0; 1 << 16];
        while let Ok(count @ 1..) = from.read(&mut part) {
            drop(to.write_all(&part[..count]));
        }
        drop(to.shutdown(Shutdown::Both));
    });
}

/// A register behind a proxy, and one that goes straight to the server.
fn behind_a_proxy() -> (Place, Proxy, Register, Register) {
    let place = Place::new();
    let schema = place.postgres.as_ref().expect("`cargo xtask test postgres` names a server");
    let address = schema.address();
    let host = address.split('@').nth(1).unwrap().split('/').next().unwrap().to_owned();
    let proxy = Proxy::to(host.clone());
    let through = address.replace(&host, &format!("127.0.0.1:{}", proxy.port));
    let url = RegisterUrl::parse(&through, Path::new("")).unwrap();
    let register = open(Options { url, ..place.options() });
    let straight = place.open(5).unwrap();
    (place, proxy, register, straight)
}

#[test]
fn a_commit_whose_answer_was_lost_is_asked_for() {
    let (_place, proxy, mut register, straight) = behind_a_proxy();
    proxy.cut.store(AFTER, Ordering::SeqCst);
    register.submit(objection(1, minute(1)), minute(1)).unwrap();
    assert_eq!(now(&straight).len(), 1, "it was committed, and once");
    register.submit(objection(2, minute(2)), minute(2)).unwrap();
    assert_eq!(now(&straight).len(), 2);
    assert!(straight.verify().unwrap().is_sound());
}

#[test]
fn a_commit_that_never_arrived_is_said_not_to_have_happened() {
    let (_place, proxy, mut register, straight) = behind_a_proxy();
    proxy.cut.store(BEFORE, Ordering::SeqCst);
    let lost = register.submit(objection(1, minute(1)), minute(1)).unwrap_err();
    assert!(matches!(lost, Error::Unreachable { .. }), "{lost}");
    assert_eq!(now(&straight).len(), 0);
    register.submit(objection(1, minute(2)), minute(2)).unwrap();
    assert_eq!(now(&straight).len(), 1);
}

#[test]
fn a_commit_that_nobody_can_be_asked_about_is_called_unknown() {
    let (_place, proxy, mut register, straight) = behind_a_proxy();
    proxy.cut.store(FOR_GOOD, Ordering::SeqCst);
    let unknown = register.submit(objection(1, minute(1)), minute(1)).unwrap_err();
    assert!(matches!(unknown, Error::OutcomeUnknown { .. }), "{unknown}");
    assert_eq!(now(&straight).len(), 1, "this one was");
    proxy.cut.store(LET_PASS, Ordering::SeqCst);
    register.submit(objection(1, minute(2)), minute(2)).unwrap();
    assert_eq!(now(&straight).len(), 1, "and saying it again does not double it");
}

#[test]
fn too_many_connections_are_named_as_such() {
    let place = Place::new();
    let schema = place.postgres.as_ref().expect("`cargo xtask test postgres` names a server");
    drop(place.register());
    let name = format!("limited_{}", std::process::id());
    place.tamper(&format!("CREATE ROLE {name} LOGIN CONNECTION LIMIT 1 IN ROLE demur"));
    let address = schema.address().replace("demur@", &format!("{name}@"));
    let url = RegisterUrl::parse(&address, Path::new("")).unwrap();
    let options = Options { url, ..place.options() };
    let first = open(options.clone());
    let second = Register::open(options, Box::new(SeededEntropy::new(2)), minute(0));
    let said = second.err().unwrap().to_string();
    assert!(said.contains("too many connections") && said.contains("max_connections"), "{said}");
    drop(first);
    place.tamper(&format!("DROP ROLE {name}"));
}

#[test]
fn a_server_that_is_not_there_is_named_without_a_password() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://demur:s3cret@127.0.0.1:{port}/demur");
    let url = RegisterUrl::parse(&url, Path::new("")).unwrap();
    let place = Place::new();
    for opened in [
        Register::open(
            Options { url: url.clone(), ..place.options() },
            Box::new(SeededEntropy::new(1)),
            minute(0),
        ),
        Register::open_existing(
            Options { url, ..place.options() },
            Box::new(SeededEntropy::new(1)),
            minute(0),
        ),
    ] {
        let error = opened.err().unwrap();
        let said = error.to_string();
        assert!(error.is_passing() && said.contains(&format!("demur@127.0.0.1:{port}")), "{said}");
        assert!(said.contains("refused") && !said.contains("s3cret"), "{said}");
    }
    assert!(!place.key().exists(), "and no key is made for it");
}
