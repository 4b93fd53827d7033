//! The page itself.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use demur_notice::{format, messages};
use demur_register::event::{Ground, Source};
use jiff::tz::TimeZone;

use super::cache;
use super::chart::Chart;
use super::protect::Shown;
use super::publish::{Covers, Limit, Limits, Period, Published, STANDINGS, Series, Told, Unit};
use crate::app::{App, Shared};
use crate::guard::Visitor;
use crate::site::frame::{Frame, html};
use crate::site::problem::Problem;

#[derive(Template)]
#[template(path = "figures/page.html")]
struct Page {
    frame: Frame,
    intro: String,
    hidden: String,
    purposes: Vec<Purpose>,
}

/// One purpose.
struct Purpose {
    title: String,
    is_empty: bool,
    totals: Vec<(String, String)>,
    charts: Charts,
    /// Where objections stand, by month.
    months: Grid,
    /// How long it takes.
    times: Grid,
    /// By ground, by way, by what is covered: those that have something to show.
    tables: Vec<Grid>,
    notices: Vec<(String, String)>,
    notice_charts: Charts,
    notice_months: Grid,
}

/// Charts side by side.
struct Charts {
    all: Vec<Chart>,
}

impl Charts {
    /// Whether any of them has a number that is not told.
    fn have_unknown(&self) -> bool {
        self.all.iter().any(|chart| !chart.unknown.is_empty())
    }
}

/// A table of texts.
struct Grid {
    caption: String,
    columns: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

/// Shows the figures of every purpose.
pub(super) async fn show(State(app): State<Shared>, visitor: Visitor) -> Result<Response, Problem> {
    let published = cache::published(&app).await?;
    let frame = Frame::new(&app, &visitor, "figures-title", &[]);
    Ok(html(StatusCode::OK, &page(&app, frame, &published)))
}

fn page(app: &App, frame: Frame, published: &Published) -> Page {
    let zone = published.purposes.first().and_then(|told| TimeZone::get(&told.time_zone).ok());
    let date = zone.unwrap_or(TimeZone::UTC).to_datetime(published.as_of).date();
    let say = Say {
        frame: &frame,
        small: frame.text("figures-small", &[("count", published.limit.into())]),
    };
    let purposes = published.purposes.iter().enumerate();
    Page {
        intro: frame.text("figures-intro", &[("date", date.into())]),
        hidden: frame.t("figures-small-about") + " " + &frame.t("figures-withheld-about"),
        purposes: purposes.map(|(at, told)| say.purpose(app, at, told)).collect(),
        frame,
    }
}

/// How things are said on this page.
struct Say<'a> {
    frame: &'a Frame,
    /// That a number is small.
    small: String,
}

impl Say<'_> {
    fn purpose(&self, app: &App, at: usize, told: &Told) -> Purpose {
        let settings = app.settings.purpose(&told.purpose);
        let title = settings.map_or(&told.purpose, |p| &p.text(self.frame.language).title).clone();
        let standings = STANDINGS.map(|name| self.t(&format!("figures-{name}")));
        let names = [&[self.t("figures-received")], &standings[..]].concat();
        let totals = [&[told.received], &told.standing[..]].concat();
        Purpose {
            is_empty: told.is_empty(),
            totals: names
                .iter()
                .cloned()
                .zip(totals.iter().map(|shown| self.count(*shown)))
                .collect(),
            charts: self.charts(at, told, &names),
            months: Grid {
                caption: format!("{title}: {}", self.t("figures-over-time")),
                columns: [&[self.t("figures-month")], &names[..]].concat(),
                rows: told
                    .months
                    .iter()
                    .rev()
                    .map(|(period, row, all)| {
                        let counts =
                            std::iter::once(all).chain(row).map(|shown| self.count(*shown));
                        (self.period(*period), counts.collect())
                    })
                    .collect(),
            },
            times: Grid {
                caption: self.t("figures-times"),
                columns: vec![String::new(), self.t("figures-median"), self.t("figures-p95")],
                rows: vec![
                    (self.t("figures-answer"), self.limits(told.answer)),
                    (self.t("figures-effect"), self.limits(told.effect)),
                ],
            },
            tables: self.tables(told),
            notices: vec![
                (self.t("figures-sent"), self.count(told.sent.total)),
                (self.t("figures-bounced"), self.count(told.undelivered.total)),
            ],
            notice_charts: self.notice_charts(at, told),
            notice_months: self.notice_months(&title, told),
            title,
        }
    }

    /// One for all received, then one for each standing that there is something of.
    fn charts(&self, at: usize, told: &Told, names: &[String]) -> Charts {
        let received = told.months.iter().map(|(period, _, all)| (*period, *all)).collect();
        let standing = |n: usize| told.months.iter().map(|(p, row, _)| (*p, row[n])).collect();
        let all = std::iter::once(received).chain((0..STANDINGS.len()).map(standing));
        let draw = |(n, series): (usize, Vec<_>)| {
            self.chart(at, &format!("standing-{n}"), names[n].clone(), &series)
        };
        Charts { all: all.enumerate().filter_map(draw).collect() }
    }

    fn notice_charts(&self, at: usize, told: &Told) -> Charts {
        let all = [("figures-sent", &told.sent), ("figures-bounced", &told.undelivered)];
        let draw =
            |(name, series): (&str, &Series)| self.chart(at, name, self.t(name), &series.months);
        Charts { all: all.into_iter().filter_map(draw).collect() }
    }

    fn chart(
        &self,
        at: usize,
        name: &str,
        title: String,
        series: &[(Period, Shown)],
    ) -> Option<Chart> {
        Chart::new(self.frame, format!("chart-{at}-{name}"), title, series, &self.small)
    }

    fn tables(&self, told: &Told) -> Vec<Grid> {
        let grounds = told.grounds.iter().map(|(ground, shown)| (self.ground(*ground), *shown));
        let sources = told.sources.iter().map(|(source, shown)| (self.source(*source), *shown));
        let scopes = told.scopes.iter().map(|(covers, shown)| (self.covers(*covers), *shown));
        let tables = [
            self.table("figures-grounds", grounds.collect()),
            self.table("figures-sources", sources.collect()),
            self.table("figures-scopes", scopes.collect()),
        ];
        tables.into_iter().flatten().collect()
    }

    /// Zeros are left out; a table of nothing else, or of which nothing is told, is left out whole.
    fn table(&self, caption: &str, rows: Vec<(String, Shown)>) -> Option<Grid> {
        rows.iter().any(|(_, shown)| *shown != Shown::Withheld).then_some(())?;
        let some = rows.into_iter().filter(|(_, shown)| *shown != Shown::Count(0));
        let rows: Vec<_> = some.map(|(name, shown)| (name, vec![self.count(shown)])).collect();
        let columns = vec![String::new(), self.t("figures-number")];
        (!rows.is_empty()).then(|| Grid { caption: self.t(caption), columns, rows })
    }

    fn notice_months(&self, title: &str, told: &Told) -> Grid {
        // Both series have the same months: they come from the same counts.
        let Series { months: sent, .. } = &told.sent;
        let rows =
            sent.iter().zip(&told.undelivered.months).rev().map(|((period, sent), (_, back))| {
                (self.period(*period), vec![self.count(*sent), self.count(*back)])
            });
        Grid {
            caption: format!("{title}: {}", self.t("figures-notices")),
            columns: ["figures-month", "figures-sent", "figures-bounced"]
                .map(|id| self.t(id))
                .into(),
            rows: rows.collect(),
        }
    }

    fn count(&self, shown: Shown) -> String {
        match shown {
            Shown::Count(count) => format::number(self.frame.language, count),
            Shown::Few => self.small.clone(),
            Shown::Withheld => self.t("figures-withheld"),
        }
    }

    fn period(&self, period: Period) -> String {
        match period {
            Period::Earlier => self.t("figures-earlier"),
            Period::Month(month) => format::month(self.frame.language, month),
        }
    }

    fn limits(&self, limits: Option<Limits>) -> Vec<String> {
        let Some(limits) = limits else { return vec![self.t("figures-withheld"); 2] };
        let shown = |limit: Option<Limit>| match limit {
            Some(limit) => self.limit(limit),
            None => self.t("case-set-open"),
        };
        limits.map(shown).into()
    }

    fn limit(&self, Limit { number, unit }: Limit) -> String {
        let id = match unit {
            Unit::Seconds => "figures-seconds",
            Unit::Minutes => "figures-minutes",
            Unit::Hours => "figures-hours",
            Unit::Days => return format::days(self.frame.language, number),
        };
        self.frame.text(id, &[("count", number.into())])
    }

    fn ground(&self, ground: Ground) -> String {
        self.t(&format!("figures-ground-{}", ground.name().replace('_', "-")))
    }

    fn source(&self, source: Source) -> String {
        self.t(match source {
            Source::DirectLink => "figures-source-link",
            Source::PrivacyCentre => "site-privacy",
            Source::Agent => "figures-source-agent",
            Source::CommandLine => "figures-source-staff",
            Source::Import => "figures-source-import",
        })
    }

    fn covers(&self, covers: Covers) -> String {
        let language = self.frame.language;
        match covers {
            Covers::Item => self.t("scope-record"),
            Covers::All(scopes) => {
                let names = scopes.iter().map(|scope| messages::scope(language, scope));
                names.collect::<Vec<_>>().join(" + ")
            }
        }
    }

    fn t(&self, id: &str) -> String {
        self.frame.t(id)
    }
}
