//! What was measured, put together and judged.

use anyhow::{Result, ensure};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::canary::{Canary, Group};
use crate::learn::{Course, Schedule};
use crate::measure::{self, Comparison};
use crate::platform::{Set, Sets, Size};

/// What a trained model said.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Answer {
    pub(crate) course: Course,
    /// Bits of each phrase: first those of canaries, then of samples.
    pub(crate) surprise: Vec<f64>,
    /// Whether the model completed the phrase from its first word, for canaries.
    pub(crate) completed: Vec<bool>,
}

/// What follows from it.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) course: Course,
    /// Of each canary, in bits.
    pub(crate) exposure: Vec<f64>,
    completed: Vec<bool>,
}

impl Measured {
    /// Ranks the first `canaries` phrases among the others.
    pub(crate) fn new(answer: Answer, canaries: usize) -> Self {
        let (of_canaries, samples) = answer.surprise.split_at(canaries);
        let mut samples = samples.to_vec();
        samples.sort_by(f64::total_cmp);
        let exposure = of_canaries.iter().map(|bits| measure::exposure(*bits, &samples)).collect();
        Self { course: answer.course, exposure, completed: answer.completed }
    }
}

/// A training set's model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Ungated,
    Gated,
}

/// What has to come out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// The least that chance may have to do with objectors' and unseen phrases under the gated model.
    pub(crate) p: f64,
    /// How well phrases that were read must be told from unseen ones.
    pub(crate) told_apart: f64,
}

/// Everything that a run found.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    pub(crate) canaries: Vec<Canary>,
    pub(crate) sets: Sets,
    pub(crate) size: Size,
    pub(crate) samples: usize,
    pub(crate) schedule: Schedule,
    pub(crate) ungated: Measured,
    pub(crate) gated: Measured,
    comparisons: Vec<(Of, Group, Comparison)>,
}

impl Evidence {
    pub(crate) fn new(
        canaries: Vec<Canary>,
        sets: Sets,
        [ungated, gated]: [Measured; 2],
        (size, samples, schedule): (Size, usize, Schedule),
        dice: &mut ChaCha8Rng,
    ) -> Self {
        let mut evidence = Self {
            canaries,
            sets,
            size,
            samples,
            schedule,
            ungated,
            gated,
            comparisons: Vec::new(),
        };
        for of in [Of::Ungated, Of::Gated] {
            let unseen = evidence.exposure(of, Group::Unseen, None);
            for group in [Group::Objected, Group::Stayed, Group::Quoted] {
                let these = evidence.exposure(of, group, None);
                let comparison = measure::compare(&these, &unseen, dice);
                evidence.comparisons.push((of, group, comparison));
            }
        }
        evidence
    }

    pub(crate) fn model(&self, of: Of) -> &Measured {
        match of {
            Of::Ungated => &self.ungated,
            Of::Gated => &self.gated,
        }
    }

    pub(crate) fn set(&self, of: Of) -> &Set {
        match of {
            Of::Ungated => &self.sets.ungated,
            Of::Gated => &self.sets.gated,
        }
    }

    /// How often phrases were posted: what occurs, in order.
    pub(crate) fn choices(&self) -> Vec<usize> {
        let mut choices: Vec<usize> = self.canaries.iter().map(|canary| canary.posts).collect();
        choices.retain(|posts| *posts > 0);
        choices.sort_unstable();
        choices.dedup();
        choices
    }

    /// Of the phrases of a group, or only of those that were posted so often.
    pub(crate) fn exposure(&self, of: Of, group: Group, posts: Option<usize>) -> Vec<f64> {
        self.chosen(group, posts).map(|at| self.model(of).exposure[at]).collect()
    }

    /// How many phrases of a group the model completed.
    pub(crate) fn completed(&self, of: Of, group: Group) -> usize {
        self.chosen(group, None).filter(|at| self.model(of).completed[*at]).count()
    }

    /// A group against phrases that nobody wrote.
    pub(crate) fn comparison(&self, of: Of, group: Group) -> &Comparison {
        let found = self.comparisons.iter().find(|(o, g, _)| (*o, *g) == (of, group));
        &found.expect("every group but the unseen one is compared").2
    }

    /// Places of canaries.
    fn chosen(&self, group: Group, posts: Option<usize>) -> impl Iterator<Item = usize> {
        let fits = move |canary: &Canary| {
            canary.group == group && posts.is_none_or(|posts| canary.posts == posts)
        };
        self.canaries.iter().enumerate().filter(move |(_, c)| fits(c)).map(|(at, _)| at)
    }

    /// Fails where the promise does not hold, or where nothing could be seen if it did not.
    pub(crate) fn judge(&self, bounds: Bounds) -> Result<()> {
        for (of, group) in [
            (Of::Ungated, Group::Objected),
            (Of::Ungated, Group::Stayed),
            (Of::Gated, Group::Stayed),
        ] {
            let told = self.comparison(of, group).told_apart;
            ensure!(
                told >= bounds.told_apart,
                "{of:?} model, {}: told from unseen phrases in {told:.2} of cases, wanted are {}; \
                 the model is too poor to prove anything",
                group.about(),
                bounds.told_apart
            );
        }
        let p = self.comparison(Of::Gated, Group::Objected).p;
        ensure!(
            p >= bounds.p,
            "the gated model tells objectors' phrases from unseen ones: p = {p:.4}"
        );
        Ok(())
    }
}
