//! The processes of a cluster: started with a log of their own, stopped by id, waited for.
//!
//! They hold nothing worth keeping, so they are killed outright: no port stays taken while a server
//! takes leave of its clients.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::peers;

/// The file of a cluster's folder with a line `NAME ID` for each process.
pub(super) const FILE: &str = "processes";

/// When a process must end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// With us, even when we are killed (where `setpriv` is there to see to it).
    WithUs,
    /// When someone stops it.
    Detached,
}

/// A process that was started here.
pub(super) struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    pub(super) fn start(
        name: &str,
        flags: &[String],
        folder: &Path,
        lifetime: Lifetime,
    ) -> Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log)?;
        let mut command = launcher(lifetime);
        command
            .arg(peers::path(name)?)
            .args(flags)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file);
        let child = command.spawn().with_context(|| format!("start {name}"))?;
        let mut list = OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.join(FILE))?;
        writeln!(list, "{name} {}", child.id())?;
        Ok(Self {
            name: name.to_owned(),
            child,
            log,
        })
    }

    /// Complains if the process has ended, with the last words of its log.
    pub(super) fn must_run(&mut self) -> Result<()> {
        let Some(status) = self.child.try_wait()? else {
            return Ok(());
        };
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(5).collect();
        let last: Vec<&str> = lines.into_iter().rev().collect();
        bail!("{} ended ({status}):\n{}", self.name, last.join("\n"))
    }

    pub(super) fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Replaces itself by its arguments, keeping nothing open but the standard streams: a cluster that is left running must
/// not hold what its starter held, such as the lock of a build.
const CLOSE_ALL: &str = r#"exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- "$@""#;

/// The start of a command line that gives what follows its lifetime. All programs of it replace
/// themselves by the next, so that its process id is the child's.
fn launcher(lifetime: Lifetime) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", CLOSE_ALL, "sh"]);
    match lifetime {
        Lifetime::Detached => command.arg("setsid"),
        Lifetime::WithUs if Path::new("/usr/bin/setpriv").is_file() => {
            command.args(["/usr/bin/setpriv", "--pdeathsig", "KILL", "--"])
        }
        Lifetime::WithUs => &mut command,
    };
    command
}

/// Between two looks at something that changes by itself.
#[allow(
    clippy::disallowed_methods,
    reason = "processes of others: nothing tells us when they change"
)]
pub(crate) fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}

/// A line of [`FILE`].
pub(super) struct Listed {
    name: String,
    id: u32,
}

pub(super) fn read(folder: &Path) -> Result<Vec<Listed>> {
    let path = folder.join(FILE);
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    text.lines()
        .map(|line| {
            let (name, id) = line.split_once(' ').context("a line NAME ID")?;
            Ok(Listed {
                name: name.to_owned(),
                id: id.parse()?,
            })
        })
        .collect()
}

/// Stops a process that another run started, if that id is still the same program.
pub(super) fn stop_by_id(process: &Listed) -> Result<()> {
    let id = process.id.to_string();
    if !is_program(process) {
        return Ok(());
    }
    Command::new("kill").args(["-KILL", &id]).status()?;
    let start = Instant::now();
    while is_program(process) {
        ensure!(
            start.elapsed() < Duration::from_secs(20),
            "{} ({id}) does not end",
            process.name
        );
        pause();
    }
    Ok(())
}

fn is_program(process: &Listed) -> bool {
    let id = process.id.to_string();
    let output = Command::new("ps")
        .args(["-o", "stat=,args=", "-p", &id])
        .output();
    output.is_ok_and(|output| {
        let line = String::from_utf8_lossy(&output.stdout).into_owned();
        line.contains(&process.name) && !line.starts_with('Z')
    })
}
