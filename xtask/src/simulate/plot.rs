//! The plot: seconds and gigabytes by number of accounts, both axes logarithmic, as plain SVG that reads well
//! on light and dark pages.

use super::Found;
use crate::scale::grouped;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
/// The plot's own room within the picture.
const LEFT: f64 = 60.0;
const RIGHT: f64 = 560.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 370.0;
/// Powers of ten that the axes reach from and to.
const ACROSS: (f64, f64) = (6.0, 8.0);
const UP: (f64, f64) = (-2.0, 2.0);

pub(super) fn svg(all: &[Found]) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-label=\"Compiling a snapshot, by number of accounts\">\n\
         <style>\n\
         text {{ font: 13px system-ui, sans-serif; fill: #24292f }}\n\
         .quiet {{ fill: #57606a }} .grid {{ stroke: #d0d7de }}\n\
         .time {{ stroke: #1a7f37; fill: #1a7f37 }} .memory {{ stroke: #0969da; fill: #0969da }} .size {{ stroke: #bf8700; fill: #bf8700 }}\n\
         polyline {{ fill: none !important; stroke-width: 2 }} text.time, text.memory, text.size {{ stroke: none }}\n\
         @media (prefers-color-scheme: dark) {{\n\
         text {{ fill: #e6edf3 }} .quiet {{ fill: #9198a1 }} .grid {{ stroke: #3d444d }}\n\
         .time {{ stroke: #3fb950; fill: #3fb950 }} .memory {{ stroke: #4493f8; fill: #4493f8 }} .size {{ stroke: #d29922; fill: #d29922 }}\n\
         }}\n\
         </style>\n\
         <text x=\"8\" y=\"22\" font-weight=\"600\">Compiling a snapshot, by number of accounts (both axes logarithmic)</text>\n"
    );
    for power in UP.0 as i32..=UP.1 as i32 {
        let y = height(10f64.powi(power));
        svg.push_str(&format!(
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text class=\"quiet\" x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n",
            LEFT - 8.0,
            y + 4.0,
            10f64.powi(power)
        ));
    }
    for found in all {
        svg.push_str(&format!(
            "<text class=\"quiet\" x=\"{:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{} million</text>\n",
            across(found.accounts),
            BOTTOM + 22.0,
            grouped(found.accounts / 1_000_000)
        ));
    }
    let gigabytes = |bytes: u64| bytes as f64 / 1e9;
    svg.push_str(&line(all, "time", "seconds", |found| found.compile.as_secs_f64()));
    svg.push_str(&line(all, "memory", "GB of memory", |found| gigabytes(found.compile_memory)));
    svg.push_str(&line(all, "size", "GB of snapshot", |found| gigabytes(found.snapshot)));
    svg.push_str("</svg>\n");
    svg
}

/// One figure of every platform, its name and last value beside the end.
fn line(all: &[Found], class: &str, name: &str, of: impl Fn(&Found) -> f64) -> String {
    let place = |found: &Found| (across(found.accounts), height(of(found)));
    let points: Vec<String> =
        all.iter().map(place).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let dots: String = all
        .iter()
        .map(place)
        .map(|(x, y)| format!("<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>"))
        .collect();
    let Some(last) = all.last() else { return String::new() };
    let (x, y) = place(last);
    format!(
        "<polyline class=\"{class}\" points=\"{}\"/>{dots}\
         <text class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\">{:.1} {name}</text>\n",
        points.join(" "),
        x + 10.0,
        y + 4.0,
        of(last)
    )
}

fn across(accounts: u64) -> f64 {
    let share = ((accounts as f64).log10() - ACROSS.0) / (ACROSS.1 - ACROSS.0);
    LEFT + share.clamp(0.0, 1.0) * (RIGHT - LEFT)
}

fn height(value: f64) -> f64 {
    let share = (value.max(f64::MIN_POSITIVE).log10() - UP.0) / (UP.1 - UP.0);
    BOTTOM - share.clamp(0.0, 1.0) * (BOTTOM - TOP)
}
