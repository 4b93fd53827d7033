//! Snapshots, handed out to workers.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, AUTHORIZATION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, Request, StatusCode};
use demur_core::purpose::sample;
use demur_web::App;
use demur_web::api::key::{self, KeyScope};
use demur_web::snapshots::{SnapshotFile, Snapshots};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::support::{PURPOSE, Site, moment};

const PATH: &str = "/api/v1/snapshots/assistant-training";

/// Snapshots that lie in a folder, under the names of their purposes.
struct Folder(PathBuf);

impl Snapshots for Folder {
    fn newest(&self, purpose: &str) -> Result<Option<SnapshotFile>, String> {
        let path = self.0.join(format!("{purpose}.snapshot"));
        if !path.exists() {
            return Ok(None);
        }
        let digest = blake3::hash(&std::fs::read(&path).map_err(|e| e.to_string())?);
        let file = File::open(&path).map_err(|e| e.to_string())?;
        Ok(Some(SnapshotFile { file, digest: digest.to_hex().to_string() }))
    }
}

/// A site that hands out what lies in its folder.
struct Worker {
    site: Site,
    router: axum::Router,
    key: String,
}

type Got = (StatusCode, HeaderMap, Vec<u8>);

impl Worker {
    fn new() -> Self {
        let site = Site::with(sample());
        let app = &site.app;
        let app = App::new(
            app.settings.clone(),
            Arc::clone(&app.directory),
            app.registry.clone(),
            app.links.clone(),
            Arc::clone(&app.clock),
        );
        let app = app.with_snapshots(Arc::new(Folder(site.dir.path().to_owned())));
        let router = demur_web::router(Arc::new(app));
        let scopes = [KeyScope::SnapshotsRead];
        let key = key::add(&mut site.register(), "worker", &scopes, None, moment(0)).unwrap();
        Worker { site, router, key }
    }

    fn compiled(&self, bytes: &[u8]) {
        let path = self.site.dir.path().join(format!("{PURPOSE}.snapshot"));
        std::fs::write(path, bytes).unwrap();
    }

    async fn fetch(&self, headers: &[(axum::http::HeaderName, &str)]) -> Got {
        self.fetch_at(PATH, headers).await
    }

    async fn fetch_at(&self, path: &str, headers: &[(axum::http::HeaderName, &str)]) -> Got {
        let mut request = Request::get(path).header(AUTHORIZATION, format!("Bearer {}", self.key));
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        (parts.status, parts.headers, body)
    }
}

/// Some bytes that are not all alike, longer than what is read at once.
fn bytes(seed: u8) -> Vec<u8> {
    let mut bytes = vec![0; 700_001];
    blake3::Hasher::new().update(&[seed]).finalize_xof().fill(&mut bytes);
    bytes
}

#[tokio::test]
async fn the_newest_is_handed_out_whole_and_only_where_it_is_new() {
    let worker = Worker::new();
    let first = bytes(1);
    worker.compiled(&first);
    let (status, headers, body) = worker.fetch(&[]).await;
    assert_eq!((status, body == first), (StatusCode::OK, true));
    assert_eq!(headers[CONTENT_TYPE], "application/octet-stream");
    assert_eq!(headers[CONTENT_LENGTH], first.len().to_string());
    let etag = headers[ETAG].to_str().unwrap().to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"'), "strong: {etag}");

    let listed = format!("\"other\", {etag}");
    for had in [etag.as_str(), "*", &listed, &format!("W/{etag}")] {
        let (status, headers, body) = worker.fetch(&[(IF_NONE_MATCH, had)]).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0), "{had}");
        assert_eq!(headers[ETAG], etag);
    }
    let second = bytes(2);
    worker.compiled(&second);
    let (status, headers, body) = worker.fetch(&[(IF_NONE_MATCH, &etag)]).await;
    assert_eq!((status, body == second), (StatusCode::OK, true));
    assert_ne!(headers[ETAG], etag);
}

#[tokio::test]
async fn a_download_that_broke_off_goes_on_where_it_was() {
    let worker = Worker::new();
    let whole = bytes(1);
    worker.compiled(&whole);
    let (_, headers, _) = worker.fetch(&[]).await;
    assert_eq!(headers[ACCEPT_RANGES], "bytes");
    let etag = headers[ETAG].to_str().unwrap().to_owned();
    let rest = [(RANGE, "bytes=300000-"), (IF_RANGE, etag.as_str())];
    let (status, headers, body) = worker.fetch(&rest).await;
    assert_eq!((status, body == whole[300_000..]), (StatusCode::PARTIAL_CONTENT, true));
    assert_eq!(headers[CONTENT_RANGE], "bytes 300000-700000/700001");
    assert_eq!(headers[CONTENT_LENGTH], body.len().to_string());

    worker.compiled(&bytes(2));
    let (status, _, body) = worker.fetch(&rest).await;
    assert_eq!((status, body == bytes(2)), (StatusCode::OK, true), "another one comes whole");
    let (status, headers, body) = worker.fetch(&[(RANGE, "bytes=700001-")]).await;
    assert_eq!(status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(headers[CONTENT_RANGE], "bytes */700001");
    assert!(String::from_utf8(body).unwrap().contains("range-not-satisfiable"));
}

#[tokio::test]
async fn without_a_snapshot_a_worker_hears_that_there_is_none() {
    let worker = Worker::new();
    let (status, headers, body) = worker.fetch(&[]).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(headers[CONTENT_TYPE], "application/problem+json");
    assert!(String::from_utf8(body).unwrap().contains("no-snapshot"));
    for other in ["/api/v1/snapshots/ads", "/api/v1/snapshots/..%2Fassistant-training"] {
        let (status, ..) = worker.fetch_at(other, &[]).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{other}");
    }
    let site = &worker.site;
    let bearer = format!("Bearer {}", worker.key);
    let nobody = site.send(Request::get(PATH).header(AUTHORIZATION, bearer), "").await;
    assert_eq!(nobody.status, StatusCode::SERVICE_UNAVAILABLE, "a site that hands out none");
}
