//! A letter as part of a page: the same words, and no style of their own, which pages do not allow.

use crate::Composed;

/// What a mail's HTML begins and ends with.
const BEGIN: &str = "<main style=";
const END: &str = "</main>";
/// What only this crate writes: words from elsewhere are escaped, quotation marks included.
const STYLE: &str = " style=\"";

impl Composed {
    /// The HTML of the letter alone, to stand below a page's first heading.
    #[must_use]
    pub fn for_page(&self) -> String {
        let body = self.html.split_once(BEGIN).and_then(|(_, rest)| rest.split_once('\n'));
        let body = body.and_then(|(_, rest)| rest.rsplit_once(END)).map_or("", |(body, _)| body);
        // From the lowest heading up, so that none moves twice.
        let body = without_style(body).replace("<h2>", "<h3>").replace("</h2>", "</h3>");
        body.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    }
}

fn without_style(html: &str) -> String {
    let mut parts = html.split(STYLE);
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
    }
    plain
}
