//! Who is written to, whatever happens meanwhile.
//!
//! Before a group of mails goes out, it lies on the register's desk as under way; what became of the
//! last one enters the log in the same transaction. A run that ended at any point is continued by the
//! next: whoever has no delivery in the log is written to, and those under way get the same mail again,
//! with the same message id and the same link.

use std::collections::{BTreeSet, HashMap};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use demur_core::id::{AccountId, IdKind};
use demur_core::purpose::Purpose;
use demur_notice::Language;
use demur_notice::dispatch::{Ledger, Outcome, Settings, Totals, dispatch};
use demur_notice::pace::Pace;
use demur_notice::post::Reply;
use demur_register::desk::Drawer;
use demur_register::{Error, Register, RegisterUrl};
use jiff::{SignedDuration, Timestamp};

use super::audience::{Addressee, audience};
use super::letters::Letters;
use crate::config::MailConfig;
use crate::context::{Context, now};
use crate::failure::Failure;
use crate::mailing;
use crate::output::Progress;

/// Mails that enter the log together. At a slow pace it is what goes out in a second.
const GROUP: u32 = 16;
/// How long to wait before each further try of those whom the server refused for now. Who is put off for
/// longer, as by greylisting, is left for the next run.
const ROUNDS: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(25)];
/// How long to wait before each further try of a mail whose connection broke.
const RECONNECT: [Duration; 3] =
    [Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(5)];
/// After so many refusals in a row, the server or the mail is at fault, not the recipients.
const PATIENCE: usize = 200;
/// A campaign that began longer ago, and of which nothing is under way, has ended; the next run begins
/// another, whose links are dated anew.
const CAMPAIGN: SignedDuration = SignedDuration::from_hours(24);

/// What a run did.
pub(crate) struct Sent {
    /// How it ended.
    pub(crate) totals: Totals,
    /// Accounts that were told.
    pub(crate) told: u64,
    /// Mails that were under way when an earlier run ended.
    pub(crate) resumed: u64,
    /// Accounts whose mails were refused for good, and how.
    pub(crate) refused: Vec<(AccountId, Reply)>,
    /// Accounts whose address cannot be read.
    pub(crate) bad_addresses: Vec<AccountId>,
    /// Mails that are still to be sent.
    pub(crate) remaining: u64,
    /// Languages of mails whose words are partly in another one.
    pub(crate) mixed: BTreeSet<Language>,
}

/// Writes to everybody who is to be told, or to so many of them.
///
/// # Errors
/// Where the configuration or the register does not allow it, or another run is at it. What goes wrong
/// with mails is part of what comes back.
pub(crate) fn send(
    context: &Context,
    purpose: &Purpose,
    limit: Option<usize>,
    also_returned: bool,
) -> Result<Sent, Failure> {
    let mut register = context.register_to_tell()?;
    let _lock = lock(context, purpose)?;
    let state = register.purpose_state(&purpose.id, None)?;
    let audience = audience(context, purpose, &state, also_returned)?;
    let (mut addressees, bad_addresses) = (audience.addressees, audience.bad_addresses);

    let window = under_way(&register, purpose, context.id_kind()?)?;
    let resumed = put_first(&mut addressees, &window);
    let all = addressees.len() as u64;
    addressees.truncate(limit.unwrap_or(usize::MAX));
    let issued_at = campaign(&mut register, purpose, resumed > 0)?;
    let each = addressees.iter().map(|addressee| &**addressee);
    let letters = Letters::new(context, &register, purpose, &state.notices, each, issued_at)?;
    let spoken: BTreeSet<Language> = addressees.iter().map(|to| to.language).collect();
    let is_mixed = |language: &Language| context.config.told(purpose, *language).is_mixed;
    let mixed = spoken.into_iter().filter(is_mixed).collect();
    let mail = letters.way();
    let mut posts = mailing::posts(context, mail)?;
    if let Some(first) = posts.first_mut().filter(|_| !addressees.is_empty()) {
        first.open().map_err(|error| {
            Failure::machine(format!("{error}\n  hint: nobody was written to; see [mail]"))
        })?;
    }

    let progress = context.out.progress("sending", Some(addressees.len() as u64));
    let mut ledger = LogLedger {
        register: &mut register,
        purpose: &purpose.id,
        progress,
        told: 0,
        refused: Vec::new(),
    };
    let compose = |to: &Arc<Addressee>, date: Timestamp| letters.mail(to, date);
    let totals = dispatch(addressees, &compose, posts, &mut ledger, &settings(mail), &now)?;
    let (told, refused) = (ledger.told, ledger.refused);
    let settled = totals.delivered + totals.refused + totals.no_address;
    let remaining = all.saturating_sub(settled);
    Ok(Sent { totals, told, resumed, refused, bad_addresses, remaining, mixed })
}

fn settings(mail: &MailConfig) -> Settings {
    let group = mail.per_second.map_or(GROUP, |rate| rate.get().min(GROUP));
    Settings {
        group: group as usize,
        pace: mail.per_second.map(|rate| Pace::per_second(rate, std::num::NonZeroU32::MIN)),
        rounds: ROUNDS.to_vec(),
        reconnect: RECONNECT.to_vec(),
        patience: PATIENCE,
    }
}

/// Held while a run writes to people. The system lets go of it when the process ends, however it does.
struct Lock {
    _file: Option<File>,
}

fn lock(context: &Context, purpose: &Purpose) -> Result<Lock, Failure> {
    let url = RegisterUrl::parse(&context.config.register.url, &context.config.folder)?;
    let beside = match url {
        RegisterUrl::Memory => return Ok(Lock { _file: None }),
        RegisterUrl::File(register) => register,
        // Holds for the processes of one configuration.
        RegisterUrl::Postgres(_) => context.path("notices"),
    };
    let mut name = beside.into_os_string();
    name.push(format!(".sending-{}", purpose.id));
    let path = PathBuf::from(name);
    let failed = |error: std::io::Error| Failure::machine(format!("{}: {error}", path.display()));
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: Some(file) }),
        Err(TryLockError::WouldBlock) => Err(Failure::input(format!(
            "notices of purpose `{}` are being sent by another process, and two would write to people twice\n  hint: wait for its end, or end it: the next run goes on where it stopped",
            purpose.id
        ))),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// The name under which a purpose's mails under way lie on the desk.
fn window_name(purpose: &str) -> Vec<u8> {
    format!("notice {purpose}").into_bytes()
}

/// The accounts of each mail that was under way when an earlier run ended.
pub(crate) fn under_way(
    register: &Register,
    purpose: &Purpose,
    kind: IdKind,
) -> Result<Vec<Vec<AccountId>>, Failure> {
    let item = register.item(Drawer::Sending, &window_name(&purpose.id))?;
    let Some(item) = item else { return Ok(Vec::new()) };
    let mails: Vec<Vec<String>> = serde_json::from_str(&item.text)
        .map_err(|e| Failure::machine(format!("the mails under way cannot be read: {e}")))?;
    // Ids of another kind than the account facts have now are nobody's.
    let account = |text: &String| AccountId::parse(kind, text).ok();
    Ok(mails.iter().map(|mail| mail.iter().filter_map(account).collect()).collect())
}

/// Puts those first who were under way, in the same mails as then. Returns how many mails that is.
fn put_first(addressees: &mut Vec<Arc<Addressee>>, window: &[Vec<AccountId>]) -> u64 {
    if window.is_empty() {
        return 0;
    }
    let firsts: HashMap<&AccountId, usize> =
        window.iter().enumerate().filter_map(|(at, mail)| Some((mail.first()?, at))).collect();
    let (mut again, mut rest) = (Vec::new(), Vec::with_capacity(addressees.len()));
    for addressee in addressees.drain(..) {
        let place = addressee.accounts.iter().position(|account| firsts.contains_key(account));
        match place {
            None => rest.push(addressee),
            Some(place) => {
                // The mail is numbered after its first account, so that must stay the first.
                let mut addressee = Arc::unwrap_or_clone(addressee);
                addressee.accounts.swap(0, place);
                again.push(Arc::new(addressee));
            }
        }
    }
    let resumed = again.len() as u64;
    again.append(&mut rest);
    *addressees = again;
    resumed
}

/// When the campaign began: the date of its links, which a mail that is sent once more must share.
fn campaign(
    register: &mut Register,
    purpose: &Purpose,
    resumed: bool,
) -> Result<Timestamp, Failure> {
    let name = format!("notice campaign {}", purpose.id).into_bytes();
    let known = register.item(Drawer::Bookmark, &name)?.map(|item| item.due);
    let at = now();
    if let Some(known) = known
        && (resumed || at.duration_since(known) < CAMPAIGN)
    {
        return Ok(known);
    }
    // Links hold whole seconds, and so does their date.
    let begun = Timestamp::from_second(at.as_second()).unwrap_or(at);
    register.act(at, |act| act.put(Drawer::Bookmark, &name, begun, None, "begun").map(drop))?;
    Ok(begun)
}

/// Writes what became of mails into the log, and those under way onto the desk.
struct LogLedger<'a> {
    register: &'a mut Register,
    purpose: &'a str,
    progress: Progress,
    told: u64,
    refused: Vec<(AccountId, Reply)>,
}

impl Ledger<Arc<Addressee>> for LogLedger<'_> {
    type Error = Error;

    fn note(
        &mut self,
        settled: &[(Arc<Addressee>, Outcome)],
        under_way: &[Arc<Addressee>],
    ) -> Result<(), Error> {
        let (mut delivered, mut undelivered) = (Vec::new(), Vec::new());
        for (addressee, outcome) in settled {
            let accounts = addressee.accounts.iter().cloned();
            match outcome {
                Outcome::Delivered(at) => delivered.extend(accounts.map(|account| (account, *at))),
                Outcome::Refused { at, reply, .. } => {
                    self.refused.extend(accounts.clone().map(|account| (account, *reply)));
                    undelivered.extend(accounts.map(|account| (account, *at)));
                }
                Outcome::NoAddress => {}
            }
        }
        self.told += delivered.len() as u64;
        let at = now();
        let (purpose, name) = (self.purpose, window_name(self.purpose));
        self.register.act(at, |act| {
            act.add_notices(purpose, delivered)?;
            act.add_undelivered(purpose, undelivered)?;
            if under_way.is_empty() {
                return act.remove_named(Drawer::Sending, &name).map(drop);
            }
            let ids = |to: &Arc<Addressee>| -> Vec<String> {
                to.accounts.iter().map(ToString::to_string).collect()
            };
            let window: Vec<Vec<String>> = under_way.iter().map(ids).collect();
            let text = serde_json::json!(window).to_string();
            act.put(Drawer::Sending, &name, at, None, &text).map(drop)
        })?;
        self.progress.add(settled.len() as u64);
        Ok(())
    }
}
