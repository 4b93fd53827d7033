//! Taking a person's name out of a text that stays (rule 11, `redact`).

/// What stands where a name was.
pub const REPLACEMENT: &str = "[person]";

/// Where a text names someone, in bytes of its UTF-8 form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: i64,
    /// One past the last byte.
    pub end: i64,
    /// Whether this name goes, or stays and only moves.
    pub remove: bool,
}

/// A text without the names that had to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// The text, with [`REPLACEMENT`] for each span removed.
    pub text: String,
    /// For each span given, in the same order: its new start and end, or `None` where it was removed.
    pub spans: Vec<Option<(i64, i64)>>,
}

/// The spans do not fit the text: one is empty or out of range, splits a character, or overlaps
/// another, so nobody can say which bytes name whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Impossible;

/// Replaces the spans to be removed and moves the others.
///
/// # Errors
/// [`Impossible`] where any span, to be removed or not, does not fit the text.
pub fn redact(text: &str, spans: &[Span]) -> Result<Redacted, Impossible> {
    let mut order: Vec<(usize, usize, usize)> = Vec::with_capacity(spans.len());
    for (at, span) in spans.iter().enumerate() {
        let (Ok(start), Ok(end)) = (usize::try_from(span.start), usize::try_from(span.end)) else {
            return Err(Impossible);
        };
        if start >= end || !text.is_char_boundary(start) || !text.is_char_boundary(end) {
            return Err(Impossible);
        }
        order.push((start, end, at));
    }
    order.sort_unstable();
    if order.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return Err(Impossible);
    }

    let mut redacted =
        Redacted { text: String::with_capacity(text.len()), spans: vec![None; spans.len()] };
    let mut copied = 0;
    for (start, end, at) in order {
        redacted.text.push_str(&text[copied..start]);
        copied = end;
        if spans[at].remove {
            redacted.text.push_str(REPLACEMENT);
        } else {
            let moved = redacted.text.len() as i64;
            redacted.text.push_str(&text[start..end]);
            redacted.spans[at] = Some((moved, redacted.text.len() as i64));
        }
    }
    redacted.text.push_str(&text[copied..]);
    Ok(redacted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: i64, end: i64, remove: bool) -> Span {
        Span { start, end, remove }
    }

    #[test]
    fn names_go_and_the_others_move() {
        let text = "Grüße an Zoë, Bob und Ann";
        let at = |name: &str| {
            let start = text.find(name).unwrap() as i64;
            (start, start + name.len() as i64)
        };
        let (zoe, bob, ann) = (at("Zoë"), at("Bob"), at("Ann"));
        // Given out of order, as a corpus may.
        let spans = [span(ann.0, ann.1, false), span(zoe.0, zoe.1, true), span(bob.0, bob.1, true)];
        let redacted = redact(text, &spans).unwrap();
        assert_eq!(redacted.text, "Grüße an [person], [person] und Ann");
        let (start, end) = redacted.spans[0].unwrap();
        assert_eq!(&redacted.text[start as usize..end as usize], "Ann");
        assert_eq!(redacted.spans[1..], [None, None]);
    }

    #[test]
    fn spans_that_do_not_fit_are_never_guessed() {
        let text = "né à Ulm";
        for bad in [
            vec![span(0, 2, true)],                   // splits é
            vec![span(0, 99, true)],                  // past the end
            vec![span(-1, 2, true)],                  // before the beginning
            vec![span(3, 3, true)],                   // names nothing
            vec![span(5, 3, true)],                   // backwards
            vec![span(0, 3, true), span(1, 4, true)], // overlap
            vec![span(0, 3, true), span(0, 1, false)],
            vec![span(0, 3, true), span(0, 3, true)],
        ] {
            assert_eq!(redact(text, &bad), Err(Impossible), "{bad:?}");
        }
        assert!(redact(text, &[span(0, 3, true), span(3, 4, true)]).is_ok(), "touching is fine");
    }
}
