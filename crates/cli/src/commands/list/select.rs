//! Which releases a list shows, and in what order.

use std::cmp::Ordering;

use windlass_chart::compat::Compat;
use windlass_release::{Detail, Release, Status, history};

use crate::command::Flags;
use crate::input::selector::Selector;

/// What the flags ask for.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    states: Vec<Status>,
    selector: String,
    by_date: bool,
    reverse: bool,
    limit: usize,
    offset: usize,
}

/// The flags for single states.
const STATES: [(&str, &[Status]); 6] = [
    ("deployed", &[Status::Deployed]),
    ("uninstalled", &[Status::Uninstalled]),
    ("uninstalling", &[Status::Uninstalling]),
    (
        "pending",
        &[
            Status::PendingInstall,
            Status::PendingUpgrade,
            Status::PendingRollback,
        ],
    ),
    ("failed", &[Status::Failed]),
    ("superseded", &[Status::Superseded]),
];

impl Choice {
    pub(super) fn of(flags: &Flags, compat: Compat) -> Self {
        let number = |name: &str| flags.text(name).parse::<i64>().unwrap_or(0);
        let whole = |name: &str| usize::try_from(number(name)).unwrap_or(0);
        Self {
            states: states(|flag| flags.on(flag), compat),
            selector: flags.text("selector").to_owned(),
            by_date: flags.on("date"),
            reverse: flags.on("reverse"),
            limit: whole("max"),
            offset: whole("offset"),
        }
    }

    /// Whether only superseded revisions are asked for. The newest revision is never superseded: so older
    /// ones are meant.
    fn means_older(&self) -> bool {
        self.states == [Status::Superseded]
    }

    /// What is needed of records.
    pub(super) fn detail(&self) -> Detail {
        match self.means_older() {
            true => Detail::Summary,
            false => Detail::Newest,
        }
    }

    /// Chooses among all records.
    ///
    /// # Errors
    /// What is wrong with the selector; nothing, where there are no records at all.
    pub(super) fn apply(&self, records: Vec<Release>) -> Result<Vec<Release>, String> {
        if records.is_empty() {
            return Ok(records);
        }
        let mut chosen = if self.means_older() {
            records
        } else {
            history::latest(records)
        };
        chosen.retain(|release| self.states.contains(&release.info.status));
        let selector = Selector::parse(&self.selector)?;
        chosen.retain(|release| selector.matches(&release.labels));
        self.sort(&mut chosen);
        let limit = if self.limit == 0 {
            chosen.len()
        } else {
            self.limit
        };
        Ok(chosen.into_iter().skip(self.offset).take(limit).collect())
    }

    /// By name, or by date to the second and then by name. Helm leaves those of one name in different
    /// namespaces in any order; here they are in that of the namespaces.
    fn sort(&self, releases: &mut [Release]) {
        let by_name = |a: &Release, b: &Release| {
            let key = |r: &Release| (r.name.clone(), r.namespace.clone(), r.version);
            key(a).cmp(&key(b))
        };
        let order = |a: &Release, b: &Release| -> Ordering {
            let date = |r: &Release| r.info.last_deployed.unix();
            let order = if self.by_date {
                date(a).cmp(&date(b))
            } else {
                Ordering::Equal
            };
            order.then_with(|| by_name(a, b))
        };
        releases.sort_by(order);
        if self.reverse {
            releases.reverse();
        }
    }
}

fn states(on: impl Fn(&str) -> bool, compat: Compat) -> Vec<Status> {
    let all = || STATES.iter().flat_map(|(_, states)| states.iter().cloned());
    if on("all") {
        return all().collect();
    }
    let asked = STATES.iter().filter(|(flag, _)| on(flag));
    let asked: Vec<Status> = asked
        .flat_map(|(_, states)| states.iter().cloned())
        .collect();
    match asked.is_empty() {
        false => asked,
        true if compat.lists_all_states() => all().collect(),
        true => vec![Status::Deployed, Status::Failed],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn release(name: &str, version: i64, status: Status) -> Release {
        let mut release = Release {
            name: name.to_owned(),
            version,
            ..Release::default()
        };
        release.info.status = status;
        release
    }

    fn shown(choice: &Choice) -> Vec<String> {
        let records = vec![
            release("web", 1, Status::Superseded),
            release("db", 1, Status::Failed),
            release("web", 2, Status::Deployed),
            release("old", 3, Status::Uninstalled),
            release("new", 1, Status::PendingInstall),
            release("odd", 1, Status::Unknown),
        ];
        let chosen = choice.apply(records).unwrap();
        chosen
            .iter()
            .map(|r| format!("{}.{}", r.name, r.version))
            .collect()
    }

    fn choice(flags: &[&str], compat: Compat) -> Choice {
        Choice {
            states: states(|flag| flags.contains(&flag), compat),
            selector: String::new(),
            by_date: false,
            reverse: false,
            limit: 0,
            offset: 0,
        }
    }

    #[test]
    fn the_helms_differ_in_what_they_show_unasked() {
        let all = ["db.1", "new.1", "old.3", "web.2"];
        assert_eq!(shown(&choice(&[], Compat::Helm4)), all);
        assert_eq!(shown(&choice(&[], Compat::Helm3)), ["db.1", "web.2"]);
        assert_eq!(shown(&choice(&["all"], Compat::Helm3)), all);
    }

    #[test]
    fn states_can_be_combined_and_superseded_ones_found() {
        let two = choice(&["pending", "uninstalled"], Compat::Helm4);
        assert_eq!(shown(&two), ["new.1", "old.3"]);
        let superseded = choice(&["superseded"], Compat::Helm4);
        assert_eq!(shown(&superseded), ["web.1"]);
        let with_others = choice(&["superseded", "failed"], Compat::Helm4);
        assert_eq!(shown(&with_others), ["db.1"]);
    }

    #[test]
    fn a_page_is_cut_out_of_the_ordered_list() {
        let mut page = choice(&[], Compat::Helm4);
        (page.reverse, page.offset, page.limit) = (true, 1, 2);
        assert_eq!(shown(&page), ["old.3", "new.1"]);
        page.offset = 9;
        assert!(shown(&page).is_empty());
    }
}
