//! A training set's Delta table, opened by `delta_kernel`: which files it has, which rows of them are gone,
//! and the commits that change either.
//!
//! <https://github.com/delta-io/delta/blob/master/PROTOCOL.md>

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, AsArray, Int64Array, RecordBatch, StructArray};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type};
use delta_kernel::actions::deletion_vector::DeletionVectorDescriptor;
use delta_kernel::committer::FileSystemCommitter;
use delta_kernel::engine::arrow_data::{ArrowEngineData, EngineDataArrowExt};
use delta_kernel::snapshot::{Snapshot, SnapshotRef};
use delta_kernel::transaction::{CommitResult, Transaction, UpdateTable, UpdateTableOperation};
use delta_kernel::{Engine, FileMeta, FilteredEngineData, KernelError, KernelResult};
use delta_kernel_default_engine::executor::tokio::TokioMultiThreadExecutor;
use delta_kernel_default_engine::parquet::DataFileMetadata;
use delta_kernel_default_engine::{DefaultEngine, DefaultEngineBuilder, build_add_file_metadata};
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use roaring::RoaringBitmap;
use url::Url;

use crate::delta::{self, LOG};
use crate::error::Error;
use crate::files;
use crate::layout;
use crate::manifest::{DataFile, Manifest};
use crate::store::{self, Address};
use crate::vectors::{self, Rows};

/// The version of the table that Demur writes in its commits.
const ENGINE: &str = concat!("demur ", env!("CARGO_PKG_VERSION"));

/// A table as of one version.
pub(crate) struct Table {
    folder: PathBuf,
    root: Url,
    engine: Arc<DefaultEngine<TokioMultiThreadExecutor>>,
    snapshot: SnapshotRef,
    files: Vec<TableFile>,
}

/// One data file of a table.
#[derive(Clone, Debug)]
pub(crate) struct TableFile {
    /// Path inside the table's folder.
    pub(crate) path: String,
    /// Size in bytes, as the table says.
    pub(crate) bytes: u64,
    /// Rows that the file holds.
    pub(crate) rows: u64,
    vector: Option<DeletionVectorDescriptor>,
}

impl TableFile {
    /// A file that no table lists: every row that it holds is in use.
    pub(crate) fn bare(file: &DataFile) -> Self {
        TableFile { path: file.path.clone(), bytes: file.bytes, rows: file.rows, vector: None }
    }

    /// How many of its rows the table has.
    pub(crate) fn live(&self) -> u64 {
        let gone = self.vector.as_ref().map_or(0, |vector| vector.cardinality.unsigned_abs());
        self.rows.saturating_sub(gone)
    }
}

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Commit {
    /// This version is the table's newest now.
    Done(u64),
    /// Somebody else committed meanwhile; nothing was changed.
    Conflict,
}

impl Table {
    /// Opens the newest version.
    ///
    /// # Errors
    /// Where there is no table, its log is damaged, or it asks for what this program does not know.
    pub(crate) fn open(folder: &Path) -> Result<Table, Error> {
        let (root, store) = place(folder)?;
        let executor = TokioMultiThreadExecutor::new_owned_runtime(Some(2), Some(4))
            .map_err(|e| unreadable(folder, &e))?;
        let engine =
            DefaultEngineBuilder::new(store).with_task_executor(Arc::new(executor)).build();
        let engine = Arc::new(engine);
        let open = || -> KernelResult<(SnapshotRef, Vec<TableFile>)> {
            let snapshot = Snapshot::builder_for(root.as_str()).build(engine.as_ref())?;
            let files = scan(&snapshot, engine.as_ref())?;
            Ok((snapshot, files))
        };
        let (snapshot, files) = open().map_err(|e| unreadable(folder, &e))?;
        Ok(Table { folder: folder.to_owned(), root, engine, snapshot, files })
    }

    /// The version that was opened.
    pub(crate) fn version(&self) -> u64 {
        self.snapshot.version()
    }

    /// Its files, ordered by path.
    pub(crate) fn files(&self) -> &[TableFile] {
        &self.files
    }

    /// The rows of a file that the table does not have.
    ///
    /// # Errors
    /// Where the deletion vector is missing or damaged.
    pub(crate) fn gone(&self, file: &TableFile) -> Result<RoaringBitmap, Error> {
        let damaged = |what: String| {
            let hint =
                "what it hides is unknown, so the table must not be read: build the set anew";
            Error::input(store::resolve(&self.folder, &file.path), None, what, hint)
        };
        let Some(vector) = &file.vector else { return Ok(RoaringBitmap::new()) };
        let rows = vector
            .read(self.engine.storage_handler(), &self.root)
            .map_err(|e| damaged(format!("its deletion vector cannot be used ({e})")))?;
        if rows.len() != vector.cardinality.unsigned_abs()
            || rows.max().is_some_and(|last| last >= file.rows || last > u64::from(u32::MAX))
        {
            return Err(damaged("its deletion vector names other rows than its table says".into()));
        }
        Ok(rows.bitmaps().next().map(|(_, rows)| rows.clone()).unwrap_or_default())
    }

    /// Whether the table may have deletion vectors.
    pub(crate) fn allows_vectors(&self) -> bool {
        self.snapshot.table_properties().enable_deletion_vectors == Some(true)
    }

    /// Lets the table have deletion vectors: readers that know none refuse it from then on, rather than
    /// show what is hidden. `false` where somebody else committed meanwhile.
    ///
    /// # Errors
    /// Where the log does not say what the table is, or the machine fails.
    pub(crate) fn allow_vectors(&self) -> Result<bool, Error> {
        let log = self.folder.join(LOG);
        let mut newest = None;
        for version in 0..=self.version() {
            let path = log.join(format!("{version:020}.json"));
            let Some(text) = files::read(&path)? else { continue };
            for line in text.split(|byte| *byte == b'\n') {
                let action: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
                if action["metaData"].is_object() {
                    newest = Some(action["metaData"].clone());
                }
            }
        }
        let Some(metadata) = newest else {
            let hint = "build the set anew";
            let what = "its log does not say which columns the table has";
            return Err(Error::input(&self.folder, None, what, hint));
        };
        let entry = log.join(format!("{:020}.json", self.version() + 1));
        let text = delta::allow_vectors(metadata, ENGINE);
        let written = files::write_new(&entry, text.as_bytes())?;
        files::sync_folder(&log)?;
        Ok(written)
    }

    /// Whether a version was committed by Demur, to be what a manifest of this digest says.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub(crate) fn is_of(&self, version: u64, manifest: &str) -> Result<bool, Error> {
        let entry = self.folder.join(LOG).join(format!("{version:020}.json"));
        let text = files::read(&entry)?.unwrap_or_default();
        let made_with = made_with(manifest);
        Ok(text.split(|byte| *byte == b'\n').any(|line| {
            let action: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
            let engine = action["commitInfo"]["engineInfo"].as_str();
            // Another version of the program may have begun the change.
            engine.is_some_and(|engine| engine.ends_with(&made_with))
        }))
    }

    /// Commits new vectors for these files: all rows of each that are gone, old and new. Without a file it
    /// commits that nothing has changed. The log names the manifest that it is made with.
    ///
    /// # Errors
    /// Where the machine fails.
    pub(crate) fn hide(
        &self,
        gone: Vec<(&TableFile, RoaringBitmap)>,
        manifest: &Manifest,
    ) -> Result<Commit, Error> {
        let paths: Vec<String> = gone.iter().map(|(file, _)| file.path.clone()).collect();
        // A file to which all rows have come back has a vector of none.
        let rows = gone.into_iter().map(|(_, rows)| Some(Rows(rows))).collect();
        let vectors = vectors::write(&self.folder, rows)?;
        let new: HashMap<String, DeletionVectorDescriptor> = paths
            .into_iter()
            .zip(vectors)
            .filter_map(|(path, vector)| Some((path, vector?)))
            .collect();
        let commit = || -> KernelResult<Commit> {
            let mut transaction = self.begin(UpdateTableOperation::Delete, manifest)?;
            if new.is_empty() {
                return self.end(transaction);
            }
            let scan = self.snapshot.clone().scan_builder().build()?;
            let files = scan.scan_metadata(self.engine.as_ref())?;
            let files = Transaction::<UpdateTable>::scan_metadata_to_engine_data(files);
            transaction.update_deletion_vectors(new, files)?;
            self.end(transaction)
        };
        commit().map_err(|e| failed(&self.folder, e))
    }

    /// Commits that `old` files give way to `new` ones. The log names the manifest that it is made with.
    ///
    /// # Errors
    /// Where the machine fails.
    pub(crate) fn replace(
        &self,
        old: &[&TableFile],
        new: &[DataFile],
        manifest: &Manifest,
    ) -> Result<Commit, Error> {
        let commit = || -> KernelResult<Commit> {
            let mut transaction = self.begin(UpdateTableOperation::Optimize, manifest)?;
            let scan = self.snapshot.clone().scan_builder().build()?;
            for part in scan.scan_metadata(self.engine.as_ref())? {
                let (data, mut selected) = part?.scan_files.into_parts();
                let rows = data.try_into_record_batch()?;
                let paths = text(&rows, "path")?;
                selected.resize(rows.num_rows(), true);
                for (row, chosen) in selected.iter_mut().enumerate() {
                    *chosen &= old.iter().any(|file| file.path == paths.value(row));
                }
                let data = Box::new(ArrowEngineData::new(rows.clone()));
                transaction.remove_files(FilteredEngineData::try_new(data, selected)?);
            }
            let context = transaction.write_state()?.write_context_builder().build()?;
            for file in new {
                let at = self.root.join(&file.path).map_err(KernelError::generic_err)?;
                let meta = FileMeta::new(at, 0, file.bytes);
                let records = Int64Array::from(vec![file.records as i64]);
                let field = Field::new("numRecords", DataType::Int64, true);
                let stats = StructArray::from(vec![(Arc::new(field), Arc::new(records) as _)]);
                let data = DataFileMetadata::new(meta, stats);
                transaction.add_files(build_add_file_metadata(data, &context)?);
            }
            self.end(transaction)
        };
        commit().map_err(|e| failed(&self.folder, e))
    }

    fn begin(
        &self,
        operation: UpdateTableOperation,
        manifest: &Manifest,
    ) -> KernelResult<Transaction<UpdateTable>> {
        // Rows that are written anew are the same rows.
        let changes = !matches!(operation, UpdateTableOperation::Optimize);
        self.snapshot
            .clone()
            .update_table(operation, ENGINE.to_owned() + &made_with(&manifest.digest()), changes)
            .build(self.engine.as_ref(), Box::new(FileSystemCommitter::new()))
    }

    fn end(&self, transaction: Transaction<UpdateTable>) -> KernelResult<Commit> {
        match transaction.commit(self.engine.as_ref())? {
            CommitResult::Committed(done) => {
                let version = done.commit_version();
                self.sync(version).map_err(KernelError::generic_err)?;
                Ok(Commit::Done(version))
            }
            CommitResult::Conflicted(_) => Ok(Commit::Conflict),
            CommitResult::Retryable(retry) => Err(retry.error),
        }
    }

    /// A commit is kept once its log entry is.
    fn sync(&self, version: u64) -> Result<(), Error> {
        let log = self.folder.join(LOG);
        let entry = log.join(format!("{version:020}.json"));
        if store::is_url(&entry) {
            return Ok(());
        }
        let file = File::open(&entry).and_then(|file| file.sync_all());
        file.map_err(|e| Error::io(&entry, "synchronise", e))?;
        files::sync_folder(&log)
    }

    /// Lets no version older than `oldest` be read: a checkpoint of this one first, then the log before `oldest`
    /// goes, and then every vector that this one does not name. Doing it again changes nothing.
    ///
    /// # Errors
    /// Where the machine fails; then older versions may still be there.
    pub(crate) fn close_history(&self, oldest: u64) -> Result<(), Error> {
        self.snapshot
            .checkpoint(self.engine.as_ref(), None)
            .map_err(|e| failed(&self.folder, e))?;
        let log = self.folder.join(LOG);
        files::sync_folder(&log)?;
        for name in layout::log_entries(&self.folder)? {
            if version_of(&name).is_some_and(|version| version < oldest) {
                files::remove(&self.folder.join(name))?;
            }
        }
        files::sync_folder(&log)?;
        let vectors = self.vectors()?;
        for name in layout::vectors(&self.folder)? {
            if !vectors.contains(&name) {
                files::remove(&self.folder.join(name))?;
            }
        }
        files::sync_folder(&self.folder)
    }

    /// Whether a version older than `oldest` can still be read.
    ///
    /// # Errors
    /// Where the log cannot be listed.
    pub(crate) fn has_history(&self, oldest: u64) -> Result<bool, Error> {
        let versions =
            layout::log_entries(&self.folder)?.into_iter().filter_map(|e| version_of(&e));
        Ok(versions.into_iter().any(|version| version < oldest))
    }

    /// Names of the vectors that this version uses.
    fn vectors(&self) -> Result<Vec<String>, Error> {
        let name = |file: &TableFile| -> KernelResult<Option<String>> {
            let Some(vector) = &file.vector else { return Ok(None) };
            let path = vector.absolute_path(&self.root)?;
            Ok(path.and_then(|path| path.path_segments()?.next_back().map(str::to_owned)))
        };
        let names = self.files.iter().map(name).collect::<KernelResult<Vec<_>>>();
        Ok(names.map_err(|e| unreadable(&self.folder, &e))?.into_iter().flatten().collect())
    }
}

/// What a commit says besides who made it: a version alone may be anybody's.
fn made_with(manifest: &str) -> String {
    format!(", manifest {manifest}")
}

/// A table's folder as the kernel wants it, and the store that it lies in.
fn place(folder: &Path) -> Result<(Url, Arc<dyn ObjectStore>), Error> {
    let wrong =
        || Error::input(folder, None, "not a folder's path", "give the folder of a training set");
    if let Some(address) = Address::of(folder)? {
        let root = folder.to_str().and_then(|url| Url::parse(&format!("{url}/")).ok());
        return Ok((root.ok_or_else(wrong)?, address.store));
    }
    let at = folder.canonicalize().map_err(|e| Error::io(folder, "open", e))?;
    let root = Url::from_directory_path(&at).map_err(|()| wrong())?;
    Ok((root, Arc::new(LocalFileSystem::new())))
}

/// The version that a log entry or checkpoint is of.
fn version_of(entry: &str) -> Option<u64> {
    Path::new(entry).file_name()?.to_str()?.split('.').next()?.parse().ok()
}

fn scan(snapshot: &SnapshotRef, engine: &dyn Engine) -> KernelResult<Vec<TableFile>> {
    let scan = snapshot.clone().scan_builder().build()?;
    let mut files = Vec::new();
    for part in scan.scan_metadata(engine)? {
        let (data, selected) = part?.scan_files.into_parts();
        let rows = data.try_into_record_batch()?;
        let (paths, stats) = (text(&rows, "path")?, text(&rows, "stats")?);
        let sizes =
            rows.column_by_name("size").and_then(|size| size.as_primitive_opt::<Int64Type>());
        let sizes = sizes.ok_or_else(|| KernelError::generic("no sizes in the log"))?;
        let vectors = rows.column_by_name("deletionVector").and_then(|v| v.as_struct_opt());
        let vectors = vectors.ok_or_else(|| KernelError::generic("no vectors in the log"))?;
        for row in (0..rows.num_rows()).filter(|row| selected.get(*row).copied().unwrap_or(true)) {
            let path = paths.value(row).to_owned();
            let stats: serde_json::Value = if stats.is_valid(row) {
                serde_json::from_str(stats.value(row))?
            } else {
                Default::default()
            };
            let records = stats["numRecords"].as_u64();
            let records = records.ok_or_else(|| {
                KernelError::generic(format!("the log does not say how many rows {path} has"))
            })?;
            let bytes = u64::try_from(sizes.value(row)).unwrap_or(0);
            files.push(TableFile { path, bytes, rows: records, vector: vector(vectors, row)? });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn text<'a>(rows: &'a RecordBatch, name: &str) -> KernelResult<&'a arrow::array::StringArray> {
    let found = rows.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
    found.ok_or_else(|| KernelError::generic(format!("no {name} in the log")))
}

fn vector(vectors: &StructArray, row: usize) -> KernelResult<Option<DeletionVectorDescriptor>> {
    let without = || KernelError::generic("a deletion vector lacks a part in the log");
    let field = |name: &str| vectors.column_by_name(name).ok_or_else(without);
    let kind = field("storageType")?.as_string_opt::<i32>().ok_or_else(without)?;
    // A struct of nulls stands for none, whether or not it is null itself.
    if vectors.is_null(row) || kind.is_null(row) {
        return Ok(None);
    }
    let path = field("pathOrInlineDv")?.as_string_opt::<i32>().ok_or_else(without)?;
    let offset = field("offset")?.as_primitive_opt::<Int32Type>().ok_or_else(without)?;
    let size = field("sizeInBytes")?.as_primitive_opt::<Int32Type>().ok_or_else(without)?;
    let count = field("cardinality")?.as_primitive_opt::<Int64Type>().ok_or_else(without)?;
    DeletionVectorDescriptor::try_new(
        kind.value(row).parse()?,
        path.value(row),
        offset.is_valid(row).then(|| offset.value(row)),
        size.value(row),
        count.value(row),
    )
    .map(Some)
}

fn unreadable(folder: &Path, error: &KernelError) -> Error {
    let hint = "restore its log, or build the set anew";
    Error::input(folder, None, format!("this table cannot be read ({error})"), hint)
}

fn failed(folder: &Path, error: KernelError) -> Error {
    Error::io(folder, "commit to", std::io::Error::other(error))
}
