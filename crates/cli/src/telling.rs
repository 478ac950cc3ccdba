//! What is told from other threads while a command waits for a cluster: a channel into the session.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::log::Event;
use crate::session::Session;

/// Something that is told.
#[derive(Debug)]
pub(crate) enum Told {
    /// A line for the log.
    Log(Event),
    /// Something the engine did or noticed.
    Engine(windlass_engine::Event),
    /// A warning that the server sent with an answer.
    Warning(String),
}

/// The end of the channel that is told.
#[derive(Debug, Clone)]
pub(crate) struct Teller(UnboundedSender<Told>);

/// The other end, which stays with the session.
pub(crate) type Heard = UnboundedReceiver<Told>;

impl Teller {
    pub(crate) fn channel() -> (Self, Heard) {
        let (sender, heard) = unbounded_channel();
        (Self(sender), heard)
    }

    pub(crate) fn tell(&self, event: Event) {
        self.send(Told::Log(event));
    }

    pub(crate) fn warn(&self, warning: &str) {
        self.send(Told::Warning(warning.to_owned()));
    }

    fn send(&self, told: Told) {
        // Once the command is over there is nobody left to tell.
        let _ = self.0.send(told);
    }
}

impl windlass_engine::Events for Teller {
    fn tell(&self, event: windlass_engine::Event) {
        self.send(Told::Engine(event));
    }
}

/// Prints what was told, as the Helm that is spoken does.
pub(crate) fn print(told: Told, session: &mut Session<'_>) {
    match told {
        Told::Log(event) => session.log(&event),
        Told::Engine(windlass_engine::Event::Log(log)) => session.log(&Event::Engine(log)),
        Told::Engine(windlass_engine::Event::HookOutput { bytes, .. }) => {
            session.log_output(&bytes);
        }
        Told::Engine(event) => session.show_progress(&event),
        Told::Warning(text) => session.log(&Event::ServerWarning { text }),
    }
}
