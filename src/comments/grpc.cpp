#include "comments/grpc.hpp"

#include "comments/comments_service.pb.h"
#include "transport/grpc/wire.hpp"

namespace killrvideo {
namespace {

namespace pb = comments;

template <class Request>
PageRequest<std::tuple<CommentId>> page_request(const Request& request) {
  PageRequest<std::tuple<CommentId>> page{request.page_size(), {}, request.paging_state()};
  if (!request.starting_comment_id().value().empty())
    page.start = read_id<CommentId>("starting_comment_id", request.starting_comment_id());
  return page;
}

// What the rows of both listings have in common. Takes the text out of the row.
template <class Row, class Message>
void write_comment(Row& row, Message* message) {
  write_id(row.commentid, message->mutable_comment_id());
  message->set_comment(std::move(row.comment));
  write_timestamp(row.commentid.timestamp(), message->mutable_comment_timestamp());
}

Task<void> comment_on_video(Comments& comments, const Context& context,
                            const pb::CommentOnVideoRequest& request, pb::CommentOnVideoResponse&) {
  NewComment comment{read_id<CommentId>("comment_id", request.comment_id()),
                     read_id<VideoId>("video_id", request.video_id()),
                     read_id<UserId>("user_id", request.user_id()), request.comment()};
  co_await comments.comment_on_video(context, std::move(comment));
}

Task<void> get_video_comments(Comments& comments, const Context& context,
                              const pb::GetVideoCommentsRequest& request,
                              pb::GetVideoCommentsResponse& response) {
  auto video = read_id<VideoId>("video_id", request.video_id());
  auto page = co_await comments.of_video(context, video, page_request(request));
  write_id(video, response.mutable_video_id());
  for (CommentByVideo& row : page.rows) {
    auto* comment = response.add_comments();
    write_comment(row, comment);
    if (row.userid) write_id(*row.userid, comment->mutable_user_id());
  }
  response.set_paging_state(page.paging_state);
}

Task<void> get_user_comments(Comments& comments, const Context& context,
                             const pb::GetUserCommentsRequest& request,
                             pb::GetUserCommentsResponse& response) {
  auto user = read_id<UserId>("user_id", request.user_id());
  auto page = co_await comments.of_user(context, user, page_request(request));
  write_id(user, response.mutable_user_id());
  for (CommentByUser& row : page.rows) {
    auto* comment = response.add_comments();
    write_comment(row, comment);
    if (row.videoid) write_id(*row.videoid, comment->mutable_video_id());
  }
  response.set_paging_state(page.paging_state);
}

}  // namespace

std::unique_ptr<RpcService> make_comments_rpc(Comments& comments, RpcHost& host) {
  auto rpc = std::make_unique<RpcService>("killrvideo.comments.CommentsService", host);
  rpc->add("CommentOnVideo", comments, comment_on_video);
  rpc->add("GetVideoComments", comments, get_video_comments);
  rpc->add("GetUserComments", comments, get_user_comments);
  return rpc;
}

}  // namespace killrvideo
