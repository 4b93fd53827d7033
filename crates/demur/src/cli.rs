//! The command line's grammar.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use demur_register::event::Ground;
use demur_web::api::key::KeyScope;

/// Keeps people who said no out of AI training data, and can prove it.
#[derive(Debug, Parser)]
#[command(name = "demur", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub(crate) struct Global {
    /// The configuration.
    #[arg(long, global = true, value_name = "FILE", default_value = "demur.toml")]
    pub(crate) config: PathBuf,
    /// Print one JSON object on stdout at the end; all else goes to stderr.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a small platform and show everything on it, in the folder demur-demo.
    Demo(Demo),
    /// Write a commented demur.toml.
    Init {
        /// Where.
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
    /// Read the configuration and the files it names, and report every problem at once.
    Check,
    /// Serve the people's side: direct links, privacy centre, console, API.
    Serve {
        /// On which address and port [default: the address of the section site].
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
        /// Write the log as JSON, one object on a line.
        #[arg(long)]
        json_log: bool,
    },
    /// What people said no to.
    #[command(subcommand)]
    Objection(Objection),
    /// What people were told.
    #[command(subcommand)]
    Notice(Notice),
    /// Compile the register and the account facts into one file.
    Snapshot {
        /// For which purpose.
        purpose: String,
        /// Where to, a file or a URL [default: PURPOSE.snapshot beside the configuration].
        #[arg(long, value_name = "FILE", value_parser = place)]
        to: Option<PathBuf>,
    },
    /// Build a training set of what may be used.
    Build(Build),
    /// Say why a record is kept or dropped: every rule, the facts behind it, the one that decided.
    Explain {
        /// For which purpose.
        purpose: String,
        /// In which corpus.
        #[arg(long)]
        corpus: String,
        /// Which record, by its id.
        #[arg(long, allow_negative_numbers = true)]
        record: String,
    },
    /// Check a training set, record by record, against the register of today and of then.
    Audit {
        /// The folder of the training set, or its URL.
        dir: PathBuf,
        /// How many findings of each sort to list; all are counted.
        #[arg(long, value_name = "N", default_value_t = 20)]
        list: usize,
    },
    /// Keys of the programming interface.
    #[command(subcommand)]
    Key(Key),
    /// Who is told of restrictions and erasures (Art. 19), and what they have not taken.
    #[command(subcommand)]
    Recipient(Recipient),
    /// The append-only record behind everything.
    #[command(subcommand)]
    Register(Register),
    /// Who may use the console.
    #[command(subcommand)]
    Reviewer(Reviewer),
    /// Which training runs read which versions of which sets.
    #[command(subcommand)]
    Run(Run),
    /// Take out of training sets what may no longer be used, and put back what may.
    Retract(Retract),
    /// Remove the bytes of records that were taken out of training sets.
    Purge(Purge),
    /// Show which sets, versions and runs held somebody's records, and what became of them.
    Trace {
        /// The account; all accounts of its person count.
        #[arg(allow_negative_numbers = true)]
        account: String,
    },
    /// Show every training set: its version, what it lacks, what is hidden and erased in it.
    Status {
        /// Sets that no longer exist, too.
        #[arg(long)]
        all: bool,
    },
    /// Say that a training set no longer exists: its folder and all copies of it were removed.
    Gone {
        /// The set.
        set: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where; a folder that an earlier demo made is used again.
    #[arg(default_value = "demur-demo")]
    pub(crate) dir: PathBuf,
    /// How many accounts.
    #[arg(long, default_value_t = 20_000)]
    pub(crate) accounts: usize,
    /// How many records.
    #[arg(long, default_value_t = 400_000)]
    pub(crate) records: usize,
    /// Everything follows from this number.
    #[arg(long, default_value_t = 21)]
    pub(crate) seed: u64,
    /// Serve the people's side of it afterwards, and print links to try.
    #[arg(long)]
    pub(crate) serve: bool,
    /// On which address and port to serve [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDR", requires = "serve")]
    pub(crate) listen: Option<SocketAddr>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Objection {
    /// Take over objections from a Parquet or CSV file; importing it twice changes nothing.
    Import {
        /// Columns: account_id, status, received_at; optional scopes, purpose, reason, record_id.
        file: PathBuf,
        /// The purpose of rows that name none [default: the configuration's only one].
        #[arg(long)]
        purpose: Option<String>,
    },
    /// Enter one objection.
    Add(Add),
    /// Take an objection back, as its person wishes.
    Withdraw {
        /// The case.
        case: String,
    },
    /// Grant an objection.
    Approve {
        /// The case.
        case: String,
        /// Your name.
        #[arg(long, value_name = "NAME")]
        by: String,
    },
    /// Refuse an objection, with everything that the law asks of a refusal; where the purpose asks for two
    /// reviewers, the first proposes and the second confirms.
    Refuse(Refuse),
    /// Extend the deadline, once, inside the first month (Art. 12(3)).
    Extend {
        /// The case.
        case: String,
        /// Your name.
        #[arg(long, value_name = "NAME")]
        by: String,
        /// Why; the person is told.
        #[arg(long)]
        reasons: String,
        /// By how many months: 1 or 2.
        #[arg(long, default_value_t = 2)]
        months: u8,
    },
    /// List objections.
    List {
        /// Only for this purpose.
        #[arg(long)]
        purpose: Option<String>,
        /// Only of this status.
        #[arg(long)]
        status: Option<String>,
        /// Only of this account.
        #[arg(long, allow_negative_numbers = true)]
        account: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Show one case with its history.
    Show {
        /// The case.
        case: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Who objects.
    #[arg(
        long,
        value_name = "ID",
        required_unless_present = "record",
        allow_negative_numbers = true
    )]
    pub(crate) account: Option<String>,
    /// The one record objected to, instead of a person's content.
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    pub(crate) record: Option<String>,
    /// To which purpose [default: the configuration's only one].
    #[arg(long)]
    pub(crate) purpose: Option<String>,
    /// To what: public_content, ai_interactions, third_party [default: the first two].
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// When it arrived (RFC 3339) [default: now].
    #[arg(long, value_name = "TIME")]
    pub(crate) received_at: Option<String>,
    /// What the person says; never required.
    #[arg(long)]
    pub(crate) grounds: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Refuse {
    /// The case.
    pub(crate) case: String,
    /// Your name: only a person refuses (Art. 22).
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
    /// The compelling grounds (Art. 21(1)).
    #[arg(long)]
    pub(crate) grounds: String,
    /// Of what kind they are, for the published figures: legal_claims, public_interest, security,
    /// research, freedom_of_expression or other.
    #[arg(long, value_name = "KIND")]
    pub(crate) ground: Option<Ground>,
    /// The person's country, which says which authority is competent (ISO 3166-1 alpha-2).
    #[arg(long, value_name = "CODE", required_unless_present = "authority")]
    pub(crate) country: Option<String>,
    /// The competent authority, where the country does not say it.
    #[arg(long, value_name = "NAME")]
    pub(crate) authority: Option<String>,
    /// The way to the courts, where the usual sentence does not fit.
    #[arg(long, value_name = "TEXT")]
    pub(crate) court_route: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Notice {
    /// Take over deliveries that were made elsewhere, from a Parquet or CSV file.
    Import {
        /// Columns: account_id, delivered_at; optional purpose.
        file: PathBuf,
        /// For which purpose people were told [default: the configuration's only one].
        #[arg(long)]
        purpose: Option<String>,
    },
    /// Say who is affected, in which language, how many, and until when sending is in time.
    Plan {
        /// The purpose.
        purpose: String,
    },
    /// Write to everybody who is affected and was not told; run it again to go on.
    Send(Send),
    /// Show what was sent and what came back, day by day, and who is left.
    Status {
        /// The purpose.
        purpose: String,
    },
    /// Read delivery reports: whose notice did not arrive was not told, and is excluded.
    Bounces {
        /// The purpose.
        purpose: String,
        /// A report, an mbox file, a folder of reports, or a Maildir.
        path: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Send {
    /// The purpose.
    pub(crate) purpose: String,
    /// At most so many mails.
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Also to those whose notice came back, as after addresses were put right.
    #[arg(long)]
    pub(crate) returned: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    /// For which purpose.
    pub(crate) purpose: String,
    /// From which corpus; several make one set.
    #[arg(long, value_name = "ID", required = true, num_args = 1..)]
    pub(crate) corpus: Vec<String>,
    /// Where to, a folder or a URL [default: training-sets/PURPOSE-TIME beside the configuration].
    #[arg(long, value_name = "DIR", value_parser = place)]
    pub(crate) to: Option<PathBuf>,
    /// Judge by this snapshot, a file or a URL, instead of a fresh one.
    #[arg(long, value_name = "FILE")]
    pub(crate) snapshot: Option<PathBuf>,
    /// Whether records are copied.
    #[arg(long, value_enum, default_value_t = Mode::Copy)]
    pub(crate) mode: Mode,
    /// What to do with a record that cannot be read.
    #[arg(long, value_enum, default_value_t = Unreadable::Fail)]
    pub(crate) unreadable: Unreadable,
    /// Look at every account and record again, whatever the last set of this purpose knows of them.
    #[arg(long)]
    pub(crate) anew: bool,
    /// Threads [default: one a core].
    #[arg(long, value_name = "N")]
    pub(crate) workers: Option<usize>,
}

#[derive(Debug, Args)]
pub(crate) struct Retract {
    /// Names or folders of sets [default: all that the register knows].
    #[arg(value_name = "SET")]
    pub(crate) sets: Vec<String>,
    /// Remove the bytes as well; after that nothing comes back to this set.
    #[arg(long)]
    pub(crate) purge: bool,
    /// Leave older versions of the tables readable, which show the records, until a retraction without this,
    /// a timer's or the server's included; the register notes it. JSON lines have no versions.
    #[arg(long, conflicts_with = "purge")]
    pub(crate) keep_history: bool,
    /// Judge by the purpose as it is configured now, though it had other rules when the set was judged.
    #[arg(long)]
    pub(crate) accept_purpose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Purge {
    /// Names or folders of sets [default: all that the register knows].
    #[arg(value_name = "SET")]
    pub(crate) sets: Vec<String>,
    /// Only sets in which the oldest such records were taken out at least so many days ago; newer ones go with
    /// them.
    #[arg(long, value_name = "DAYS")]
    pub(crate) older_than: Option<u32>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Mode {
    /// Write what may be used to new files, names taken out where the purpose says so.
    Copy,
    /// Use the corpus' own Parquet files, with deletion vectors over what may not be used. Where a name
    /// would have to be taken out, the record is left out.
    Overlay,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Unreadable {
    /// End the build with file and line.
    Fail,
    /// Leave it out and count it.
    Drop,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a key and print it: nobody sees it again.
    Add {
        /// What it is for, such as the system that gets it.
        name: String,
        /// What it may do: objections:write, objections:read, decisions:write, accounts:check,
        /// people:handover, snapshots:read, metrics:read.
        #[arg(long = "scope", value_name = "SCOPE", required = true, hide_possible_values = true)]
        scopes: Vec<KeyScope>,
        /// For how many days it holds [default: until it is revoked].
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
        days: Option<u32>,
    },
    /// List the keys that there are; what they are, nobody can say any more.
    List,
    /// Make a key void, from this moment on.
    Revoke {
        /// Its name.
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Recipient {
    /// List what recipients have not taken: what is tried again, and what was given up.
    List,
    /// Have everything tried anew that was given up.
    Replay {
        /// Only for this recipient.
        recipient: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Register {
    /// Recompute every hash, commitment and projection, and report what does not fit.
    Verify,
    /// Rebuild what is derived from the log.
    Rebuild,
    /// Print a signed checkpoint (C2SP tlog-checkpoint) and the key that verifies it.
    Checkpoint,
    /// Give the register a new key; the old one is refused from then on. Against somebody who has kept a
    /// key, `register copy --new-key` helps, and this does not. Links that were sent, receipts and
    /// checkpoints stay valid, and servers that run go on: give them the new key before they start again.
    RotateKey {
        /// Where the new key goes; the key file of the configuration unless told.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Copy a register to where none is, between SQLite and PostgreSQL or within either, and verify both.
    /// Stop whoever writes to it first: nothing said later is in the copy.
    Copy {
        /// The register's address, as `url` of `[register]` has it.
        from: String,
        /// The address of the copy.
        to: String,
        /// Seal everything in the copy anew, under a new key that is left in this file: for when
        /// somebody may have had the present one. Without it, the copy has the same key.
        #[arg(long, value_name = "FILE")]
        new_key: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Run {
    /// Enter a run that begins to read, and print its id. It must read the newest version of each set,
    /// and one that lacks no objection in force.
    Start {
        /// What it reads; without a version, the set's newest.
        #[arg(value_name = "SET[@VERSION]", required = true)]
        sets: Vec<SetAt>,
        /// What you call the run.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// Read an older version, or one that lacks objections, all the same; the reason is recorded.
        #[arg(long, value_name = "REASON")]
        even_if_behind: Option<String>,
    },
    /// Enter that a run is over.
    Finish {
        /// Its id.
        run: String,
        /// It ended by an error.
        #[arg(long, conflicts_with = "aborted")]
        failed: bool,
        /// Somebody stopped it.
        #[arg(long)]
        aborted: bool,
    },
    /// List the runs, the newest first.
    List,
}

/// A set, and perhaps the version of it.
#[derive(Clone, Debug)]
pub(crate) struct SetAt {
    pub(crate) set: String,
    pub(crate) version: Option<u64>,
}

impl FromStr for SetAt {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let Some((set, version)) = text.rsplit_once('@') else {
            return Ok(SetAt { set: text.to_owned(), version: None });
        };
        let version =
            version.parse().map_err(|_| format!("\"{version}\" is no version; it is a number"))?;
        Ok(SetAt { set: set.to_owned(), version: Some(version) })
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Reviewer {
    /// Give someone an account; without --password-stdin a password is made and shown once.
    Add {
        /// Their name, as letters and the register carry it.
        name: String,
        /// What they may do.
        #[arg(long, value_enum, default_value_t = ReviewerRole::Reviewer)]
        role: ReviewerRole,
        #[command(flatten)]
        password: PasswordFrom,
    },
    /// List the accounts.
    List,
    /// Give an account another password, and end its sessions.
    Password {
        /// Whose.
        name: String,
        #[command(flatten)]
        password: PasswordFrom,
    },
    /// Remove an account, and end its sessions.
    Remove {
        /// Whose.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct PasswordFrom {
    /// Read the password from the first line of stdin.
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ReviewerRole {
    /// Looks and decides.
    Reviewer,
    /// Looks only.
    Auditor,
}

/// Where something is written: a path, or a URL of a kind that can be. Another kind would be taken for a path.
fn place(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if text.contains("://") && !demur_corpus::is_url(&path) {
        let known = demur_corpus::SCHEMES.map(|scheme| format!("{scheme}://")).join(", ");
        return Err(format!("such URLs are not written to; write a path, or one of {known}"));
    }
    Ok(path)
}
