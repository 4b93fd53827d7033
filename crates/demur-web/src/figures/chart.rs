//! Bars by month, drawn here: an SVG inside the page, without script or style attribute.

use demur_notice::format;

use super::protect::Shown;
use super::publish::Period;
use crate::site::frame::Frame;

/// Units of the drawing; on a narrow screen one is about a pixel.
const WIDTH: f64 = 340.0;
const HEIGHT: f64 = 180.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 26.0;
/// How wide a digit is drawn, at most.
const DIGIT: f64 = 7.5;
/// The widest bar.
const WIDEST: f64 = 28.0;

/// A chart, ready for its template.
pub(super) struct Chart {
    pub(super) id: String,
    pub(super) title: String,
    /// The same in words, for whoever does not see it.
    pub(super) about: String,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) left: String,
    pub(super) base: String,
    pub(super) ticks: Vec<Tick>,
    pub(super) bars: Vec<Bar>,
    /// Months whose number is not told: place and text.
    pub(super) unknown: Vec<(String, String)>,
    /// First and last month: place, side, text.
    pub(super) months: Vec<(String, &'static str, String)>,
}

/// A line across with its number.
pub(super) struct Tick {
    pub(super) y: String,
    pub(super) label: String,
}

/// A month whose number is told.
pub(super) struct Bar {
    pub(super) x: String,
    pub(super) y: String,
    pub(super) width: String,
    pub(super) height: String,
    pub(super) label: String,
}

impl Chart {
    /// Draws a series; `None` where there is nothing to see. `small` says in words that a number is small.
    pub(super) fn new(
        frame: &Frame,
        id: String,
        title: String,
        series: &[(Period, Shown)],
        small: &str,
    ) -> Option<Self> {
        let months: Vec<_> = series
            .iter()
            .filter_map(|(period, shown)| match period {
                Period::Month(month) => Some((format::month(frame.language, *month), *shown)),
                Period::Earlier => None,
            })
            .collect();
        let told = months.iter().filter_map(|(month, shown)| Some((shown.count()?, month)));
        // Of equal months the first.
        let (highest, when) = told.rev().max_by_key(|(count, _)| *count)?;
        if highest == 0 {
            return None;
        }

        let number = |count| format::number(frame.language, count);
        let (step, top) = scale(highest);
        let left = (number(top).chars().count() as f64).mul_add(DIGIT, 8.0);
        let base = HEIGHT - BOTTOM;
        let height = |count: u64| (base - TOP) * count as f64 / top as f64;
        let slot = (WIDTH - left) / months.len() as f64;
        let width = (slot * 0.75).min(WIDEST);
        let (mut bars, mut unknown) = (Vec::new(), Vec::new());
        for (at, (month, shown)) in months.iter().enumerate() {
            let middle = slot.mul_add(at as f64 + 0.5, left);
            let untold = match shown {
                Shown::Count(count) => {
                    bars.push(Bar {
                        x: px(middle - width / 2.0),
                        y: px(base - height(*count)),
                        width: px(width),
                        height: px(height(*count)),
                        label: format!("{month}: {}", number(*count)),
                    });
                    continue;
                }
                Shown::Few => small,
                Shown::Withheld => &frame.t("figures-withheld"),
            };
            unknown.push((px(middle), format!("{month}: {untold}")));
        }
        let (first, last) = (&months.first()?.0, &months.last()?.0);
        let peak = number(highest);
        let args = [
            ("from", first.into()),
            ("until", last.into()),
            ("number", (&peak).into()),
            ("month", when.into()),
        ];
        let mut about = frame.text("figures-chart", &args);
        if !unknown.is_empty() {
            about = format!("{about} {}", frame.t("figures-chart-unknown"));
        }
        let ends = if months.len() == 1 {
            vec![(px(left + slot / 2.0), "middle", first.clone())]
        } else {
            vec![(px(left), "start", first.clone()), (px(WIDTH), "end", last.clone())]
        };
        Some(Chart {
            id,
            title,
            about,
            width: WIDTH,
            height: HEIGHT,
            left: px(left),
            base: px(base),
            ticks: (0..=top / step)
                .map(|n| Tick { y: px(base - height(n * step)), label: number(n * step) })
                .collect(),
            bars,
            unknown,
            months: ends,
        })
    }
}

/// The distance of lines and the number of the highest: two to five steps of 1, 2 or 5 and zeros.
fn scale(highest: u64) -> (u64, u64) {
    let mut power = 1u64;
    loop {
        for step in [1, 2, 5].map(|n: u64| n.saturating_mul(power)) {
            if highest.div_ceil(step) <= 4 {
                return (step, highest.div_ceil(step).max(2).saturating_mul(step));
            }
        }
        power = power.saturating_mul(10);
    }
}

fn px(units: f64) -> String {
    format!("{units:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_at_round_numbers_and_reach_the_highest_bar() {
        assert_eq!(scale(1), (1, 2));
        assert_eq!(scale(4), (1, 4));
        assert_eq!(scale(9), (5, 10));
        assert_eq!(scale(1234), (500, 1500));
        assert_eq!(scale(530_000), (200_000, 600_000));
        for highest in (1..5000).chain([u64::MAX / 2]) {
            let (step, top) = scale(highest);
            assert!(top >= highest && top % step == 0 && top / step <= 4, "{highest}");
        }
    }
}
