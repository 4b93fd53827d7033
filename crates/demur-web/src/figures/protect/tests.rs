//! What someone can find out who knows every published number, how tables add up, and what is hidden
//! how: tried by going through all tables that look the same.

use proptest::prelude::*;

use super::*;

/// A limit so small that tables small enough to go through have counts on both sides of it.
const LIMIT: u64 = 3;
const COLUMNS: usize = 3;

/// The told and untold numbers of a table, in one order: each row with its total, then the columns'
/// totals, then the total.
fn flat(table: &Table<COLUMNS>) -> Vec<Shown> {
    let rows = table.rows.iter().flat_map(|(row, total)| row.iter().copied().chain([*total]));
    rows.chain(table.columns).chain([table.total]).collect()
}

fn sums(rows: &[[u64; COLUMNS]]) -> Vec<u64> {
    let columns: [u64; COLUMNS] = std::array::from_fn(|j| rows.iter().map(|row| row[j]).sum());
    let body = rows.iter().flat_map(|row| row.iter().copied().chain([row.iter().sum()]));
    body.chain(columns).chain([columns.iter().sum()]).collect()
}

/// Whether a number may be what is shown. `blank` is a table of which nothing is told; then a withheld
/// number may be any.
fn admits(shown: Shown, value: u64, blank: bool) -> bool {
    match shown {
        Shown::Count(count) => count == value,
        Shown::Few => (1..LIMIT).contains(&value),
        Shown::Withheld => blank || value >= LIMIT,
    }
}

/// The untold numbers that are the same in every table that looks like this one. Tables that differ by at
/// most one in each place are enough to go through: whoever finds one there cannot pin the number down.
fn pinned(values: &[u64], shown: &[Shown], worlds: impl Iterator<Item = Vec<u64>>) -> Vec<usize> {
    let blank = values.iter().zip(shown).any(|(v, s)| *v < LIMIT && *s == Shown::Withheld);
    let mut pinned: Vec<usize> =
        (0..values.len()).filter(|at| shown[*at].count().is_none()).collect();
    for world in worlds {
        if pinned.is_empty() {
            break;
        }
        if world.iter().zip(shown).all(|(value, shown)| admits(*shown, *value, blank)) {
            pinned.retain(|at| world[*at] == values[*at]);
        }
    }
    pinned
}

/// Every list of numbers that differs from this one by at most one in each place.
fn near(values: Vec<u64>) -> impl Iterator<Item = Vec<u64>> {
    (0..3usize.pow(values.len() as u32)).filter_map(move |mut code| {
        let changed = values.iter().map(|value| {
            let step = (code % 3) as u64;
            code /= 3;
            (value + 1).checked_sub(step)
        });
        changed.collect()
    })
}

fn rows(values: &[u64]) -> Vec<[u64; COLUMNS]> {
    values.chunks(COLUMNS).map(|row| std::array::from_fn(|j| row[j])).collect()
}

/// Mostly small, as that is where it is difficult.
fn value() -> impl Strategy<Value = u64> {
    prop_oneof![3 => Just(0u64), 4 => 1..LIMIT, 3 => LIMIT..LIMIT + 2, 2 => LIMIT..40]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_untold_number_of_a_table_follows_from_the_others(
        values in (1..4usize).prop_flat_map(|n| prop::collection::vec(value(), n * COLUMNS)),
        weights in prop::array::uniform3(1..5u64),
    ) {
        let table = table(&rows(&values), weights, LIMIT);
        let (shown, values_with_sums) = (flat(&table), sums(&rows(&values)));
        for (value, shown) in values_with_sums.iter().zip(&shown) {
            match shown {
                Shown::Count(count) => prop_assert!(count == value && !(1..LIMIT).contains(value)),
                Shown::Few => prop_assert!((1..LIMIT).contains(value)),
                Shown::Withheld => {}
            }
        }
        let worlds = near(values.clone()).map(|world| sums(&rows(&world)));
        let pinned = pinned(&values_with_sums, &shown, worlds);
        prop_assert!(pinned.is_empty(), "{pinned:?} of {shown:?}");
    }

    #[test]
    fn no_untold_part_follows_from_the_total_and_the_others(
        values in prop::collection::vec(value(), 2..8),
    ) {
        let total: u64 = values.iter().sum();
        let all = Shown::alone(total, LIMIT);
        let mut shown = parts(all, &values, LIMIT);
        shown.push(all);
        let with_sum = |mut values: Vec<u64>| {
            values.push(values.iter().sum());
            values
        };
        let worlds = near(values.clone()).map(with_sum);
        let pinned = pinned(&with_sum(values), &shown, worlds);
        prop_assert!(pinned.is_empty(), "{pinned:?} of {shown:?}");
    }

    #[test]
    fn where_nothing_is_small_everything_is_told(
        values in prop::collection::vec(prop_oneof![Just(0u64), 10..5000u64], 6 * COLUMNS),
    ) {
        let shown = flat(&table(&rows(&values), [1; COLUMNS], 10));
        let told: Vec<_> = sums(&rows(&values)).into_iter().map(Shown::Count).collect();
        prop_assert_eq!(shown, told);
    }
}

#[test]
fn one_small_count_takes_its_neighbours_with_it_and_no_more() {
    let table = table(&[[50, 4, 0], [60, 30, 20], [70, 80, 90]], [1; 3], 10);
    let (count, withheld) = (Shown::Count, Shown::Withheld);
    assert_eq!(table.rows[0], ([withheld, Shown::Few, count(0)], count(54)));
    assert_eq!(table.rows[1], ([withheld, withheld, count(20)], count(110)));
    assert_eq!(table.rows[2], ([count(70), count(80), count(90)], count(240)));
    assert_eq!(table.columns, [count(180), count(114), count(110)]);
    assert_eq!(table.total, count(404));
}

#[test]
fn two_small_counts_that_only_one_sum_allows_are_not_left_alone() {
    // 1 and 1 of a known total of 2: nothing else would fit.
    let shown = parts(Shown::Count(102), &[1, 1, 100], 10);
    assert_eq!(shown, [Shown::Few, Shown::Few, Shown::Withheld]);
    let shown = parts(Shown::Count(103), &[1, 2, 100], 10);
    assert_eq!(shown, [Shown::Few, Shown::Few, Shown::Count(100)]);
}

#[test]
fn where_the_total_is_small_nothing_else_is_told() {
    let table = table(&[[0, 0, 2], [0, 1, 0]], [1; 3], 10);
    assert_eq!(table.total, Shown::Few);
    assert!(flat(&table)[..11].iter().all(|shown| *shown == Shown::Withheld));
    assert_eq!(parts(Shown::Few, &[0, 2], 10), [Shown::Withheld; 2]);
}

#[test]
fn a_table_of_zeros_says_so() {
    let table = table(&[[0; 3]; 2], [1; 3], 10);
    assert!(flat(&table).iter().all(|shown| *shown == Shown::Count(0)));
}
