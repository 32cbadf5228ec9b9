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

use scylla::statement::batch::{Batch, BatchType};
use scylla::statement::prepared::PreparedStatement;
use scylla::statement::{Consistency, SerialConsistency};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::mpsc;

use abi::{BatchItem, Call, Completion, LogSink, NodeSink, Options, Text, TextSink, Wait, error};
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

impl Session {
    /// The calls in flight are dropped with the runtime, which completes them as cancelled.
    fn end(&self) {
        let runtime = self.runtime.lock().unwrap_or_else(|broken| broken.into_inner()).take();
        if let Some(runtime) = runtime {
            runtime.shutdown_timeout(CLOSE_LIMIT);
        }
    }

    /// Runs `call` in the background until it has an answer or its time is over.
    /// Calls go to the driver's threads through one channel: a burst of them wakes one thread once.
    fn run<F>(&self, wait: &Wait, call: F)
    where
        F: Future<Output = Result<Box<Answer>, Box<Answer>>> + Send + 'static,
    {
        let timeout = Duration::from_millis(wait.timeout_ms.into());
        let mut completion = Completion::of(wait);
        let begun = async move {
            let answer = tokio::select! {
                biased;
                answer = call => answer.unwrap_or_else(|failure| failure),
                () = tokio::time::sleep(timeout) =>
                    Answer::failed(error::TIMEOUT, format!("no answer within {timeout:?}")),
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
        Arc::new(prepared)
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
        let data_center = node.datacenter.as_deref().unwrap_or_default();
        let node = abi::Node {
            address: Text::of(address.as_bytes()),
            data_center: Text::of(data_center.as_bytes()),
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
pub extern "C" fn kvc_connected(session: &Session, wait: &Wait) {
    let mut progress = session.shared.progress.subscribe();
    session.run(wait, async move {
        let settled = |progress: &Progress| !matches!(progress, Progress::Connecting(_));
        match progress.wait_for(settled).await.as_deref() {
            Ok(Progress::Refused(why)) => Err(Answer::failed(error::REFUSED, why.clone())),
            Ok(_) => Ok(Answer::done()),
            Err(_) => Err(Answer::failed(error::CANCELLED, "the session is closed")),
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_agree_on_schema(session: &Session, wait: &Wait) {
    let shared = session.shared.clone();
    session.run(wait, async move {
        let session = &shared.connected()?.session;
        let agreed = session.await_schema_agreement().await;
        agreed.map_err(|failure| Answer::failed(error::TIMEOUT, failure.to_string()))?;
        // Where the rows of a new keyspace are is read only now and then without this.
        let known = session.refresh_metadata().await;
        known.map_err(|failure| Answer::failed(error::TIMEOUT, failure.to_string()))?;
        Ok(Answer::done())
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_prepare(session: &Session, cql: Text, wait: &Wait) {
    let cql = unsafe { cql.string() };
    let shared = session.shared.clone();
    session.run(wait, async move {
        let prepared = shared.connected()?.session.prepare(cql).await;
        prepared.map(Answer::prepared).map_err(|failure| answer::prepare_failed(&failure, &shared))
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_execute(
    session: &Session,
    statement: &Statement,
    values: Text,
    call: &Call,
    wait: &Wait,
) {
    let values = RawValues(unsafe { values.bytes() }.to_vec());
    let prepared = statement.for_call(call, &session.shared);
    let describe = !statement.described;
    let shared = session.shared.clone();
    session.run(wait, async move {
        let executed = shared.connected()?.session.execute_unpaged(&prepared, values).await;
        answer::executed(executed, describe, &shared)
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
    wait: &Wait,
) {
    let mut batch = Batch::new(match kind {
        0 => BatchType::Logged,
        _ => BatchType::Unlogged,
    });
    configure!(batch, call, session.shared);
    let mut values = Vec::with_capacity(size);
    for item in unsafe { std::slice::from_raw_parts(items, size) } {
        batch.append_statement(unsafe { (*item.statement).prepared.clone() });
        values.push(RawValues(unsafe { item.values.bytes() }.to_vec()));
    }
    let shared = session.shared.clone();
    session.run(wait, async move {
        let executed = shared.connected()?.session.batch(&batch, values).await;
        answer::executed(executed, true, &shared)
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn kvc_query(session: &Session, cql: Text, call: &Call, wait: &Wait) {
    let mut statement = scylla::statement::unprepared::Statement::new(unsafe { cql.string() });
    configure!(statement, call, session.shared);
    let shared = session.shared.clone();
    session.run(wait, async move {
        let cluster = shared.connected()?;
        statement.set_execution_profile_handle(Some(cluster.texts.clone()));
        let executed = cluster.session.query_unpaged(statement, ()).await;
        answer::executed(executed, true, &shared)
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
