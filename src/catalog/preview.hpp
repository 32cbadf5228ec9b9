// A video as lists of several services show it.
#pragma once

#include "catalog/tables.hpp"
#include "common/paging.hpp"
#include "common/protobuf.hpp"

namespace killrvideo {

/// The videos with these ids, with the columns that lists show of them.
inline auto get_previews(storage::Store& store, const Context& context,
                         std::span<const std::tuple<VideoId>> ids) {
  return store
      .get_many<&Video::userid, &Video::name, &Video::preview_image_location, &Video::added_date>(
          context, videos, ids);
}

/// Writes a page of videos to a response whose previews have the fields that all of them have.
template <class Response>
void write_page(PageResult<Video> page, Response& response) {
  for (Video& video : page.rows) {
    auto* preview = response.add_videos();
    write_id(video.videoid, preview->mutable_video_id());
    write_timestamp(video.added_date, preview->mutable_added_date());
    preview->set_name(std::move(video.name));
    preview->set_preview_image_location(std::move(video.preview_image_location));
    write_id(video.userid, preview->mutable_user_id());
  }
  response.set_paging_state(std::move(page.paging_state));
}

}  // namespace killrvideo
