//! The functions of bridge.h, which says what they do.

mod abi;
mod answer;
mod connect;
mod logs;
mod retry;
mod same_node;
mod tls;
mod types;
mod values;

use std::ffi::c_void;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use scylla::response::PagingState;
use scylla::statement::batch::{Batch, BatchType};
use scylla::statement::prepared::PreparedStatement;
use scylla::statement::{Consistency, SerialConsistency};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::{Notify, mpsc};

use abi::{BatchItem, Call, Completion, Done, LogSink, NodeSink, Options, Text, TextSink, error};
use answer::Answer;
use connect::{Config, Progress, Shared};
use values::RawValues;

/// Calls go on in C++, with its frames on the stack of a worker.
const STACK_SIZE: usize = 8 << 20;
const CLOSE_LIMIT: Duration = Duration::from_secs(10);
const TAKEN_AT_ONCE: usize = 256;

/// A call on its way to the driver's threads; it is cancelled by dropping it.
type Begun = Pin<Box<dyn Future<Output = ()> + Send>>;

pub struct Session {
    /// None: it has ended.
    runtime: Mutex<Option<Runtime>>,
    handle: Handle,
    begun: mpsc::UnboundedSender<Begun>,
    shared: Arc<Shared>,
}

pub struct Statement {
    prepared: PreparedStatement,
    /// The same with what reads usually ask for, to be used as it is.
    repeatable: Arc<PreparedStatement>,
    /// Whether its columns are known, so that results need not name them.
    described: bool,
}

pub struct Cancel(Arc<Notify>);

impl Session {
    /// The calls in flight are dropped with the runtime, which completes them as cancelled.
    fn end(&self) {
        let runtime = self.runtime.lock().unwrap_or_else(|broken| broken.into_inner()).take();
        if let Some(runtime) = runtime {
            runtime.shutdown_timeout(CLOSE_LIMIT);
        }
    }

    /// Runs `call` in the background until it has an answer, its time is over or it is cancelled.
    /// Calls go to the driver's threads through one channel: a burst of them wakes one thread once.
    fn run<F>(&self, timeout_ms: u32, cancel: Option<&Cancel>, completion: Completion, call: F)
    where
        F: Future<Output = Result<Box<Answer>, Box<Answer>>> + Send + 'static,
    {
        let timeout = Duration::from_millis(timeout_ms.into());
        let cancel = cancel.map(|cancel| cancel.0.clone());
        let begun = async move {
            let answer = tokio::select! {
                biased;
                answer = call => answer.unwrap_or_else(|failure| failure),
                () = tokio::time::sleep(timeout) =>
                    Answer::failed(error::TIMEOUT, format!("no answer within {timeout:?}")),
                () = cancelled(cancel) => Answer::failed(error::CANCELLED, "cancelled"),
            };
            completion.complete(answer);
        };
        // Fails if the session has been closed; the call is then dropped, which answers it.
        let _ = self.begun.send(Box::pin(begun));
    }
}

async fn spawn_all(mut begun: mpsc::UnboundedReceiver<Begun>) {
    let mut taken = Vec::with_capacity(TAKEN_AT_ONCE);
    while begun.recv_many(&mut taken, TAKEN_AT_ONCE).await > 0 {
        taken.drain(..).for_each(|call| drop(tokio::spawn(call)));
    }
}

async fn cancelled(cancel: Option<Arc<Notify>>) {
    match cancel {
        Some(cancel) => cancel.notified().await,
        None => std::future::pending().await,
    }
}

fn consistency(code: u16) -> Option<Consistency> {
    Consistency::try_from(code).ok()
}

fn serial_consistency(code: u16) -> Option<SerialConsistency> {
    match code {
        8 => Some(SerialConsistency::Serial),
        9 => Some(SerialConsistency::LocalSerial),
        _ => None,
    }
}

/// Sets on anything that can be executed what a call says about it.
macro_rules! configure {
    ($statement:expr, $call:expr, $shared:expr) => {{
        if let Some(level) = consistency($call.consistency) {
            $statement.set_consistency(level);
        }
        if let Some(level) = serial_consistency($call.serial_consistency) {
            $statement.set_serial_consistency(Some(level));
        }
        $statement.set_is_idempotent($call.idempotent != 0);
        let given = $call.timestamp != i64::MIN;
        let timestamp = if given { $call.timestamp } else { $shared.timestamp() };
        $statement.set_timestamp(Some(timestamp));
    }};
}

impl Statement {
    /// The statement as a call wants it.
    fn for_call(&self, call: &Call, shared: &Shared) -> Arc<PreparedStatement> {
        if self.described && call.is_plain_read() {
            return self.repeatable.clone();
        }
        let mut prepared = self.prepared.clone();
        configure!(prepared, call, shared);
        if call.page_size > 0 {
            prepared.set_page_size(call.page_size);
        }
        Arc::new(prepared)
    }
}

fn paging(state: Text) -> PagingState {
    match unsafe { state.bytes() } {
        [] => PagingState::start(),
        bytes => PagingState::new_from_raw_bytes(bytes),
    }
}

fn config(options: &Options) -> Result<Config, String> {
    let text = |text: Text| unsafe { text.string() };
    let milliseconds = |count: u32| Duration::from_millis(count.into());
    let files = tls::Files {
        ca: text(options.tls_ca),
        certificate: text(options.tls_certificate),
        key: text(options.tls_key),
        verify_host: options.tls_verify_host != 0,
    };
    Ok(Config {
        contact_points: text(options.contact_points).split(',').map(str::to_owned).collect(),
        local_data_center: text(options.local_data_center),
        username: text(options.username),
        password: text(options.password),
        tls: (options.tls != 0).then(|| tls::context(&files)).transpose()?,
        lz4: options.lz4 != 0,
        token_aware: options.token_aware != 0,
        retry: options.retry != 0,
        consistency: consistency(options.consistency).unwrap_or(Consistency::LocalQuorum),
        serial_consistency: serial_consistency(options.serial_consistency),
        speculative_attempts: options.speculative_attempts as usize,
        speculative_delay: milliseconds(options.speculative_delay_ms),
        connect_timeout: milliseconds(options.connect_timeout_ms),
        heartbeat: milliseconds(options.heartbeat_ms),
        connections_per_node: options.connections_per_node as usize,
    })
}

fn open(options: &Options) -> Result<Session, String> {
    let shared = Arc::new(Shared::new(config(options)?));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(options.threads.max(1) as usize)
        .thread_name("cassandra")
        .thread_stack_size(STACK_SIZE)
        .enable_all()
        .build()
        .map_err(|error| format!("the driver's threads cannot be started: {error}"))?;
    runtime.spawn(connect::connect_until_it_works(shared.clone()));
    let handle = runtime.handle().clone();
    let (begun, to_spawn) = mpsc::unbounded_channel();
    runtime.spawn(spawn_all(to_spawn));
    Ok(Session { runtime: Mutex::new(Some(runtime)), handle, begun, shared })
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_log_to(sink: LogSink, least_level: i32) {
    logs::log_to(sink, least_level);
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_open(
    options: &Options,
    failure: TextSink,
    context: *mut c_void,
) -> *mut Session {
    match open(options) {
        Ok(session) => Box::into_raw(Box::new(session)),
        Err(message) => {
            failure(context, Text::of(message.as_bytes()));
            std::ptr::null_mut()
        }
    }
}

/// # Safety
/// `session` is from kvc_open and, but for calls that go on from others, is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kvc_close(session: *mut Session) {
    // What goes on from calls may begin others until the threads have ended.
    let open = unsafe { &*session };
    open.end();
    let handle = open.handle.clone();
    let _context = handle.enter();
    drop(unsafe { Box::from_raw(session) });
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_end(session: &Session) {
    session.end();
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_problem(session: &Session, sink: TextSink, context: *mut c_void) {
    if let Some(problem) = session.shared.problem() {
        sink(context, Text::of(problem.as_bytes()));
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_nodes(session: &Session, sink: NodeSink, context: *mut c_void) {
    let Some(cluster) = session.shared.cluster.get() else { return };
    for node in cluster.session.get_cluster_state().get_nodes_info() {
        let address = connect::address(node);
        let text =
            |name: &Option<String>| name.as_ref().map_or(Text::EMPTY, |n| Text::of(n.as_bytes()));
        let node = abi::Node {
            address: Text::of(address.as_bytes()),
            data_center: text(&node.datacenter),
            rack: text(&node.rack),
            connected: node.is_connected().into(),
        };
        sink(context, &node);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_retries(session: &Session) -> u64 {
    session.shared.retries.load(std::sync::atomic::Ordering::Relaxed)
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_connections(session: &Session) -> u64 {
    let metrics = session.shared.cluster.get().map(|cluster| cluster.session.get_metrics());
    metrics.map_or(0, |metrics| metrics.get_total_connections())
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_cancel_new() -> *mut Cancel {
    Box::into_raw(Box::new(Cancel(Arc::new(Notify::new()))))
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_cancel_now(cancel: &Cancel) {
    cancel.0.notify_one();
}

/// # Safety
/// `cancel` is from kvc_cancel_new and is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kvc_cancel_free(cancel: *mut Cancel) {
    drop(unsafe { Box::from_raw(cancel) });
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_connected(
    session: &Session,
    timeout_ms: u32,
    cancel: Option<&Cancel>,
    done: Done,
    context: *mut c_void,
) {
    let mut progress = session.shared.progress.subscribe();
    session.run(timeout_ms, cancel, Completion::new(done, context), async move {
        let settled = |progress: &Progress| !matches!(progress, Progress::Connecting(_));
        match progress.wait_for(settled).await.as_deref() {
            Ok(Progress::Refused(why)) => Err(Answer::failed(error::REFUSED, why.clone())),
            Ok(_) => Ok(Answer::done()),
            Err(_) => Err(Answer::failed(error::CANCELLED, "the session is closed")),
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_agree_on_schema(
    session: &Session,
    timeout_ms: u32,
    cancel: Option<&Cancel>,
    done: Done,
    context: *mut c_void,
) {
    let shared = session.shared.clone();
    session.run(timeout_ms, cancel, Completion::new(done, context), async move {
        let cluster = shared.connected()?;
        let agreed = cluster.await_schema_agreement().await;
        agreed.map_err(|failure| Answer::failed(error::TIMEOUT, failure.to_string()))?;
        // Where the rows of a new keyspace are is read only now and then without this.
        let known = cluster.refresh_metadata().await;
        known.map_err(|failure| Answer::failed(error::TIMEOUT, failure.to_string()))?;
        Ok(Answer::done())
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_prepare(
    session: &Session,
    cql: Text,
    timeout_ms: u32,
    cancel: Option<&Cancel>,
    done: Done,
    context: *mut c_void,
) {
    let cql = unsafe { cql.string() };
    let shared = session.shared.clone();
    session.run(timeout_ms, cancel, Completion::new(done, context), async move {
        let prepared = shared.connected()?.prepare(cql).await;
        prepared.map(Answer::prepared).map_err(|failure| answer::prepare_failed(&failure, &shared))
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_execute(
    session: &Session,
    statement: &Statement,
    values: Text,
    paging_state: Text,
    call: &Call,
    cancel: Option<&Cancel>,
    done: Done,
    context: *mut c_void,
) {
    let values = RawValues(unsafe { values.bytes() }.to_vec());
    let prepared = statement.for_call(call, &session.shared);
    let (paged, state, describe) = (call.page_size > 0, paging(paging_state), !statement.described);
    let shared = session.shared.clone();
    session.run(call.timeout_ms, cancel, Completion::new(done, context), async move {
        let session = shared.connected()?;
        if paged {
            let executed = session.execute_single_page(&prepared, values, state).await;
            executed.map(|(result, paging)| Answer::result(result, Some(paging), describe))
        } else {
            let executed = session.execute_unpaged(&prepared, values).await;
            executed.map(|result| Answer::result(result, None, describe))
        }
        .map_err(|failure| answer::execution_failed(&failure, &shared))
    });
}

/// # Safety
/// `items` are `size` items with statements that live until this returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kvc_batch(
    session: &Session,
    kind: u8,
    items: *const BatchItem,
    size: usize,
    call: &Call,
    cancel: Option<&Cancel>,
    done: Done,
    context: *mut c_void,
) {
    let mut batch = Batch::new(match kind {
        0 => BatchType::Logged,
        1 => BatchType::Unlogged,
        _ => BatchType::Counter,
    });
    configure!(batch, call, session.shared);
    let mut values = Vec::with_capacity(size);
    for item in unsafe { std::slice::from_raw_parts(items, size) } {
        batch.append_statement(unsafe { (*item.statement).prepared.clone() });
        values.push(RawValues(unsafe { item.values.bytes() }.to_vec()));
    }
    let shared = session.shared.clone();
    session.run(call.timeout_ms, cancel, Completion::new(done, context), async move {
        let executed = shared.connected()?.batch(&batch, values).await;
        executed
            .map(|result| Answer::result(result, None, true))
            .map_err(|failure| answer::execution_failed(&failure, &shared))
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_query(
    session: &Session,
    cql: Text,
    paging_state: Text,
    call: &Call,
    cancel: Option<&Cancel>,
    done: Done,
    context: *mut c_void,
) {
    let mut statement = scylla::statement::unprepared::Statement::new(unsafe { cql.string() });
    let (page_size, state) = (call.page_size, paging(paging_state));
    configure!(statement, call, session.shared);
    let shared = session.shared.clone();
    session.run(call.timeout_ms, cancel, Completion::new(done, context), async move {
        let cluster = shared.connected_cluster()?;
        let session = &cluster.session;
        statement.set_execution_profile_handle(Some(cluster.texts.clone()));
        if page_size > 0 {
            statement.set_page_size(page_size);
            let executed = session.query_single_page(statement, (), state).await;
            executed.map(|(result, paging)| Answer::result(result, Some(paging), true))
        } else {
            let executed = session.query_unpaged(statement, ()).await;
            executed.map(|result| Answer::result(result, None, true))
        }
        .map_err(|failure| answer::execution_failed(&failure, &shared))
    });
}

/// # Safety
/// `statement` is of an answer and is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kvc_statement_free(statement: *mut Statement) {
    drop(unsafe { Box::from_raw(statement) });
}

/// # Safety
/// `answer` was passed to a kvc_done and is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kvc_answer_free(answer: *mut Answer) {
    drop(unsafe { Box::from_raw(answer) });
}
