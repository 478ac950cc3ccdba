//! Groups of flags that several commands share.

use std::time::Duration;

use windlass_chart::compat::Compat;
use windlass_template::Limits;

use crate::command::{Flag, FlagKind, Flags};
use crate::error::Failure;

/// What rendering may use before it is stopped. The defaults are those of [`limits`].
pub(super) const LIMITS: &[Flag] = &[
    Flag::of(
        "max-bytes",
        FlagKind::Int,
        "bytes of memory that templates may use",
    )
    .default("67108864"),
    Flag::of(
        "max-depth",
        FlagKind::Int,
        "how deep templates may include each other or use tpl",
    )
    .default("5000"),
    Flag::of("max-steps", FlagKind::Int, "steps that templates may run").default("50000000"),
    Flag::of(
        "max-time",
        FlagKind::Duration,
        "time that templates may run, 0 for any",
    )
    .default("2m0s"),
];

/// The limits that the flags of [`LIMITS`] set.
///
/// # Errors
/// A limit below zero.
pub(super) fn limits(flags: &Flags) -> Result<Limits, Failure> {
    let number = |name: &str| -> Result<u64, Failure> {
        let text = flags.text(name);
        let parsed = windlass_value::fmt::parse_int(text.as_bytes(), 0, 64).ok();
        parsed
            .and_then(|n| u64::try_from(n).ok())
            .ok_or_else(|| Failure::new(format!("--{name} must not be negative, got {text}")))
    };
    Ok(Limits {
        time: time(flags.text("max-time"))?,
        steps: number("max-steps")?,
        nesting: u32::try_from(number("max-depth")?).unwrap_or(u32::MAX),
        bytes: usize::try_from(number("max-bytes")?).unwrap_or(usize::MAX),
        ..Limits::default()
    })
}

/// A limit of time; zero is none.
fn time(text: &str) -> Result<Option<Duration>, Failure> {
    let parsed = windlass_time::Duration::parse(text.as_bytes()).ok();
    let nanoseconds = parsed
        .and_then(|time| u64::try_from(time.nanoseconds()).ok())
        .ok_or_else(|| Failure::new(format!("--max-time must not be negative, got {text}")))?;
    Ok((nanoseconds > 0).then(|| Duration::from_nanos(nanoseconds)))
}

/// How chart repositories are talked to, as commands take it that get charts by the way.
pub(super) const CHART_ACCESS: &[Flag] = &[
    Flag::text("ca-file", "CA bundle to check HTTPS servers with"),
    Flag::text("cert-file", "client certificate for HTTPS servers"),
    Flag::text("key-file", "client key for HTTPS servers"),
    Flag::switch(
        "insecure-skip-tls-verify",
        "do not check certificates on download",
    ),
    Flag::switch("plain-http", "download over HTTP without TLS"),
    Flag::text("username", "user name at the chart repository"),
    Flag::text("password", "password at the chart repository"),
];

/// Where a chart comes from.
pub(super) const CHART_SOURCE: &[Flag] = &[
    Flag::text("ca-file", "CA bundle to check HTTPS servers with"),
    Flag::text("cert-file", "client certificate for HTTPS servers"),
    Flag::text("key-file", "client key for HTTPS servers"),
    Flag::switch(
        "insecure-skip-tls-verify",
        "do not check certificates on download",
    ),
    Flag::switch("plain-http", "download over HTTP without TLS"),
    Flag::text("keyring", "public keys to verify with"),
    Flag::switch("pass-credentials", "pass credentials to every host"),
    Flag::text("username", "user name at the chart repository"),
    Flag::text("password", "password at the chart repository"),
    Flag::text("repo", "URL of the chart repository"),
    Flag::switch("verify", "verify the archive's provenance first"),
    Flag::text(
        "version",
        "version or range of the chart; newest where absent",
    ),
    Flag::switch(
        "devel",
        "consider pre-releases too, as --version '>0.0.0-0'",
    ),
];

/// What a release is made of, as `install`, `upgrade` and `template` take it.
pub(super) const RELEASE: &[Flag] = &[
    Flag::switch("atomic", "undo the change if it fails; implies --wait")
        .deprecated("use --rollback-on-failure instead"),
    Flag::switch(
        "create-namespace",
        "create the release's namespace if it is absent",
    ),
    Flag::switch(
        "dependency-update",
        "update missing dependencies before rendering",
    ),
    Flag::text("description", "description of the release"),
    Flag::switch(
        "disable-openapi-validation",
        "do not validate against the cluster's OpenAPI",
    ),
    Flag::switch("enable-dns", "let getHostByName resolve names"),
    Flag::of("labels", FlagKind::Pairs, "labels of the release's record")
        .short('l')
        .default("[]"),
    Flag::switch("no-hooks", "leave hooks out"),
    Flag::of(
        "post-renderer",
        FlagKind::Named("postRendererString"),
        "executable (Helm 3) or plugin (Helm 4) that manifests are piped through",
    ),
    Flag::of(
        "post-renderer-args",
        FlagKind::Values("postRendererArgsSlice"),
        "an argument of the post-renderer (repeatable)",
    )
    .default("[]"),
    Flag::switch(
        "rollback-on-failure",
        "undo the change if it fails; --wait is the watcher then",
    ),
    Flag::switch("skip-crds", "do not install CRDs"),
    Flag::switch(
        "skip-schema-validation",
        "do not check values against values.schema.json",
    ),
    Flag::switch(
        "take-ownership",
        "take over existing objects whatever their annotations say",
    ),
];

/// How a new release is made, as `install` and `template` take it.
pub(super) const INSTALL: &[Flag] = &[
    Flag::switch("generate-name", "make up the release's name").short('g'),
    Flag::text("name-template", "template of the release's name"),
    Flag::switch(
        "replace",
        "reuse the name of a deleted release that is still in the history",
    ),
    Flag::switch("server-side", "let the server apply objects").default("true"),
];

/// What is told of a release's notes.
pub(super) const NOTES: &[Flag] = &[
    Flag::switch("hide-notes", "do not print the notes"),
    Flag::switch(
        "render-subchart-notes",
        "render the notes of subcharts along with the chart's",
    ),
];

/// How objects are changed that are there already.
pub(super) const FORCE: &[Flag] = &[
    Flag::switch("force", "replace objects instead of patching them")
        .deprecated("use --force-replace instead"),
    Flag::switch("force-conflicts", "server-side apply wins conflicts"),
    Flag::switch("force-replace", "replace objects instead of patching them"),
];

/// Pairs of the above that exclude each other.
pub(super) const FORCE_EXCLUSIVE: [[&str; 2]; 2] = [
    ["force-replace", "force-conflicts"],
    ["force", "force-conflicts"],
];

/// Who applies objects, where an earlier revision may decide.
pub(super) const SERVER_SIDE: &[Flag] = &[Flag::text(
    "server-side",
    "let the server apply objects: true, false or auto, which is as the earlier revision did",
)
.default("auto")];

/// How long an operation may take.
pub(super) const TIMEOUT: &[Flag] = &[Flag::of(
    "timeout",
    FlagKind::Duration,
    "time for any single operation",
)
.default("5m0s")];

/// How waiting goes, and what is told of it.
pub(super) const WAITING: &[Flag] = &[
    Flag::of(
        "fail-fast",
        FlagKind::FailFast,
        "end a wait that is hopeless: true, false as Helm, or once a trouble has lasted so long",
    )
    .bare("true"),
    Flag::of(
        "progress",
        FlagKind::Progress,
        "what is told on standard error on the way: auto, which is a table on a terminal and nothing \
         elsewhere; plain; json; none",
    )
    .default("auto"),
];

/// Whether to wait.
pub(super) const WAIT: &[Flag] = &[
    Flag::switch("wait", "wait until objects are ready, or gone").dialect(Compat::Helm3),
    Flag::of(
        "wait",
        FlagKind::WaitStrategy,
        "wait until objects are ready, or gone: watcher, hookOnly or legacy",
    )
    .bare("watcher")
    .default("hookOnly")
    .dialect(Compat::Helm4),
];

/// Whether Jobs are waited for.
pub(super) const WAIT_FOR_JOBS: &[Flag] = &[Flag::switch(
    "wait-for-jobs",
    "with --wait, wait for Jobs to complete too",
)];

/// Whether anything is done at all.
pub(super) const DRY_RUN: &[Flag] = &[
    Flag::text("dry-run", "simulate: none, client or server")
        .bare("client")
        .dialect(Compat::Helm3),
    Flag::text("dry-run", "simulate: none, client or server")
        .default("none")
        .bare("unset")
        .dialect(Compat::Helm4),
];

/// What a dry run does not print.
pub(super) const HIDE_SECRET: &[Flag] = &[Flag::switch(
    "hide-secret",
    "with --dry-run, do not print Secrets",
)];

/// How many revisions are kept.
pub(super) const HISTORY_MAX: &[Flag] = &[Flag::of(
    "history-max",
    FlagKind::Int,
    "revisions to keep of a release, 0 for all",
)
.default("10")];

/// How what was found or done is printed.
pub(super) const OUTPUT: &[Flag] = &[Flag::of(
    "output",
    FlagKind::Format,
    "how to print: table, json or yaml",
)
.short('o')
.default("table")];

/// Whether the server is asked first.
pub(super) const PREFLIGHT: &[Flag] = &[Flag::switch(
    "preflight",
    "ask the server by dry runs first whether it will take every object, and tell all that it refuses",
)];

/// What may be made anew.
pub(super) const RECREATE: &[Flag] = &[Flag::array(
    "recreate",
    "object, as `KIND/NAME`, to delete and create anew if the server does not let it be changed \
     (repeatable)",
)];
