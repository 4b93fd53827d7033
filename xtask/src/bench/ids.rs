//! Which records an engine let through, and whether another let the same ones through.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::tables::{self, files, open};

/// The ids in Parquet, ascending.
pub(super) fn in_parquet(path: &Path) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    for file in files(path, ".parquet")? {
        for batch in open(&file, &["record_id"])? {
            found.extend(tables::ids(&batch?, "record_id")?.flatten());
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The ids in JSON lines, ascending. A quotation mark inside a text is escaped, so the first place
/// that reads like the key is the key.
pub(super) fn in_lines(path: &Path) -> Result<Vec<i64>> {
    const KEY: &str = "\"record_id\":";
    let mut found = Vec::new();
    for file in files(path, ".jsonl")? {
        let mut lines = BufReader::with_capacity(1 << 20, File::open(&file)?);
        let mut line = String::new();
        while lines.read_line(&mut line)? > 0 {
            let id = line.split_once(KEY).and_then(|(_, rest)| {
                let rest = rest.trim_start();
                let end = rest.find(|c: char| !c.is_ascii_digit() && c != '-')?;
                rest[..end].parse().ok()
            });
            found.push(id.with_context(|| format!("{}: a line has no id", file.display()))?);
            line.clear();
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Fails where the records are not the same, naming one of each sort.
pub(super) fn compare(first: (&str, &[i64]), second: (&str, &[i64])) -> Result<()> {
    let (only_first, example_first) = missing(first.1, second.1);
    let (only_second, example_second) = missing(second.1, first.1);
    let mut wrong = Vec::new();
    for (name, other, count, example) in [
        (first.0, second.0, only_first, example_first),
        (second.0, first.0, only_second, example_second),
    ] {
        if let Some(example) = example {
            wrong.push(format!("{count} records of {name} are not in {other}, as {example}"));
        }
    }
    if first.1.len() != second.1.len() && wrong.is_empty() {
        wrong.push(format!("{} or {} has records twice", first.0, second.0));
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("; "));
    }
    Ok(())
}

/// How many of the one are not in the other, both in order, and the first of them.
fn missing(of: &[i64], from: &[i64]) -> (usize, Option<i64>) {
    let mut rest = from.iter().peekable();
    let mut lacking = of.iter().filter(|id| {
        while rest.next_if(|other| other < id).is_some() {}
        rest.peek() != Some(id)
    });
    let first = lacking.next().copied();
    (usize::from(first.is_some()) + lacking.count(), first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        assert!(compare(("a", &[1, 2, 3]), ("b", &[1, 2, 3])).is_ok());
        let wrong = |first: &[i64], second: &[i64]| {
            compare(("a", first), ("b", second)).unwrap_err().to_string()
        };
        assert_eq!(
            wrong(&[1, 3, 4], &[1, 2]),
            "2 records of a are not in b, as 3; 1 records of b are not in a, as 2"
        );
        assert_eq!(wrong(&[1], &[1, 1]), "a or b has records twice");
        assert_eq!(wrong(&[], &[-1]), "1 records of b are not in a, as -1");
    }

    #[test]
    fn ids_are_read_from_lines() {
        let folder = tempfile::tempdir().unwrap();
        let lines = "{\"record_id\":-7,\"text\":\"\\\"record_id\\\":8\"}\n{\"text\":\"\\\"record_id\\\":9\",\"record_id\": 5}\n";
        std::fs::write(folder.path().join("a.jsonl"), lines).unwrap();
        assert_eq!(in_lines(folder.path()).unwrap(), [-7, 5]);
        std::fs::write(folder.path().join("b.jsonl"), "{}\n").unwrap();
        assert!(in_lines(folder.path()).is_err());
    }
}
