//! What is done to a release: the four commands, on a chart without hooks and on one with them.

/// A command, and what belongs to it.
#[derive(Clone, Copy)]
pub(super) struct Act {
    pub(super) name: &'static str,
    /// What runs before, unharmed.
    pub(super) before: &'static [&'static str],
    /// What is harmed.
    pub(super) harmed: &'static str,
    /// What a user types next.
    pub(super) next: &'static str,
}

pub(super) const ACTS: [Act; 4] = [
    Act {
        name: "install",
        before: &[],
        harmed: "install web CHART",
        next: "upgrade --install web CHART",
    },
    Act {
        name: "upgrade",
        before: &["install web CHART"],
        harmed: "upgrade web CHART CHANGE",
        next: "upgrade web CHART CHANGE",
    },
    Act {
        name: "rollback",
        before: &["install web CHART", "upgrade web CHART CHANGE"],
        harmed: "rollback web 1",
        next: "rollback web 1",
    },
    Act {
        name: "uninstall",
        before: &["install web CHART"],
        harmed: "uninstall web",
        next: "uninstall web --ignore-not-found",
    },
];

/// A chart of `tests/conformance/charts`.
#[derive(Clone, Copy)]
pub(super) struct Chart {
    pub(super) name: &'static str,
    /// The folder, and flags.
    pub(super) words: &'static str,
    /// The flags that change what it gives.
    pub(super) change: &'static str,
    /// The setting that shows the change.
    pub(super) setting: &'static str,
}

pub(super) const CHARTS: [Chart; 2] = [
    Chart {
        name: "plain",
        words: "basic",
        change: "--set settings.colour=blue,extraName=other",
        setting: "colour",
    },
    Chart {
        name: "hooks",
        words: "hooks --set policy=hook-succeeded",
        change: "--set value=two",
        setting: "value",
    },
];

/// A command on a chart.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) act: Act,
    pub(super) chart: Chart,
    /// `recover` comes next, and not the same command.
    pub(super) recovers: bool,
}

impl Row {
    /// All rows whose names hold one of these parts; all where there are none.
    pub(super) fn all(recovering: &[bool], only: &[String]) -> Vec<Self> {
        let mut rows = Vec::new();
        for act in ACTS {
            for chart in CHARTS {
                for &recovers in recovering {
                    rows.push(Self {
                        act,
                        chart,
                        recovers,
                    });
                }
            }
        }
        rows.retain(|row| only.is_empty() || only.iter().any(|part| row.name().contains(part)));
        rows
    }

    pub(super) fn name(&self) -> String {
        let after = if self.recovers { "recover" } else { "again" };
        format!("{}-{}-{after}", self.act.name, self.chart.name)
    }

    /// A command with its chart filled in.
    pub(super) fn say(&self, words: &str) -> String {
        words
            .replace("CHART", self.chart.words)
            .replace("CHANGE", self.chart.change)
    }

    /// What is run afterwards.
    pub(super) fn next(&self) -> String {
        match self.recovers {
            true => "recover web".to_owned(),
            false => self.say(self.act.next),
        }
    }
}

/// A row's run of a number.
pub(super) struct Case {
    pub(super) row: Row,
    pub(super) number: usize,
}

impl Case {
    pub(super) fn name(&self) -> String {
        format!("{}-{}", self.row.name(), self.number)
    }
}
