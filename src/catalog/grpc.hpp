// The catalog over gRPC, and the previews of videos in other services' responses.
#pragma once

#include <memory>

#include "catalog/catalog.hpp"
#include "common/paging.hpp"
#include "common/protobuf.hpp"
#include "transport/grpc/rpc_service.hpp"

namespace killrvideo {

std::unique_ptr<RpcService> make_catalog_rpc(Catalog& catalog, RpcHost& host);

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
