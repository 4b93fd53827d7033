//! The figures for machines: `/transparency.json` and `/transparency.csv`. Their form is documented in
//! `docs/transparency.md`, and others rely on it.

use demur_core::objection::Scope;
use serde_json::{Map, Value, json};

use super::protect::Shown;
use super::publish::{Covers, Limit, Limits, Period, Published, STANDINGS, Series, Told};

/// The figures as one JSON object.
pub(super) fn json(published: &Published) -> Value {
    json!({
        "as_of": published.as_of.to_string(),
        "small_counts": published.limit,
        "purposes": published.purposes.iter().map(|told| purpose(told, published.limit)).collect::<Vec<_>>(),
    })
}

fn purpose(told: &Told, limit: u64) -> Value {
    let count = |shown| count(shown, limit);
    let standing = |received, standing: &[Shown; 4]| {
        let mut object = Map::new();
        object.insert("received".into(), count(received));
        for (name, shown) in STANDINGS.into_iter().zip(standing) {
            object.insert(name.into(), count(*shown));
        }
        object
    };
    let months = told.months.iter().map(|(period, row, received)| {
        let mut object = standing(*received, row);
        object.shift_insert(0, "month".into(), month(*period).into());
        Value::from(object)
    });
    let sources = told.sources.iter().map(|(source, shown)| (name(source), count(*shown)));
    let grounds = told.grounds.iter().map(|(g, shown)| (g.name().to_owned(), count(*shown)));
    let scopes = told.scopes.iter().map(|(covers, shown)| (covers_name(*covers), count(*shown)));
    json!({
        "purpose": told.purpose,
        "time_zone": told.time_zone,
        "objections": standing(told.received, &told.standing),
        "by_month": months.collect::<Vec<_>>(),
        "by_source": sources.collect::<Map<_, _>>(),
        "by_scope": scopes.collect::<Map<_, _>>(),
        "refused_by_ground": grounds.collect::<Map<_, _>>(),
        "time_to_answer": times(told.answer),
        "time_to_effect": times(told.effect),
        "notices_sent": series(&told.sent, limit),
        "notices_undelivered": series(&told.undelivered, limit),
    })
}

fn series(series: &Series, limit: u64) -> Value {
    let month = |(period, shown): &(Period, Shown)| json!({ "month": month(*period), "count": count(*shown, limit) });
    json!({
        "count": count(series.total, limit),
        "by_month": series.months.iter().map(month).collect::<Vec<_>>(),
    })
}

fn times(limits: Option<Limits>) -> Value {
    let seconds = |at: usize| limits.and_then(|limits| limits[at]).map(Limit::seconds);
    json!({ "median_at_most_seconds": seconds(0), "p95_at_most_seconds": seconds(1) })
}

fn count(shown: Shown, limit: u64) -> Value {
    match shown {
        Shown::Count(count) => count.into(),
        Shown::Few => json!({ "fewer_than": limit }),
        Shown::Withheld => Value::Null,
    }
}

/// The figures as lines of CSV: one number each.
pub(super) fn csv(published: &Published) -> String {
    let mut lines = Lines { text: String::new(), limit: published.limit };
    lines.line(["as_of", "purpose", "table", "row", "figure", "value", "note"].map(String::from));
    let as_of = published.as_of.to_string();
    for told in &published.purposes {
        let mut line = |table: &str, row: String, figure: &str, value: Cell| {
            lines.number([&as_of, &told.purpose, table], row, figure, value);
        };
        line("objections", String::new(), "received", Cell::Shown(told.received));
        for (name, shown) in STANDINGS.into_iter().zip(told.standing) {
            line("objections", String::new(), name, Cell::Shown(shown));
        }
        for (period, row, received) in &told.months {
            line("by_month", month(*period), "received", Cell::Shown(*received));
            for (name, shown) in STANDINGS.into_iter().zip(row) {
                line("by_month", month(*period), name, Cell::Shown(*shown));
            }
        }
        for (source, shown) in &told.sources {
            line("by_source", name(source), "received", Cell::Shown(*shown));
        }
        for (covers, shown) in &told.scopes {
            line("by_scope", covers_name(*covers), "received", Cell::Shown(*shown));
        }
        for (ground, shown) in &told.grounds {
            line("refused_by_ground", ground.name().into(), "refused", Cell::Shown(*shown));
        }
        for (table, times) in [("time_to_answer", told.answer), ("time_to_effect", told.effect)] {
            for (at, figure) in
                ["median_at_most_seconds", "p95_at_most_seconds"].into_iter().enumerate()
            {
                let seconds = times.and_then(|limits| limits[at]).map(Limit::seconds);
                line(table, String::new(), figure, Cell::Seconds(seconds));
            }
        }
        for (table, series) in
            [("notices_sent", &told.sent), ("notices_undelivered", &told.undelivered)]
        {
            line(table, String::new(), "count", Cell::Shown(series.total));
            for (period, shown) in &series.months {
                line(table, month(*period), "count", Cell::Shown(*shown));
            }
        }
    }
    lines.text
}

/// A number of the CSV file.
enum Cell {
    Shown(Shown),
    Seconds(Option<u64>),
}

struct Lines {
    text: String,
    limit: u64,
}

impl Lines {
    fn number(&mut self, place: [&str; 3], row: String, figure: &str, cell: Cell) {
        let (value, note) = match cell {
            Cell::Shown(Shown::Count(value)) | Cell::Seconds(Some(value)) => {
                (value.to_string(), String::new())
            }
            Cell::Shown(Shown::Few) => (String::new(), format!("fewer than {}", self.limit)),
            Cell::Shown(Shown::Withheld) | Cell::Seconds(None) => {
                (String::new(), "not shown".into())
            }
        };
        let [as_of, purpose, table] = place.map(str::to_owned);
        self.line([as_of, purpose, table, row, figure.to_owned(), value, note]);
    }

    /// One line, quoted where RFC 4180 asks for it.
    fn line(&mut self, fields: [String; 7]) {
        let quoted = fields.map(|field| match field.contains(['"', ',', '\r', '\n']) {
            true => format!("\"{}\"", field.replace('"', "\"\"")),
            false => field,
        });
        self.text.push_str(&quoted.join(","));
        self.text.push_str("\r\n");
    }
}

fn month(period: Period) -> String {
    match period {
        Period::Earlier => "earlier".into(),
        Period::Month(start) => start.strftime("%Y-%m").to_string(),
    }
}

/// As the log names it.
fn name(value: &impl serde::Serialize) -> String {
    let name = serde_json::to_value(value).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn covers_name(covers: Covers) -> String {
    match covers {
        Covers::Item => "single_item".into(),
        Covers::All(scopes) => scopes.iter().map(Scope::name).collect::<Vec<_>>().join("+"),
    }
}
