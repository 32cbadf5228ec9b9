//! Connecting to a cluster, again and again until it works.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use scylla::client::execution_profile::{ExecutionProfile, ExecutionProfileHandle};
use scylla::client::session::Session;
use scylla::client::session_builder::SessionBuilder;
use scylla::client::{Compression, PoolSize};
use scylla::cluster::Node;
use scylla::errors::{
    ConnectionError, ConnectionPoolError, ConnectionSetupRequestErrorKind, DbError, MetadataError,
    NewSessionError,
};
use scylla::policies::load_balancing::DefaultPolicy;
use scylla::policies::reconnect::ExponentialReconnectPolicy;
use scylla::policies::retry::{FallthroughRetryPolicy, RetryPolicy};
use scylla::policies::speculative_execution::SimpleSpeculativeExecutionPolicy;
use scylla::statement::{Consistency, SerialConsistency};
use tokio::sync::watch;

use crate::abi::error;
use crate::answer::Answer;
use crate::logs;
use crate::retry::NextNode;
use crate::same_node::SameNode;
use crate::tls::Tls;

const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// How long until a node that was away is asked whether it is back. Until it is connected again, the
/// next one that goes away leaves a cluster of three without a quorum for us.
const FIRST_RECONNECT: Duration = Duration::from_millis(50);
const LONGEST_RECONNECT: Duration = Duration::from_secs(1);
/// An attempt asks one contact point after the other, and then reads the schema.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(60);
const SAY_AGAIN_AFTER: u32 = 12; // attempts

pub struct Config {
    pub contact_points: Vec<String>,
    pub local_data_center: String,
    pub username: String,
    pub password: String,
    pub tls: Option<Tls>,
    pub lz4: bool,
    pub token_aware: bool,
    pub retry: bool,
    pub consistency: Consistency,
    pub serial_consistency: Option<SerialConsistency>,
    pub speculative_attempts: usize,
    pub speculative_delay: Duration,
    pub connect_timeout: Duration,
    pub heartbeat: Duration,
    pub connections_per_node: usize,
}

/// A cluster that we are connected to.
pub struct Cluster {
    pub session: Session,
    pub data_center: String,
    /// For statements that are not prepared, which change the schema: two nodes that make the same
    /// table at the same time make two tables.
    pub texts: ExecutionProfileHandle,
}

#[derive(Clone)]
pub enum Progress {
    Connecting(String),
    /// Servers answer, but not as they should with this configuration.
    Refused(String),
    Connected,
}

/// What calls share with the session that they belong to.
pub struct Shared {
    pub config: Config,
    pub cluster: OnceLock<Cluster>,
    pub progress: watch::Sender<Progress>,
    pub retries: Arc<AtomicU64>,
    last_timestamp: AtomicI64,
}

impl Shared {
    pub fn new(config: Config) -> Shared {
        let waiting = format!("connecting to {}", config.contact_points.join(", "));
        Shared {
            config,
            cluster: OnceLock::new(),
            progress: watch::Sender::new(Progress::Connecting(waiting)),
            retries: Arc::default(),
            last_timestamp: AtomicI64::new(0),
        }
    }

    /// The cluster to ask, or an answer that says why there is none.
    pub fn connected(&self) -> Result<&Cluster, Box<Answer>> {
        self.cluster
            .get()
            .ok_or_else(|| Answer::failed(error::NOT_CONNECTED, self.problem().unwrap_or_default()))
    }

    /// Microseconds since the epoch, never the same twice.
    pub fn timestamp(&self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_micros() as i64);
        let next = |last: i64| Some(now.max(last + 1));
        let last = self.last_timestamp.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        now.max(last.unwrap_or(0) + 1)
    }

    /// What is wrong, if something is.
    pub fn problem(&self) -> Option<String> {
        let Some(cluster) = self.cluster.get() else {
            return match &*self.progress.borrow() {
                Progress::Connecting(why) | Progress::Refused(why) => Some(why.clone()),
                Progress::Connected => None,
            };
        };
        let state = cluster.session.get_cluster_state();
        let local = state
            .get_nodes_info()
            .iter()
            .filter(|node| node.datacenter.as_deref() == Some(cluster.data_center.as_str()));
        let (up, down): (Vec<_>, Vec<_>) = local.partition(|node| node.is_connected());
        if up.len() > down.len() {
            return None;
        }
        let down: Vec<_> = down.iter().map(|node| address(node)).collect();
        Some(format!(
            "{} of {} nodes of data centre {} are connected; there is no connection to {}",
            up.len(),
            up.len() + down.len(),
            cluster.data_center,
            down.join(", ")
        ))
    }
}

pub fn address(node: &Node) -> String {
    std::net::SocketAddr::new(node.address.ip(), node.address.port()).to_string()
}

pub async fn connect_until_it_works(shared: Arc<Shared>) {
    let mut wait = FIRST_WAIT;
    let mut last_said = String::new();
    for attempt in 1u32.. {
        let connected = tokio::time::timeout(ATTEMPT_LIMIT, connect(&shared)).await;
        let progress = match connected {
            Ok(Ok(cluster)) => {
                logs::log(
                    2,
                    &format!("connected to Cassandra, data centre {}", cluster.data_center),
                );
                let _ = shared.cluster.set(cluster);
                Progress::Connected
            }
            Ok(Err(failed)) => failed,
            Err(_) => Progress::Connecting("the servers take too long to answer".into()),
        };
        if let Progress::Connecting(why) | Progress::Refused(why) = &progress {
            if *why != last_said || attempt % SAY_AGAIN_AFTER == 0 {
                let points = shared.config.contact_points.join(", ");
                logs::log(3, &format!("waiting for Cassandra at {points}: {why}"));
                last_said = why.clone();
            }
        }
        let connected = matches!(progress, Progress::Connected);
        shared.progress.send_replace(progress);
        if connected {
            return;
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

async fn connect(shared: &Shared) -> Result<Cluster, Progress> {
    let config = &shared.config;
    let lanes = NonZeroUsize::new(config.connections_per_node).unwrap_or(NonZeroUsize::MIN);
    let mut builder = SessionBuilder::new()
        .known_nodes(&config.contact_points)
        .tls_context(config.tls.as_ref().map(|tls| tls.context.clone()))
        .compression(config.lz4.then_some(Compression::Lz4))
        .pool_size(PoolSize::PerHost(lanes))
        .connection_timeout(config.connect_timeout)
        // A connection is asked twice within the time after which it has to have answered.
        .keepalive_interval(config.heartbeat / 2)
        .keepalive_timeout(config.heartbeat)
        .fetch_full_schema_metadata(false)
        // Who changes the schema says when agreement is needed: it is not after every statement.
        .auto_await_schema_agreement(false)
        .default_execution_profile_handle(profile(shared, None).into_handle());
    builder.config.reconnect_policy = Arc::new(
        ExponentialReconnectPolicy::new().with_backoff_limits(FIRST_RECONNECT, LONGEST_RECONNECT),
    );
    if !config.username.is_empty() {
        builder = builder.user(&config.username, &config.password);
    }
    let session = builder.build().await.map_err(|error| explain(error, config))?;
    let data_center = choose_data_center(&session, &config.local_data_center)?;
    let mut handle = session.get_default_execution_profile_handle().clone();
    let usual = profile(shared, Some(&data_center));
    let texts = usual
        .to_builder()
        .load_balancing_policy(Arc::new(SameNode { data_center: data_center.clone() }))
        .speculative_execution_policy(None)
        .build();
    handle.map_to_another_profile(usual);
    Ok(Cluster { session, data_center, texts: texts.into_handle() })
}

fn profile(shared: &Shared, data_center: Option<&str>) -> ExecutionProfile {
    let config = &shared.config;
    let mut balancing = DefaultPolicy::builder().token_aware(config.token_aware);
    if let Some(name) = data_center {
        balancing = balancing.prefer_datacenter(name.to_owned());
    }
    let retry: Arc<dyn RetryPolicy> = match config.retry {
        true => Arc::new(NextNode { retries: shared.retries.clone() }),
        false => Arc::new(FallthroughRetryPolicy::new()),
    };
    let mut builder = ExecutionProfile::builder()
        .load_balancing_policy(balancing.build())
        .retry_policy(retry)
        .consistency(config.consistency)
        .serial_consistency(config.serial_consistency)
        .request_timeout(None); // every call has its own, around all that it does
    if config.speculative_attempts > 0 {
        builder = builder.speculative_execution_policy(Some(Arc::new(
            SimpleSpeculativeExecutionPolicy {
                max_retry_count: config.speculative_attempts,
                retry_interval: config.speculative_delay,
            },
        )));
    }
    builder.build()
}

/// Guessing the wrong one would send all requests to the other end of the world.
fn choose_data_center(session: &Session, wanted: &str) -> Result<String, Progress> {
    let state = session.get_cluster_state();
    let nodes = state.get_nodes_info().iter();
    let mut names: Vec<String> = nodes.filter_map(|node| node.datacenter.clone()).collect();
    names.sort();
    names.dedup();
    let there_are = names.join(", ");
    match &names[..] {
        [only] if wanted.is_empty() => Ok(only.clone()),
        _ if names.iter().any(|name| name == wanted) => Ok(wanted.to_owned()),
        _ if wanted.is_empty() => Err(Progress::Refused(format!(
            "cassandra-local-dc: has to name the data centre that is near; there are {there_are}"
        ))),
        _ => Err(Progress::Refused(format!(
            "cassandra-local-dc: there is no data centre {wanted}; there are {there_are}"
        ))),
    }
}

fn explain(error: NewSessionError, config: &Config) -> Progress {
    if let NewSessionError::MetadataError(MetadataError::ConnectionPoolError(
        ConnectionPoolError::Broken { last_connection_error: cause },
    )) = &error
    {
        return explain_connection(cause, config);
    }
    Progress::Connecting(error.to_string())
}

fn explain_connection(error: &ConnectionError, config: &Config) -> Progress {
    let text = error.to_string();
    // The server's words, which come as soon as something is sent, if they come in time.
    if text.contains("alert certificate required") {
        return Progress::Refused(
            "cassandra-tls-certificate: missing, but the servers ask for one".into(),
        );
    }
    match error {
        ConnectionError::ConnectionSetupRequestError(setup) => match setup.get_error() {
            ConnectionSetupRequestErrorKind::DbError(DbError::AuthenticationError, message)
                if message.contains("incorrect") =>
            {
                Progress::Refused(format!(
                    "cassandra-username, cassandra-password-file: not accepted: {message}"
                ))
            }
            ConnectionSetupRequestErrorKind::MissingAuthentication => Progress::Refused(
                "cassandra-username, cassandra-password-file: missing, but the servers ask for them"
                    .into(),
            ),
            _ => Progress::Connecting(text),
        },
        ConnectionError::IoError(_) => match &config.tls {
            Some(tls) if text.contains("certificate verify failed") => {
                Progress::Refused(tls.distrust.explain())
            }
            _ => Progress::Connecting(text),
        },
        _ => Progress::Connecting(text),
    }
}
