//! Where accounts are, and which languages people use there.

/// A country, how many of the platform's people live there, and their languages with weights.
pub(super) struct Country {
    /// ISO 3166-1 alpha-2 code.
    pub(super) code: &'static str,
    /// Inhabitants, in units that differ between [`EU`] and [`ELSEWHERE`].
    pub(super) weight: u32,
    /// Languages with weights.
    pub(super) locales: &'static [(&'static str, u32)],
}

const fn country(
    code: &'static str,
    weight: u32,
    locales: &'static [(&'static str, u32)],
) -> Country {
    Country { code, weight, locales }
}

/// Members of the Union, weighed by population in units of 100,000.
pub(super) const EU: [Country; 27] = [
    country("DE", 834, &[("de", 94), ("en", 3), ("tr", 2), ("pl", 1)]),
    country("FR", 684, &[("fr", 97), ("en", 3)]),
    country("IT", 589, &[("it", 97), ("en", 2), ("de", 1)]),
    country("ES", 486, &[("es", 96), ("en", 4)]),
    country("PL", 367, &[("pl", 98), ("en", 2)]),
    country("RO", 190, &[("ro", 95), ("hu", 5)]),
    country("NL", 179, &[("nl", 92), ("en", 8)]),
    country("BE", 118, &[("nl", 57), ("fr", 41), ("de", 2)]),
    country("CZ", 109, &[("cs", 98), ("en", 2)]),
    country("SE", 106, &[("sv", 94), ("en", 4), ("fi", 2)]),
    country("PT", 106, &[("pt", 96), ("en", 4)]),
    country("GR", 104, &[("el", 97), ("en", 3)]),
    country("HU", 96, &[("hu", 98), ("en", 2)]),
    country("AT", 92, &[("de", 97), ("en", 3)]),
    country("BG", 64, &[("ro", 90), ("en", 10)]),
    country("DK", 60, &[("da", 95), ("en", 5)]),
    country("FI", 56, &[("fi", 93), ("sv", 7)]),
    country("SK", 54, &[("cs", 90), ("hu", 10)]),
    country("IE", 53, &[("en", 97), ("pl", 3)]),
    country("HR", 39, &[("hr", 98), ("en", 2)]),
    country("LT", 29, &[("lt", 96), ("pl", 4)]),
    country("SI", 21, &[("hr", 97), ("en", 3)]),
    country("LV", 19, &[("lt", 95), ("en", 5)]),
    country("EE", 14, &[("lt", 92), ("fi", 8)]),
    country("CY", 9, &[("el", 88), ("en", 12)]),
    country("LU", 7, &[("fr", 65), ("de", 30), ("pt", 5)]),
    country("MT", 6, &[("en", 90), ("it", 10)]),
];

/// Countries outside of the Union, weighed by how many use the platform.
pub(super) const ELSEWHERE: [Country; 9] = [
    country("GB", 30, &[("en", 94), ("pl", 4), ("ro", 2)]),
    country("US", 24, &[("en", 84), ("es", 16)]),
    country("CH", 12, &[("de", 62), ("fr", 23), ("it", 15)]),
    country("NO", 8, &[("da", 95), ("en", 5)]),
    country("BR", 9, &[("pt", 98), ("en", 2)]),
    country("CA", 6, &[("en", 75), ("fr", 25)]),
    country("TR", 5, &[("tr", 100)]),
    country("AR", 4, &[("es", 100)]),
    country("IS", 1, &[("da", 100)]),
];

/// The locale that an account in `region` shows, for the culture whose names are used there.
///
/// Names are kept for groups of neighbours; the locale says which of them it is.
pub(super) fn locale(culture: &'static str, region: &str) -> &'static str {
    match (culture, region) {
        ("ro", "BG") => "bg",
        ("cs", "SK") => "sk",
        ("hr", "SI") => "sl",
        ("lt", "LV") => "lv",
        ("lt", "EE") => "et",
        ("da", "NO") => "nb",
        ("da", "IS") => "is",
        _ => culture,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_union_is_whole() {
        let mut codes: Vec<&str> = EU.iter().map(|c| c.code).collect();
        codes.sort_unstable();
        assert_eq!(codes, demur_core::purpose::EU);
        assert!(ELSEWHERE.iter().all(|c| !codes.contains(&c.code)));
    }
}
