#include "events/kafka/consumer.hpp"

#include "common/error.hpp"
#include "common/log.hpp"
#include "events/kafka/topics.hpp"

namespace killrvideo::kafka {
namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 250ms;
constexpr auto commit_interval = 500ms;
// The limit of the last commit, for which another member or the end of the process waits.
constexpr int last_commit_limit_ms = 2'000;
constexpr auto leave_limit = 3s;
constexpr int committed_limit_ms = 2'000;
// How long to wait for room before pausing the partitions, which discards fetched records.
constexpr auto room_patience = 1s;

}  // namespace

Consumer::Assignment::Assignment(const Consumer& of, rd_kafka_topic_partition_list_t* list)
    : partitions(rd_kafka_topic_partition_list_copy(list)),
      source(of.group_, of.options_.dead_letter_topic, of.producer_, of.metrics_),
      deliveries(source, of.handlers_, of.limits_, of.event_metrics_, of.may_consume_) {}

Consumer::Consumer(const Options& options, const std::string& name, const EventHandlers& handlers,
                   const Deliveries::Limits& limits, Producer& producer,
                   EventMetrics& event_metrics, Metrics& metrics, std::function<bool()> may_consume)
    : options_(options),
      group_(options.group_prefix + "-" + name),
      handlers_(handlers.named(name)),
      topics_(topics_of(handlers_.types())),
      limits_(limits),
      producer_(producer),
      event_metrics_(event_metrics),
      metrics_(metrics),
      may_consume_(std::move(may_consume)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Handle Consumer::make_client() {
  Conf conf(options_);
  conf.set("group.id", group_);
  conf.set("enable.auto.commit", "false");
  conf.set("auto.offset.reset", "earliest");
  conf.set("allow.auto.create.topics", "false");
  // The group soon notices that a member has died.
  conf.set("session.timeout.ms", "6000");
  conf.set("heartbeat.interval.ms", "1500");
  // librdkafka cannot stop before its requests are answered or time out.
  conf.set("socket.timeout.ms", "5000");
  // Limits the memory of fetched records.
  conf.set("queued.min.messages", "10000");
  conf.set("queued.max.messages.kbytes", "16384");
  rd_kafka_conf_set_rebalance_cb(conf.get(), rebalanced);
  rd_kafka_conf_set_opaque(conf.get(), this);
  Handle client = std::move(conf).make(RD_KAFKA_CONSUMER);
  rd_kafka_poll_set_consumer(client.get());
  return client;
}

bool Consumer::may_go_on(const std::stop_token& stop) const {
  return !stop.stop_requested() && !failed_ && may_consume_() &&
         !(assignment_ && assignment_->deliveries.fenced());
}

void Consumer::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      failed_ = false;
      if (producer_.has_topics() && may_go_on(stop)) consume(stop);
    } catch (const std::exception& error) {
      tell(error.what());
    }
    std::this_thread::sleep_for(look_interval);
  }
}

// Returns when this must stop or another process must consume.
void Consumer::consume(const std::stop_token& stop) {
  client_ = make_client();
  const Partitions topics(rd_kafka_topic_partition_list_new(static_cast<int>(topics_.size())));
  for (const auto& topic : topics_)
    rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  if (const auto error = rd_kafka_subscribe(client_.get(), topics.get()))
    tell(rd_kafka_err2str(error));
  while (may_go_on(stop)) {
    poll();
    resume_if_room();
    commit_in_time();
  }
  leave();
  revoked();
  client_.reset();
}

// Does not wait for a broker that hangs: the group then notices by the session timeout.
void Consumer::leave() {
  // A client cannot be destroyed while its queue has events.
  const Queue rest(rd_kafka_queue_new(client_.get()));
  const ErrorPtr error(rd_kafka_consumer_close_queue(client_.get(), rest.get()));
  const auto end = Clock::now() + leave_limit;
  while (!error && !rd_kafka_consumer_closed(client_.get()) && Clock::now() < end) {
    // Not by callbacks: the queue may have records, which would crash them.
    const EventPtr event(rd_kafka_queue_poll(rest.get(), poll_ms));
    if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE)
      rebalanced(client_.get(), rd_kafka_event_error(event.get()),
                 rd_kafka_event_topic_partition_list(event.get()), this);
  }
}

void Consumer::poll() {
  MessagePtr message(rd_kafka_consumer_poll(client_.get(), poll_ms));
  if (!message) return;
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
    return tell(rd_kafka_message_errstr(message.get()));
  if (assignment_) take(std::move(message));
}

void Consumer::take(MessagePtr message) {
  auto event = assignment_->source.take(*message);
  if (offer(event)) return;
  rd_kafka_pause_partitions(client_.get(), assignment_->partitions.get());
  held_ = std::move(event);
}

bool Consumer::offer(OutboxEvent& event) {
  if (assignment_->deliveries.offer(event)) return true;
  assignment_->deliveries.wait_for_room(room_patience);
  return assignment_->deliveries.offer(event);
}

void Consumer::resume_if_room() {
  if (!held_ || !assignment_->deliveries.offer(*held_)) return;
  held_.reset();
  rd_kafka_resume_partitions(client_.get(), assignment_->partitions.get());
}

// Logs each distinct error once.
void Consumer::tell(const std::string& error) {
  if (std::exchange(told_, error) != error)
    log::warn("cannot consume from Kafka for now", {{"group", group_}, {"error", error}});
}

void Consumer::rebalanced(rd_kafka_t* client, rd_kafka_resp_err_t what,
                          rd_kafka_topic_partition_list_t* partitions, void* self) {
  auto& consumer = *static_cast<Consumer*>(self);
  const bool assign = what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  try {
    if (assign) {
      consumer.assigned(partitions);
    } else {
      consumer.revoked();
    }
  } catch (const std::exception& error) {
    consumer.tell(error.what());
    consumer.failed_ = true;
  }
  // An empty assignment must be answered, too, or the group does not hear of this member.
  rd_kafka_assign(client, assign ? partitions : nullptr);
}

void Consumer::assigned(rd_kafka_topic_partition_list_t* partitions) {
  told_.clear();
  if (partitions->cnt == 0) return;
  // show_lag() needs the committed offsets of partitions without new records.
  const Partitions stored(rd_kafka_topic_partition_list_copy(partitions));
  committed_.clear();
  if (rd_kafka_committed(client_.get(), stored.get(), committed_limit_ms) ==
      RD_KAFKA_RESP_ERR_NO_ERROR)
    for (const auto& partition : std::span(stored->elems, static_cast<std::size_t>(stored->cnt)))
      if (partition.offset >= 0)
        committed_[{partition.topic, partition.partition}] = partition.offset;
  assignment_ = std::make_unique<Assignment>(*this, partitions);
  log::info("consuming from Kafka", {{"group", group_}, {"partitions", partitions->cnt}});
}

void Consumer::revoked() {
  if (!assignment_) return;
  assignment_->deliveries.stop();
  held_.reset();
  // A lost assignment may belong to another member, which commits for it.
  if (!rd_kafka_assignment_lost(client_.get())) commit_now();
  assignment_.reset();
  for (const auto& topic : topics_) metrics_.lag(topic, group_).Set(0);
  log::info("gave up partitions in Kafka", {{"group", group_}});
}

// The offsets that are handled and not committed.
Partitions Consumer::uncommitted() {
  Partitions offsets(rd_kafka_topic_partition_list_new(1));
  for (const auto& [partition, position] : assignment_->source.positions()) {
    const auto known = committed_.find(partition);
    if (known != committed_.end() && known->second == position) continue;
    rd_kafka_topic_partition_list_add(offsets.get(), partition.first.c_str(), partition.second)
        ->offset = position;
  }
  return offsets;
}

void Consumer::commit_in_time() {
  if (!assignment_ || Clock::now() < next_commit_) return;
  next_commit_ = Clock::now() + commit_interval;
  const auto offsets = uncommitted();
  // If this commit gets lost, the next one includes it.
  if (offsets->cnt > 0 &&
      rd_kafka_commit(client_.get(), offsets.get(), 1) == RD_KAFKA_RESP_ERR_NO_ERROR)
    for (const auto& partition : std::span(offsets->elems, static_cast<std::size_t>(offsets->cnt)))
      committed_[{partition.topic, partition.partition}] = partition.offset;
  show_lag();
}

// Waits for the answer, up to a limit.
void Consumer::commit_now() {
  committed_.clear();  // those that were not waited for may have failed
  const auto offsets = uncommitted();
  if (offsets->cnt == 0) return;
  const Queue answers(rd_kafka_queue_new(client_.get()));
  auto error = rd_kafka_commit_queue(client_.get(), offsets.get(), answers.get(), nullptr, nullptr);
  const EventPtr answer(rd_kafka_queue_poll(answers.get(), last_commit_limit_ms));
  if (!error) error = answer ? rd_kafka_event_error(answer.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
  if (error)
    log::warn("cannot tell Kafka what is handled: it will be handled again",
              {{"group", group_}, {"error", rd_kafka_err2str(error)}});
}

void Consumer::show_lag() {
  std::map<std::string, std::int64_t> lags;
  auto handled = assignment_->source.positions();
  handled.insert(committed_.begin(), committed_.end());
  const auto& list = *assignment_->partitions;
  for (const auto& partition : std::span(list.elems, static_cast<std::size_t>(list.cnt))) {
    std::int64_t low = 0, high = 0;
    if (rd_kafka_get_watermark_offsets(client_.get(), partition.topic, partition.partition, &low,
                                       &high) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        high < 0)
      continue;
    const auto known = handled.find({partition.topic, partition.partition});
    lags[partition.topic] += high - (known == handled.end() ? std::max<std::int64_t>(low, 0)
                                                            : std::max(known->second, low));
  }
  for (const auto& [topic, lag] : lags)
    metrics_.lag(topic, group_).Set(static_cast<double>(std::max<std::int64_t>(lag, 0)));
}

}  // namespace killrvideo::kafka
