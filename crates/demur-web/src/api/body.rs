//! JSON that comes in, with errors that say where they are.

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use crate::api::problem::{ApiProblem, FieldError, Kind};

/// The largest body that is read: ten thousand account ids with room to spare.
pub(crate) const LARGEST: usize = 4 * 1024 * 1024;

/// A body that was read, and its bytes as they came.
pub(crate) struct Body<T> {
    /// What it says.
    pub(crate) said: T,
    /// Its bytes, by which a repeated request is recognised.
    pub(crate) bytes: Bytes,
}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiProblem> {
        if !is_json(request.headers()) {
            return Err(ApiProblem::of(Kind::MediaType));
        }
        let bytes = to_bytes(request.into_body(), LARGEST).await;
        // A connection that broke hears nothing anyway.
        let bytes = bytes.map_err(|_| ApiProblem::of(Kind::TooLarge))?;
        Ok(Body { said: read(&bytes)?, bytes })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = sent.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiProblem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let said = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let inner = error.inner();
        if inner.is_data() {
            let pointer = pointer(error.path());
            ApiProblem::fields(vec![FieldError { pointer, detail: what(inner) }])
        } else {
            not_json(inner)
        }
    })?;
    json.end().map_err(|error| not_json(&error))?;
    Ok(said)
}

fn not_json(error: &serde_json::Error) -> ApiProblem {
    let (line, column) = (error.line(), error.column());
    let detail = format!("the body is no JSON text: look at line {line}, column {column}");
    ApiProblem::new(Kind::Unreadable, detail)
}

/// What is wrong, without the value: it may be what a person said.
fn what(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let said = text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said);
    let names = ["missing field", "unknown field", "duplicate field", "unknown variant"];
    if names.iter().any(|start| said.starts_with(start)) {
        return said.to_owned();
    }
    match said.split_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => "this is not what the field holds".into(),
    }
}

/// Where it is, as a JSON pointer (RFC 6901) in the form of a fragment.
fn pointer(path: &Path) -> String {
    let mut pointer = "#".to_owned();
    for segment in path.iter() {
        pointer.push('/');
        match segment {
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            Segment::Map { key } => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => pointer.push_str(variant),
            Segment::Unknown => pointer.push('?'),
        }
    }
    pointer
}
