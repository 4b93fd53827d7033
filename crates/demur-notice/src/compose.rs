//! A mail's content: put together once, written as plain text and as HTML.
//!
//! The HTML carries its style with it and fetches nothing, so opening it tells nobody that it was
//! opened. It sets no colours: the reader's own, light or dark, stay.

use crate::language::Language;

/// Characters in a line of plain text; only an address that cannot be broken is longer.
const WIDTH: usize = 76;

/// A mail without its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// The language it is in.
    pub language: Language,
    /// One line.
    pub subject: String,
    /// Plain text, lines parted by `\n`.
    pub text: String,
    /// A whole HTML document.
    pub html: String,
}

impl Composed {
    /// The same mail with another address in the place of one: what differs between two people whose
    /// mails are otherwise the same. Both are made of characters that need no escaping in HTML.
    #[must_use]
    pub fn with_link(&self, from: &str, to: &str) -> Composed {
        Composed {
            language: self.language,
            subject: self.subject.clone(),
            text: self.text.replace(from, to),
            html: self.html.replace(from, to),
        }
    }
}

/// A piece of a mail.
pub(crate) enum Block {
    /// The one headline.
    Title(String),
    /// The headline of a part.
    Heading(String),
    Paragraph(String),
    /// What somebody wrote, set off; line ends are kept.
    Quote(String),
    Items(Vec<String>),
    /// Names and what they stand for.
    Facts(Vec<(String, String)>),
    Link {
        label: String,
        url: String,
    },
    /// The link that the mail is sent for.
    Button {
        label: String,
        url: String,
    },
    /// Set apart from all else (Art. 21(4)).
    Apart(Vec<Block>),
}

pub(crate) fn compose(language: Language, subject: &str, blocks: &[Block]) -> Composed {
    let subject = one_line(subject);
    let mut text = String::new();
    write_text(&mut text, blocks);
    let mut html = String::new();
    write_html(&mut html, blocks);
    let html = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n</head>\n\
         <body style=\"margin: 0; padding: 16px; font: 16px/1.5 sans-serif\">\n\
         <main style=\"max-width: 38em; margin: 0 auto\">\n{html}</main>\n</body>\n</html>\n",
        language.code(),
        escape(&subject),
    );
    Composed { language, subject, text, html }
}

/// The text without line ends and other control characters, and without spaces around it.
pub(crate) fn one_line(text: &str) -> String {
    text.split(is_hidden).flat_map(|part| part.split(' ')).filter(|w| !w.is_empty()).fold(
        String::new(),
        |mut line, word| {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            line
        },
    )
}

/// Control characters, and the marks that would turn the direction of what follows them.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The lines of a text of several, without empty ones and control characters.
fn lines(text: &str) -> impl Iterator<Item = String> + '_ {
    text.lines().map(one_line).filter(|line| !line.is_empty())
}

pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

fn write_text(out: &mut String, blocks: &[Block]) {
    for block in blocks {
        let mut piece = String::new();
        match block {
            Block::Title(words) => headline(&mut piece, words, '='),
            Block::Heading(words) => headline(&mut piece, words, '-'),
            Block::Paragraph(words) => wrap(&mut piece, words, "", ""),
            Block::Quote(words) => lines(words).for_each(|l| wrap(&mut piece, &l, "| ", "| ")),
            Block::Items(items) => items.iter().for_each(|item| wrap(&mut piece, item, "- ", "  ")),
            Block::Facts(facts) => {
                for (name, value) in facts.iter().filter(|(_, value)| !one_line(value).is_empty()) {
                    wrap(&mut piece, name, "", "");
                    lines(value).for_each(|line| wrap(&mut piece, &line, "    ", "    "));
                }
            }
            Block::Link { label, url } | Block::Button { label, url } => {
                wrap(&mut piece, label, "", "");
                piece.push_str(&one_line(url));
                piece.push('\n');
            }
            Block::Apart(inner) => {
                let rule = "*".repeat(WIDTH);
                piece.push_str(&rule);
                piece.push('\n');
                write_text(&mut piece, inner);
                piece.push('\n');
                piece.push_str(&rule);
                piece.push('\n');
            }
        }
        if !piece.is_empty() && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&piece);
    }
}

fn headline(out: &mut String, words: &str, line: char) {
    let start = out.len();
    wrap(out, words, "", "");
    let longest = out[start..].lines().map(|l| l.chars().count()).max().unwrap_or(0);
    out.extend(std::iter::repeat_n(line, longest.min(WIDTH)));
    out.push('\n');
}

/// Writes words in lines of at most [`WIDTH`] characters.
fn wrap(out: &mut String, words: &str, first: &str, rest: &str) {
    let mut width = 0;
    let mut empty = true;
    for word in words.split(|c: char| c == ' ' || is_hidden(c)).filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if empty {
            out.push_str(first);
            width = first.chars().count();
        } else if width + 1 + length > WIDTH {
            out.push('\n');
            out.push_str(rest);
            width = rest.chars().count();
        } else {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
        empty = false;
    }
    if !empty {
        out.push('\n');
    }
}

fn write_html(out: &mut String, blocks: &[Block]) {
    for block in blocks {
        match block {
            Block::Title(words) => element(out, "h1", " style=\"font-size: 1.5em\"", words),
            Block::Heading(words) => element(out, "h2", " style=\"font-size: 1.2em\"", words),
            Block::Paragraph(words) => element(out, "p", "", words),
            Block::Quote(words) => {
                let mut inner = String::new();
                lines(words).for_each(|line| element(&mut inner, "p", "", &line));
                if !inner.is_empty() {
                    let style = "margin: 0 0 0 4px; padding-left: 12px; border-left: 4px solid";
                    out.push_str(&format!(
                        "<blockquote style=\"{style}\">\n{inner}</blockquote>\n"
                    ));
                }
            }
            Block::Items(items) => {
                let mut inner = String::new();
                items.iter().for_each(|item| element(&mut inner, "li", "", item));
                if !inner.is_empty() {
                    out.push_str(&format!("<ul>\n{inner}</ul>\n"));
                }
            }
            Block::Facts(facts) => {
                let mut inner = String::new();
                for (name, value) in facts.iter().filter(|(_, value)| !one_line(value).is_empty()) {
                    element(&mut inner, "dt", " style=\"font-weight: bold\"", name);
                    let style = " style=\"margin: 0 0 8px 16px\"";
                    lines(value).for_each(|line| element(&mut inner, "dd", style, &line));
                }
                if !inner.is_empty() {
                    out.push_str(&format!("<dl>\n{inner}</dl>\n"));
                }
            }
            Block::Link { label, url } => anchor(out, label, url, "color: inherit"),
            Block::Button { label, url } => anchor(
                out,
                label,
                url,
                "display: inline-block; padding: 12px 24px; border: 2px solid; border-radius: 4px; \
                 color: inherit; font-weight: bold; text-decoration: none",
            ),
            Block::Apart(inner) => {
                out.push_str("<section style=\"border: 2px solid; padding: 4px 20px\">\n");
                write_html(out, inner);
                out.push_str("</section>\n");
            }
        }
    }
}

fn element(out: &mut String, name: &str, attributes: &str, words: &str) {
    let words = escape(&one_line(words));
    if !words.is_empty() {
        out.push_str(&format!("<{name}{attributes}>{words}</{name}>\n"));
    }
}

fn anchor(out: &mut String, label: &str, url: &str, style: &str) {
    let (label, url) = (escape(&one_line(label)), escape(&one_line(url)));
    out.push_str(&format!("<p><a href=\"{url}\" style=\"{style}\">{label}</a></p>\n"));
}
