//! Where accounts stand, a batch at a time: each region, status and birth date is judged once.
//!
//! Nothing is judged here. [`Standing::of`] is asked about the birth date beside facts that let
//! everybody through, and about region, status and notice beside a birth date that does; what it
//! says of the two is put together.

use arrow::array::types::Date32Type;
use arrow::array::{Array, AsArray};
use demur_core::day::{self, Day};
use demur_core::facts::{AccountFacts, Age, Standing};
use demur_core::purpose::{Allowed, Purpose};
use demur_gate::arrays::Texts;
use jiff::civil::Date;

use super::{Births, Facts};

/// A birth date with which everybody is known and of age.
const BORN: Date = jiff::civil::date(1900, 1, 1);

/// 1900-01-01, and how many days from then on are remembered.
const FIRST: Day = -25_567;
const DAYS: usize = 50_000;

/// Standings under one purpose.
pub(super) struct Standings<'p> {
    purpose: &'p Purpose,
    /// By day of birth, from [`FIRST`].
    births: Vec<Option<Standing>>,
    /// By region, status and whether a notice was in time; see [`Place`].
    places: [Standing; Place::COUNT * Place::COUNT * 2],
}

/// What becomes of a region or a status.
#[derive(Clone, Copy)]
enum Place {
    Missing,
    Permitted,
    Other,
}

impl Place {
    const COUNT: usize = 3;
}

/// The places of a batch's rows: region, and status.
pub(super) struct Places(Vec<Place>, Vec<Place>);

impl<'p> Standings<'p> {
    pub(super) fn new(purpose: &'p Purpose) -> Self {
        Standings { purpose, births: vec![None; DAYS], places: judged(purpose) }
    }

    /// Looks at the regions and statuses of a batch.
    pub(super) fn places(&self, facts: &Facts) -> Places {
        let places = |texts: &Option<Texts>, allowed: &Allowed| match texts {
            None => vec![Place::Missing; facts.rows],
            Some(texts) => texts.classify(&|text| match text {
                None => Place::Missing,
                Some(text) if allowed.permits(text) => Place::Permitted,
                Some(_) => Place::Other,
            }),
        };
        Places(
            places(&facts.regions, &self.purpose.regions),
            places(&facts.statuses, &self.purpose.account_status),
        )
    }

    /// [`Standing::of`] a row.
    pub(super) fn of(
        &mut self,
        facts: &Facts,
        places: &Places,
        row: usize,
        told: bool,
    ) -> Standing {
        let place = self.places[place(places.0[row], places.1[row], told)];
        let purpose = self.purpose;
        let born =
            |birth_date| Standing::of(purpose, &AccountFacts { birth_date, ..LET_THROUGH }, true);
        let birth = match &facts.births {
            Some(Births::Days(array)) if array.is_valid(row) => {
                let day = array.as_primitive::<Date32Type>().value(row);
                let judge = || born(day::to_date(day));
                let at = usize::try_from(i64::from(day) - i64::from(FIRST)).unwrap_or(usize::MAX);
                match self.births.get_mut(at) {
                    Some(known) => *known.get_or_insert_with(judge),
                    None => judge(),
                }
            }
            other => born(other.as_ref().and_then(|births| births.get(row))),
        };
        if birth.age == Age::Unknown || place.age == Age::Unknown {
            return Standing::UNKNOWN;
        }
        Standing { bar: place.bar, ..birth }
    }
}

/// Facts of which none is missing.
const LET_THROUGH: AccountFacts<'static> =
    AccountFacts { birth_date: Some(BORN), region: Some(""), status: Some("") };

fn place(region: Place, status: Place, told: bool) -> usize {
    (region as usize * Place::COUNT + status as usize) * 2 + usize::from(told)
}

/// What every combination of places comes to.
fn judged(purpose: &Purpose) -> [Standing; Place::COUNT * Place::COUNT * 2] {
    let mut judged = [Standing::UNKNOWN; Place::COUNT * Place::COUNT * 2];
    let all = [Place::Missing, Place::Permitted, Place::Other];
    let (regions, statuses) = (samples(&purpose.regions), samples(&purpose.account_status));
    for (region, region_text) in all.into_iter().zip(&regions) {
        for (status, status_text) in all.into_iter().zip(&statuses) {
            for told in [false, true] {
                let facts = AccountFacts {
                    birth_date: Some(BORN),
                    region: region_text.as_deref(),
                    status: status_text.as_deref(),
                };
                judged[place(region, status, told)] = Standing::of(purpose, &facts, told);
            }
        }
    }
    judged
}

/// A text for each place. Where nothing is permitted, or everything, two of them are alike, and one
/// of the places never occurs.
fn samples(allowed: &Allowed) -> [Option<String>; Place::COUNT] {
    match allowed {
        Allowed::Any => [None, Some(String::new()), Some(String::new())],
        Allowed::Only(values) => {
            // Longer than any permitted value, so none of them.
            let other = "x".repeat(values.iter().map(String::len).max().unwrap_or(0) + 1);
            [None, Some(values.first().unwrap_or(&other).clone()), Some(other)]
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Date32Array, Int64Array, StringArray};
    use demur_core::id::IdKind;
    use demur_core::purpose::sample;
    use demur_gate::arrays::Ids;

    use super::*;

    #[test]
    fn standings_put_together_are_those_of_the_rules() {
        let mut rows = Vec::new();
        for birth in [None, Some(-70_000), Some(-1), Some(13_000), Some(14_000), Some(i32::MAX)] {
            for region in [None, Some("IE"), Some("US"), Some("")] {
                for status in [None, Some("active"), Some("suspended"), Some("")] {
                    rows.push((birth, region, status));
                }
            }
        }
        let ids: ArrayRef = Arc::new(Int64Array::from(vec![1; rows.len()]));
        let births: Date32Array = rows.iter().map(|row| row.0).collect();
        let regions: ArrayRef = Arc::new(rows.iter().map(|row| row.1).collect::<StringArray>());
        let statuses: ArrayRef = Arc::new(rows.iter().map(|row| row.2).collect::<StringArray>());
        let texts = |array| Some(Texts::new(array, "text", "region").unwrap());
        let mut facts = Facts {
            rows: rows.len(),
            ids: Ids::new(&ids, IdKind::Signed, "id", "account").unwrap(),
            births: Some(Births::Days(Arc::new(births))),
            regions: texts(&regions),
            statuses: texts(&statuses),
            persons: None,
        };
        let mut purposes = vec![sample(); 6];
        purposes[1].minimum_age = 0;
        purposes[2].regions = Allowed::Any;
        purposes[3].account_status = Allowed::Any;
        purposes[4].regions = Allowed::Only(Vec::new());
        purposes[5].notice.required = false;
        for without_columns in [false, true] {
            if without_columns {
                (facts.births, facts.regions, facts.statuses) = (None, None, None);
            }
            for purpose in &purposes {
                let mut standings = Standings::new(purpose);
                let places = standings.places(&facts);
                for row in 0..facts.rows {
                    for told in [false, true] {
                        let expected = Standing::of(purpose, &facts.get(row), told);
                        assert_eq!(standings.of(&facts, &places, row, told), expected, "{row}");
                    }
                }
            }
        }
    }
}
