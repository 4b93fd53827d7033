//! What people are called: first and last names that go together.

use super::dice::Dice;

/// The names of one culture.
pub(super) struct Names {
    /// The code in the list.
    pub(super) culture: &'static str,
    women: Vec<&'static str>,
    men: Vec<&'static str>,
    last: Vec<&'static str>,
}

impl Names {
    /// A first and a last name.
    pub(super) fn draw(&self, woman: bool, dice: &mut Dice) -> (String, String) {
        let first = dice.pick(if woman { &self.women } else { &self.men });
        let last = dice.pick(&self.last);
        (plain(first, woman), plain(last, woman))
    }
}

/// A name as it is written: `_` is a space, `<m|f>` the ending for a man or a woman.
fn plain(name: &str, woman: bool) -> String {
    let name = name.replace('_', " ");
    match name.split_once('<') {
        Some((stem, endings)) => {
            let (man, wife) = endings.trim_end_matches('>').split_once('|').unwrap_or_default();
            format!("{stem}{}", if woman { wife } else { man })
        }
        None => name,
    }
}

/// All cultures in the list; none is empty.
pub(super) fn cultures() -> Vec<Names> {
    let mut all: Vec<Names> = Vec::new();
    for line in include_str!("names.txt").lines() {
        let mut words = line.split_whitespace();
        let kind = words.next().unwrap_or_default();
        if kind == "=" {
            let culture = words.next().unwrap_or_default();
            all.push(Names { culture, women: Vec::new(), men: Vec::new(), last: Vec::new() });
        } else if let Some(names) = all.last_mut() {
            match kind {
                "f" => names.women.extend(words),
                "m" => names.men.extend(words),
                "l" => names.last.extend(words),
                _ => {}
            }
        }
    }
    all
}

/// The part of an e-mail address that a name gives: ASCII letters only.
pub(super) fn ascii(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' => out.push(letter),
            'ä' | 'æ' => out.push_str("ae"),
            'ö' | 'ø' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ą' | 'ă' | 'ā' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ė' | 'ě' | 'ē' => out.push('e'),
            'í' | 'î' | 'ï' | 'ī' | 'ı' => out.push('i'),
            'ł' | 'ļ' => out.push('l'),
            'ñ' | 'ń' | 'ň' | 'ņ' => out.push('n'),
            'ó' | 'ô' | 'õ' => out.push('o'),
            'ř' => out.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => out.push('s'),
            'ť' | 'ț' | 'ţ' => out.push('t'),
            'ú' | 'ù' | 'û' | 'ū' => out.push('u'),
            'ý' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            'ğ' => out.push('g'),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_culture_has_names_and_endings_agree() {
        for names in cultures() {
            assert!(names.women.len() > 5 && names.men.len() > 5, "{}", names.culture);
            assert!(names.last.len() > 5, "{}", names.culture);
        }
        assert_eq!(plain("Kowalsk<i|a>", true), "Kowalska");
        assert_eq!(plain("van_Dam", false), "van Dam");
        assert_eq!(ascii("Łukasz O'Brien"), "lukaszobrien");
    }
}
