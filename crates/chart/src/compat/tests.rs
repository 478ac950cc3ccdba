//! What each Helm does of what they do differently: a row for each question the dial answers.

use super::Compat;

type Question = fn(Compat) -> bool;
type Word = fn(Compat) -> &'static str;

/// What only Helm 4 does.
const ONLY_4: &[Question] = &[
    Compat::keeps_trailing_whitespace,
    Compat::orders_webhook_configurations,
    Compat::chart_is_map,
    Compat::keeps_kube_version_suffix,
    Compat::has_newer_functions,
    Compat::lays_out_error_frames,
    Compat::drops_default_nulls,
    Compat::merges_value_documents,
    Compat::set_json_takes_objects,
    Compat::has_kube_client_version,
    Compat::ignores_open_index,
    Compat::logs_structured,
    Compat::names_the_failed_check,
    Compat::starts_errors_lower_case,
    Compat::detects_charts_first,
    Compat::rejects_dry_run_none,
    Compat::copies_charts_below_alias,
    Compat::keeps_file_times,
    Compat::has_content_cache,
    Compat::honours_source_date_epoch,
    Compat::separates_each_crd,
    Compat::names_the_remedy_for_locks,
    Compat::refuses_v3_charts,
    Compat::deprecates_flags,
    Compat::excludes_flags,
    Compat::names_wait_strategies,
    Compat::post_renders_with_plugins,
    Compat::logs_failed_upgrades,
    Compat::warns_of_definitions,
    Compat::keeps_client_dry_run_offline,
    Compat::ignores_not_found_on_dry_run,
    Compat::applies_on_server,
    Compat::names_empty_definitions,
    Compat::reads_logs_before_cleaning_up,
    Compat::checks_owners_before_deleting,
    Compat::tells_what_would_be_kept,
    Compat::records_rollback_revision,
    Compat::joins_errors_by_line,
    Compat::tells_generated_names,
    Compat::fails_on_pruning,
    Compat::creates_one_at_a_time,
    Compat::warns_of_cluster_baseline,
    Compat::reads_zero_timeout_as_default,
    Compat::shows_logs_by_container,
    Compat::replaces_strictly,
    Compat::waits_by_watching,
    Compat::checks_dry_run_first,
    Compat::hides_notes_of_tests,
    Compat::joins_test_and_log_failures,
    Compat::validates_server_dry_runs,
    Compat::lints_chartfile_strictly,
    Compat::lint_wants_templates,
    Compat::lints_yml_templates,
    Compat::lints_crds,
    Compat::lint_skips_every_schema,
    Compat::omits_zero_times,
    Compat::records_apply_method,
    Compat::lists_all_states,
    Compat::shows_description,
    Compat::shows_resources,
];

/// What only Helm 3 does.
const ONLY_3: &[Question] = &[
    Compat::wears_ignore_rules_down,
    Compat::prefers_local_to_repo,
    Compat::repeats_error_after_clean_up,
    Compat::lints_current_directory,
    Compat::lints_helm2_leftovers,
];

#[test]
fn a_behaviour_is_that_of_one_helm() {
    for (i, does) in ONLY_4.iter().enumerate() {
        assert_eq!(
            [does(Compat::Helm3), does(Compat::Helm4)],
            [false, true],
            "{i}"
        );
    }
    for (i, does) in ONLY_3.iter().enumerate() {
        assert_eq!(
            [does(Compat::Helm3), does(Compat::Helm4)],
            [true, false],
            "{i}"
        );
    }
}

#[test]
fn words_and_figures_are_those_of_their_helm() {
    let rows: [(Word, [&str; 2]); 8] = [
        (Compat::name, ["helm3", "helm4"]),
        (Compat::values_package, ["chartutil", "common"]),
        (Compat::helm_version, ["v3.22.0", "v4.3.1"]),
        (Compat::release_util_package, ["releaseutil", "util"]),
        (Compat::chart_package, ["chart", "v2"]),
        (
            Compat::name_in_use,
            [
                "cannot re-use a name that is still in use",
                "cannot reuse a name that is still in use",
            ],
        ),
        (Compat::undoing_flag, ["atomic", "rollback-on-failure"]),
        (Compat::lint_object_type, ["K8sYamlStruct", "k8sYamlStruct"]),
    ];
    for (ask, expected) in rows {
        assert_eq!([ask(Compat::Helm3), ask(Compat::Helm4)], expected);
    }
    let [three, four] = [Compat::Helm3, Compat::Helm4];
    assert_eq!(three.max_chart_file_bytes(), Some(5_242_880));
    assert_eq!(four.max_chart_file_bytes(), None);
    assert_eq!(three.max_rollback_description(), usize::MAX);
    assert_eq!(four.max_rollback_description(), 256);
    // RFC 1952's "extra field" of packages, by which Helm knows its own; only Helm 4 gives it a head.
    let [old, new] = [three.archive_extra_field(), four.archive_extra_field()];
    assert_eq!(&old[1..], &new[4..]);
    assert_eq!(usize::from(new[2]), new.len() - 4);
}

#[test]
fn the_dial_is_read_by_names_and_numbers() {
    for (text, compat) in [
        ("helm3", Some(Compat::Helm3)),
        ("3", Some(Compat::Helm3)),
        ("helm4", Some(Compat::Helm4)),
        ("4", Some(Compat::Helm4)),
        ("helm", None),
        ("", None),
        ("5", None),
    ] {
        assert_eq!(Compat::parse(text), compat, "{text}");
    }
    assert_eq!(Compat::default(), Compat::Helm4);
}
