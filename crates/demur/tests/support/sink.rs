//! A mail server that a few threads play, and that can be made to fall silent.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

/// A message that was taken.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) to: String,
    pub(crate) text: String,
}

impl Taken {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> String {
        let start = format!("{name}: ");
        let line = self.text.lines().find_map(|line| line.strip_prefix(&start));
        line.unwrap_or_else(|| panic!("no {name} in {}", self.text)).to_owned()
    }

    /// The text without its encoding.
    pub(crate) fn decoded(&self) -> String {
        decode(&self.text)
    }
}

/// Undoes quoted-printable (RFC 2045).
pub(crate) fn decode(text: &str) -> String {
    let joined = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'=' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[derive(Default)]
struct State {
    taken: Vec<Taken>,
    /// How many messages are still answered; none where there is no limit.
    answers: Option<usize>,
    /// Connections that wait for an answer that does not come.
    silent: usize,
    /// Recipients that were put off once.
    put_off: Vec<String>,
}

/// A running server.
pub(crate) struct Sink {
    pub(crate) port: u16,
    state: Arc<(Mutex<State>, Condvar)>,
}

impl Sink {
    /// Takes every message, but for recipients whose name starts with `gone` (refused for good) or
    /// `later` (put off the first time).
    pub(crate) fn new() -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::<(Mutex<State>, Condvar)>::default();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream.unwrap(), &shared));
            }
        });
        Sink { port, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.0.lock().unwrap()
    }

    /// From now on it answers so many messages; it takes the next ones without saying so.
    pub(crate) fn answer(&self, messages: Option<usize>) {
        self.state().answers = messages;
        self.state.1.notify_all();
    }

    /// Waits until so many connections wait for an answer.
    pub(crate) fn wait_until_silent_to(&self, connections: usize) {
        let state = self.state();
        drop(self.state.1.wait_while(state, |state| state.silent < connections).unwrap());
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.state().taken.clone()
    }

    /// The messages to one address.
    pub(crate) fn to(&self, address: &str) -> Vec<Taken> {
        self.taken().into_iter().filter(|taken| taken.to == address).collect()
    }
}

fn serve(stream: TcpStream, shared: &(Mutex<State>, Condvar)) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut out = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream).lines();
    let mut to = String::new();
    out.write_all(b"220 ready\r\n").ok()?;
    while let Some(Ok(line)) = lines.next() {
        let verb = line.split([' ', ':']).next()?.to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-localhost\r\n250 8BITMIME\r\n",
            "RCPT" => {
                to = line.split(['<', '>']).nth(1)?.to_owned();
                let mut state = shared.0.lock().ok()?;
                if to.starts_with("gone") {
                    "550 5.1.1 unknown\r\n"
                } else if to.starts_with("later") && !state.put_off.contains(&to) {
                    state.put_off.push(to.clone());
                    "450 4.2.0 come back\r\n"
                } else {
                    "250 ok\r\n"
                }
            }
            "DATA" => {
                out.write_all(b"354 go on\r\n").ok()?;
                let mut text = String::new();
                loop {
                    let line = lines.next()?.ok()?;
                    if line == "." {
                        break;
                    }
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push_str("\r\n");
                }
                take(shared, Taken { to: to.clone(), text })?;
                "250 taken\r\n"
            }
            "QUIT" => {
                out.write_all(b"221 bye\r\n").ok()?;
                return None;
            }
            _ => "250 ok\r\n",
        };
        out.write_all(answer.as_bytes()).ok()?;
    }
    None
}

/// Takes a message; comes back once it may be answered.
fn take((state, changed): &(Mutex<State>, Condvar), message: Taken) -> Option<()> {
    let mut state = state.lock().ok()?;
    state.taken.push(message);
    if state.answers == Some(0) {
        state.silent += 1;
        changed.notify_all();
        state = changed.wait_while(state, |state| state.answers == Some(0)).ok()?;
        state.silent -= 1;
    }
    if let Some(answers) = &mut state.answers {
        *answers -= 1;
    }
    Some(())
}
