//! A put that must not replace anything, and whose answer may get lost.
//!
//! A store that answers too late, or with an error after it has done the work, looks like one where somebody else
//! was faster. So whoever is told "it is there already" looks whose bytes are there.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult,
    Result,
};

/// How often a conditional put is tried whose fate is not known.
const TRIES: u32 = 6;
/// How long it is waited before the second try; twice as long before each later one.
const PAUSE: Duration = Duration::from_millis(200);

/// A store whose conditional puts are settled before anybody hears of them.
#[derive(Debug)]
pub(crate) struct Careful(pub(crate) Arc<dyn ObjectStore>);

impl fmt::Display for Careful {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Careful {
    /// Whether the object is there with these bytes; `None` where there is none.
    async fn holds(&self, location: &Path, payload: &PutPayload) -> Result<Option<bool>> {
        match self.0.get(location).await {
            Ok(found) => Ok(Some(found.bytes().await? == Bytes::from(payload.clone()))),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[async_trait::async_trait]
impl ObjectStore for Careful {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        if options.mode != PutMode::Create {
            return self.0.put_opts(location, payload, options).await;
        }
        let mut pause = PAUSE;
        for attempt in 1.. {
            let error = match self.0.put_opts(location, payload.clone(), options.clone()).await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            let may_be_done = matches!(error, Error::AlreadyExists { .. } | Error::Generic { .. });
            if !may_be_done {
                return Err(error);
            }
            match self.holds(location, &payload).await? {
                Some(true) => return Ok(PutResult { e_tag: None, version: None }),
                Some(false) => {
                    let (path, source) = (location.to_string(), Box::new(error));
                    return Err(Error::AlreadyExists { path, source });
                }
                None if attempt < TRIES => {}
                None => return Err(error),
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        unreachable!("the last attempt returns")
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.0.put_multipart_opts(location, options).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.0.get_opts(location, options).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.0.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list(prefix)
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Path>,
        offset: &Path,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.0.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.0.copy_opts(from, to, options).await
    }
}
