//! The plot: every phrase a dot, by exposure, one panel a model, as plain SVG that reads well on light and
//! dark pages.

use crate::canary::Group;
use crate::evidence::{Evidence, Of};
use crate::measure::median;

const WIDTH: f64 = 860.0;
/// Left of the first panel, where labels stand.
const LABELS: f64 = 236.0;
const PANEL: f64 = 286.0;
const GAP: f64 = 30.0;
const TOP: f64 = 74.0;
/// Height of the dots of one number of posts.
const LANE: f64 = 18.0;
/// Between two groups.
const SPACE: f64 = 18.0;
const PANELS: [(Of, &str); 2] =
    [(Of::Ungated, "trained before anybody objected"), (Of::Gated, "trained after the objections")];

pub(crate) fn svg(evidence: &Evidence) -> String {
    let ceiling = ((evidence.samples + 1) as f64).log2();
    // A lane for each number of posts.
    let lanes = evidence.choices();
    let row = LANE * lanes.len() as f64 + SPACE;
    let bottom = TOP + row * Group::ALL.len() as f64 - SPACE / 2.0;
    let height = bottom + 48.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"Exposure of every phrase under both models\">\n\
         <style>\n\
         text {{ font: 13px system-ui, sans-serif; fill: #24292f }}\n\
         .quiet {{ fill: #57606a; font-size: 11px }} .grid {{ stroke: #d0d7de }} .median {{ stroke: #24292f; stroke-width: 2 }}\n\
         circle {{ fill-opacity: .65 }}\n\
         .Objected {{ fill: #1a7f37 }} .Unseen {{ fill: #6e7781 }} .Stayed {{ fill: #0969da }} .Quoted {{ fill: #bf8700 }}\n\
         @media (prefers-color-scheme: dark) {{\n\
         text {{ fill: #e6edf3 }} .quiet {{ fill: #9198a1 }} .grid {{ stroke: #3d444d }} .median {{ stroke: #e6edf3 }}\n\
         .Objected {{ fill: #3fb950 }} .Unseen {{ fill: #9198a1 }} .Stayed {{ fill: #4493f8 }} .Quoted {{ fill: #d29922 }}\n\
         }}\n\
         </style>\n\
         <text x=\"8\" y=\"20\" font-weight=\"600\">How exposed each phrase is, in bits: {ceiling:.0} is the most that can be told</text>\n"
    );
    for (nth, group) in Group::ALL.into_iter().enumerate() {
        labels(&mut svg, group, TOP + row * nth as f64, &lanes);
    }
    for (nth, (of, title)) in PANELS.into_iter().enumerate() {
        let left = LABELS + (PANEL + GAP) * nth as f64;
        let x = |exposure: f64| left + exposure / ceiling * PANEL;
        svg.push_str(&format!(
            "<text x=\"{left:.0}\" y=\"{:.0}\" font-weight=\"600\">{title}</text>\n",
            TOP - 26.0
        ));
        for bits in (0..=ceiling as usize).step_by(2) {
            let at = x(bits as f64);
            svg.push_str(&format!(
                "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{:.0}\" y2=\"{bottom:.0}\"/>\
                 <text class=\"quiet\" x=\"{at:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{bits}</text>\n",
                TOP - 12.0,
                bottom + 16.0
            ));
        }
        for (nth, group) in Group::ALL.into_iter().enumerate() {
            dots(&mut svg, evidence, (of, group), TOP + row * nth as f64, &lanes, &x);
        }
    }
    svg.push_str(&format!(
        "<text class=\"quiet\" x=\"{LABELS}\" y=\"{:.0}\">A dot is a phrase, a stroke is its group's median.</text>\n</svg>\n",
        bottom + 36.0
    ));
    svg
}

fn labels(svg: &mut String, group: Group, top: f64, lanes: &[usize]) {
    for (nth, part) in group.about().split(", ").enumerate() {
        let y = top + 13.0 + 16.0 * nth as f64;
        svg.push_str(&format!("<text x=\"8\" y=\"{y:.0}\">{part}</text>\n"));
    }
    if group == Group::Unseen {
        return;
    }
    for (nth, posts) in lanes.iter().enumerate() {
        let y = top + LANE * nth as f64 + 13.0;
        svg.push_str(&format!(
            "<text class=\"quiet\" x=\"{:.0}\" y=\"{y:.0}\" text-anchor=\"end\">{posts} ×</text>\n",
            LABELS - 12.0
        ));
    }
}

/// The dots of a group, those of phrases that were posted equally often in one lane.
fn dots(
    svg: &mut String,
    evidence: &Evidence,
    (of, group): (Of, Group),
    top: f64,
    lanes: &[usize],
    x: &impl Fn(f64) -> f64,
) {
    let all = evidence.exposure(of, group, None);
    let share = all.len().div_ceil(lanes.len());
    for (nth, posts) in lanes.iter().enumerate() {
        let some = match group {
            Group::Unseen => all.iter().copied().skip(nth * share).take(share).collect(),
            _ => evidence.exposure(of, group, Some(*posts)),
        };
        for (at, exposure) in some.into_iter().enumerate() {
            // Five heights, so that dots of one exposure do not hide each other.
            let y = top + LANE * (nth as f64 + 0.5) + (at * 2 % 5) as f64 * 2.4 - 4.8;
            svg.push_str(&format!(
                "<circle class=\"{group:?}\" cx=\"{:.1}\" cy=\"{y:.1}\" r=\"3\"/>\n",
                x(exposure)
            ));
        }
    }
    let middle = x(median(&all));
    svg.push_str(&format!(
        "<line class=\"median\" x1=\"{middle:.1}\" x2=\"{middle:.1}\" y1=\"{:.0}\" y2=\"{:.0}\"/>\n",
        top - 2.0,
        top + LANE * lanes.len() as f64 + 2.0
    ));
}
