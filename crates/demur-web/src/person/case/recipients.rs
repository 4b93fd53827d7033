//! Who receives the data, and what they were told (Art. 19).

use demur_notice::format;
use demur_register::event::{News, What};
use jiff::Timestamp;

use crate::site::frame::Frame;

use super::open::Opened;

/// Everybody who receives the data.
pub(super) struct Recipients {
    /// What they can be told.
    pub(super) columns: Vec<String>,
    /// Name, and when they were told each.
    pub(super) rows: Vec<(String, Vec<String>)>,
}

pub(super) fn recipients(opened: &Opened, frame: &Frame) -> Recipients {
    let id = &opened.case.summary.purpose;
    let mut all: Vec<(&str, &str)> = opened
        .app
        .settings
        .recipients_of(id)
        .map(|recipient| (recipient.id.as_str(), recipient.name.as_str()))
        .collect();
    // Whoever was told once and is no longer configured was told all the same.
    for (told, ..) in told(opened) {
        if !all.iter().any(|(id, _)| *id == told) {
            all.push((told, told));
        }
    }
    let was = |news| told(opened).any(|(_, other, _)| other == news);
    let columns: Vec<(News, &str)> = [
        (News::Restricted, "case-recipient-restricted"),
        (News::Erased, "case-recipient-erased"),
        (News::Lifted, "case-recipient-lifted"),
    ]
    .into_iter()
    .filter(|(news, _)| *news == News::Restricted || was(*news))
    .collect();
    let cell = |id: &str, news: News| match last(opened, id, news) {
        Some(at) => format::date(frame.language, opened.zone.to_datetime(at).date()),
        None => frame.t("case-set-open"),
    };
    Recipients {
        rows: all
            .into_iter()
            .map(|(id, name)| {
                let cells = columns.iter().map(|(news, _)| cell(id, *news)).collect();
                (name.to_owned(), cells)
            })
            .collect(),
        columns: columns.iter().map(|(_, message)| frame.t(message)).collect(),
    }
}

fn told(opened: &Opened) -> impl Iterator<Item = (&str, News, Timestamp)> {
    opened.case.history.iter().filter_map(|entry| match &entry.what {
        What::RecipientTold { recipient, news, .. } => Some((recipient.as_str(), *news, entry.at)),
        _ => None,
    })
}

fn last(opened: &Opened, id: &str, news: News) -> Option<Timestamp> {
    let is_it = |(told, what, _): &(&str, News, Timestamp)| *told == id && *what == news;
    told(opened).filter(is_it).last().map(|(_, _, at)| at)
}
