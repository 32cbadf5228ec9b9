// The files of the data set, and how a record of each becomes rows.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "dataset/fields.hpp"
#include "ratings/tables.hpp"
#include "statistics/tables.hpp"
#include "storage/bulk.hpp"

namespace killrvideo::dataset {

/// Where rows go.
struct Destination {
  Destination(storage::Store& store, std::size_t in_flight)
      : rows(store, in_flight), ratings(store, video_ratings), plays(store, video_playback_stats) {}

  /// Returns when all is on disk.
  void flush() {
    rows.flush();
    ratings.flush();
    plays.flush();
  }

  storage::BulkWriter rows;
  storage::TotalsWriter<decltype(video_ratings)> ratings;
  storage::TotalsWriter<decltype(video_playback_stats)> plays;
};

struct File {
  std::string_view name;
  std::vector<std::string_view> columns;  ///< Those that it has to have.
  /// Throws Error invalid_argument, before anything is written, if the record is bad; other Errors
  /// are the store's.
  void (*load)(const Fields& record, Destination& destination);
};

/// The files that are imported, in this order.
std::span<const File> files();

/// Files of the data set whose contents have no place here.
std::span<const std::string_view> ignored_files();

}  // namespace killrvideo::dataset
