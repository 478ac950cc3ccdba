//! Running many cases, a few at a time, and counting how they went.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, ensure};

const WORKERS: usize = 3;

/// How cases went, by what they are counted as.
pub(super) struct Tally {
    counts: BTreeMap<String, usize>,
    failed: usize,
}

impl Tally {
    /// Runs cases; each says what it is to be counted as. Those that fail are printed at once.
    pub(super) fn of<C: Sync>(
        cases: &[C],
        name: impl Fn(&C) -> String + Sync,
        run: impl Fn(&C) -> Result<String> + Sync,
    ) -> Self {
        let next = AtomicUsize::new(0);
        let tally = Mutex::new(Self {
            counts: BTreeMap::new(),
            failed: 0,
        });
        std::thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| {
                    while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let outcome = run(case);
                        let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                        match outcome {
                            Ok(what) => *tally.counts.entry(what).or_default() += 1,
                            Err(why) => {
                                tally.failed += 1;
                                println!("FAILED {}: {why:#}", name(case));
                            }
                        }
                    }
                });
            }
        });
        tally.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prints all counts; the last line is `N passed, N failed`.
    pub(super) fn tell(&self, complaint: &'static str) -> Result<()> {
        for (what, count) in &self.counts {
            println!("{count:5} {what}");
        }
        let passed: usize = self.counts.values().sum();
        println!("{passed} passed, {} failed", self.failed);
        ensure!(self.failed == 0, complaint);
        Ok(())
    }
}
