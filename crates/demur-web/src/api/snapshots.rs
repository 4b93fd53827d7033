//! Snapshots for workers: the newest, whole or in part, and nothing where the worker has it already.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body::Frame;
use tokio::sync::mpsc;
use utoipa::ToSchema;

use crate::api::key::Caller;
use crate::api::problem::{ApiProblem, Kind, ProblemDetails};
use crate::app::Shared;
use crate::snapshots::SnapshotFile;

/// A snapshot, as the document has it.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its schema is used")]
struct SnapshotBytes(Vec<u8>);

/// How much is read at once.
const CHUNK: usize = 256 * 1024;

/// Hands out the newest snapshot of a purpose.
///
/// It holds what is known of every account; keep it as you keep the account facts. Send the `ETag` of
/// the one that you have as `If-None-Match`. A download that broke off continues with `Range` and
/// `If-Range`.
#[utoipa::path(
    get,
    path = "/api/v1/snapshots/{purpose}",
    tag = "Snapshots",
    operation_id = "fetchSnapshot",
    security(("key" = ["snapshots:read"])),
    params(
        ("purpose" = String, Path, description = "The purpose", example = "assistant-training"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of the snapshot at hand"),
        ("Range" = Option<String>, Header, description = "One range of bytes", example = "bytes=1048576-"),
        ("If-Range" = Option<String>, Header, description = "The `ETag` of the part at hand"),
    ),
    responses(
        (status = 200, description = "The snapshot", content_type = "application/octet-stream", body = SnapshotBytes, headers(("ETag", description = "A digest of its bytes"))),
        (status = 206, description = "A part of it", content_type = "application/octet-stream", body = SnapshotBytes),
        (status = 304, description = "The snapshot at hand is the newest"),
        (status = 404, description = "There is no such purpose", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 416, description = "The range begins behind its end", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "There is no snapshot of it yet: judge nothing without one", body = ProblemDetails, content_type = "application/problem+json"),
        super::NotAdmitted,
    ),
)]
pub(crate) async fn fetch(
    State(app): State<Shared>,
    _: Caller,
    Path(purpose): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    if app.settings.purpose(&purpose).is_none() {
        return Err(ApiProblem::new(Kind::NotFound, "there is no such purpose"));
    }
    let Some(snapshots) = &app.snapshots else {
        return Err(ApiProblem::of(Kind::NoSnapshot));
    };
    let found = snapshots.newest(purpose).await.map_err(|why| {
        tracing::error!(why, "a snapshot cannot be handed out");
        ApiProblem::of(Kind::NoSnapshot)
    })?;
    let Some(SnapshotFile { mut file, digest }) = found else {
        return Err(ApiProblem::of(Kind::NoSnapshot));
    };
    let etag = HeaderValue::from_str(&format!("\"{digest}\""))
        .map_err(|_| ApiProblem::of(Kind::Internal))?;
    let kept = [(ETAG, etag.clone()), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    if names(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let unreadable = |error: std::io::Error| {
        tracing::error!(%error, "a snapshot cannot be read");
        ApiProblem::of(Kind::NoSnapshot)
    };
    let length = file.metadata().map_err(unreadable)?.len();
    let part = match part(&headers, &etag, length) {
        Part::All => None,
        Part::Of(from, to) => Some((from, to)),
        Part::Nowhere => {
            let all = [(CONTENT_RANGE, format!("bytes */{length}"))];
            return Ok((all, ApiProblem::of(Kind::Range)).into_response());
        }
    };
    let (from, to) = part.unwrap_or((0, length));
    file.seek(SeekFrom::Start(from)).map_err(unreadable)?;
    let mut response = (kept, Body::new(Sent::start(file, to - from))).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_LENGTH, (to - from).into());
    if part.is_some() {
        let range = format!("bytes {from}-{}/{length}", to - 1);
        if let Ok(range) = HeaderValue::from_str(&range) {
            headers.insert(CONTENT_RANGE, range);
        }
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

/// Whether the worker has this snapshot already.
fn names(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == "*" || one.as_bytes() == etag.as_bytes())
}

/// Which part of the file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    All,
    /// From the first byte up to, and without, the second.
    Of(u64, u64),
    Nowhere,
}

/// One range is served; several, or what is no range, get the whole file, as RFC 9110 allows.
fn part(headers: &HeaderMap, etag: &HeaderValue, length: u64) -> Part {
    if headers.get(IF_RANGE).is_some_and(|had| had != etag) {
        return Part::All;
    }
    let Some(range) = headers.get(RANGE).and_then(|value| value.to_str().ok()) else {
        return Part::All;
    };
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|spec| spec.split_once('-'))
    else {
        return Part::All;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (first.trim().is_empty(), number(first), last.trim().is_empty(), number(last)) {
        // The last so many bytes.
        (true, _, false, Some(count)) if count > 0 && length > 0 => {
            Part::Of(length.saturating_sub(count), length)
        }
        (true, _, false, Some(_)) => Part::Nowhere,
        (false, Some(from), ..) if from >= length => Part::Nowhere,
        (false, Some(from), true, _) => Part::Of(from, length),
        (false, Some(from), false, Some(last)) if last >= from => {
            Part::Of(from, last.saturating_add(1).min(length))
        }
        _ => Part::All,
    }
}

/// A part of a file on its way.
struct Sent(mpsc::Receiver<std::io::Result<Bytes>>);

impl Sent {
    /// Sends the next `length` bytes of a file. A thread is held only while it reads, so that workers
    /// who take their time keep nobody from the register.
    fn start(file: File, length: u64) -> Self {
        let (send, receive) = mpsc::channel(2);
        tokio::spawn(async move {
            let (mut file, mut left) = (file, length);
            // Where the worker has gone, there is no more to do.
            while left > 0
                && let Ok(room) = send.reserve().await
            {
                let size = usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK));
                let read = tokio::task::spawn_blocking(move || {
                    let mut chunk = vec![0; size];
                    file.read_exact(&mut chunk).map(|()| (file, Bytes::from(chunk)))
                });
                match read.await.unwrap_or_else(|error| Err(std::io::Error::other(error))) {
                    Ok((rest, chunk)) => {
                        room.send(Ok(chunk));
                        (file, left) = (rest, left - size as u64);
                    }
                    Err(error) => {
                        tracing::error!(%error, "a snapshot broke off");
                        return room.send(Err(error));
                    }
                }
            }
        });
        Sent(receive)
    }
}

impl http_body::Body for Sent {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        self.0.poll_recv(context).map(|next| next.map(|chunk| chunk.map(Frame::data)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &str, length: u64) -> Part {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, range.parse().unwrap());
        part(&headers, &HeaderValue::from_static("\"a\""), length)
    }

    #[test]
    fn one_range_is_served_and_all_else_is_the_whole() {
        assert_eq!(asked("bytes=0-0", 10), Part::Of(0, 1));
        assert_eq!(asked("bytes=3-", 10), Part::Of(3, 10));
        assert_eq!(asked("bytes=3-99", 10), Part::Of(3, 10));
        assert_eq!(asked("bytes=-4", 10), Part::Of(6, 10));
        assert_eq!(asked("bytes=-40", 10), Part::Of(0, 10));
        assert_eq!(asked("bytes=10-", 10), Part::Nowhere);
        assert_eq!(asked("bytes=-0", 10), Part::Nowhere);
        for other in ["bytes=1-2,4-5", "bytes=5-3", "bytes=a-", "lines=1-2", "bytes=-", "bytes"] {
            assert_eq!(asked(other, 10), Part::All, "{other}");
        }
    }

    #[test]
    fn a_part_of_another_snapshot_is_not_continued() {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, "bytes=5-".parse().unwrap());
        headers.insert(IF_RANGE, "\"old\"".parse().unwrap());
        assert_eq!(part(&headers, &HeaderValue::from_static("\"new\""), 10), Part::All);
        assert_eq!(part(&headers, &HeaderValue::from_static("\"old\""), 10), Part::Of(5, 10));
    }
}
