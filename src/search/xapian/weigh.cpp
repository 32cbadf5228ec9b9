#include "search/xapian/weigh.hpp"

#include <chrono>
#include <thread>

#include "common/file_status.hpp"
#include "search/xapian/format.hpp"
#include "search/xapian/hits.hpp"

namespace killrvideo::xapian_engine {
namespace {

using namespace std::chrono_literals;

constexpr int most_tries = 50;
constexpr auto try_interval = 20ms;

// The sum of what the document's words weigh, as Matcher adds them up.
double weight_of(const Xapian::Database& database, const Plan& plan, Xapian::docid number) {
  double weight = 0;
  for (const PlannedWord& planned : plan) {
    for (const Tier& tier : tiers) {
      const auto term = word_term(tier, planned.word);
      auto posting = database.postlist_begin(term);
      const auto end = database.postlist_end(term);
      if (posting != end) posting.skip_to(number);
      if (posting != end && *posting == number)
        weight += weight_of(planned) * tier.unit * posting.get_wdf();
    }
  }
  return weight;
}

Weighing weigh_once(const Xapian::Database& database, const std::vector<std::string>& words,
                    const VideoId& video) {
  if (database.get_metadata(std::string(format_name)) != format_number)
    throw Error(Code::failed_precondition,
                "the search index is of another version; killrvideo reindex rebuilds it");
  Weighing weighing{database.get_doccount(), plan_of(database, words), find_entry(database, video)};
  if (weighing.entry)
    weighing.weight = weight_of(database, weighing.plan, number_of(database, video));
  return weighing;
}

}  // namespace

// A reader's blocks stay in place until the second commit after it was opened, and that one cannot
// have begun while there is no newer revision. Before that, what a reader finds may look like
// damage (see readers.hpp).
Weighing weigh(const std::filesystem::path& directory, const std::vector<std::string>& words,
               const VideoId& video) {
  if (!exists(status_of(directory)))
    throw Error(Code::failed_precondition,
                "the search index " + directory.string() + " is not there");
  std::string problem;
  for (int tries = 0; tries < most_tries; ++tries) {
    if (tries > 0) std::this_thread::sleep_for(try_interval);
    try {
      Xapian::Database database(directory.string());
      auto weighing = weigh_once(database, words, video);
      if (!database.reopen()) return weighing;
      problem = "it is changed too quickly";
    } catch (const Xapian::Error& error) {
      problem = error.get_description();
    }
  }
  throw Error(Code::unavailable,
              "the search index " + directory.string() + " cannot be read: " + problem);
}

}  // namespace killrvideo::xapian_engine
