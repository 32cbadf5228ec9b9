//! The structs of bridge.h.

use std::ffi::c_void;

use crate::answer::Answer;

/// Borrowed text or bytes.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Text {
    data: *const u8,
    size: usize,
}

impl Text {
    pub fn of(bytes: &[u8]) -> Text {
        Text { data: bytes.as_ptr(), size: bytes.len() }
    }

    /// # Safety
    /// The bytes must be there for as long as the result is used.
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.size == 0 {
            return &[];
        }
        unsafe { std::slice::from_raw_parts(self.data, self.size) }
    }

    /// # Safety
    /// As for bytes().
    pub unsafe fn string(self) -> String {
        String::from_utf8_lossy(unsafe { self.bytes() }).into_owned()
    }
}

#[repr(C)]
pub struct Options {
    pub contact_points: Text,
    pub local_data_center: Text,
    pub username: Text,
    pub password: Text,
    pub tls_ca: Text,
    pub tls_certificate: Text,
    pub tls_key: Text,
    pub tls: u8,
    pub tls_verify_host: u8,
    pub lz4: u8,
    pub token_aware: u8,
    pub retry: u8,
    pub consistency: u16,
    pub serial_consistency: u16,
    pub speculative_attempts: u32,
    pub speculative_delay_ms: u32,
    pub connect_timeout_ms: u32,
    pub heartbeat_ms: u32,
    pub connections_per_node: u32,
    pub threads: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Call {
    pub timestamp: i64,
    pub consistency: u16,
    pub idempotent: u8,
}

impl Call {
    /// Whether nothing is asked for but to be repeated where that helps.
    pub fn is_plain_read(&self) -> bool {
        self.idempotent != 0 && self.consistency == u16::MAX
    }
}

pub mod error {
    pub const NOT_CONNECTED: i32 = -1;
    pub const REFUSED: i32 = -2;
    pub const CONNECTION_LOST: i32 = -3;
    pub const TIMEOUT: i32 = -4;
    pub const CANCELLED: i32 = -5;
    pub const REJECTED: i32 = -6;
    pub const TOO_BUSY: i32 = -7;
    pub const OTHER: i32 = -8;
    pub const LOGGED_ONCE: i32 = -9;
}

#[repr(C)]
pub struct Column {
    pub name: Text,
    pub kind: Text,
}

pub mod kind {
    pub const DONE: i32 = 0;
    pub const ROWS: i32 = 1;
    pub const PREPARED: i32 = 2;
    pub const FAILED: i32 = 3;
}

#[repr(C)]
pub struct BatchItem {
    pub statement: *const crate::Statement,
    pub values: Text,
}

#[repr(C)]
pub struct Node {
    pub address: Text,
    pub data_center: Text,
    pub connected: u8,
}

pub type Done = extern "C" fn(*mut c_void, *mut Answer);
pub type TextSink = extern "C" fn(*mut c_void, Text);
pub type NodeSink = extern "C" fn(*mut c_void, &Node);
pub type LogSink = extern "C" fn(i32, Text);

/// Who waits for an answer, and for how long.
#[repr(C)]
pub struct Wait {
    pub timeout_ms: u32,
    pub done: Done,
    pub context: *mut c_void,
}

/// Passes an answer to C++, in whatever thread that is. A call that is dropped before it has one,
/// which is how calls end when their session is closed, is cancelled.
pub struct Completion {
    done: Option<Done>,
    context: *mut c_void,
}
// The C++ side takes the answer in any thread.
unsafe impl Send for Completion {}

impl Completion {
    pub fn of(wait: &Wait) -> Completion {
        Completion { done: Some(wait.done), context: wait.context }
    }

    pub fn complete(&mut self, answer: Box<Answer>) {
        if let Some(done) = self.done.take() {
            done(self.context, Box::into_raw(answer));
        }
    }
}

impl Drop for Completion {
    fn drop(&mut self) {
        if self.done.is_some() {
            self.complete(Answer::failed(error::CANCELLED, "the session is closed"));
        }
    }
}
