#include "events/kafka/producer.hpp"

#include <array>
#include <boost/json.hpp>
#include <tuple>

#include "common/error.hpp"
#include "common/log.hpp"

namespace killrvideo::kafka {
namespace {

using namespace std::chrono_literals;

constexpr int topics_limit_ms = 10'000;
constexpr auto ask_again_interval = 1s;
constexpr int as_configured = -1;  // by the brokers

using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Destroy<rd_kafka_NewTopic_destroy>>;
using AdminOptions =
    std::unique_ptr<rd_kafka_AdminOptions_t, Destroy<rd_kafka_AdminOptions_destroy>>;

// Whether the brokers would refuse the record at any time.
bool is_permanent(rd_kafka_resp_err_t result) {
  return result == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ||
         result == RD_KAFKA_RESP_ERR_INVALID_RECORD || result == RD_KAFKA_RESP_ERR_INVALID_MSG;
}

// Whether the topic exists, or only an administrator may create it.
bool is_settled(rd_kafka_resp_err_t result) {
  return result == RD_KAFKA_RESP_ERR_NO_ERROR || result == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS ||
         result == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
         result == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED;
}

rd_kafka_headers_t* headers_of(const Record& record) {
  auto* headers = rd_kafka_headers_new(record.headers.size());
  for (const auto& [name, value] : record.headers)
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  return headers;
}

}  // namespace

Producer::Producer(const Options& options, std::vector<std::string> topics, Metrics& metrics)
    : options_(options),
      topics_(std::move(topics)),
      metrics_(metrics),
      client_(make_client()),
      queue_(rd_kafka_queue_get_main(client_.get())),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Producer::~Producer() {
  close(0ms);
  thread_.request_stop();
  thread_.join();
  queue_.reset();
}

Handle Producer::make_client() const {
  Conf conf(options_);
  conf.set("enable.idempotence", "true");
  conf.set("acks", "all");
  // Without limit: the event stays in the outbox meanwhile.
  conf.set("message.timeout.ms", "0");
  conf.set("linger.ms", "2");
  conf.set("compression.type", "lz4");
  conf.set("statistics.interval.ms", "1000");
  rd_kafka_conf_set_events(conf.get(),
                           RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS);
  return std::move(conf).make(RD_KAFKA_PRODUCER);
}

Task<void> Producer::send(Record record) {
  const std::string topic = record.topic;
  const auto result = co_await suspended<rd_kafka_resp_err_t>(
      [&](auto done) { accept(std::make_unique<Pending>(std::move(record), std::move(done))); });
  if (result == RD_KAFKA_RESP_ERR_NO_ERROR) {
    metrics_.produced(topic).Increment();
    co_return;
  }
  metrics_.failures(topic).Increment();
  throw Error(is_permanent(result) ? Code::invalid_argument : Code::unavailable,
              "Kafka has not taken the record for " + topic + ": " + rd_kafka_err2str(result));
}

bool Producer::is_closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

bool Producer::has_topics() const {
  const std::lock_guard lock(mutex_);
  return topics_there_;
}

void Producer::close(std::chrono::milliseconds patience) {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  give_up_at_ = std::min(give_up_at_, Clock::now() + patience);
}

void Producer::accept(std::unique_ptr<Pending> pending) {
  auto result = RD_KAFKA_RESP_ERR__DESTROY;
  {
    const std::lock_guard lock(mutex_);
    if (!closed_ && !topics_there_) {
      waiting_.push_back(std::move(pending));
      return;
    }
    if (!closed_) result = hand_over(pending);
  }
  if (pending) pending->done(result);
}

// On success librdkafka owns `pending`, until it reports the delivery. REQUIRES: the mutex is held.
rd_kafka_resp_err_t Producer::hand_over(std::unique_ptr<Pending>& pending) {
  Record& record = pending->record;
  auto* headers = headers_of(record);
  std::array<rd_kafka_vu_t, 5> parts{};
  parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
  parts[0].u.cstr = record.topic.c_str();
  parts[1].vtype = RD_KAFKA_VTYPE_KEY;
  parts[1].u.mem = {record.key.data(), record.key.size()};
  parts[2].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[2].u.mem = {record.value.data(), record.value.size()};
  parts[3].vtype = RD_KAFKA_VTYPE_HEADERS;
  parts[3].u.headers = headers;
  parts[4].vtype = RD_KAFKA_VTYPE_OPAQUE;
  parts[4].u.ptr = pending.get();
  const ErrorPtr error(rd_kafka_produceva(client_.get(), parts.data(), parts.size()));
  if (!error) {
    std::ignore = pending.release();  // returns with the delivery report
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  rd_kafka_headers_destroy(headers);
  return rd_kafka_error_code(error.get());
}

void Producer::work(const std::stop_token& stop) {
  for (;;) {
    if (!asking_ && !has_topics() && Clock::now() >= ask_again_) ask_for_topics();
    if (const EventPtr event{rd_kafka_queue_poll(queue_.get(), poll_ms)}) serve(event.get());
    give_up_in_time();
    replace_if_broken();
    if (stop.stop_requested() && rd_kafka_outq_len(client_.get()) == 0) return;
  }
}

void Producer::serve(rd_kafka_event_t* event) {
  switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_DR:
      return delivered(event);
    case RD_KAFKA_EVENT_CREATETOPICS_RESULT:
      return topics_answered(event);
    case RD_KAFKA_EVENT_STATS:
      return look_at(rd_kafka_event_stats(event));
    case RD_KAFKA_EVENT_ERROR:
      return failed(rd_kafka_event_error(event), rd_kafka_event_error_string(event));
    default:
      return;
  }
}

void Producer::delivered(rd_kafka_event_t* event) {
  while (const auto* message = rd_kafka_event_message_next(event)) {
    const std::unique_ptr<Pending> pending(static_cast<Pending*>(message->_private));
    pending->done(message->err);
  }
}

void Producer::ask_for_topics() {
  std::vector<NewTopic> topics;
  std::vector<rd_kafka_NewTopic_t*> pointers;
  std::array<char, 256> reason{};
  const int replicas =
      options_.replication_factor == 0 ? as_configured : options_.replication_factor;
  for (const auto& topic : topics_) {
    topics.emplace_back(rd_kafka_NewTopic_new(topic.c_str(), options_.partitions, replicas,
                                              reason.data(), reason.size()));
    pointers.push_back(topics.back().get());
  }
  const AdminOptions options(
      rd_kafka_AdminOptions_new(client_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
  rd_kafka_AdminOptions_set_request_timeout(options.get(), topics_limit_ms, reason.data(),
                                            reason.size());
  rd_kafka_CreateTopics(client_.get(), pointers.data(), pointers.size(), options.get(),
                        queue_.get());
  asking_ = true;
}

void Producer::topics_answered(rd_kafka_event_t* event) {
  asking_ = false;
  ask_again_ = Clock::now() + ask_again_interval;
  if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (last_error_.empty()) last_error_ = rd_kafka_event_error_string(event);
    return away();
  }
  reached();
  std::size_t count = 0;
  const auto* results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
  std::string refusal;
  for (std::size_t i = 0; i < count; ++i) {
    const auto result = rd_kafka_topic_result_error(results[i]);
    const char* name = rd_kafka_topic_result_name(results[i]);
    if (result == RD_KAFKA_RESP_ERR_NO_ERROR) log::info("made a topic in Kafka", {{"topic", name}});
    if (is_settled(result)) continue;
    const char* why = rd_kafka_topic_result_error_string(results[i]);
    refusal = std::string(name) + ": " + (why ? why : rd_kafka_err2str(result));
  }
  if (refusal.empty()) return release_waiting();
  if (refusal != refusal_)
    log::warn("Kafka does not make a topic; events wait for it", {{"error", refusal}});
  refusal_ = refusal;
}

void Producer::release_waiting() {
  std::vector<std::pair<std::unique_ptr<Pending>, rd_kafka_resp_err_t>> refused;
  {
    const std::lock_guard lock(mutex_);
    topics_there_ = true;
    for (auto& pending : std::exchange(waiting_, {}))
      if (const auto result = hand_over(pending); result != RD_KAFKA_RESP_ERR_NO_ERROR)
        refused.emplace_back(std::move(pending), result);
  }
  for (auto& [pending, result] : refused) pending->done(result);
}

// librdkafka reports the error of a broker first, then that all brokers are down.
void Producer::failed(rd_kafka_resp_err_t error, const std::string& why) {
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
    away();
  } else {
    last_error_ = why;
  }
}

void Producer::away() {
  metrics_.reachable().Set(0);
  if (std::exchange(state_, State::away) != State::away)
    log::warn("Kafka cannot be used; events wait until it can", {{"error", last_error_}});
}

void Producer::reached() {
  metrics_.reachable().Set(1);
  if (std::exchange(state_, State::reachable) != State::reachable) log::info("Kafka answers");
}

// The statistics have the state of each broker.
void Producer::look_at(const char* statistics) {
  const auto parsed = boost::json::parse(statistics);
  for (const auto& [name, broker] : parsed.at("brokers").as_object())
    if (broker.at("state").as_string() == "UP") return reached();
}

// After close(), fails the remaining records when the patience is over.
void Producer::give_up_in_time() {
  std::vector<std::unique_ptr<Pending>> given_up;
  {
    const std::lock_guard lock(mutex_);
    if (Clock::now() < give_up_at_) return;
    given_up = std::exchange(waiting_, {});
  }
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT |
                                    RD_KAFKA_PURGE_F_NON_BLOCKING);
  for (auto& pending : given_up) pending->done(RD_KAFKA_RESP_ERR__DESTROY);
}

// After an error that breaks idempotence, librdkafka's producer accepts no more records. All its
// records have failed, and the relay sends them again.
void Producer::replace_if_broken() {
  std::array<char, 256> reason{};
  const auto error = rd_kafka_fatal_error(client_.get(), reason.data(), reason.size());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR || rd_kafka_outq_len(client_.get()) > 0 || is_closed())
    return;
  log::warn("Kafka's producer has to be restarted", {{"error", reason.data()}});
  Handle broken = make_client();
  queue_.reset(rd_kafka_queue_get_main(broken.get()));
  const std::lock_guard lock(mutex_);
  std::swap(client_, broken);
  asking_ = false;
}

}  // namespace killrvideo::kafka
