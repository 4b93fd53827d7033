//! Open cases in the order in which they fall due; each of the two orders has an index of its own.

use tokio_postgres::types::ToSql;

use super::read::{SELECT_CASE, clamp};
use crate::store::{OpenQuery, OpenSpan};

/// A statement about open cases, with its arguments in their order.
pub(super) struct Question {
    pub(super) sql: String,
    params: Vec<Box<dyn ToSql + Sync>>,
}

impl Question {
    /// The rows themselves.
    pub(super) fn list(query: &OpenQuery, limit: usize) -> Self {
        let mut question = Question::new(SELECT_CASE, query);
        let order = match query.span {
            OpenSpan::Received { .. } => "due_from, opened",
            OpenSpan::Extended { .. } => "extended_until, due_from, opened",
        };
        let limit = question.take(i64::try_from(limit).unwrap_or(i64::MAX));
        question.sql.push_str(&format!(" ORDER BY {order} LIMIT {limit}"));
        question
    }

    /// How many there are.
    pub(super) fn count(query: &OpenQuery) -> Self {
        Question::new("SELECT count(*) FROM objection", query)
    }

    /// The arguments as the driver wants them.
    pub(super) fn params(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.params.iter().map(|param| &**param).collect()
    }

    fn new(select: &str, query: &OpenQuery) -> Self {
        let mut question =
            Question { sql: format!("{select} WHERE status < 2"), params: Vec::new() };
        let purpose = question.take(query.purpose.clone());
        let place = |opened: Option<u64>| opened.map_or(-1, u64::cast_signed);
        let span = match query.span {
            OpenSpan::Received { after: (from, opened), before } => {
                let from = question.take(from);
                let opened = question.take(place(opened));
                let before = question.take(before);
                format!(
                    "extended_until IS NULL AND (due_from, opened) > ({from}, {opened}) \
                     AND due_from < {before}"
                )
            }
            OpenSpan::Extended { after: (until, from, opened), until: end } => {
                let until = question.take(until.to_string());
                let from = question.take(from);
                let opened = question.take(place(opened));
                let end = question.take(end.to_string());
                format!(
                    "extended_until IS NOT NULL \
                     AND (extended_until, due_from, opened) > ({until}, {from}, {opened}) \
                     AND extended_until <= {end}"
                )
            }
        };
        question.sql.push_str(&format!(" AND purpose = {purpose} AND {span}"));
        question.narrow("status =", query.status.map(|status| status as i64));
        question.narrow("source =", query.source.map(|source| source as i64));
        question.narrow("names_record =", query.names_record);
        question.narrow("contact =", query.has_contact);
        question.narrow("opened <", query.below.map(clamp));
        question
    }

    /// Takes an argument in; returns its name.
    fn take(&mut self, value: impl ToSql + Sync + 'static) -> String {
        self.params.push(Box::new(value));
        format!("${}", self.params.len())
    }

    fn narrow(&mut self, condition: &str, value: Option<impl ToSql + Sync + 'static>) {
        if let Some(value) = value {
            let value = self.take(value);
            self.sql.push_str(&format!(" AND {condition} {value}"));
        }
    }
}
