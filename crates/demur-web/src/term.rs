//! By when a case must be answered (Art. 12(3)), from its history.

use demur_core::deadline;
use demur_core::purpose::Purpose;
use demur_register::Case;
use demur_register::event::What;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The time to answer an objection, or one that was made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// When it arrived, or was made again.
    pub(crate) received: Timestamp,
    /// The last day for an answer, had nobody extended it.
    pub(crate) first: Date,
    /// The last day of an extension.
    pub(crate) extended: Option<Date>,
}

impl Term {
    /// The term of a case as it stood after its first `events` events.
    pub(crate) fn of(case: &Case, events: usize, purpose: &Purpose, zone: &TimeZone) -> Self {
        let (mut received, mut extended) = (case.summary.received_at, None);
        for entry in case.history.iter().take(events) {
            match &entry.what {
                What::ObjectionReopened(_) => (received, extended) = (entry.at, None),
                What::DeadlineExtended { until, .. } => extended = Some(*until),
                _ => {}
            }
        }
        let first = deadline::due(received, zone, purpose.holidays.as_deref()).due;
        Term { received, first, extended }
    }

    /// The last day for an answer.
    pub(crate) fn due(&self) -> Date {
        self.extended.unwrap_or(self.first)
    }
}
