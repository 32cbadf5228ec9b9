#include "search/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <iostream>

#include "app/search_index.hpp"
#include "app/settings.hpp"
#include "app/stores.hpp"
#include "cli/commands.hpp"
#include "common/text.hpp"
#include "search/search.hpp"

namespace killrvideo::cli {
namespace {

// Columns of texts are aligned to the left, those of numbers to the right.
struct ExplainedColumn {
  std::string_view title;
  bool number = true;
};
constexpr std::array<ExplainedColumn, 10> explained_columns{{{"word", false},
                                                             {"videos"},
                                                             {"rarity"},
                                                             {"field", false},
                                                             {"times"},
                                                             {"words"},
                                                             {"boost"},
                                                             {"factor"},
                                                             {"impact"},
                                                             {"weight"}}};
using ExplainedRow = std::array<std::string, explained_columns.size()>;

std::string rounded(double number) { return fmt::format("{:.6g}", number); }

ExplainedRow row_of(const ExplainedWord& word) {
  const auto& planned = word.word;
  const bool near = planned.typed != planned.word;
  return {near ? planned.word + " for " + planned.typed : planned.word,
          std::to_string(planned.videos),
          rounded(weight_of(planned)),
          "",
          "",
          "",
          "",
          "",
          rounded(word.impact),
          rounded(word.weight)};
}

ExplainedRow row_of(const FieldImpact& field) {
  return {"",
          "",
          "",
          std::string(field.field),
          std::to_string(field.count),
          std::to_string(field.length),
          rounded(field.boost),
          rounded(field.factor),
          rounded(field.impact()),
          ""};
}

void print_explained(const std::vector<ExplainedRow>& rows) {
  std::array<std::size_t, explained_columns.size()> widths{};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], count_characters(row[i]));
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - count_characters(row[i]), ' ');
      line += i == 0 ? "" : "  ";
      line += explained_columns[i].number ? padding + row[i] : row[i] + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::cout << line << '\n';
  }
}

void print(const std::string& query, const Video& video, const Weighing& weighing,
           const Explanation& explanation) {
  std::cout << "query   " << boost::json::serialize(boost::json::string(query)) << '\n'
            << "video   " << video.videoid.to_string() << ' '
            << boost::json::serialize(boost::json::string(video.name)) << '\n'
            << "index   " << weighing.videos << " videos\n\n";
  ExplainedRow titles;
  std::ranges::transform(explained_columns, titles.begin(),
                         [](const auto& column) { return std::string(column.title); });
  std::vector<ExplainedRow> rows{titles};
  for (const auto& word : explanation.words) {
    rows.push_back(row_of(word));
    for (const auto& field : word.fields) rows.push_back(row_of(field));
  }
  print_explained(rows);
  std::cout << '\n';
  for (const auto& word : explanation.ignored)
    std::cout << "ignored " << word << ", which no video has\n";
  // All digits, as this decides on the order of hits.
  std::cout << fmt::format("weight  {}\n", explanation.weight);
}

ExitCode run_explain(const Config& config, const Arguments& arguments) {
  const auto query =
      or_exit(ExitCode::usage, [&] { return check_query(arguments.get<std::string>("QUERY")); });
  const auto words = words_of_query(query);
  if (words.empty()) throw Exit(ExitCode::usage, "query: it has no words, so it finds nothing");
  const auto& text = arguments.get<std::string>("VIDEO_ID");
  const auto id = Uuid::parse(text);
  if (!id) throw Exit(ExitCode::usage, "VIDEO_ID is the UUID of a video, not " + text);
  auto store = or_exit(ExitCode::data_unusable, [&] { return open_store_for_reading(config); });
  const auto video = killrvideo::run(store->get({}, videos, {VideoId(*id)}));
  if (!video) throw Exit(ExitCode::failed, "there is no video " + id->to_string());
  const auto weighing = weigh(config, *store, words, video->videoid);
  print(query, *video, weighing, explain(*video, words, weighing));
  return ExitCode::ok;
}

}  // namespace

Command explain_command() {
  return {.name = "explain",
          .summary = "Print how a video comes to its rank among the hits of a search",
          .description =
              "Prints each word that is searched, how many videos have it and how rare that makes "
              "it, the fields of the video in which it is, and what it adds to the video's weight, "
              "by which hits are ranked. A word that no video has stands for those that are spelt "
              "nearly so.\n\n"
              "weight = sum of rarity x impact; impact = sum of boost x factor, rounded as the "
              "index has it. The factor is more the more often the word is in the field (times), "
              "and less the more words there are. Reads what is there at this moment, also beside "
              "a running server.",
          .settings = store_setting_names(),
          .positionals = {{.name = "QUERY",
                           .kind = kinds::text("QUERY"),
                           .help = "What was searched, as one argument."},
                          {.name = "VIDEO_ID",
                           .kind = kinds::text("VIDEO_ID"),
                           .help = "The UUID of the video."}},
          .run = run_explain};
}

}  // namespace killrvideo::cli
