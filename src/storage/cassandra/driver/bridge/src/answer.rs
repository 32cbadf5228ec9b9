//! What a call ends with, as C++ reads it, with the memory that it points into.

use std::sync::Arc;

use scylla::deserialize::row::ColumnIterator;
use scylla::errors::{DbError, ExecutionError, PrepareError, RequestAttemptError};
use scylla::frame::protocol_features::ProtocolFeatures;
use scylla::response::query_result::{ColumnSpecs, QueryResult, QueryRowsResult};
use scylla::statement::prepared::PreparedStatement;

use crate::Statement;
use crate::abi::{Column, Text, error, kind};
use crate::connect::Shared;
use crate::retry::is_logged_once;
use crate::types::cql_name;

/// C++ knows the fields up to `statement` (kvc_answer).
#[repr(C)]
#[derive(Default)]
pub struct Answer {
    kind: i32,
    error: i32,
    message: Text,
    row_count: u32,
    column_count: u32,
    cells: Text,
    columns: *const Column,
    columns_size: usize,
    parameters: *const Column,
    parameters_size: usize,
    statement: *mut Statement,
    owned: Owned,
}
// What it points to is its own, and does not change.
unsafe impl Send for Answer {}

#[derive(Default)]
struct Owned {
    rows: Option<QueryRowsResult>,
    bytes: Vec<u8>,
    columns: Described,
    parameters: Described,
}

/// Columns with their names and types.
#[derive(Default)]
struct Described {
    texts: Vec<(String, String)>,
    columns: Vec<Column>,
}

impl Described {
    fn new(specs: ColumnSpecs<'_, '_>) -> Described {
        let texts: Vec<_> =
            specs.iter().map(|c| (c.name().to_owned(), cql_name(c.typ()))).collect();
        let text = |(name, kind): &(String, String)| Column {
            name: Text::of(name.as_bytes()),
            kind: Text::of(kind.as_bytes()),
        };
        let columns = texts.iter().map(text).collect();
        Described { texts, columns }
    }
}

impl Answer {
    fn of_kind(kind: i32) -> Box<Answer> {
        Box::new(Answer { kind, ..Answer::default() })
    }

    pub fn done() -> Box<Answer> {
        Answer::of_kind(kind::DONE)
    }

    pub fn failed(error: i32, message: impl Into<String>) -> Box<Answer> {
        let mut answer = Answer::of_kind(kind::FAILED);
        answer.error = error;
        answer.owned.bytes = message.into().into_bytes();
        answer.message = Text::of(&answer.owned.bytes);
        answer
    }

    pub fn prepared(mut statement: PreparedStatement) -> Box<Answer> {
        let parameters = Described::new(statement.get_variable_col_specs());
        let columns = Described::new(statement.get_current_result_set_col_specs().get());
        // A conditional write has no columns when it is prepared, but answers with some.
        let described = !columns.texts.is_empty();
        statement.set_use_cached_result_metadata(described);
        let mut answer = Answer::of_kind(kind::PREPARED);
        answer.set_columns(columns);
        answer.owned.parameters = parameters;
        answer.parameters = answer.owned.parameters.columns.as_ptr();
        answer.parameters_size = answer.owned.parameters.columns.len();
        let mut repeatable = statement.clone();
        repeatable.set_is_idempotent(true);
        answer.statement = Box::into_raw(Box::new(Statement {
            prepared: statement,
            repeatable: Arc::new(repeatable),
            described,
        }));
        answer
    }

    fn of_rows(rows: QueryRowsResult, describe: bool) -> Result<Box<Answer>, String> {
        let mut answer = Answer::of_kind(kind::ROWS);
        answer.row_count = rows.rows_num() as u32;
        answer.column_count = rows.column_specs().len() as u32;
        match raw_rows(&rows)? {
            // The frame is counted by reference: it stays where it is when `rows` is moved.
            Some(cells) => answer.cells = cells,
            None => {
                let nulls = answer.row_count as usize * answer.column_count as usize;
                answer.owned.bytes = vec![0xff; nulls * size_of::<i32>()];
                answer.cells = Text::of(&answer.owned.bytes);
            }
        }
        if describe {
            answer.set_columns(Described::new(rows.column_specs()));
        }
        answer.owned.rows = Some(rows);
        Ok(answer)
    }

    fn set_columns(&mut self, columns: Described) {
        self.owned.columns = columns;
        self.columns = self.owned.columns.columns.as_ptr();
        self.columns_size = self.owned.columns.columns.len();
    }
}

/// The rows as they came. Any cell that is not null knows the bytes that it was cut from, which are
/// those of all rows; nothing if there is no such cell.
fn raw_rows(rows: &QueryRowsResult) -> Result<Option<Text>, String> {
    for row in rows.rows::<ColumnIterator>().map_err(|e| e.to_string())? {
        for column in row.map_err(|e| e.to_string())? {
            if let Some(slice) = column.map_err(|e| e.to_string())?.slice {
                let bytes = slice.as_original_frame_bytes();
                if bytes.len() != rows.rows_bytes_size() {
                    return Err("the rows of an answer do not have the size that it says".into());
                }
                return Ok(Some(Text::of(bytes)));
            }
        }
    }
    Ok(None)
}

fn attempt_failed(failure: &RequestAttemptError, whole: &dyn std::fmt::Display) -> Box<Answer> {
    match failure {
        RequestAttemptError::DbError(kind, message) if is_logged_once(failure) => {
            Answer::failed(error::LOGGED_ONCE, server_message(kind, message))
        }
        // A node that is told to stop says that it is overloaded; it is about to hang up.
        RequestAttemptError::DbError(DbError::Overloaded, message)
            if message.contains("shutting down") =>
        {
            Answer::failed(error::CONNECTION_LOST, message.clone())
        }
        RequestAttemptError::DbError(kind, message) => {
            let code = kind.code(&ProtocolFeatures::default());
            Answer::failed(code, server_message(kind, message))
        }
        RequestAttemptError::BrokenConnectionError(reason) => {
            Answer::failed(error::CONNECTION_LOST, reason.to_string())
        }
        RequestAttemptError::UnableToAllocStreamId => {
            Answer::failed(error::TOO_BUSY, "too many calls are in flight on its connections")
        }
        RequestAttemptError::SerializationError(reason) => {
            Answer::failed(error::REJECTED, reason.to_string())
        }
        RequestAttemptError::CqlRequestSerialization(reason) => {
            Answer::failed(error::REJECTED, reason.to_string())
        }
        _ => Answer::failed(error::OTHER, whole.to_string()),
    }
}

/// The driver tells of one node; which of them are gone says more.
fn not_connected(failure: &dyn std::fmt::Display, shared: &Shared) -> Box<Answer> {
    let problem = shared.problem().unwrap_or_else(|| failure.to_string());
    Answer::failed(error::NOT_CONNECTED, problem)
}

/// `describe`: whether the receiver does not know yet what the rows consist of.
pub fn executed(
    executed: Result<QueryResult, ExecutionError>,
    describe: bool,
    shared: &Shared,
) -> Result<Box<Answer>, Box<Answer>> {
    let result = executed.map_err(|failure| execution_failed(&failure, shared))?;
    if !result.is_rows() {
        return Ok(Answer::done());
    }
    let failed = |message| Answer::failed(error::OTHER, message);
    let rows = result.into_rows_result().map_err(|error| failed(error.to_string()))?;
    Answer::of_rows(rows, describe).map_err(failed)
}

fn execution_failed(failure: &ExecutionError, shared: &Shared) -> Box<Answer> {
    match failure {
        ExecutionError::LastAttemptError(attempt) => attempt_failed(attempt, failure),
        ExecutionError::ConnectionPoolError(_) | ExecutionError::EmptyPlan => {
            not_connected(failure, shared)
        }
        ExecutionError::PrepareError(inner) => prepare_failed(inner, shared),
        ExecutionError::BadQuery(_) => Answer::failed(error::REJECTED, failure.to_string()),
        ExecutionError::RequestTimeout(_) | ExecutionError::SchemaAgreementError(_) => {
            Answer::failed(error::TIMEOUT, failure.to_string())
        }
        _ => Answer::failed(error::OTHER, failure.to_string()),
    }
}

pub fn prepare_failed(failure: &PrepareError, shared: &Shared) -> Box<Answer> {
    match failure {
        PrepareError::AllAttemptsFailed { first_attempt } => attempt_failed(first_attempt, failure),
        PrepareError::ConnectionPoolError(_) => not_connected(failure, shared),
        _ => Answer::failed(error::OTHER, failure.to_string()),
    }
}

/// The server's words, with the numbers that it keeps out of them.
fn server_message(error: &DbError, message: &str) -> String {
    match error {
        DbError::Unavailable { required, alive, .. } => {
            format!("{message}: {alive} of the {required} replicas needed are alive")
        }
        DbError::ReadTimeout { received, required, .. }
        | DbError::WriteTimeout { received, required, .. } => {
            format!("{message}: {received} of the {required} replicas needed answered in time")
        }
        _ => message.to_owned(),
    }
}
