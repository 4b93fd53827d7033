//! The plot: bars of seconds, grouped by job, as plain SVG that reads well on light and dark pages.

use super::report::Line;

const WIDTH: f64 = 860.0;
/// Room to the left for the longest labels.
const MARGIN: f64 = 70.0;
/// Left of the bars, and right of the longest.
const LABELS: f64 = 350.0;
const ROOM: f64 = 90.0;
const ROW: f64 = 24.0;
const TOP: f64 = 44.0;

/// A bar a line, with its lowest and highest. The scale is that of the longest but Spark's, whose bars
/// end in an arrow where they are longer.
pub(super) fn svg(lines: &[Line]) -> String {
    let others = lines.iter().filter(|line| line.engine != "Spark");
    let longest = others.map(|line| line.seconds.highest).fold(f64::MIN_POSITIVE, f64::max);
    let height = TOP + ROW * lines.len() as f64 + 16.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-{MARGIN} 0 {} {height}\" role=\"img\" \
         aria-label=\"Seconds a job, lower is better\">\n\
         <style>\n\
         text {{ font: 13px system-ui, sans-serif; fill: #24292f }}\n\
         .quiet {{ fill: #57606a }}\n\
         .Demur {{ fill: #1a7f37 }} .DuckDB {{ fill: #bf8700 }} .Polars {{ fill: #0969da }} .Spark {{ fill: #cf5b26 }}\n\
         .spread {{ stroke: #24292f; stroke-width: 1.5 }}\n\
         @media (prefers-color-scheme: dark) {{\n\
         text {{ fill: #e6edf3 }} .quiet {{ fill: #9198a1 }} .spread {{ stroke: #e6edf3 }}\n\
         .Demur {{ fill: #3fb950 }} .DuckDB {{ fill: #d29922 }} .Polars {{ fill: #4493f8 }} .Spark {{ fill: #f0883e }}\n\
         }}\n\
         </style>\n\
         <text x=\"8\" y=\"20\" font-weight=\"600\">Seconds a job, lower is better</text>\n",
        MARGIN + WIDTH
    );
    for (at, line) in lines.iter().enumerate() {
        svg.push_str(&bar(line, TOP + ROW * at as f64, longest));
    }
    svg.push_str("</svg>\n");
    svg
}

fn bar(line: &Line, y: f64, longest: f64) -> String {
    let scale = |seconds: f64| (seconds.min(longest) / longest * (WIDTH - LABELS - ROOM)).max(1.0);
    let (middle, width) = (y + 14.0, scale(line.seconds.median));
    let (low, high) = (LABELS + scale(line.seconds.lowest), LABELS + scale(line.seconds.highest));
    let beyond = if line.seconds.median > longest { " →" } else { "" };
    let decimals = if line.seconds.median < 9.95 { 2 } else { 1 };
    format!(
        "<text x=\"{:.0}\" y=\"{middle:.0}\" text-anchor=\"end\"><tspan font-weight=\"600\">{}</tspan> \
         <tspan class=\"quiet\">{}</tspan></text>\
         <rect class=\"{}\" x=\"{LABELS}\" y=\"{y:.0}\" width=\"{width:.1}\" height=\"18\" rx=\"2\"/>\
         <line class=\"spread\" x1=\"{low:.1}\" x2=\"{high:.1}\" y1=\"{:.0}\" y2=\"{:.0}\"/>\
         <text x=\"{:.1}\" y=\"{middle:.0}\">{:.decimals$} s{beyond}</text>\n",
        LABELS - 8.0,
        line.engine,
        line.what,
        line.engine,
        y + 9.0,
        y + 9.0,
        high.max(LABELS + width) + 6.0,
        line.seconds.median,
    )
}

#[cfg(test)]
mod tests {
    use super::super::outcome::Outcome;
    use super::*;

    #[test]
    fn every_line_has_a_bar_and_none_leaves_the_picture() {
        let took = |seconds| [Outcome { seconds, ..Outcome::default() }];
        let line = |engine, seconds| Line::new(engine, "writes", &took(seconds));
        let lines = [line("Demur", 0.01), line("DuckDB", 20.0), line("Spark", 100.0)];
        let svg = svg(&lines.into_iter().flatten().collect::<Vec<_>>());
        let widths: Vec<f64> = svg
            .split("<rect ")
            .skip(1)
            .filter_map(|rect| rect.split("width=\"").nth(1)?.split('"').next()?.parse().ok())
            .collect();
        assert_eq!(widths, [1.0, WIDTH - LABELS - ROOM, WIDTH - LABELS - ROOM]);
        assert!(svg.contains("20.0 s<") && svg.contains("100.0 s →<"), "{svg}");
    }
}
