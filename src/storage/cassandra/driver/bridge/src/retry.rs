//! Which failed calls are repeated: idempotent ones, where another node, or another moment, may help.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use scylla::errors::{DbError, RequestAttemptError, WriteType};
use scylla::policies::retry::{RequestInfo, RetryDecision, RetryPolicy, RetrySession};

/// More would only add to the load of a cluster in trouble.
const MOST_RETRIES: u32 = 3;

#[derive(Debug)]
pub struct NextNode {
    pub retries: Arc<AtomicU64>,
}

impl RetryPolicy for NextNode {
    fn new_session(&self) -> Box<dyn RetrySession> {
        Box::new(NextNodeSession { retries: self.retries.clone(), done: 0 })
    }
}

struct NextNodeSession {
    retries: Arc<AtomicU64>,
    done: u32,
}

impl NextNodeSession {
    fn decide(&self, request: &RequestInfo) -> RetryDecision {
        if self.done >= MOST_RETRIES || is_logged_once(request.error) {
            return RetryDecision::DontRetry;
        }
        match request.error {
            // Not sent, or not begun: repeating it is always safe.
            RequestAttemptError::UnableToAllocStreamId
            | RequestAttemptError::DbError(DbError::IsBootstrapping, _) => {
                RetryDecision::RetryNextTarget(None)
            }
            // Forgotten again since the driver had it prepared again just now, as changes of the
            // schema make a node do.
            RequestAttemptError::DbError(DbError::Unprepared { .. }, _) => {
                RetryDecision::RetrySameTarget(None)
            }
            _ if !request.is_idempotent => RetryDecision::DontRetry,
            RequestAttemptError::BrokenConnectionError(_) => RetryDecision::RetryNextTarget(None),
            RequestAttemptError::DbError(error, _) => self.after(error),
            _ => RetryDecision::DontRetry,
        }
    }

    fn after(&self, error: &DbError) -> RetryDecision {
        match error {
            DbError::Overloaded | DbError::ServerError | DbError::TruncateError => {
                RetryDecision::RetryNextTarget(None)
            }
            // By now the coordinator knows which replicas do not answer; it may also be the one
            // that is cut off. Once: a second time means that it is true.
            DbError::Unavailable { .. }
            | DbError::ReadTimeout { .. }
            | DbError::WriteTimeout { .. }
            | DbError::ReadFailure { .. }
            | DbError::WriteFailure { .. }
                if self.done == 0 =>
            {
                RetryDecision::RetryNextTarget(None)
            }
            _ => RetryDecision::DontRetry,
        }
    }
}

/// Whether a batch was not begun because too few nodes, but at least one, have it in their log
/// (KVC_LOGGED_ONCE). A repetition would meet the same: a node that died is waited for until the
/// others have noticed, which can take twenty seconds.
pub fn is_logged_once(error: &RequestAttemptError) -> bool {
    let RequestAttemptError::DbError(error, _) = error else { return false };
    matches!(
        error,
        DbError::WriteTimeout { write_type: WriteType::BatchLog, received: 1.., .. }
            | DbError::WriteFailure { write_type: WriteType::BatchLog, received: 1.., .. }
    )
}

impl RetrySession for NextNodeSession {
    fn decide_should_retry(&mut self, request: RequestInfo) -> RetryDecision {
        let decision = self.decide(&request);
        if !matches!(decision, RetryDecision::DontRetry) {
            self.done += 1;
            self.retries.fetch_add(1, Ordering::Relaxed);
        }
        decision
    }

    fn reset(&mut self) {
        self.done = 0;
    }
}
