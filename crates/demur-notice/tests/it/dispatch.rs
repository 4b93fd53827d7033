//! Sending many mails through posts that refuse, break and vanish.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use demur_notice::dispatch::{Ledger, Outcome, Settings, Stopped, Totals, dispatch};
use demur_notice::mail::{EnvelopeError, Mail};
use demur_notice::pace::Pace;
use demur_notice::post::{Post, Reply, SendError, Step};
use jiff::Timestamp;
use proptest::prelude::*;

use super::mails::{composed, envelope};

/// What a server does with the tries of one mail, one after the other; afterwards it takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    Refuse,
    Postpone,
    /// Takes it and breaks the connection before it says so.
    TakeAndBreak,
    Break,
}

#[derive(Default)]
struct World {
    script: BTreeMap<u32, Vec<Does>>,
    /// Every copy that was taken.
    taken: Vec<u32>,
    /// Those that were taken without anybody hearing of it.
    unheard: BTreeSet<u32>,
    /// As the ledger has it.
    under_way: BTreeSet<u32>,
    settled: Vec<(u32, Outcome)>,
    notes: usize,
    /// The note at which the ledger cannot be written any more.
    full_at: Option<usize>,
}

type Shared = Arc<Mutex<World>>;

struct ScriptedPost(Shared);

impl Post for ScriptedPost {
    fn send(&mut self, mail: &Mail) -> Result<(), SendError> {
        let number: u32 = mail.message_id().split_once('@').unwrap().0.parse().unwrap();
        let mut world = self.0.lock().unwrap();
        assert!(world.under_way.contains(&number), "{number} goes out without being noted");
        let script = world.script.entry(number).or_default();
        let does = if script.is_empty() { None } else { Some(script.remove(0)) };
        let reply = Reply { code: 450, status: None };
        let broken = SendError::Connection { server: "mx:25".into(), problem: "gone".into() };
        match does {
            None => world.taken.push(number),
            Some(Does::Refuse) => {
                let reply = Reply { code: 550, status: None };
                return Err(SendError::Recipient { at: Step::Recipient, reply });
            }
            Some(Does::Postpone) => {
                return Err(SendError::Temporary { at: Step::Recipient, reply });
            }
            Some(Does::TakeAndBreak) => {
                world.taken.push(number);
                world.unheard.insert(number);
                return Err(broken);
            }
            Some(Does::Break) => return Err(broken),
        }
        Ok(())
    }
}

struct Noted(Shared);

impl Ledger<u32> for Noted {
    type Error = &'static str;
    fn note(&mut self, settled: &[(u32, Outcome)], under_way: &[u32]) -> Result<(), &'static str> {
        let mut world = self.0.lock().unwrap();
        world.notes += 1;
        if world.full_at.is_some_and(|at| world.notes >= at) {
            return Err("disk full");
        }
        world.settled.extend(settled);
        world.under_way = under_way.iter().copied().collect();
        Ok(())
    }
}

/// Key 13 has no address.
fn compose(number: &u32, at: Timestamp) -> Result<Mail, EnvelopeError> {
    let composed = composed();
    let (id, to) =
        (format!("{number}@example.com"), if *number == 13 { "?" } else { "a@b.example" });
    let mut envelope = envelope(&composed, to, &id);
    envelope.date = at;
    envelope.seal()
}

fn settings() -> Settings {
    Settings {
        group: 4,
        pace: None,
        rounds: vec![Duration::from_millis(1); 2],
        reconnect: vec![Duration::from_millis(1)],
        patience: 1000,
    }
}

fn run(
    world: &Shared,
    keys: impl IntoIterator<Item = u32>,
    connections: usize,
    settings: &Settings,
) -> Result<Totals, &'static str> {
    let post = || Box::new(ScriptedPost(Arc::clone(world))) as Box<dyn Post + Send>;
    let posts = (0..connections).map(|_| post()).collect();
    let clock = || Timestamp::UNIX_EPOCH;
    dispatch(keys, &compose, posts, &mut Noted(Arc::clone(world)), settings, &clock)
}

fn delivered(world: &World) -> Vec<u32> {
    let of = |(number, outcome): &(u32, Outcome)| match outcome {
        Outcome::Delivered(_) => Some(*number),
        _ => None,
    };
    let mut delivered: Vec<u32> = world.settled.iter().filter_map(of).collect();
    delivered.sort_unstable();
    delivered
}

#[test]
fn everybody_gets_one_and_the_ledger_says_so() {
    let world = Shared::default();
    let totals = run(&world, 0..50, 3, &settings()).unwrap();
    let world = world.lock().unwrap();
    assert!(totals.stopped.is_none(), "{totals:?}");
    assert_eq!((totals.delivered, totals.no_address), (49, 1));
    let all: Vec<u32> = (0..50).filter(|n| *n != 13).collect();
    assert_eq!(delivered(&world), all);
    let mut taken = world.taken.clone();
    taken.sort_unstable();
    assert_eq!(taken, all);
    assert!(world.under_way.is_empty());
    assert_eq!(world.notes, 50_usize.div_ceil(4) + 1, "one note a group, one at the end");
}

#[test]
fn who_is_refused_for_now_is_tried_again_and_then_left() {
    let world = Shared::default();
    world.lock().unwrap().script = BTreeMap::from([
        (1, vec![Does::Postpone]),
        (2, vec![Does::Postpone; 2]),
        (3, vec![Does::Postpone; 3]),
        (4, vec![Does::Refuse]),
    ]);
    let totals = run(&world, 0..8, 2, &settings()).unwrap();
    assert_eq!((totals.delivered, totals.refused, totals.later), (6, 1, 1));
    assert_eq!(delivered(&world.lock().unwrap()), [0, 1, 2, 5, 6, 7]);
}

#[test]
fn a_mail_that_breaks_connections_stops_nobody_elses() {
    for connections in [1, 3] {
        let world = Shared::default();
        world.lock().unwrap().script =
            BTreeMap::from([(2, vec![Does::Break; 2]), (3, vec![Does::Break; 99])]);
        let totals = run(&world, 0..12, connections, &settings()).unwrap();
        assert!(totals.stopped.is_none(), "{totals:?}");
        assert_eq!((totals.delivered, totals.uncertain), (11, 1));
        let world = world.lock().unwrap();
        assert_eq!(world.under_way, BTreeSet::from([3]), "it may have been taken");
    }
}

#[test]
fn without_any_connection_the_rest_stays_for_another_run() {
    let world = Shared::default();
    world.lock().unwrap().script = (5..40).map(|n| (n, vec![Does::Break; 99])).collect();
    let totals = run(&world, 0..40, 3, &settings()).unwrap();
    assert!(matches!(totals.stopped, Some(Stopped::Post(SendError::Connection { .. }))));
    let world = world.lock().unwrap();
    assert_eq!((totals.delivered, delivered(&world)), (5, vec![0, 1, 2, 3, 4]));
    assert_eq!(totals.uncertain, world.under_way.len() as u64);
    assert!((1..=9).contains(&totals.uncertain), "{totals:?}");
}

#[test]
fn a_server_that_refuses_everybody_is_left_alone() {
    for does in [Does::Refuse, Does::Postpone] {
        let world = Shared::default();
        world.lock().unwrap().script = (0..100).map(|n| (n, vec![does; 9])).collect();
        let settings = Settings { patience: 10, ..settings() };
        let totals = run(&world, 20..100, 2, &settings).unwrap();
        assert!(matches!(totals.stopped, Some(Stopped::Refusals { .. })), "{totals:?}");
        assert!(totals.refused + totals.later < 20, "{totals:?}");
    }
}

#[test]
fn mails_keep_their_pace() {
    let world = Shared::default();
    let (rate, burst) = (500.try_into().unwrap(), 1.try_into().unwrap());
    let settings = Settings { pace: Some(Pace::per_second(rate, burst)), ..settings() };
    let start = std::time::Instant::now();
    run(&world, 100..150, 4, &settings).unwrap();
    assert!(start.elapsed() >= Duration::from_millis(49 * 2), "{:?}", start.elapsed());
}

#[test]
fn an_envelope_that_cannot_be_made_ends_the_run() {
    let world = Shared::default();
    let broken = |_: &u32, _: Timestamp| Err(EnvelopeError::Sender);
    let posts: Vec<Box<dyn Post + Send>> = vec![Box::new(ScriptedPost(Arc::clone(&world)))];
    struct Nowhere;
    impl Ledger<u32> for Nowhere {
        type Error = Infallible;
        fn note(&mut self, _: &[(u32, Outcome)], _: &[u32]) -> Result<(), Infallible> {
            Ok(())
        }
    }
    let clock = || Timestamp::UNIX_EPOCH;
    let totals = dispatch(0..99, &broken, posts, &mut Nowhere, &settings(), &clock).unwrap();
    assert!(matches!(totals.stopped, Some(Stopped::Envelope(EnvelopeError::Sender))));
}

fn does() -> impl Strategy<Value = Vec<Does>> {
    let one = prop_oneof![
        Just(Does::Refuse),
        Just(Does::Postpone),
        Just(Does::TakeAndBreak),
        Just(Does::Break),
    ];
    prop_oneof![4 => Just(Vec::new()), 1 => prop::collection::vec(one, 1..5)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// However often the ledger is cut off, and whatever servers do: after enough runs everybody has
    /// been settled, and a second copy went only to those whom the ledger had as under way.
    #[test]
    fn nobody_is_left_out_and_nobody_gets_two(
        script in prop::collection::vec(does(), 40),
        cuts in prop::collection::vec(1..8usize, 0..4),
        connections in 1..4usize,
    ) {
        let world = Shared::default();
        world.lock().unwrap().script = (100..).zip(script).collect();
        let mut may_be_doubled: BTreeSet<u32> = BTreeSet::new();
        let mut cuts = cuts.into_iter();
        for _ in 0..60 {
            let rest: Vec<u32> = {
                let mut world = world.lock().unwrap();
                let settled: BTreeSet<u32> = world.settled.iter().map(|(n, _)| *n).collect();
                world.full_at = cuts.next().map(|after| world.notes + after);
                (100..140).filter(|n| !settled.contains(n)).collect()
            };
            if rest.is_empty() {
                break;
            }
            let _ = run(&world, rest, connections, &settings());
            let world = world.lock().unwrap();
            may_be_doubled.extend(world.under_way.union(&world.unheard));
        }
        let world = world.lock().unwrap();
        let settled: BTreeSet<u32> = world.settled.iter().map(|(n, _)| *n).collect();
        prop_assert_eq!(settled.len(), 40, "somebody was left out");
        for number in 100..140 {
            let copies = world.taken.iter().filter(|taken| **taken == number).count();
            prop_assert!(copies <= 1 || may_be_doubled.contains(&number), "{} got {}", number, copies);
        }
    }
}
