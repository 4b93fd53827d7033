//! Case numbers that people can read over the telephone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::entropy::{Entropy, draw};

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DIGITS: u32 = 12;

/// The number of one case: 60 random bits, written `7K3M-QZ4P-W2XC`.
///
/// Numbers follow no order, so that knowing one says nothing about another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct CaseId(u64);

impl CaseId {
    pub(crate) fn draw(entropy: &mut dyn Entropy) -> Self {
        CaseId(u64::from_le_bytes(draw(entropy)) >> 4)
    }

    /// The number as a column holds it; always positive.
    pub(crate) fn to_column(self) -> i64 {
        self.0.cast_signed()
    }

    pub(crate) fn from_column(number: i64) -> Self {
        CaseId(number.cast_unsigned())
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in (0..DIGITS).rev() {
            let digit = ALPHABET[(self.0 >> (5 * place) & 31) as usize];
            write!(f, "{}", char::from(digit))?;
            if place > 0 && place % 4 == 0 {
                f.write_str("-")?;
            }
        }
        Ok(())
    }
}

impl FromStr for CaseId {
    type Err = String;
    /// Reads a number as people write it: any case, with or without hyphens, `O` for `0`, `I` or `L`
    /// for `1`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is not a case number; one looks like 7K3M-QZ4P-W2XC");
        let (mut number, mut digits) = (0u64, 0);
        for letter in text.trim().chars().filter(|c| *c != '-') {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let digit = ALPHABET.iter().position(|d| char::from(*d) == letter).ok_or_else(wrong)?;
            digits += 1;
            if digits > DIGITS {
                return Err(wrong());
            }
            number = number << 5 | digit as u64;
        }
        if digits == DIGITS { Ok(CaseId(number)) } else { Err(wrong()) }
    }
}

impl From<CaseId> for String {
    fn from(case: CaseId) -> String {
        case.to_string()
    }
}

impl TryFrom<String> for CaseId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn numbers_read_back_however_they_are_typed() {
        let mut entropy = SeededEntropy::new(1);
        for _ in 0..1000 {
            let case = CaseId::draw(&mut entropy);
            let text = case.to_string();
            assert_eq!(text.len(), 14);
            assert_eq!(text.parse(), Ok(case));
            assert_eq!(text.to_lowercase().replace('-', " ").replace(' ', "").parse(), Ok(case));
        }
        let typed: CaseId = "oi00-0000-000l".parse().unwrap();
        assert_eq!(typed.to_string(), "0100-0000-0001");
        for bad in ["", "7K3M", "7K3M-QZ4P-W2XCC", "7K3M-QZ4P-W2XU"] {
            assert!(bad.parse::<CaseId>().is_err(), "{bad}");
        }
    }
}
