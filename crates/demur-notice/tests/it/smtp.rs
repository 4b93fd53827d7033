//! Sending to a server that a thread plays.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use demur_notice::post::{Login, Post, Reply, Security, SendError, SmtpConfig, SmtpPost, Step};

use super::mails::{composed, envelope, mail};

/// What the server saw.
#[derive(Default)]
struct Seen {
    connections: usize,
    logins: Vec<String>,
    messages: Vec<(String, String)>,
}

/// Starts a server: recipients whose name starts with a digit get that class of refusal, `hangup`
/// ends the connection, `spam` is refused after the message, and each connection serves `patience`
/// messages before it falls silent.
fn server(patience: usize) -> (SmtpConfig, Arc<Mutex<Seen>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Seen::default()));
    let shared = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let shared = Arc::clone(&shared);
            shared.lock().unwrap().connections += 1;
            std::thread::spawn(move || serve(stream.unwrap(), &shared, patience));
        }
    });
    let config = SmtpConfig {
        host: "127.0.0.1".into(),
        port,
        security: Security::Plain,
        login: None,
        hello: "localhost".into(),
        certificate: None,
        timeout: Duration::from_secs(5),
        per_connection: 1000,
    };
    (config, seen)
}

fn serve(stream: TcpStream, seen: &Mutex<Seen>, patience: usize) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut out = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream).lines();
    let (mut to, mut served) = (String::new(), 0);
    out.write_all(b"220 ready\r\n").ok()?;
    while let Some(Ok(line)) = lines.next() {
        let verb = line.split([' ', ':']).next().unwrap().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-localhost\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n",
            "AUTH" if line.ends_with('=') => {
                seen.lock().unwrap().logins.push(line);
                "235 welcome\r\n"
            }
            "AUTH" => "535 5.7.8 no\r\n",
            "MAIL" if served == patience => return None,
            "MAIL" if line.contains("banned@") => "550 5.7.1 privacy@example.com may not\r\n",
            "RCPT" => {
                to = line.clone();
                match line.trim_start_matches("RCPT TO:<").as_bytes() {
                    [b'5', ..] => "550-5.1.1 <person@example.org>\r\n550 5.1.1 unknown\r\n",
                    [b'4', ..] => "450 4.2.1 <person@example.org> later\r\n",
                    [b'h', ..] => return None,
                    [b'b', ..] => "421 4.3.2 closing\r\n",
                    _ => "250 ok\r\n",
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
                served += 1;
                if to.contains("spam") {
                    "554 5.6.0 no\r\n"
                } else {
                    seen.lock().unwrap().messages.push((to.clone(), text));
                    "250 taken\r\n"
                }
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

fn send(post: &mut SmtpPost, to: &str) -> Result<(), SendError> {
    post.send(&envelope(&composed(), to, "n1@example.com").seal().unwrap())
}

#[test]
fn many_messages_share_a_connection_and_arrive_as_they_are() {
    let (config, seen) = server(usize::MAX);
    let mut post = SmtpPost::new(config).unwrap();
    let start = Instant::now();
    let mails: Vec<_> = (0..300).map(|at| mail(&format!("n{at}@example.com"))).collect();
    post.open().unwrap();
    for mail in &mails {
        post.send(mail).unwrap();
    }
    post.finish();
    // A second write that waits for an acknowledgement would take 40 ms a message.
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    let seen = seen.lock().unwrap();
    assert_eq!((seen.connections, seen.messages.len()), (1, 300), "open or not, one connection");
    for (mail, (to, text)) in mails.iter().zip(&seen.messages) {
        assert_eq!(to, "RCPT TO:<person@example.org>");
        assert_eq!(text.as_bytes(), mail.bytes());
    }
}

#[test]
fn a_connection_is_changed_when_it_is_worn_or_has_gone_to_sleep() {
    let (config, seen) = server(usize::MAX);
    let mut post = SmtpPost::new(SmtpConfig { per_connection: 2, ..config }).unwrap();
    (0..5).for_each(|_| send(&mut post, "a@example.org").unwrap());
    assert_eq!(seen.lock().unwrap().connections, 3);

    let (config, seen) = server(2);
    let mut post = SmtpPost::new(config).unwrap();
    (0..5).for_each(|_| send(&mut post, "a@example.org").unwrap());
    let seen = seen.lock().unwrap();
    assert_eq!((seen.connections, seen.messages.len()), (3, 5));
}

#[test]
fn refusals_are_told_apart_and_name_no_address() {
    let (config, seen) = server(usize::MAX);
    let mut post = SmtpPost::new(config).unwrap();
    let shown = |error: &SendError| {
        let words = format!("{error} {error:?}");
        assert!(!words.contains("example.org") && !words.contains("privacy@"), "{words}");
    };
    let gone = send(&mut post, "5person@example.org").unwrap_err();
    shown(&gone);
    assert_eq!(gone.to_string(), "the server refused the recipient for good (550, 5.1.1)");
    let later = send(&mut post, "4person@example.org").unwrap_err();
    shown(&later);
    assert!(matches!(
        later,
        SendError::Temporary { at: Step::Recipient, reply: Reply { code: 450, .. } }
    ));
    let content = send(&mut post, "spam@example.org").unwrap_err();
    shown(&content);
    assert!(matches!(content, SendError::Recipient { at: Step::Message, .. }));
    send(&mut post, "fine@example.org").unwrap();
    assert_eq!(seen.lock().unwrap().connections, 1, "a refusal costs no connection");

    let foreign = send(&mut post, "jürgen@example.org").unwrap_err();
    assert!(matches!(foreign, SendError::Recipient { reply: Reply { code: 0, .. }, .. }));
    let closing = send(&mut post, "busy@example.org").unwrap_err();
    assert!(matches!(closing, SendError::Temporary { .. }), "{closing}");
    let hung = send(&mut post, "hangup@example.org").unwrap_err();
    shown(&hung);
    assert!(matches!(hung, SendError::Connection { .. }), "{hung}");
    send(&mut post, "fine@example.org").unwrap();

    let composed = composed();
    let mut banned = envelope(&composed, "a@example.org", "n1@example.com");
    banned.from.address = "banned@example.com";
    let error = post.send(&banned.seal().unwrap()).unwrap_err();
    shown(&error);
    assert!(matches!(error, SendError::Sender { .. }), "{error}");
}

#[test]
fn a_login_is_used_and_its_refusal_told() {
    let (config, seen) = server(usize::MAX);
    let login = |password: &str| Some(Login { user: "u".into(), password: password.into() });
    let mut post = SmtpPost::new(SmtpConfig { login: login("pass"), ..config.clone() }).unwrap();
    send(&mut post, "a@example.org").unwrap();
    assert_eq!(seen.lock().unwrap().logins.len(), 1);
    let mut post = SmtpPost::new(SmtpConfig { login: login("wrong1"), ..config }).unwrap();
    let error = send(&mut post, "a@example.org").unwrap_err().to_string();
    assert!(error.contains("did not accept the login (535)"), "{error}");
    assert!(!format!("{:?}", login("hidden")).contains("hidden"));
}

#[test]
fn mails_never_leave_the_machine_in_the_clear() {
    let (config, _) = server(1);
    let away = SmtpConfig { host: "192.0.2.1".into(), ..config.clone() };
    let error = SmtpPost::new(away).unwrap_err().to_string();
    assert!(error.contains("192.0.2.1") && error.contains("STARTTLS"), "{error}");
    for security in [Security::StartTls, Security::Tls] {
        let (config, seen) = server(1);
        let timeout = Duration::from_secs(1);
        let mut post = SmtpPost::new(SmtpConfig { security, timeout, ..config }).unwrap();
        assert!(matches!(send(&mut post, "a@example.org"), Err(SendError::Connection { .. })));
        assert!(seen.lock().unwrap().messages.is_empty());
    }
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (config, _) = server(1);
    let mut post = SmtpPost::new(SmtpConfig { port, ..config }).unwrap();
    for error in [post.open().unwrap_err(), send(&mut post, "a@example.org").unwrap_err()] {
        let error = error.to_string();
        assert!(error.starts_with(&format!("the mail server 127.0.0.1:{port}: ")), "{error}");
    }
}
