//! The table of [`holidays`](super): one row per holiday and rule, with the countries that hold it.

use jiff::civil::Weekday::{Monday, Saturday, Sunday, Thursday};
use jiff::civil::{Date, Weekday};

use super::Rule::{Fixed, From, Nth, Orthodox, Special, Western};
use super::{FIRST_YEAR, Holiday, Rule, days_after, orthodox_easter};

const fn all(name: &'static str, rule: Rule, countries: &'static str) -> Holiday {
    Holiday { name, rule, years: (FIRST_YEAR, i16::MAX), countries }
}

/// From `year` on.
const fn since(year: i16, name: &'static str, rule: Rule, countries: &'static str) -> Holiday {
    Holiday { name, rule, years: (year, i16::MAX), countries }
}

/// Up to and in `year`.
const fn until(year: i16, name: &'static str, rule: Rule, countries: &'static str) -> Holiday {
    Holiday { name, rule, years: (FIRST_YEAR, year), countries }
}

/// The first Monday of February, but 1 February itself where that is a Friday.
fn saint_brigid(date: Date) -> bool {
    match (date.month(), date.day(), date.weekday()) {
        (2, 1, Weekday::Friday | Monday) => true,
        // 4 February is the first Monday where 1 February is a Friday.
        (2, 2..=7, Monday) => date.day() != 4,
        _ => false,
    }
}

/// 27 April, or the day before where that is a Sunday.
fn kings_day(date: Date) -> bool {
    match (date.month(), date.day()) {
        (4, 27) => date.weekday() != Sunday,
        (4, 26) => date.weekday() == Saturday,
        _ => false,
    }
}

/// 1 May outside Holy Week and Easter: inside, a minister sets another day.
fn greek_labour_day(date: Date) -> bool {
    (date.month(), date.day()) == (5, 1)
        && days_after(date, orthodox_easter(date.year())).is_some_and(|n| !(-7..=1).contains(&n))
}

#[rustfmt::skip]
pub(super) static TABLE: &[Holiday] = &[
    // Winter
    all("New Year's Day", Fixed(1, 1), "AT BE BG CH CY CZ DE DK EE ES FI FR GB HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"),
    since(2022, "New Year's Day", Fixed(1, 1), "GR"),
    all("Second Day of the New Year", Fixed(1, 2), "RO SI"),
    all("Epiphany", Fixed(1, 6), "AT CY FI HR IT LI PL SE SK"),
    since(2022, "Epiphany", Fixed(1, 6), "GR"),
    since(2024, "Epiphany", Fixed(1, 6), "RO"),
    since(2024, "Saint John the Baptist", Fixed(1, 7), "RO"),
    all("Unification of the Romanian Principalities", Fixed(1, 24), "RO"),
    since(2023, "Saint Brigid's Day", Special(saint_brigid), "IE"),
    all("Candlemas", Fixed(2, 2), "LI"),
    all("Prešeren Day", Fixed(2, 8), "SI"),
    all("Saint Paul's Shipwreck", Fixed(2, 10), "MT"),
    all("Restoration of the State", Fixed(2, 16), "LT"),
    all("Independence Day", Fixed(2, 24), "EE"),
    all("Liberation Day", Fixed(3, 3), "BG"),
    all("Restoration of Independence", Fixed(3, 11), "LT"),
    all("National Day", Fixed(3, 15), "HU"),
    all("Saint Patrick's Day", Fixed(3, 17), "IE"),
    all("Saint Joseph", Fixed(3, 19), "LI MT"),
    all("Greek Independence Day", Fixed(3, 25), "CY GR"),
    all("Freedom Day", Fixed(3, 31), "MT"),
    all("Cyprus National Day", Fixed(4, 1), "CY"),

    // By the western Easter
    all("Maundy Thursday", Western(-3), "DK IS NO"),
    all("Good Friday", Western(-2), "CZ DE DK EE ES FI GB HU IS LV MT NO PT SE SK"),
    all("Easter Sunday", Western(0), "BE DK EE FI HR HU IS IT LI LT LV NL NO PL PT SE SI"),
    all("Easter Monday", Western(1), "AT BE CZ DE DK FI FR HR HU IE IS IT LI LT LU LV NL NO PL SE SI SK"),
    until(2023, "Great Prayer Day", Western(26), "DK"),
    all("Ascension Day", Western(39), "AT BE CH DE DK FI FR IS LI LU NL NO SE"),
    all("Whit Sunday", Western(49), "BE DK EE FI HU IS LI LV NL NO PL SE SI"),
    all("Whit Monday", Western(50), "AT BE DE DK FR HU IS LI LU NL NO"),
    all("Corpus Christi", Western(60), "AT HR LI PL PT"),

    // By the Orthodox Easter
    all("Green Monday", Orthodox(-48), "CY"),
    all("Good Friday", Orthodox(-2), "BG CY RO"),
    all("Holy Saturday", Orthodox(-1), "BG"),
    all("Easter Sunday", Orthodox(0), "BG CY RO"),
    all("Easter Monday", Orthodox(1), "BG CY GR RO"),
    all("Whit Sunday", Orthodox(49), "RO"),
    all("Whit Monday", Orthodox(50), "CY RO"),

    // Spring
    all("First Day of Summer", From(Thursday, 4, 19), "IS"),
    all("Liberation Day", Fixed(4, 25), "IT"),
    all("Freedom Day", Fixed(4, 25), "PT"),
    all("King's Day", Special(kings_day), "NL"),
    all("Uprising against Occupation", Fixed(4, 27), "SI"),
    all("Labour Day", Fixed(5, 1), "AT BE BG CY CZ DE EE ES FI FR HR HU IS IT LI LT LU LV MT NO PL PT RO SE SI SK"),
    all("Labour Day", Special(greek_labour_day), "GR"),
    all("Labour Day, second day", Fixed(5, 2), "SI"),
    all("May Bank Holiday", Nth(1, Monday, 5), "IE"),
    // In 2020 it was moved to 8 May.
    since(2021, "Early May Bank Holiday", Nth(1, Monday, 5), "GB"),
    all("Constitution Day", Fixed(5, 3), "PL"),
    all("Restoration of Independence", Fixed(5, 4), "LV"),
    // Every year by the act on periods, though most people have it off every fifth.
    all("Liberation Day", Fixed(5, 5), "NL"),
    all("Saint George's Day", Fixed(5, 6), "BG"),
    all("Victory Day", Fixed(5, 8), "CZ FR"),
    until(2025, "Victory over Fascism", Fixed(5, 8), "SK"),
    since(2019, "Europe Day", Fixed(5, 9), "LU"),
    all("Constitution Day", Fixed(5, 17), "NO"),
    all("Bulgarian Education and Culture, and Slavonic Literature", Fixed(5, 24), "BG"),
    // In 2022 it was moved to 2 June.
    since(2023, "Spring Bank Holiday", Nth(-1, Monday, 5), "GB"),
    since(2020, "Statehood Day", Fixed(5, 30), "HR"),

    // Summer
    all("Children's Day", Fixed(6, 1), "RO"),
    all("June Bank Holiday", Nth(1, Monday, 6), "IE"),
    all("Republic Day", Fixed(6, 2), "IT"),
    all("National Day", Fixed(6, 6), "SE"),
    all("Sette Giugno", Fixed(6, 7), "MT"),
    all("Portugal Day", Fixed(6, 10), "PT"),
    all("National Day", Fixed(6, 17), "IS"),
    all("Midsummer Day", From(Saturday, 6, 20), "FI SE"),
    all("Anti-Fascist Struggle Day", Fixed(6, 22), "HR"),
    all("National Day", Fixed(6, 23), "LU"),
    all("Victory Day", Fixed(6, 23), "EE"),
    all("Midsummer Eve", Fixed(6, 23), "LV"),
    all("Midsummer Day", Fixed(6, 24), "EE LT LV"),
    all("Statehood Day", Fixed(6, 25), "SI"),
    until(2019, "Statehood Day", Fixed(6, 25), "HR"),
    all("Saints Peter and Paul", Fixed(6, 29), "MT"),
    all("Saints Cyril and Methodius", Fixed(7, 5), "CZ SK"),
    all("Jan Hus Day", Fixed(7, 6), "CZ"),
    all("Statehood Day", Fixed(7, 6), "LT"),
    all("National Day", Fixed(7, 14), "FR"),
    all("National Day", Fixed(7, 21), "BE"),
    all("National Day", Fixed(8, 1), "CH"),
    all("August Bank Holiday", Nth(1, Monday, 8), "IE"),
    all("Commerce Day", Nth(1, Monday, 8), "IS"),
    all("Victory and Homeland Thanksgiving Day", Fixed(8, 5), "HR"),
    all("Assumption Day", Fixed(8, 15), "AT BE CY ES FR GR HR IT LI LT LU MT PL PT RO SI"),
    all("Restoration of Independence", Fixed(8, 20), "EE"),
    all("State Foundation Day", Fixed(8, 20), "HU"),
    all("National Uprising", Fixed(8, 29), "SK"),

    // Autumn
    until(2023, "Constitution Day", Fixed(9, 1), "SK"),
    all("Unification Day", Fixed(9, 6), "BG"),
    all("Nativity of Mary", Fixed(9, 8), "LI"),
    all("Our Lady of Victories", Fixed(9, 8), "MT"),
    until(2025, "Our Lady of Sorrows", Fixed(9, 15), "SK"),
    all("Independence Day", Fixed(9, 21), "MT"),
    all("Independence Day", Fixed(9, 22), "BG"),
    all("Statehood Day", Fixed(9, 28), "CZ"),
    all("Independence Day", Fixed(10, 1), "CY"),
    all("German Unity Day", Fixed(10, 3), "DE"),
    since(2026, "Saint Francis of Assisi", Fixed(10, 4), "IT"),
    all("Republic Day", Fixed(10, 5), "PT"),
    until(2019, "Independence Day", Fixed(10, 8), "HR"),
    all("National Day", Fixed(10, 12), "ES"),
    all("National Day", Fixed(10, 23), "HU"),
    all("October Bank Holiday", Nth(-1, Monday, 10), "IE"),
    all("National Day", Fixed(10, 26), "AT"),
    all("Ohi Day", Fixed(10, 28), "CY"),
    since(2023, "Ohi Day", Fixed(10, 28), "GR"),
    all("Independent Czechoslovak State", Fixed(10, 28), "CZ"),
    all("Reformation Day", Fixed(10, 31), "SI"),
    all("All Saints' Day", From(Saturday, 10, 31), "FI SE"),
    all("All Saints' Day", Fixed(11, 1), "AT BE ES FR HR HU IT LI LT LU PL PT SI SK"),
    since(2020, "All Souls' Day", Fixed(11, 2), "LT"),
    all("Armistice Day", Fixed(11, 11), "BE FR"),
    all("Independence Day", Fixed(11, 11), "PL"),
    all("Struggle for Freedom and Democracy", Fixed(11, 17), "CZ"),
    until(2024, "Struggle for Freedom and Democracy", Fixed(11, 17), "SK"),
    all("Proclamation of the Republic", Fixed(11, 18), "LV"),
    since(2020, "Remembrance Day", Fixed(11, 18), "HR"),
    all("Saint Andrew's Day", Fixed(11, 30), "RO"),

    // December
    all("Restoration of Independence", Fixed(12, 1), "PT"),
    all("National Day", Fixed(12, 1), "RO"),
    all("Independence Day", Fixed(12, 6), "FI"),
    all("Constitution Day", Fixed(12, 6), "ES"),
    all("Immaculate Conception", Fixed(12, 8), "AT ES IT LI MT PT"),
    all("Republic Day", Fixed(12, 13), "MT"),
    all("Christmas Eve", Fixed(12, 24), "BG CZ EE LT LV SK"),
    since(2025, "Christmas Eve", Fixed(12, 24), "PL"),
    since(2026, "Christmas Eve", Fixed(12, 24), "HU"),
    all("Christmas Day", Fixed(12, 25), "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"),
    all("Saint Stephen's Day", Fixed(12, 26), "AT BG CY CZ DE DK EE FI GB GR HR HU IE IS IT LI LT LU LV NL NO PL RO SE SK"),
    all("Independence and Unity Day", Fixed(12, 26), "SI"),
    all("New Year's Eve", Fixed(12, 31), "LV"),
];
