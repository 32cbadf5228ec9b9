// Video previews, for the lists of several services.
#pragma once

#include "catalog/tables.hpp"
#include "common/paging.hpp"
#include "common/protobuf.hpp"

namespace killrvideo {

/// The videos with these ids; only the columns that previews show are read.
inline auto get_previews(storage::Store& store, const Context& context,
                         std::span<const std::tuple<VideoId>> ids) {
  return store
      .get_many<&Video::userid, &Video::name, &Video::preview_image_location, &Video::added_date>(
          context, videos, ids);
}

/// Writes a preview from a row of any table with these columns; omits those that are null.
template <class Row, class Preview>
void write_preview(Row& row, std::optional<UserId> user, Preview* preview) {
  write_id(row.videoid, preview->mutable_video_id());
  const std::optional<Timestamp> added = row.added_date;
  if (added) write_timestamp(*added, preview->mutable_added_date());
  preview->set_name(std::move(row.name));
  preview->set_preview_image_location(std::move(row.preview_image_location));
  if (user) write_id(*user, preview->mutable_user_id());
}

/// Writes a page of videos to a response with previews.
template <class Response>
void write_page(PageResult<Video> page, Response& response) {
  for (Video& video : page.rows) write_preview(video, video.userid, response.add_videos());
  response.set_paging_state(std::move(page.paging_state));
}

}  // namespace killrvideo
