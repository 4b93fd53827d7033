//! `demur serve`: the people's side. Any number of processes may serve one register.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use demur_register::Register;
use demur_web::registry::Registry;
use demur_web::{App, Clock, clocks, janitor, post_room, webhooks};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::compile::workers;
use crate::config::SiteConfig;
use crate::context::{Context, now};
use crate::failure::Failure;
use crate::mailing;
use crate::output::grouped;
use crate::site::{LivePeople, LiveSnapshots, sets, settings};

/// How often the account facts are looked at for changes.
const LOOK: Duration = Duration::from_secs(60);

pub(crate) fn run(
    context: Context,
    listen: Option<SocketAddr>,
    json_log: bool,
) -> Result<(), Failure> {
    demur_web::init_logs(json_log);
    let Some(site) = context.config.site.clone() else {
        return Err(Failure::input(format!(
            "{}: there is no [site]\n  hint: write\n  [site]\n  url = \"https://privacy.example.com\"\n  contact = \"privacy@example.com\"",
            context.config.path.display()
        )));
    };
    let writer = context.register_to_judge()?;
    serve(context, site, writer, listen, |_, _, _| Ok(()))
}

/// Serves until the process is told to end. `ready` hears the address and the site before the first
/// request is answered.
pub(crate) fn serve(
    context: Context,
    site: SiteConfig,
    writer: Register,
    listen: Option<SocketAddr>,
    ready: impl FnOnce(&Context, SocketAddr, &App) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let context = Arc::new(context);
    let people = Arc::new(LivePeople::open(&context)?);
    let readers: Vec<Register> =
        (0..workers().max(2)).map(|_| context.existing_register()).collect::<Result<_, _>>()?;
    let clock: Clock = Arc::new(now);
    let post = match &context.config.mail {
        Some(mail) => mailing::posts(&context, mail)?.into_iter().next(),
        None => None,
    };
    let links = writer.links();
    let settings = settings(&context, &site)?;
    let registry = Registry::start(writer, readers, Arc::clone(&clock));
    let directory = Arc::clone(&people);
    // Whatever opens a register does so here: inside of the runtime nothing may wait for a database.
    let following = context.existing_register()?;
    let snapshots = LiveSnapshots::new(Arc::clone(&context), context.existing_register()?);
    let app = App::new(settings, directory, registry, links, clock);
    let app = Arc::new(app.with_snapshots(Arc::new(snapshots)));

    let failed = |what: &str, error: std::io::Error| Failure::machine(format!("{what}: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| failed("the server could not start", error))?;
    runtime.block_on(async {
        let listen = listen.unwrap_or(site.listen);
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|error| failed(&format!("{listen} cannot be listened on"), error))?;
        let address = listener.local_addr().map_err(|error| failed("the socket", error))?;
        let out = context.out;
        let words = format!(
            "Listening on http://{address} ({} accounts); people reach it at {}",
            grouped(people.rows() as u64),
            site.url
        );
        out.result(&words, &json!({ "listening": format!("http://{address}"), "url": site.url }));
        ready(&context, address, &app)?;

        let (stop, stopped) = watch::channel(false);
        let current = Arc::clone(&context);
        std::thread::spawn(move || keep_current(&current, &people));
        let ended = Arc::new(AtomicBool::new(false));
        let sets = follow(&context, following, &ended)?;
        tokio::spawn(async move {
            signal().await;
            let _ = stop.send(true);
        });
        let until = || {
            let mut stopped = stopped.clone();
            async move { drop(stopped.wait_for(|stopped| *stopped).await) }
        };
        let mut behind = JoinSet::new();
        behind.spawn(janitor::keep_tidy(Arc::clone(&app), until()));
        behind.spawn(clocks::run(Arc::clone(&app), until()));
        let telling = webhooks::run(Arc::clone(&app), until());
        behind.spawn(async move {
            if let Err(error) = telling.await {
                out.warn(&format!("warning: recipients cannot be told: {error}"));
            }
        });
        behind.spawn(demur_web::run_bulk(Arc::clone(&app), until()));
        if let Some(post) = post {
            behind.spawn(post_room::run(Arc::clone(&app), post, until()));
        }
        let served = demur_web::serve(app, listener, until()).await;
        // What was begun is finished: a letter being sent is noted as sent, a set has a version or has not.
        while behind.join_next().await.is_some() {}
        ended.store(true, Ordering::Relaxed);
        let _ = tokio::task::spawn_blocking(move || sets.join()).await;
        served.map_err(|error| failed("the server failed", error))
    })
}

/// Has the training sets follow the register, on a thread of its own.
fn follow(
    context: &Context,
    mut register: Register,
    ended: &Arc<AtomicBool>,
) -> Result<JoinHandle<()>, Failure> {
    let quiet = Context::load(&context.config.path, context.out.quiet())?;
    let ended = Arc::clone(ended);
    Ok(std::thread::spawn(move || sets::keep_current(&quiet, &mut register, &ended)))
}

/// Reads the account facts again whenever they change, as long as the process lives.
fn keep_current(context: &Context, people: &LivePeople) {
    loop {
        std::thread::sleep(LOOK);
        match people.refresh(context) {
            Ok(false) => {}
            Ok(true) => context.out.warn("the account facts changed and were read again"),
            Err(failure) => context.out.warn(&format!(
                "warning: {failure}\n  the site goes on with the account facts that it has"
            )),
        }
    }
}

/// Waits until somebody asks the process to end.
async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            }
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
