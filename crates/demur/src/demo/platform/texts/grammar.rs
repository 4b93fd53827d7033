//! Reading a grammar.

use std::collections::HashMap;
#[cfg(test)]
use std::collections::HashSet;

/// Where a rule stands in its grammar.
pub(in super::super) type RuleId = usize;

/// One way to write something: its pieces in order.
pub(super) type Sequence = Vec<Piece>;

/// A part of a text.
pub(super) enum Piece {
    /// Words that stand as they are.
    Text(&'static str),
    /// One of a rule's alternatives.
    Rule(RuleId),
    /// One of these.
    Choice(Vec<Sequence>),
    /// The first for a man who writes, the second for a woman.
    Gender(&'static str, &'static str),
    /// A friend's full name.
    FullName,
    /// A friend's first name.
    FirstName,
    /// A full stop, where nothing ends the sentence yet.
    Stop,
    /// A number from the first to the second.
    Number(i32, i32),
}

/// The rules of one language.
pub(in super::super) struct Grammar {
    names: Vec<&'static str>,
    rules: Vec<Vec<Sequence>>,
}

impl Grammar {
    /// Reads the sources, in the form that the parent module describes, as one grammar.
    ///
    /// # Errors
    /// Names the line that is wrong.
    pub(super) fn parse(sources: &[&'static str]) -> Result<Self, String> {
        let lines = || {
            sources
                .iter()
                .flat_map(|source| source.lines())
                .map(str::trim)
                .filter(|line| !line.is_empty() && !line.starts_with("//"))
        };
        let names: Vec<&'static str> = lines().filter_map(|l| l.strip_prefix("= ")).collect();
        let mut ids = HashMap::new();
        for (id, name) in names.iter().enumerate() {
            if ids.insert(*name, id).is_some() {
                return Err(format!("the rule \"{name}\" stands there twice"));
            }
        }
        let mut rules: Vec<Vec<Sequence>> = Vec::with_capacity(names.len());
        for line in lines() {
            if line.starts_with("= ") {
                rules.push(Vec::new());
                continue;
            }
            let mut rest = line;
            let sequence = sequence(&mut rest, &ids, 0).map_err(|e| format!("{e} in: {line}"))?;
            if !rest.is_empty() {
                return Err(format!("a bracket too many in: {line}"));
            }
            rules.last_mut().ok_or("a line before the first rule")?.push(sequence);
        }
        if let Some(empty) = rules.iter().position(Vec::is_empty) {
            return Err(format!("the rule \"{}\" is empty", names[empty]));
        }
        Ok(Self { names, rules })
    }

    /// The rule of that name.
    pub(super) fn rule(&self, name: &str) -> Option<RuleId> {
        self.names.iter().position(|n| *n == name)
    }

    /// The alternatives of a rule.
    pub(super) fn alternatives(&self, rule: RuleId) -> &[Sequence] {
        &self.rules[rule]
    }

    /// The names of rules that no text from these roots can reach.
    #[cfg(test)]
    pub(super) fn unused(&self, roots: &[RuleId]) -> Vec<&'static str> {
        fn reach(sequence: &Sequence, found: &mut Vec<RuleId>) {
            for piece in sequence {
                match piece {
                    Piece::Rule(rule) => found.push(*rule),
                    Piece::Choice(choices) => choices.iter().for_each(|c| reach(c, found)),
                    _ => {}
                }
            }
        }
        let mut seen = HashSet::new();
        let mut open = roots.to_vec();
        while let Some(rule) = open.pop() {
            if seen.insert(rule) {
                self.rules[rule].iter().for_each(|s| reach(s, &mut open));
            }
        }
        let shared = |name: &str| name.starts_with("e_");
        (0..self.names.len())
            .filter(|rule| !seen.contains(rule) && !shared(self.names[*rule]))
            .map(|rule| self.names[rule])
            .collect()
    }
}

/// Reads pieces up to the end, or, inside a choice, up to its next `|` or `]`.
fn sequence(
    rest: &mut &'static str,
    ids: &HashMap<&str, RuleId>,
    depth: usize,
) -> Result<Sequence, String> {
    let mut pieces = Vec::new();
    loop {
        let stop = rest.find(['{', '[', ']', '<', '|']).unwrap_or(rest.len());
        let (text, tail) = rest.split_at(stop);
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        *rest = tail;
        match tail.bytes().next() {
            None if depth == 0 => return Ok(pieces),
            None => return Err("a choice without end".to_owned()),
            Some(b'{') => pieces.push(slot(enclosed(rest, '}')?, ids)?),
            Some(b'<') => {
                let (man, woman) =
                    enclosed(rest, '>')?.split_once('|').ok_or("a gender without |")?;
                pieces.push(Piece::Gender(man, woman));
            }
            Some(b'[') => {
                let mut choices = Vec::new();
                while !rest.starts_with(']') {
                    *rest = &rest[1..];
                    choices.push(sequence(rest, ids, depth + 1)?);
                }
                *rest = &rest[1..];
                pieces.push(Piece::Choice(choices));
            }
            Some(_) if depth > 0 => return Ok(pieces),
            Some(_) => return Err("a bracket or bar outside of a choice".to_owned()),
        }
    }
}

/// Takes what stands between the bracket that `rest` begins with and `close`.
fn enclosed(rest: &mut &'static str, close: char) -> Result<&'static str, String> {
    let (inside, tail) = rest[1..].split_once(close).ok_or("a bracket without end")?;
    *rest = tail;
    Ok(inside)
}

/// What `{name}` stands for.
fn slot(name: &'static str, ids: &HashMap<&str, RuleId>) -> Result<Piece, String> {
    if let Some(rule) = ids.get(name) {
        return Ok(Piece::Rule(*rule));
    }
    if let Some((low, high)) = name.split_once('-')
        && let (Ok(low), Ok(high)) = (low.parse(), high.parse())
    {
        return Ok(Piece::Number(low, high));
    }
    match name {
        "." => Ok(Piece::Stop),
        "@" => Ok(Piece::FullName),
        "@1" => Ok(Piece::FirstName),
        _ => Err(format!("no rule \"{name}\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named() {
        let problem = |source| Grammar::parse(&[source]).err().unwrap();
        assert!(problem("= a\nx {b}").contains("no rule \"b\""));
        assert!(problem("= a\nx [b|c").contains("without end"));
        assert!(problem("= a\nx b]").contains("bracket"));
        assert!(problem("= a\n= b\nx").contains("\"a\" is empty"));
        assert!(problem("= a\nx\n= a\ny").contains("twice"));
    }
}
