//! The driver's messages on their way to the program's log.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::abi::{LogSink, Text};

static SINK: OnceLock<LogSink> = OnceLock::new();

/// The driver warns at every attempt to reach a node that is down; an operator wants to know once.
const SILENCE: Duration = Duration::from_secs(30);
/// Says with every request that SimpleStrategy and a local data centre do not go together.
const NOISE: &str = "scylla::policies::load_balancing";

struct Forward {
    least: LevelFilter,
    last_said: Mutex<HashMap<Identifier, Instant>>,
}

impl Forward {
    /// Whether it is time to pass on what this place in the driver's code has to say.
    fn is_due(&self, metadata: &Metadata<'_>) -> bool {
        let now = Instant::now();
        let mut last_said = self.last_said.lock().unwrap_or_else(|e| e.into_inner());
        match last_said.get(&metadata.callsite()) {
            Some(last) if now - *last < SILENCE => false,
            _ => {
                last_said.insert(metadata.callsite(), now);
                true
            }
        }
    }
}

/// What a message amounts to for the operators of the program: a lost node is worth a warning, what
/// the driver does about it is a detail.
fn level_of(level: &Level) -> i32 {
    match *level {
        Level::ERROR | Level::WARN => WARN,
        Level::INFO => 1,
        _ => 0,
    }
}

pub fn log_to(sink: LogSink, least_level: i32) {
    let least = match least_level {
        0 => LevelFilter::DEBUG,
        1 | 2 => LevelFilter::INFO,
        _ => LevelFilter::WARN,
    };
    if SINK.set(sink).is_ok() {
        // It fails if there is one already, which is then another library's.
        let _ =
            tracing::subscriber::set_global_default(Forward { least, last_said: Mutex::default() });
    }
}

/// A message of ours. `level` as in bridge.h.
pub fn log(level: i32, message: &str) {
    if let Some(sink) = SINK.get() {
        sink(level, Text::of(message.as_bytes()));
    }
}

const WARN: i32 = 3;

struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing to a String does not fail.
        let _ = if field.name() == "message" {
            write!(self.message, "{value:?}")
        } else {
            write!(self.fields, " {}={value:?}", field.name())
        };
    }
}

impl Subscriber for Forward {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event()
            && metadata.target().starts_with("scylla")
            && !metadata.target().starts_with(NOISE)
            && *metadata.level() <= self.least
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.least)
    }

    fn event(&self, event: &Event<'_>) {
        let level = level_of(event.metadata().level());
        if level == WARN && !self.is_due(event.metadata()) {
            return;
        }
        let mut line = Line { message: String::new(), fields: String::new() };
        event.record(&mut line);
        log(level, &format!("Cassandra driver: {}{}", line.message, line.fields));
    }

    // Spans are not enabled.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
