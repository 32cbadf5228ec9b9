// The days that have rows in latest_videos: the table latest_days.
//
// Whoever writes a video writes its day, too. Other tools do not: today and yesterday are therefore
// read whether they are in the table or not, and other days that such tools use are found by
// find_days() or list_all_days(). A reader that finds a listed day empty removes it.
#pragma once

#include <array>

#include "catalog/tables.hpp"

namespace killrvideo {

/// The days that are always read, newest first.
std::array<std::string, 2> recent_days();

/// Iterates over the days to read, newest first.
class LatestDays {
 public:
  /// The store and the context outlive this.
  LatestDays(storage::Store& store, const Context& context) : store_(store), context_(context) {}

  /// The newest day before `day` (empty: of all), or "" if there is none. To be called with
  /// descending days.
  Task<std::string> before(std::string day);

 private:
  storage::Store& store_;
  const Context& context_;
  const std::array<std::string, 2> recent_ = recent_days();
  std::vector<LatestDay> known_;
  std::size_t next_ = 0;  // in known_: all before it were passed
  std::string state_;
  bool started_ = false;
};

/// Whether a day has rows in latest_videos.
Task<bool> has_rows(storage::Store& store, const Context& context, std::string day);

/// Removes days that were read and have no rows, unless they have some by then. Errors are logged:
/// the next reader tries again.
Task<void> forget_empty_days(storage::Store& store, const Context& context,
                             const std::vector<std::string>& days);

/// Lists the days of all rows, by reading the whole of latest_videos.
Task<void> list_all_days(storage::Store& store);

/// Lists the days from YouTube's first one to tomorrow that have rows and are not in the table, by
/// a look into each: a read of one row for each day that is not listed.
Task<void> find_days(storage::Store& store, const Context& context);

/// Notes the days of rows whose time interfaces cannot express and that are in another day than
/// clamp_time() would give them; they are starting points of the listing, by that day. They are
/// the rows of the scope clamped_days.
Task<void> note_clamped_days(storage::Store& store, const Context& context,
                             const std::vector<LatestVideo>& rows);

}  // namespace killrvideo
