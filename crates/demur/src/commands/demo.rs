//! `demur demo`: a small platform, and the whole story on it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Instant;

use demur_core::day::Zone;
use demur_core::objection::Scopes;
use demur_core::rules::Record;
use demur_corpus::Format;
use demur_corpus::audit::Fault;
use demur_corpus::build::Unreadable;
use demur_corpus::manifest::{Manifest, Mode};
use demur_corpus::rows::Reader;
use demur_register::event::Source;
use demur_register::{Link, LinkKind, NewObjection, Register};
use demur_web::{Role, staff};
use jiff::SignedDuration;
use serde_json::json;

use super::build::{Built, Plan, build, verdicts};
use super::{audit, notice, objection, serve};
use crate::cli;
use crate::compile::workers;
use crate::config;
use crate::context::{Context, now};
use crate::demo::platform::{self, Size};
use crate::failure::Failure;
use crate::output::{Output, grouped, seconds};

/// Marks a folder that a demo made, with what it was made from.
const MARKER: &str = ".demur-demo";

/// The demo's reviewer.
const REVIEWER: &str = "Robin Reviewer";
const PASSWORD: &str = "only-for-the-demo";

/// Words that the demo's documents start with.
const STAND_IN: &str =
    "This stands in for a document of the controller's. Write your own: what belongs here is\n";

pub(crate) fn run(args: &cli::Demo, out: Output) -> Result<(), Failure> {
    let start = Instant::now();
    let dir = args.dir.as_path();
    out.say("1. A platform");
    let made = prepare(args, out)?;
    out.say(&format!(
        "   {} accounts, {} records: posts, comments, photos and talks with an AI, in {}{}",
        grouped(args.accounts as u64),
        grouped(args.records as u64),
        dir.display(),
        if made.is_some() { "" } else { " (as an earlier demo made them)" },
    ));
    let context = Context::load(&dir.join("demur.toml"), out)?;
    let purpose = context.purpose(Some("assistant-training"))?;
    let mut register = context.register_to_tell()?;

    out.say("\n2. What people were told, and what they said");
    let told = notice::import(&context, &mut register, &dir.join("notices.csv"), purpose)?;
    out.say(&format!(
        "   {} deliveries of the notice recorded, {} known already",
        grouped(told.recorded as u64),
        grouped(told.unchanged as u64)
    ));
    let said =
        objection::import(&context, &mut register, &dir.join("objections.csv"), Some(purpose))?;
    out.say(&format!(
        "   {} objections recorded, {} known already; each is in force from its receipt",
        grouped(said.received as u64),
        grouped(said.unchanged as u64)
    ));

    out.say("\n3. A training set, as the law allows it today");
    let plan = |to: PathBuf| -> Result<Plan<'_>, Failure> {
        Ok(Plan {
            purpose,
            corpora: vec![context.config.corpus("posts")?],
            to,
            snapshot: None,
            mode: Mode::Copy,
            unreadable: Unreadable::Fail,
            anew: false,
            workers: workers(),
        })
    };
    let first = build(&context, &mut register, &plan(free_folder(dir)?)?)?;
    out.say(&verdicts(&first.manifest.counts));
    out.say(&format!("   in {}, {}", first.path.display(), seconds(first.took)));

    out.say("\n4. Somebody objects, after the advised date; that works the same way");
    // The story has its own person; where that person objected in an earlier demo, somebody else.
    let own = made.as_ref().map(|p| p.late_objector.to_string());
    let Author { person, records, text, record } = author(&context, &first, own.as_deref())?;
    let name = made.as_ref().map_or_else(String::new, |p| format!("{}, ", p.late_objector_name));
    out.say(&format!(
        "   {name}account {person}, wrote {records} records of that set, for example {record}:\n     “{text}”"
    ));
    let case = register.submit(
        NewObjection {
            account: Some(context.account_id(&person)?),
            record: None,
            purpose: purpose.id.clone(),
            scopes: Scopes::OWN,
            received_at: now(),
            grounds: None,
            contact: None,
            source: Source::CommandLine,
        },
        now(),
    )?;
    out.say(&format!("   case {case}: received, and approved by the purpose's rule at once"));

    out.say("\n5. The audit of that set, against the register as it is now");
    let (_, old) = audit::check(&context, &register, &first.path, 3)?;
    out.say(&format!(
        "   {} records may no longer be used, all of {} judged again one by one",
        grouped(old.count(Fault::NoLongerLawful)),
        grouped(old.records)
    ));

    out.say("\n6. The next build leaves the person out");
    let second = build(&context, &mut register, &plan(free_folder(dir)?)?)?;
    let fewer = first.manifest.counts.stays() - second.manifest.counts.stays();
    out.say(&format!(
        "   {} records used, {} fewer; in {}, {}",
        grouped(second.manifest.counts.stays()),
        grouped(fewer),
        second.path.display(),
        seconds(second.took)
    ));
    let (manifest, new) = audit::check(&context, &register, &second.path, 3)?;
    out.say(
        &audit::words(&manifest, &new).lines().map(|l| format!("   {l}\n")).collect::<String>(),
    );
    if !new.is_clean() || old.count(Fault::NoLongerLawful) == 0 {
        return Err(Failure::machine(
            "the demo's own audit does not come out as it should; please report this",
        ));
    }

    let words = ending(dir, &second, &manifest, (&person, &record), start);
    let json = json!({
        "folder": dir,
        "first": first.json(),
        "second": second.json(),
        "late_objection": { "account": person, "case": case.to_string(), "records": records },
        "audit_clean": new.is_clean(),
        "seconds": start.elapsed().as_secs_f64(),
    });
    if !args.serve {
        out.result(&words, &json);
        return Ok(());
    }
    out.say(&words);
    let visitor = author(&context, &second, None)?.person;
    open_site(context, register, args.listen, &visitor)
}

/// Serves the platform, with links for somebody who has not objected yet.
fn open_site(
    context: Context,
    mut register: Register,
    listen: Option<SocketAddr>,
    visitor: &str,
) -> Result<(), Failure> {
    let account = context.account_id(visitor)?;
    let Some(mut site) = context.config.site.clone() else {
        return Err(Failure::input("the demo's demur.toml has no [site] any more"));
    };
    let listen = listen.unwrap_or(site.listen);
    site.url = format!("http://{listen}");
    let known = staff::list(&register)?.iter().any(|account| account.name == REVIEWER);
    if !known {
        // The demo's data is made up; so may be its password.
        let salt = register.act(now(), |act| Ok(act.random()))?;
        let hash = staff::hash(PASSWORD, salt)?;
        register.act(now(), |act| staff::add(act, REVIEWER, Role::Reviewer, &hash))?;
    }
    serve::serve(context, site, register, Some(listen), move |context, address, app| {
        let issued_at = now();
        let purpose = context.purpose(Some("assistant-training"))?.id.clone();
        let link = Link {
            kind: LinkKind::Object { account: account.clone(), purpose: purpose.clone() },
            issued_at,
            expires_at: issued_at + SignedDuration::from_hours(24 * 400),
        };
        let token = app.links.seal(&link);
        context.out.say(&format!(
            "
  the direct link of account {account}, as a notice carries it
    http://{address}/o/{token}
  for a reviewer: sign in as {REVIEWER}, {PASSWORD}
    http://{address}/console
  for everybody
    http://{address}/privacy            the privacy centre
    http://{address}/notice/{purpose}   the public notice
    http://{address}/transparency       figures

  Ctrl-C ends it."
        ));
        Ok(())
    })
}

fn ending(
    dir: &Path,
    set: &Built,
    manifest: &Manifest,
    (person, record): (&str, &str),
    start: Instant,
) -> String {
    let (dir, path) = (dir.display(), set.path.display());
    let data = manifest.files.first().map_or("", |f| f.path.as_str());
    format!(
        "Done in {}. Where things are, in {dir}/:
  demur.toml          the configuration, commented; edit it and run the commands below again
  accounts.parquet, corpus/, objections.csv, notices.csv    the platform
  demur.db, demur.key the register, and the key without which nobody can read who objected
  training-sets/      {path}: a Delta table ({data} …) and manifest.json

Open the training set (Polars reads Delta with the package deltalake beside it):
  Polars   python3 -c 'import polars; print(polars.read_delta(\"{path}\"))'
  DuckDB   duckdb -c \"SELECT kind, count(*) FROM '{path}/*.parquet' GROUP BY kind\"

Try next, in that folder (`demur` is target/release/demur, or `cargo run --release --`):
  cd {dir}
  demur objection list --account {person}
  demur objection add --account ID          anyone in accounts.parquet
  demur build assistant-training --corpus posts
  demur explain assistant-training --corpus posts --record {record}
  demur register verify
  demur check",
        seconds(start.elapsed())
    )
}

/// Makes the platform, unless an earlier demo made this very one here.
fn prepare(args: &cli::Demo, out: Output) -> Result<Option<platform::Platform>, Failure> {
    let dir = args.dir.as_path();
    let failed = |path: &Path, e: std::io::Error| {
        Failure::machine(format!("{}: could not write: {e}", path.display()))
    };
    let marker = dir.join(MARKER);
    let wanted =
        format!("seed {} accounts {} records {}\n", args.seed, args.accounts, args.records);
    match std::fs::read_to_string(&marker) {
        Ok(made) if made == wanted => return Ok(None),
        Ok(made) => {
            return Err(Failure::input(format!(
                "{}: an earlier demo made another platform here ({})\n  hint: use another folder, or remove this one",
                dir.display(),
                made.trim()
            )));
        }
        Err(_) if dir.exists() && dir.join("demur.toml").exists() => {
            return Err(Failure::input(format!(
                "{}: this folder is not a demo's, and has a demur.toml\n  hint: use another folder",
                dir.display()
            )));
        }
        Err(_) => {}
    }
    std::fs::create_dir_all(dir).map_err(|e| failed(dir, e))?;
    let size = Size { accounts: args.accounts, records: args.records };
    let progress = out.progress("making a platform", Some(args.records as u64));
    let mut before = 0;
    let platform = platform::generate(dir, args.seed, &size, &mut |done| {
        progress.add(done - before);
        before = done;
    })
    .map_err(|e| {
        Failure::machine(format!("{}: the platform could not be made: {e}", dir.display()))
    })?;
    drop(progress);

    let write = |name: &str, text: &str| {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(|e| failed(&path, e))
    };
    std::fs::create_dir_all(dir.join("docs")).map_err(|e| failed(dir, e))?;
    for (name, what) in [
        ("interest", "the interest that is pursued, and whose it is."),
        ("necessity", "why the interest cannot be reached with less, or with other data."),
        ("balancing-test", "why the interest outweighs what the people concerned may expect."),
        ("dpia", "the data protection impact assessment (Art. 35)."),
    ] {
        write(&format!("docs/{name}.md"), &format!("{STAND_IN}{what}\n"))?;
    }
    write("demur.toml", &configuration())?;
    // Last: without it, a demo that was cut short is made again from the start.
    write(MARKER, &wanted)?;
    Ok(Some(platform))
}

/// The configuration that `demur init` writes, with the columns that the demo has besides, and the way
/// to people.
fn configuration() -> String {
    let mut text = config::template().to_owned();
    let uncommented = [
        "person =",
        "email =",
        "locale =",
        "holidays =",
        "interest_text =",
        "retention =",
        "transfers =",
        "[site]",
        "contact =",
        "language =",
        "listen =",
        "[mail]",
        "from =",
    ];
    for key in uncommented {
        text = text.replace(&format!("\n# {key}"), &format!("\n{key}"));
    }
    let lines = text.lines().map(|line| {
        if line.starts_with("# translations =") {
            TRANSLATIONS
        } else if line.starts_with("# url = \"https://privacy.example.com\"") {
            "url = \"http://127.0.0.1:8080\"     # what every link in a mail begins with"
        } else {
            line
        }
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// What the demo's people are told, in their languages.
const TRANSLATIONS: &str = r#"[purpose.translations]
de = { title = "Training der KI-Assistenz", interest = "Die Assistenz soll verstehen, wie Menschen wirklich schreiben.", retention = "Trainingsdaten werden zwei Jahre nach dem Training gelöscht.", transfers = "Keine." }
fr = { title = "Entraînement de l’assistant d’IA", interest = "L’assistant doit comprendre comment les gens écrivent vraiment.", retention = "Les données d’entraînement sont effacées deux ans après l’entraînement.", transfers = "Aucun." }
es = { title = "Entrenamiento del asistente de IA", interest = "El asistente debe entender cómo escribe la gente de verdad.", retention = "Los datos de entrenamiento se borran dos años después del entrenamiento.", transfers = "Ninguna." }
it = { title = "Addestramento dell’assistente di IA", interest = "L’assistente deve capire come scrivono davvero le persone.", retention = "I dati di addestramento vengono cancellati due anni dopo l’addestramento.", transfers = "Nessuno." }
pl = { title = "Trenowanie asystenta AI", interest = "Asystent ma rozumieć, jak ludzie naprawdę piszą.", retention = "Dane treningowe są usuwane dwa lata po treningu.", transfers = "Brak." }"#;

/// The first of `training-sets/v1`, `v2`, … that is not taken.
fn free_folder(dir: &Path) -> Result<PathBuf, Failure> {
    (1..10_000)
        .map(|n| dir.join("training-sets").join(format!("v{n}")))
        .find(|path| !path.exists())
        .ok_or_else(|| Failure::input("ten thousand training sets are enough; remove some"))
}

/// Somebody whose records are in a set.
struct Author {
    person: String,
    records: u64,
    /// One of the texts, and the record that it stands in.
    text: String,
    record: String,
}

/// The author of that id, or else the one with the most records.
fn author(context: &Context, set: &Built, of: Option<&str>) -> Result<Author, Failure> {
    let manifest = &set.manifest;
    let kind = context.id_kind()?;
    let zone = Zone::named(&manifest.purpose.time_zone).map_err(Failure::input)?;
    let Some(corpus) = manifest.corpora.first() else {
        return Err(Failure::input("the set has no corpus"));
    };
    let reader = Reader { columns: &corpus.columns, kind, zone: &zone };
    let mut authors: HashMap<String, Author> = HashMap::new();
    let mut count = |record: Record| {
        let (Some(author), Some(text), Some(id)) = (record.author, record.text, record.id) else {
            return;
        };
        let person = author.to_string();
        let entry = authors.entry(person.clone()).or_insert_with(|| Author {
            person,
            records: 0,
            text: String::new(),
            record: String::new(),
        });
        entry.records += 1;
        // A short text is easier to read in a terminal, but not the shortest.
        if entry.text.is_empty() || (40..entry.text.len().max(41)).contains(&text.len()) {
            entry.text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            entry.record = id.0;
        }
    };
    for file in &manifest.files {
        reader.for_each(&set.path.join(&file.path), Format::Parquet, |_, record| {
            record.map(&mut count);
            Ok(())
        })?;
    }
    if let Some(author) = of.and_then(|id| authors.remove(id)) {
        return Ok(author);
    }
    let most = authors.into_values().max_by_key(|a| (a.records, a.person.clone()));
    most.ok_or_else(|| {
        Failure::input("the training set is empty, so nobody is in it who could object late\n  hint: the demo's configuration was changed; remove the folder to begin anew")
    })
}
