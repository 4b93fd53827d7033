//! The stores themselves: one client for each bucket, made of the environment.

use std::collections::HashMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path as Key;
use object_store::{ObjectStore, RetryConfig};
use tokio::runtime::{Builder, Runtime};
use url::{Position, Url};

use crate::careful::Careful;
use crate::error::Error;
use crate::fault::explain;

/// What requests of this process run on.
struct Here {
    /// Requests run here, for threads that wait for them.
    runtime: Runtime,
    clients: Mutex<HashMap<String, Arc<dyn ObjectStore>>>,
}

/// By the process: one that was forked has none of the threads and connections of its parent.
static HERE: Mutex<Option<(u32, &'static Here)>> = Mutex::new(None);

fn here() -> &'static Here {
    let mut known = HERE.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if let Some((of, here)) = *known
        && of == process
    {
        return here;
    }
    let mut runtime = Builder::new_multi_thread();
    runtime.worker_threads(2).thread_name("store").enable_all();
    let runtime = runtime.build().expect("a thread can be started");
    // It lasts as long as the process: shutting down a parent's would wait for threads that are not here.
    let here: &'static Here = Box::leak(Box::new(Here { runtime, clients: Mutex::default() }));
    *known = Some((process, here));
    here
}

/// Waits for a request.
pub fn wait<F: Future>(request: F) -> F::Output {
    here().runtime.block_on(request)
}

/// Begins a request that somebody will wait for later.
pub(crate) fn begin<F>(request: F) -> tokio::task::JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    here().runtime.spawn(request)
}

/// Where an object, or a folder of them, lies.
#[derive(Clone, Debug)]
pub struct Address {
    /// The store that its bucket is in.
    pub store: Arc<dyn ObjectStore>,
    /// The name of the object in its bucket.
    pub key: Key,
    /// The URL of the bucket.
    bucket: Url,
}

impl Address {
    /// What a URL means; `None` for a path on this machine.
    ///
    /// # Errors
    /// Where it names no bucket, or the environment does not say how to reach it.
    pub fn of(location: &Path) -> Result<Option<Address>, Error> {
        if !crate::is_url(location) {
            return Ok(None);
        }
        let wrong = |what: String| {
            Error::input(
                location,
                None,
                what,
                "write it as s3://bucket/folder, gs:// or az:// alike",
            )
        };
        let text = location.to_str().ok_or_else(|| wrong("not UTF-8".into()))?;
        let url = Url::parse(text).map_err(|e| wrong(format!("not a URL ({e})")))?;
        if url.host_str().is_none_or(str::is_empty) {
            return Err(wrong("it names no bucket".into()));
        }
        let key = Key::from_url_path(url.path())
            .map_err(|e| wrong(format!("no object can be called that ({e})")))?;
        let mut bucket = url.clone();
        bucket.set_path("/");
        let store = client(&url).map_err(|e| explain(location, "reach", e))?;
        Ok(Some(Address { store, key, bucket }))
    }

    /// The URL of another object of the bucket.
    pub fn url_of(&self, key: &Key) -> PathBuf {
        let mut url = self.bucket.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().extend(key.parts().map(|part| part.as_ref().to_owned()));
        }
        String::from(url).into()
    }
}

fn client(url: &Url) -> Result<Arc<dyn ObjectStore>, object_store::Error> {
    let bucket = &url[..Position::BeforePath];
    let mut clients = here().clients.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = clients.get(bucket) {
        return Ok(known.clone());
    }
    // Ten tries over three minutes, each after twice the time of the last.
    let retry = RetryConfig::default();
    let store: Arc<dyn ObjectStore> = match url.scheme() {
        "s3" => Arc::new(AmazonS3Builder::from_env().with_url(bucket).with_retry(retry).build()?),
        "gs" => Arc::new(
            GoogleCloudStorageBuilder::from_env().with_url(bucket).with_retry(retry).build()?,
        ),
        _ => {
            Arc::new(MicrosoftAzureBuilder::from_env().with_url(bucket).with_retry(retry).build()?)
        }
    };
    let store: Arc<dyn ObjectStore> = Arc::new(Careful(store));
    clients.insert(bucket.to_owned(), store.clone());
    Ok(store)
}
