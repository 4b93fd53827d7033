//! Open cases in the order in which they fall due. Each of the two orders has an index of its own, which
//! holds all that a count asks for.

use rusqlite::Params;
use rusqlite::types::Value;

use super::read::select_case;
use crate::store::{OpenQuery, OpenSpan};

/// What narrows a list down; the indexes hold these columns.
const FILTER: &str = "AND (?6 IS NULL OR status = ?6) AND (?7 IS NULL OR source = ?7) \
                      AND (?8 IS NULL OR names_record = ?8) AND (?9 IS NULL OR contact = ?9) \
                      AND opened < ?10 LIMIT ?11";

/// The rows themselves.
pub(super) fn list(query: &OpenQuery) -> String {
    let (span, order) = match query.span {
        OpenSpan::Received { .. } => (RECEIVED, "due_from, opened"),
        OpenSpan::Extended { .. } => (EXTENDED, "extended_until, due_from, opened"),
    };
    let filter = FILTER.replace("LIMIT", &format!("ORDER BY {order} LIMIT"));
    format!("{} {span} {filter}", select_case!(""))
}

/// How many there are.
pub(super) fn count(query: &OpenQuery) -> String {
    let span = match query.span {
        OpenSpan::Received { .. } => RECEIVED,
        OpenSpan::Extended { .. } => EXTENDED,
    };
    format!("SELECT count(*) FROM objection {span} {FILTER}")
}

const RECEIVED: &str = "WHERE status < 2 AND extended_until IS NULL AND purpose = ?1 \
                        AND (due_from, opened) > (?2, ?3) AND due_from < ?5";
const EXTENDED: &str = "WHERE status < 2 AND extended_until IS NOT NULL AND purpose = ?1 \
                        AND (extended_until, due_from, opened) > (?4, ?2, ?3) \
                        AND extended_until <= ?5";

/// Both take the same parameters in the same places.
pub(super) fn params(query: &OpenQuery, limit: usize) -> impl Params {
    let day = |day: jiff::civil::Date| Value::from(day.to_string());
    let place = |opened: Option<u64>| Value::from(opened.map_or(-1, u64::cast_signed));
    let (from, opened, after, end) = match query.span {
        OpenSpan::Received { after: (from, opened), before } => {
            (from, place(opened), Value::Null, Value::from(before))
        }
        OpenSpan::Extended { after: (until, from, opened), until: end } => {
            (from, place(opened), day(until), day(end))
        }
    };
    let below = query.below.map_or(i64::MAX, |size| i64::try_from(size).unwrap_or(i64::MAX));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let all: [Value; 11] = [
        Value::from(query.purpose.clone()),
        Value::from(from),
        opened,
        after,
        end,
        Value::from(query.status.map(|status| status as i64)),
        Value::from(query.source.map(|source| source as i64)),
        Value::from(query.names_record),
        Value::from(query.has_contact),
        Value::from(below),
        Value::from(limit),
    ];
    rusqlite::params_from_iter(all)
}
