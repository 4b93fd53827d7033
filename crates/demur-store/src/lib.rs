//! Files on this machine and objects in a store, under one kind of name.
//!
//! A location is a path: that of a file or folder, or the URL of an object or of all that begins with
//! it (`s3://bucket/key`, `gs://…`, `az://container/key`). Whoever passes it on need not know which; whoever
//! opens it asks [`is_url`]. Joining, the last name and printing mean the same for both.
//!
//! | module | what it does |
//! |---|---|
//! | `client` | which store a URL belongs to, with the credentials of the environment |
//! | `careful` | a conditional put whose answer was lost |
//! | `object` | reading one object: by ranges, or from front to back |
//! | `list` | which objects a URL stands for |
//! | [`files`] | small and whole files and objects: put, read, looked at, removed |
//! | `fault`, [`error`] | what goes wrong, and what to do |

mod careful;
mod client;
pub mod error;
mod fault;
pub mod files;
mod list;
mod object;

use std::path::{Path, PathBuf};

use url::Url;

pub use client::{Address, wait};
pub use error::{Error, Place};
pub use fault::explain;
pub use list::{Entry, folders_with_log, list, matching};
pub use object::{Object, Ranged, Stream};

/// How the URLs begin that are read and written.
pub const SCHEMES: [&str; 3] = ["s3", "gs", "az"];

/// Whether a location is the URL of something in an object store.
#[must_use]
pub fn is_url(location: &Path) -> bool {
    let scheme = location.to_str().and_then(|text| text.split_once("://"));
    scheme.is_some_and(|(scheme, _)| SCHEMES.contains(&scheme))
}

/// Whether two URLs are of one bucket.
pub fn in_one_bucket(one: &Path, other: &Path) -> bool {
    let bucket = |url: &Path| {
        let (scheme, rest) = url.to_str()?.split_once("://")?;
        Some(format!("{scheme}://{}", rest.split('/').next()?))
    };
    bucket(one).is_some_and(|one| bucket(other) == Some(one))
}

/// How many threads open files at once: where they are objects, each mostly waits.
pub fn openers(paths: &[PathBuf]) -> usize {
    if paths.iter().any(|path| is_url(path)) { 16 } else { 1 }
}

/// A location as somebody wrote it: relative to a folder, unless it is absolute or a URL.
#[must_use]
pub fn resolve(folder: &Path, location: impl AsRef<Path>) -> PathBuf {
    let location = location.as_ref();
    if !is_url(location) {
        return folder.join(location);
    }
    // One place has one name: without a slash at its end, with what URLs must escape escaped.
    let url = location.to_str().and_then(|text| Url::parse(text).ok());
    url.map_or_else(|| location.to_owned(), |url| url.as_str().trim_end_matches('/').into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_path_unless_it_is_the_url_of_an_object() {
        let base = Path::new("/platform");
        for (written, meant) in [
            ("corpus/*.parquet", "/platform/corpus/*.parquet"),
            ("/data/a b", "/data/a b"),
            ("s3://bucket/corpus/", "s3://bucket/corpus"),
            ("gs://bucket/a b/c.parquet", "gs://bucket/a%20b/c.parquet"),
            ("az://container/x", "az://container/x"),
            ("s3:/bucket/x", "/platform/s3:/bucket/x"),
        ] {
            assert_eq!(resolve(base, written), Path::new(meant));
            assert_eq!(is_url(Path::new(written)), written.contains("://"));
        }
        assert!(!is_url(Path::new("ftp://host/x")));
        assert_eq!(
            Path::new("s3://b/set").join("_delta_log/0.json"),
            Path::new("s3://b/set/_delta_log/0.json")
        );
    }

    #[test]
    fn places_of_one_bucket_are_known() {
        let one = |a: &str, b: &str| in_one_bucket(Path::new(a), Path::new(b));
        assert!(one("s3://b/x", "s3://b"));
        assert!(!one("s3://b/x", "s3://bb/x") && !one("s3://b/x", "gs://b/x"));
        assert!(!one("s3://b/x", "/b/x") && !one("/b/x", "/b/x"));
    }

    #[test]
    fn an_objects_url_means_the_object_whatever_its_name() {
        let address = Address::of(Path::new("s3://bucket/x")).unwrap().unwrap();
        for key in ["a/b.parquet", "year=1/a b%20c.parquet", "gr\u{fc}n/#?.parquet"] {
            let url = address.url_of(&object_store::path::Path::parse(key).unwrap());
            assert_eq!(Address::of(&url).unwrap().unwrap().key.as_ref(), key, "{}", url.display());
        }
    }
}
