//! Four writers and two servers on one register, and all that can happen to them: a server is killed
//! again and again, writers are killed in the middle of writing, the database crashes and is gone for a
//! while. Whoever objects tries until it is acknowledged. In the end everybody has objected, and once; has
//! one letter, and the recipient of their data one message: what went out twice has the same number.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use demur_core::id::AccountId;
use demur_register::{CaseFilter, Register};

use super::cluster::{Cluster, Stop};
use super::receivers::{Receiver, Taken};
use crate::load::server::{PURPOSE, Platform, Server};
use crate::shell::ask;
use crate::workspace::Workspace;

/// Who clicks on a direct link, in how many rows of people one behind the other at each server.
const CLICKS: usize = 240;
const ROWS: usize = 2;
/// Whom an operator enters on the command line, and how many operators there are.
const ENTERED: usize = 32;
const WRITERS: usize = 4;
/// How often somebody tries before this test gives up, and how long they wait in between.
const PATIENCE: usize = 600;
const PAUSE: Duration = Duration::from_millis(100);
/// In how many parts people object; between two of them something happens.
const PARTS: usize = 8;
/// Letters and messages that a process has in hand when it dies, at most.
const LETTERS: usize = 64;
const MESSAGES: usize = 8;

pub(super) fn check(workspace: &Workspace, demur: &Path) -> Result<()> {
    let cluster = Cluster::start(&["max_connections=60"])?;
    let address = cluster.database("rounds")?;
    let folder = workspace.target().join("postgres");
    let platform = Platform::make(demur, &folder, CLICKS + ENTERED, Some(&address))?;
    let (clicking, entered) = platform.accounts.split_at(CLICKS);
    let (mails, messages) = (Receiver::of_mails()?, Receiver::of_messages()?);
    tell(&platform, &mails, &messages)?;

    let servers = [Server::start(demur, &platform)?, Server::start(demur, &platform)?];
    let play = Play {
        demur,
        platform: &platform,
        addresses: [Mutex::new(servers[0].address), Mutex::new(servers[1].address)],
        acknowledged: AtomicUsize::new(0),
        killed: AtomicUsize::new(0),
        unavailable: AtomicUsize::new(0),
        over: AtomicBool::new(false),
    };
    let people = CLICKS + ENTERED;
    std::thread::scope(|scope| {
        let mut parts = Vec::new();
        for row in 0..2 * ROWS {
            let (play, paths) = (&play, &platform.paths[..CLICKS]);
            parts.push(
                scope.spawn(move || play.click(row % 2, paths.iter().skip(row).step_by(2 * ROWS))),
            );
        }
        for writer in 0..WRITERS {
            let play = &play;
            let own: Vec<i64> = entered.iter().skip(writer).step_by(WRITERS).copied().collect();
            parts.push(scope.spawn(move || play.enter(writer, &own)));
        }
        let disturbed = play.disturb(&cluster, servers, people);
        if disturbed.is_err() {
            play.over.store(true, Ordering::SeqCst);
        }
        for part in parts {
            part.join().map_err(|_| anyhow::anyhow!("a writer panicked"))??;
        }
        let servers = disturbed?;
        mails.wait_for(people).context("letters")?;
        messages.wait_for(people).context("messages to the recipient")?;
        servers.into_iter().try_for_each(Server::stop)
    })?;

    println!(
        "  {people} objections acknowledged; a server and the database killed on the way, {} writers too; \
         {} answers were 503",
        play.killed.load(Ordering::SeqCst),
        play.unavailable.load(Ordering::SeqCst)
    );
    let register = platform.register()?;
    let mut cases: HashMap<AccountId, usize> = HashMap::new();
    for case in register.cases(&CaseFilter::default(), usize::MAX)? {
        *cases.entry(case.account.context("a case of nobody")?).or_default() += 1;
    }
    for account in clicking.iter().chain(entered) {
        match cases.remove(&AccountId::Number((*account).into())) {
            Some(1) => {}
            found => bail!("an acknowledged objection is in the register {found:?} times"),
        }
    }
    if !cases.is_empty() {
        bail!("{} people have objected who did not", cases.len());
    }
    let report = register.verify()?;
    if !report.is_sound() {
        bail!("the register is not sound: {:?}", report.problems);
    }
    println!("  checked: each once in the register, {} events verified", report.size);
    let addresses = platform.addresses()?;
    let twice = once_each("letters", &mails.taken(), &addresses, LETTERS)?;
    println!("  each has one letter; {twice} went out once more, under the same Message-ID");
    let erased: Vec<String> =
        platform.accounts.iter().map(|account| format!("{account} erased")).collect();
    let twice = once_each("messages", &messages.taken(), &erased, MESSAGES)?;
    println!("  the recipient was told of each; {twice} came once more, under the same number");
    restore(demur, &cluster, &platform, &register)
}

/// Has the servers write to people and to a recipient of their data.
fn tell(platform: &Platform, mails: &Receiver, messages: &Receiver) -> Result<()> {
    const SERVER: &str = "# server = \"mail.example.com:587\"";
    let file = platform.file("demur.toml");
    let text = std::fs::read_to_string(&file)?;
    if !text.contains(SERVER) {
        bail!("{} does not say where a mail server goes", file.display());
    }
    let server =
        format!("server = \"127.0.0.1:{}\"\nencryption = \"none\"\nper_second = 10000", mails.port);
    let recipient = format!(
        "\n[[recipient]]\nid = \"cloud\"\nname = \"Example Cloud\"\nurl = \"http://127.0.0.1:{}/\"\n\
         secret_file = \"cloud.secret\"\n",
        messages.port
    );
    std::fs::write(platform.file("cloud.secret"), "known to two, and to nobody else")?;
    Ok(std::fs::write(&file, text.replace(SERVER, &server) + &recipient)?)
}

/// Everybody has been told once, as numbers go; returns how often one was told the same again. That many
/// things may be in the hand of whoever dies: a server, or both with their database.
fn once_each(what: &str, taken: &Taken, expected: &[String], in_hand: usize) -> Result<usize> {
    let mut told: Vec<&String> = taken.keys().map(|(of, _)| of).collect();
    let mut expected: Vec<&String> = expected.iter().collect();
    told.sort_unstable();
    expected.sort_unstable();
    if told != expected {
        bail!("{what}: {} different ones came for {}", told.len(), expected.len());
    }
    let twice = taken.values().sum::<usize>() - taken.len();
    if twice > in_hand * 2 * (PARTS - 1) {
        bail!("{what}: {twice} came once more than they should");
    }
    Ok(twice)
}

/// A back-up that is put into an empty database is the same register, and goes on from there.
fn restore(
    demur: &Path,
    cluster: &Cluster,
    platform: &Platform,
    register: &Register,
) -> Result<()> {
    let file = platform.file("back-up");
    cluster.back_up("rounds", &file)?;
    let address = cluster.database("restored")?;
    cluster.restore(&file, "restored")?;
    let configuration = platform.file("demur.toml");
    let text = std::fs::read_to_string(&configuration)?;
    let restored = text.replace("/rounds\"", "/restored\"");
    if restored == text {
        bail!("{} does not say where the register is", configuration.display());
    }
    std::fs::write(&configuration, restored)?;
    let verify = ["--json", "register", "verify"];
    let said = ask(Command::new(demur).arg("--config").arg(&configuration).args(verify))
        .context("the restored register is not sound")?;
    let said: serde_json::Value = serde_json::from_str(&said)?;
    if said["root"] != register.root()?.to_string() {
        bail!("the register restored to {address} has another root: {said}");
    }
    println!("  a back-up of it, restored into an empty database: sound, and of the same root");
    Ok(())
}

/// What the threads share.
struct Play<'a> {
    demur: &'a Path,
    platform: &'a Platform,
    addresses: [Mutex<SocketAddr>; 2],
    acknowledged: AtomicUsize,
    /// How many commands were killed.
    killed: AtomicUsize,
    /// How often somebody was told to come back.
    unavailable: AtomicUsize,
    over: AtomicBool,
}

impl Play<'_> {
    /// One person after the other clicks, each until it is acknowledged.
    fn click<'p>(&self, server: usize, paths: impl Iterator<Item = &'p String>) -> Result<()> {
        for path in paths {
            self.until_done(|| {
                let address =
                    *self.addresses[server].lock().unwrap_or_else(PoisonError::into_inner);
                match post(address, path) {
                    Ok(200) => Ok(true),
                    Ok(503) => {
                        self.unavailable.fetch_add(1, Ordering::SeqCst);
                        Ok(false)
                    }
                    Ok(status) => bail!("a click was answered with {status}"),
                    Err(_) => Ok(false),
                }
            })?;
        }
        Ok(())
    }

    /// An operator enters one objection after the other. Every third command is killed somewhere in the
    /// middle, and entered again.
    fn enter(&self, writer: usize, accounts: &[i64]) -> Result<()> {
        for (number, account) in accounts.iter().enumerate() {
            if number % 3 == 1 {
                let mut child = self.command(*account)?;
                std::thread::sleep(Duration::from_millis(40 * (writer + number) as u64 % 400));
                child.kill()?;
                child.wait()?;
                self.killed.fetch_add(1, Ordering::SeqCst);
            }
            self.until_done(|| Ok(self.command(*account)?.wait()?.success()))?;
        }
        Ok(())
    }

    fn command(&self, account: i64) -> Result<Child> {
        Command::new(self.demur)
            .arg("--config")
            .arg(self.platform.file("demur.toml"))
            .args(["objection", "add", "--purpose", PURPOSE, "--account"])
            .arg(account.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("a command could not be started")
    }

    fn until_done(&self, try_it: impl Fn() -> Result<bool>) -> Result<()> {
        for _ in 0..PATIENCE {
            if self.over.load(Ordering::SeqCst) {
                return Ok(());
            }
            if try_it()? {
                self.acknowledged.fetch_add(1, Ordering::SeqCst);
                return Ok(());
            }
            std::thread::sleep(PAUSE);
        }
        bail!("an objection was not acknowledged in {PATIENCE} tries")
    }

    /// One misfortune after the other, each when a further part of the people is through. Returns the
    /// servers that run in the end.
    fn disturb(
        &self,
        cluster: &Cluster,
        servers: [Server; 2],
        people: usize,
    ) -> Result<[Server; 2]> {
        let [first, mut second] = servers;
        for part in 1..PARTS {
            self.wait_for(people * part / PARTS)?;
            match part {
                3 => {
                    cluster.down(Stop::Immediate)?;
                    cluster.up()?;
                }
                5 => {
                    cluster.down(Stop::Fast)?;
                    // Somebody hears that it is not available, and not that it is done.
                    let before = self.unavailable.load(Ordering::SeqCst);
                    self.wait(|| self.unavailable.load(Ordering::SeqCst) > before)?;
                    cluster.up()?;
                }
                _ => {
                    second.kill()?;
                    second = Server::start(self.demur, self.platform)?;
                    *self.addresses[1].lock().unwrap_or_else(PoisonError::into_inner) =
                        second.address;
                }
            }
        }
        Ok([first, second])
    }

    fn wait_for(&self, acknowledged: usize) -> Result<()> {
        self.wait(|| self.acknowledged.load(Ordering::SeqCst) >= acknowledged)
    }

    fn wait(&self, is_so: impl Fn() -> bool) -> Result<()> {
        for _ in 0..PATIENCE {
            if is_so() {
                return Ok(());
            }
            std::thread::sleep(PAUSE);
        }
        bail!(
            "nothing happened for a minute: {} were acknowledged",
            self.acknowledged.load(Ordering::SeqCst)
        )
    }
}

/// Posts nothing to a path; returns the status of the answer.
fn post(address: SocketAddr, path: &str) -> Result<u16> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let line = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let status = std::str::from_utf8(line)?.split(' ').nth(1).context("no status")?;
    status.parse().context("the status is no number")
}
