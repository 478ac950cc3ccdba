//! [`Session`]: everything a command may touch outside its arguments: environment, streams, dial.

use std::collections::HashMap;
use std::io::{IsTerminal, Read, Write};

use windlass_chart::Warning;
use windlass_chart::compat::Compat;
use windlass_engine::options::Explain;
use windlass_sandbox::Sandbox;

use crate::error::{Failure, Outcome};
use crate::input::file;
use crate::log::{Event, slog};
use crate::progress::{self, Progress, Style};

/// How wide lines are that are drawn over, where the terminal does not tell: a wider one would not go
/// away.
const USUAL_WIDTH: usize = 80;

/// The surroundings of one command.
pub(crate) struct Session<'s> {
    /// What the program calls itself: `windlass`, `helm`.
    pub(crate) program: String,
    /// What it was called by, path and all.
    pub(crate) called: String,
    /// Which Helm is spoken.
    pub(crate) compat: Compat,
    /// `--debug`
    pub(crate) debug: bool,
    /// Whether errors come with place, cause and remedy.
    pub(crate) explain: bool,
    /// Whether standard error takes colours.
    pub(crate) color: bool,
    /// Whether standard output takes colours where Helm has them.
    pub(crate) paints_output: bool,
    /// The embedded cluster to use instead of the user's.
    pub(crate) sandbox: Option<Sandbox>,
    /// Whether somebody reads along.
    watched: bool,
    /// What a command does on a cluster, and how many lines of it are to be drawn over.
    progress: Option<Progress>,
    drawn: usize,
    /// What failed after a command had done its work.
    late: Option<Failure>,
    environment: HashMap<String, String>,
    stdin: &'s mut dyn Read,
    stdout: &'s mut dyn Write,
    stderr: &'s mut dyn Write,
}

impl<'s> Session<'s> {
    pub(crate) fn new(
        program: String,
        called: String,
        environment: HashMap<String, String>,
        stdin: &'s mut dyn Read,
        stdout: &'s mut dyn Write,
        stderr: &'s mut dyn Write,
    ) -> Self {
        let on = |name: &str| {
            environment
                .get(name)
                .is_some_and(|v| crate::command::parse_bool(v) == Some(true))
        };
        Self {
            compat: Compat::default(),
            debug: on("HELM_DEBUG"),
            explain: false,
            color: false,
            watched: false,
            progress: None,
            drawn: 0,
            paints_output: std::io::stdout().is_terminal(),
            sandbox: None,
            late: None,
            program,
            called,
            environment,
            stdin,
            stdout,
            stderr,
        }
    }

    /// Says that standard error is a terminal: somebody reads along.
    pub(crate) fn is_watched(&mut self) {
        self.explain = true;
        self.color = true;
        self.watched = true;
    }

    /// `--progress`
    pub(crate) fn show_progress_as(&mut self, word: &str) {
        let style = match word {
            "json" => Some(Style::Json),
            "plain" => Some(Style::Plain),
            "none" => None,
            _ => self.watched.then_some(Style::Table),
        };
        self.progress = style.map(Progress::new);
    }

    /// Why waiting fails is told to people who read along and to programs that read events.
    pub(crate) fn wants_causes(&self) -> Explain {
        if self.explain {
            Explain::Record
        } else if self.tells_events() {
            Explain::Tell
        } else {
            Explain::No
        }
    }

    fn tells_events(&self) -> bool {
        let style = self.progress.as_ref().map(Progress::style);
        style == Some(Style::Json)
    }

    /// Tells a failure as an event, where events are told.
    pub(crate) fn tell_data(&mut self, data: &serde_json::Value) {
        if self.tells_events() {
            self.tell(&progress::failed(data));
        }
    }

    /// Shows what the engine does, where that is wanted.
    pub(crate) fn show_progress(&mut self, event: &windlass_engine::Event) {
        let Some(progress) = &mut self.progress else {
            return;
        };
        let line = progress.note(event);
        self.erase();
        if let Some(line) = line {
            // There is nowhere left to complain to.
            let _ = writeln!(self.stderr, "{line}");
        }
        self.draw();
    }

    /// Draws the table anew: time has passed.
    pub(crate) fn redraw(&mut self) {
        if self.drawn > 0 {
            self.erase();
            self.draw();
        }
    }

    fn draw(&mut self) {
        let Some(progress) = &self.progress else {
            return;
        };
        let columns = self.variable("COLUMNS").and_then(|c| c.parse().ok());
        let size = || {
            Some(usize::from(
                terminal_size::terminal_size_of(std::io::stderr())?.0.0,
            ))
        };
        // A line as wide as the terminal would break on some.
        let width = columns
            .or_else(size)
            .unwrap_or(USUAL_WIDTH)
            .saturating_sub(1);
        let lines = progress.table(width);
        for line in &lines {
            let _ = writeln!(self.stderr, "{line}");
        }
        let _ = self.stderr.flush();
        self.drawn = lines.len();
    }

    /// Takes away the lines that are drawn over.
    fn erase(&mut self) {
        match std::mem::take(&mut self.drawn) {
            0 => {}
            lines => {
                let _ = write!(self.stderr, "\x1b[{lines}A\r\x1b[J");
            }
        }
    }

    /// A variable of the environment, if set and not empty.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.environment
            .get(name)
            .map(String::as_str)
            .filter(|v| !v.is_empty())
    }

    /// A variable of the environment, if set at all.
    pub(crate) fn set_variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str)
    }

    /// All of the environment.
    pub(crate) fn environment(&self) -> &HashMap<String, String> {
        &self.environment
    }

    /// Writes to standard output. A reader that went away ends the program quietly.
    pub(crate) fn print(&mut self, text: impl AsRef<[u8]>) -> Outcome {
        self.erase();
        self.stdout
            .write_all(text.as_ref())
            .map_err(|e| written(&e))
    }

    /// Remembers what fails after a command has done its work. The first counts.
    pub(crate) fn fail_late(&mut self, failure: Failure) {
        self.late.get_or_insert(failure);
    }

    /// What failed late.
    pub(crate) fn end(&mut self) -> Outcome {
        self.late.take().map_or(Ok(()), Err)
    }

    /// Hands what was printed to the operating system.
    pub(crate) fn flush(&mut self) -> Outcome {
        self.stdout.flush().map_err(|e| written(&e))
    }

    /// Writes a line to standard error.
    pub(crate) fn tell(&mut self, line: &str) {
        self.erase();
        // There is nowhere left to complain to.
        let _ = writeln!(self.stderr, "{line}");
    }

    /// Logs something, as the Helm that is spoken words it.
    /// Details are logged with `--debug` only.
    pub(crate) fn log(&mut self, event: &Event) {
        if event.is_detail() && !self.debug {
            return;
        }
        if let Some(line) = event.line(self.compat) {
            self.tell(&line);
        }
    }

    /// C19: passes on what a hook printed.
    pub(crate) fn log_output(&mut self, output: &[u8]) {
        if self.compat.logs_structured() {
            let text = String::from_utf8_lossy(output);
            let text = text.strip_suffix('\n').unwrap_or(&text).to_owned();
            self.tell(&slog("INFO", &text, &[]));
        } else {
            self.erase();
            // There is nowhere left to complain to.
            let _ = self.stderr.write_all(output);
        }
    }

    /// Tells a detail, with `--debug` only.
    pub(crate) fn log_detail(
        &mut self,
        message: &'static str,
        attributes: Vec<(&'static str, String)>,
    ) {
        self.log(&Event::Debug {
            message,
            attributes,
        });
    }

    /// Logs what the chart crate warned of.
    pub(crate) fn log_all(&mut self, warnings: impl IntoIterator<Item = Warning>) {
        for warning in warnings {
            self.log(&Event::Chart(warning));
        }
    }

    /// Everything on standard input.
    pub(crate) fn read_stdin(&mut self) -> std::io::Result<Vec<u8>> {
        file::read_from(&mut *self.stdin, file::MAX_INPUT)
    }
}

fn written(error: &std::io::Error) -> Failure {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        // As a program dies of SIGPIPE: there is nobody left to read an error.
        std::process::exit(141);
    }
    Failure::new(format!(
        "write /dev/stdout: {}",
        crate::error::io_reason(error)
    ))
}
