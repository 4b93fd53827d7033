//! As much of MIME (RFC 2045, 2046) as reports need.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::GeneralPurposeConfig;

/// Parts inside parts; a real report has two levels.
const DEEPEST: usize = 6;
/// Parts in all, so that a crafted message costs no more than its length.
const MOST_PARTS: usize = 200;

/// A part that holds no parts itself.
pub(super) struct Part<'a> {
    /// Its media type in lower case, without parameters.
    pub(super) kind: String,
    /// Its content, decoded.
    pub(super) body: Cow<'a, [u8]>,
}

/// Hands every leaf of a message to `visit`.
pub(super) fn walk(message: &[u8], visit: &mut dyn FnMut(&Part<'_>)) {
    let mut left = MOST_PARTS;
    descend(message, 0, &mut left, visit);
}

fn descend(part: &[u8], depth: usize, left: &mut usize, visit: &mut dyn FnMut(&Part<'_>)) {
    if depth > DEEPEST || *left == 0 {
        return;
    }
    *left -= 1;
    let (headers, body) = split(part);
    let kind = header(headers, "content-type").unwrap_or_default();
    let name = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if name.starts_with("multipart/") {
        if let Some(boundary) = parameter(&kind, "boundary") {
            for inner in parts(body, boundary.as_bytes()) {
                descend(inner, depth + 1, left, visit);
            }
        }
        return;
    }
    let encoding = header(headers, "content-transfer-encoding").unwrap_or_default();
    visit(&Part { kind: name, body: decode(body, &encoding) });
}

/// The lines of some bytes, each with its end.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}

/// Headers and body.
fn split(message: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in lines(message) {
        if is_blank(line) {
            return (&message[..at], &message[at + line.len()..]);
        }
        at += line.len();
    }
    (message, &[])
}

/// The value of the first header with this name, folded lines joined. Reads up to the first blank line.
pub(super) fn header(message: &[u8], name: &str) -> Option<String> {
    let mut value: Option<Vec<u8>> = None;
    for line in lines(message) {
        if is_blank(line) {
            break;
        }
        let folded = matches!(line.first(), Some(b' ' | b'\t'));
        match &mut value {
            Some(value) if folded => {
                value.push(b' ');
                value.extend_from_slice(line.trim_ascii());
            }
            Some(_) => break,
            None if folded => {}
            None => {
                let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
                if line[..colon].trim_ascii().eq_ignore_ascii_case(name.as_bytes()) {
                    value = Some(line[colon + 1..].trim_ascii().to_vec());
                }
            }
        }
    }
    value.map(|value| String::from_utf8_lossy(&value).into_owned())
}

/// Groups of lines that blank lines part.
pub(super) fn groups(body: &[u8]) -> Vec<&[u8]> {
    let (mut groups, mut start, mut at) = (Vec::new(), 0, 0);
    for line in lines(body) {
        if is_blank(line) {
            groups.push(&body[start..at]);
            start = at + line.len();
        }
        at += line.len();
    }
    groups.push(&body[start..]);
    groups.retain(|group| !group.is_empty());
    groups
}

/// A parameter such as `boundary="x"`.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (found, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_once(';').unwrap_or((after, "")),
        };
        if key.trim_matches([' ', '\t', ';']).eq_ignore_ascii_case(name) {
            let found = if after.starts_with('"') { found } else { found.trim() };
            return (!found.is_empty()).then(|| found.to_owned());
        }
        rest = next;
    }
}

/// What stands between the boundary lines.
fn parts<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let (mut found, mut start, mut at) = (Vec::new(), None, 0);
    for line in lines(body) {
        let bare = line.trim_ascii_end();
        let mark = bare.strip_prefix(b"--").and_then(|bare| bare.strip_prefix(boundary));
        if let Some(rest @ (b"" | b"--")) = mark {
            if let Some(start) = start {
                found.push(&body[start..at]);
            }
            start = Some(at + line.len());
            if rest == b"--" {
                return found;
            }
        }
        at += line.len();
        if found.len() >= MOST_PARTS {
            return found;
        }
    }
    // A report that was cut off still counts as far as it goes.
    found.extend(start.map(|start| &body[start..]));
    found
}

fn decode<'a>(body: &'a [u8], encoding: &str) -> Cow<'a, [u8]> {
    match encoding.trim().to_ascii_lowercase().as_str() {
        "quoted-printable" => Cow::Owned(quoted_printable(body)),
        "base64" => {
            let config = GeneralPurposeConfig::new()
                .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent);
            let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, config);
            let packed: Vec<u8> =
                body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
            engine.decode(packed).map_or(Cow::Borrowed(body), Cow::Owned)
        }
        _ => Cow::Borrowed(body),
    }
}

fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for line in lines(body) {
        let soft = line.trim_ascii_end().ends_with(b"=");
        let line =
            if soft { line.trim_ascii_end().strip_suffix(b"=").unwrap_or(line) } else { line };
        let mut at = 0;
        while at < line.len() {
            let hex = line.get(at + 1..at + 3).filter(|_| line[at] == b'=');
            let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
            match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                Some(byte) => {
                    out.push(byte);
                    at += 3;
                }
                None => {
                    out.push(line[at]);
                    at += 1;
                }
            }
        }
    }
    out
}

/// The messages of an mbox file: each begins with a line `From ` after a blank one, and lines of its
/// own that look so have a `>` before them.
pub(super) fn mbox(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut blank = true;
    for line in lines(bytes) {
        if blank && line.starts_with(b"From ") {
            messages.push(Vec::new());
        } else if let Some(message) = messages.last_mut() {
            let quotes = line.iter().take_while(|byte| **byte == b'>').count();
            let quoted = quotes > 0 && line[quotes..].starts_with(b"From ");
            message.extend_from_slice(&line[usize::from(quoted)..]);
        }
        blank = is_blank(line);
    }
    messages
}
