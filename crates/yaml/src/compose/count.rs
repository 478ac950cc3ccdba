//! [`Count`]: how much of a document comes through aliases.

use crate::error::{Error, Result};

/// goyaml's count of decoded nodes, which limits how much of a document aliases may make up.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    decoded: u64,
    through_aliases: u64,
    pub(super) alias_depth: u32,
}

impl Count {
    pub(super) fn add(&mut self) -> Result<()> {
        self.decoded += 1;
        if self.alias_depth == 0 {
            return Ok(());
        }
        self.through_aliases += 1;
        let ratio = self.through_aliases as f64 / self.decoded as f64;
        if self.through_aliases > 100 && self.decoded > 1000 && ratio > self.allowed_ratio() {
            return Err(Error::yaml("document contains excessive aliasing"));
        }
        Ok(())
    }

    /// 99 % in documents of up to 400 thousand nodes, falling to 10 % at 4 million.
    fn allowed_ratio(&self) -> f64 {
        const LOW: f64 = 400_000.0;
        const HIGH: f64 = 4_000_000.0;
        let decoded = self.decoded as f64;
        if decoded <= LOW {
            0.99
        } else if decoded >= HIGH {
            0.10
        } else {
            0.99 - 0.89 * ((decoded - LOW) / (HIGH - LOW))
        }
    }
}
