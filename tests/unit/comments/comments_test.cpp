// A comment that is sent again, beside what the two tables may hold already.
#include "comments/comments.hpp"

#include <gtest/gtest.h>

#include "events/outbox.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

const VideoId a_video{Uuid::random()}, other_video{Uuid::random()};
const UserId a_user{Uuid::random()}, other_user{Uuid::random()};
const CommentId an_id{TimeUuid::now()};

/// Which rows there are before the comment {a_video, a_user, an_id, "Hello"} is sent.
struct Before {
  std::string name;
  std::optional<CommentByVideo> by_video;
  std::optional<CommentByUser> by_user;
  bool is_refused;
};

const CommentByVideo same_by_video{a_video, an_id, a_user, "Hello", {}};
const CommentByUser same_by_user{a_user, an_id, a_video, "Hello", {}};

class CommentBeside : public ::testing::TestWithParam<Before> {
 protected:
  CommentBeside() {
    storage::Batch batch;
    if (GetParam().by_video) batch.insert(comments_by_video, *GetParam().by_video);
    if (GetParam().by_user) batch.insert(comments_by_user, *GetParam().by_user);
    run(store_->commit({}, std::move(batch)));
  }

  storage::TemporaryStore store_;
};

TEST_P(CommentBeside, is_in_both_tables_or_refused_and_nothing_changed) {
  const auto before = store_.everything();
  Comments comments(*store_);
  const NewComment comment{an_id, a_video, a_user, " Hello "};
  if (GetParam().is_refused) {
    try {
      run(comments.comment_on_video({}, comment));
      FAIL() << "was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::already_exists);
      EXPECT_STREQ(error.what(), "comment_id: is the id of another comment");
    }
    EXPECT_EQ(store_.everything(), before);
    return;
  }
  run(comments.comment_on_video({}, comment));
  EXPECT_EQ(store_.rows(comments_by_video).size(), 1u);
  EXPECT_EQ(store_.rows(comments_by_user).size(), 1u);
  const bool was_complete = GetParam().by_video && GetParam().by_user;
  EXPECT_EQ(store_.rows(outbox_events).size(), was_complete ? 0u : 1u);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, CommentBeside,
    testing::Values(
        Before{"nothing", {}, {}, false}, Before{"itself", same_by_video, same_by_user, false},
        Before{"only_its_row_by_video", same_by_video, {}, false},
        Before{"only_its_row_by_user", {}, same_by_user, false},
        Before{"another_text", CommentByVideo{a_video, an_id, a_user, "Bye", {}}, {}, true},
        Before{"another_text_by_user", {}, CommentByUser{a_user, an_id, a_video, "Bye", {}}, true},
        Before{"another_user", CommentByVideo{a_video, an_id, other_user, "Hello", {}}, {}, true},
        Before{"another_video", {}, CommentByUser{a_user, an_id, other_video, "Hello", {}}, true}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace killrvideo
