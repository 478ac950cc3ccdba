//! `lint`: what is printed, where, and the exit status. Expected texts are Helm's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A directory of one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("lint")
            .join(name);
        let _ = fs::remove_dir_all(&path);
        for (file, text) in files {
            let file = path.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self(path)
    }

    /// Standard output, standard error, exit status.
    fn lint(&self, compat: &str, args: &[&str]) -> (String, String, i32) {
        let output = Command::new(env!("CARGO_BIN_EXE_windlass"))
            .arg("lint")
            .args(args)
            .current_dir(&self.0)
            .env_clear()
            .env("HOME", &self.0)
            .env("WINDLASS_COMPAT", compat)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            text(output.stdout),
            text(output.stderr),
            output.status.code().unwrap(),
        )
    }
}

const GOOD: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\nicon: http://x.y/z\n";
const PLAIN: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

#[test]
fn a_recommendation_does_not_fail() {
    let folder = Folder::new(
        "recommendation",
        &[
            ("c/Chart.yaml", PLAIN),
            ("c/values.yaml", ""),
            ("c/templates/a.yaml", ""),
        ],
    );
    let wanted = "==> Linting c\n[INFO] Chart.yaml: icon is recommended\n\n\
                  1 chart(s) linted, 0 chart(s) failed\n";
    assert_eq!(
        folder.lint("helm4", &["c"]),
        (wanted.into(), String::new(), 0)
    );
    assert_eq!(
        folder.lint("helm4", &["c", "--quiet"]),
        (String::new(), String::new(), 0)
    );
}

#[test]
fn a_warning_fails_if_strict() {
    let folder = Folder::new("strict", &[("c/Chart.yaml", GOOD), ("c/values.yaml", "")]);
    let section = "==> Linting ./c\n[WARNING] templates/: directory does not exist\n\n".to_owned();
    let summary = |failed| format!("1 chart(s) linted, {failed} chart(s) failed\n");
    let mild = folder.lint("helm4", &["./c"]);
    assert_eq!(mild, (section.clone() + &summary(0), String::new(), 0));
    let strict = folder.lint("helm4", &["--strict", "./c"]);
    assert_eq!(strict, (section, format!("Error: {}", summary(1)), 1));
}

#[test]
fn without_a_path_one_helm_lints_the_current_directory() {
    let folder = Folder::new("here", &[("Chart.yaml", GOOD), ("values.yaml", "")]);
    let wanted = "==> Linting .\n\n1 chart(s) linted, 0 chart(s) failed\n";
    assert_eq!(folder.lint("helm3", &[]), (wanted.into(), String::new(), 0));
    let (stdout, stderr, status) = folder.lint("helm4", &[]);
    assert_eq!((stdout.as_str(), status), ("", 1));
    let complaint = "lint\" requires at least 1 argument\n\nUsage:  ";
    assert!(stderr.contains(complaint), "{stderr}");
}

#[test]
fn a_path_without_a_chart_is_told_apart_from_messages() {
    let folder = Folder::new("none", &[("x/values.yaml", "")]);
    let wanted = "==> Linting x/\nError unable to check Chart.yaml file in chart: stat x/Chart.yaml: \
                  no such file or directory\n\n";
    let (stdout, stderr, status) = folder.lint("helm4", &["x/"]);
    assert_eq!(stdout, wanted);
    assert_eq!(
        (stderr.as_str(), status),
        ("Error: 1 chart(s) linted, 1 chart(s) failed\n", 1)
    );
    let (stdout, ..) = folder.lint("helm4", &["y.tgz"]);
    assert_eq!(
        stdout,
        "==> Linting y.tgz\nError unable to open tarball: open y.tgz: no such file or directory\n\n"
    );
}

#[test]
fn charts_below_are_linted_if_wanted() {
    let folder = Folder::new(
        "below",
        &[
            ("c/Chart.yaml", GOOD),
            ("c/values.yaml", ""),
            ("c/templates/a.yaml", ""),
            (
                "c/charts/b/charts/d/Chart.yaml",
                "apiVersion: v2\nname: d\nversion: 1.0.0\n",
            ),
            (
                "c/charts/b/Chart.yaml",
                "apiVersion: v2\nname: b\nversion: 1.0.0\n",
            ),
        ],
    );
    let (stdout, _, status) = folder.lint("helm3", &["c", "--with-subcharts"]);
    let linted: Vec<&str> = stdout
        .lines()
        .filter_map(|line| line.strip_prefix("==> Linting "))
        .collect();
    assert_eq!(linted, ["c", "c/charts/b", "c/charts/b/charts/d"]);
    assert_eq!(status, 1);
}

#[test]
fn what_templates_require_is_logged_not_an_error() {
    let template = "{{ required \"need x\" .Values.x }}{{ required \"need y\" \"\" }}\
                    {{ fail \"bad\" }}a: b\nmetadata: {name: a}\n";
    let folder = Folder::new(
        "required",
        &[
            ("c/Chart.yaml", GOOD),
            ("c/values.yaml", ""),
            ("c/templates/a.yaml", template),
        ],
    );
    let (_, stderr, status) = folder.lint("helm4", &["c"]);
    assert_eq!(status, 0);
    assert_eq!(
        stderr,
        "level=WARN msg=\"missing required value\" message=\"need x\"\n\
         level=WARN msg=\"missing required values\" message=\"need y\"\n\
         level=INFO msg=\"funcMap fail\" message=bad\n"
    );
    let (_, stderr, _) = folder.lint("helm3", &["c"]);
    assert_eq!(
        stderr,
        "engine.go:206: [INFO] Missing required value: need x\n\
         engine.go:214: [INFO] Missing required value: need y\n\
         engine.go:227: [INFO] Fail: bad\n"
    );
}

#[test]
fn a_chart_leaves_its_defaults_in_tables_of_the_user_for_the_next() {
    let template =
        "x: {{ .Values.t | toJson | quote }}\nmetadata: {name: \"{{ .Values.t.host }}\"}\n";
    let folder = Folder::new(
        "traces",
        &[
            ("a/Chart.yaml", GOOD),
            ("a/values.yaml", "t: {host: BAD}\n"),
            ("a/templates/a.yaml", template),
            ("b/Chart.yaml", GOOD),
            ("b/values.yaml", "t: {host: good}\n"),
            ("b/templates/a.yaml", template),
        ],
    );
    let (stdout, ..) = folder.lint("helm4", &["b", "--set", "t.x=1"]);
    assert!(!stdout.contains("WARNING"), "{stdout}");
    let (stdout, ..) = folder.lint("helm4", &["a", "b", "--set", "t.x=1"]);
    assert_eq!(
        stdout.matches("[WARNING] templates/a.yaml").count(),
        2,
        "{stdout}"
    );
}
