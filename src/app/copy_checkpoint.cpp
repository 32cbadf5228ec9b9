#include "app/copy_checkpoint.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "common/file_status.hpp"
#include "common/hex.hpp"

namespace killrvideo {
namespace {

namespace json = boost::json;

// Between which stores the copy is: a checkpoint is of no use for others.
json::object stores_of(const Config& config) {
  std::string nodes;
  for (const Address& node : config.cassandra.session.contact_points)
    nodes += (nodes.empty() ? "" : ",") + to_string(node);
  return {{"keyspace", config.cassandra.keyspace}, {"cluster", nodes}};
}

}  // namespace

CopyCheckpoint::CopyCheckpoint(const Config& config, StoreEngine from, StoreEngine to)
    : file_(config.data_dir / fmt::format("copy-{}-to-{}.json", to_string(from), to_string(to))),
      stores_(stores_of(config)) {
  if (exists(status_of(file_))) read();
}

bool CopyCheckpoint::is_done(const std::string& table) const {
  const auto found = tables_.find(table);
  return found != tables_.end() && found->second.done;
}

storage::CopyPosition CopyCheckpoint::position(const std::string& table) const {
  const auto found = tables_.find(table);
  return found == tables_.end() ? storage::CopyPosition{} : found->second.position;
}

void CopyCheckpoint::reached(const std::string& table, const storage::CopyPosition& position) {
  tables_[table] = {false, position};
  write();
}

void CopyCheckpoint::done(const std::string& table) {
  tables_[table] = {true, {}};
  write();
}

void CopyCheckpoint::remove() {
  std::filesystem::remove(file_);
  tables_.clear();
}

void CopyCheckpoint::read() try {
  std::ostringstream text;
  std::ifstream file(file_);
  if (!file) throw std::runtime_error(std::strerror(errno));
  text << file.rdbuf();
  const json::value content = json::parse(text.str());
  if (content.at("stores").as_object() != stores_)
    throw std::runtime_error("it is of a copy with another cluster or keyspace, " +
                             json::serialize(content.at("stores")));
  for (const auto& [name, value] : content.at("tables").as_object()) {
    const auto& table = value.as_object();
    if (table.contains("done")) {
      tables_[name] = {true, {}};
    } else {
      auto state = from_hex(table.at("state").as_string());
      if (!state) throw std::runtime_error("a state that is not hexadecimal");
      tables_[name] = {false, {std::move(*state), table.at("rows").to_number<std::uint64_t>()}};
    }
  }
} catch (const std::exception& error) {
  throw Error(Code::failed_precondition,
              fmt::format("{} cannot be used ({}); remove it to copy everything again",
                          file_.string(), error.what()));
}

void CopyCheckpoint::write() const {
  json::object tables;
  for (const auto& [name, table] : tables_) {
    if (table.done) {
      tables[name] = {{"done", true}};
    } else {
      tables[name] = {{"state", to_hex(table.position.state)}, {"rows", table.position.rows}};
    }
  }
  // Aside first: a crash leaves the one before or this one, whole.
  auto fresh = file_;
  fresh += ".new";
  std::ofstream out(fresh);
  out << json::serialize(json::object{{"stores", stores_}, {"tables", tables}}) << '\n';
  out.close();
  if (!out)
    throw Error(Code::unavailable, "cannot write " + fresh.string() + ": " + std::strerror(errno));
  sync_to_disk(fresh);
  std::filesystem::rename(fresh, file_);
  sync_to_disk(file_.parent_path());
}

}  // namespace killrvideo
