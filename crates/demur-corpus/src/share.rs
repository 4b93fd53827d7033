//! Work shared out over threads.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Does `one` on all items with so many threads; results come in the order of the items.
///
/// # Errors
/// The first error, by the order of the items that were begun; no further item is begun after it.
pub(crate) fn share<I: Sync, O: Send, E: Send>(
    items: &[I],
    workers: usize,
    one: impl Fn(&I) -> Result<O, E> + Sync,
) -> Result<Vec<O>, E> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut results = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return results };
            let result = one(item);
            let failed = result.is_err();
            results.push((at, result));
            if failed {
                // The others finish the item they have and take no more.
                next.store(items.len(), Ordering::Relaxed);
                return results;
            }
        }
    };
    let workers = workers.clamp(1, items.len().max(1));
    let mut results: Vec<_> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        handles.into_iter().flat_map(|h| h.join().expect("a worker does not panic")).collect()
    });
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}
