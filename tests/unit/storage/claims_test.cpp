// Claims on what is being created, and what is created under them.
#include "storage/claims.hpp"

#include <gtest/gtest.h>

#include "catalog/catalog.hpp"
#include "storage/temporary_store.hpp"
#include "users/users.hpp"

namespace killrvideo::storage {
namespace {

using namespace std::chrono_literals;

class ClaimsInAStore : public ::testing::Test {
 protected:
  void claim(const Claim& claim) { run(make_claim(*store_, context_, claim)); }
  std::optional<Claim> claim_of(const std::string& name) {
    return run(store_->get(context_, claims, {name}));
  }
  template <class Call>
  std::optional<Code> failure(Call call) {
    try {
      call();
    } catch (const Error& error) {
      return error.code();
    }
    return std::nullopt;
  }

  TemporaryStore store_;
  const Context context_;
};

TEST_F(ClaimsInAStore, are_released_only_by_whom_they_belong_to) {
  const Claim mine{"thing", {"mine"}}, of_another{"thing", {"another's"}};
  claim(of_another);
  run(release_claim(*store_, context_, mine));
  EXPECT_TRUE(claim_of("thing"));
  run(release_claim(*store_, context_, of_another));
  EXPECT_FALSE(claim_of("thing"));
}

TEST_F(ClaimsInAStore, are_released_when_nothing_is_created) {
  const auto refuse = [](const Claim&) -> Task<Batch> {
    throw Error(Code::already_exists, "it is there");
    co_return Batch();
  };
  const auto create = [&] {
    run(create_under_claim(*store_, context_, Claim{"thing", {}}, SameContent::waits, refuse));
  };
  EXPECT_EQ(failure(create), Code::already_exists);
  EXPECT_FALSE(claim_of("thing"));
}

TEST_F(ClaimsInAStore, are_good_for_nothing_when_their_time_is_nearly_over) {
  const HeldClaim old{{"thing", {}}, std::chrono::steady_clock::now()};
  const UserId id{Uuid::random()};
  Batch batch;
  batch.insert(users, {id, "Ada", "Lovelace", "ada@example.org", {}, {}, {}});
  EXPECT_EQ(failure([&] { run(commit_under(*store_, context_, old, batch)); }), Code::unavailable);
  EXPECT_EQ(run(store_->get(context_, users, {id})), std::nullopt);
}

/// Somebody else's claim, who has died or is at it.
class Creation : public ClaimsInAStore {
 protected:
  NewUser ada() const { return {id_, "Ada", "Lovelace", "ada@example.org", "secret"}; }
  void create(const Context& context) { run(users_.create(context, ada())); }

  const UserId id_{Uuid::random()};
  const Claim others_{"user " + id_.to_string(), {"ada@example.org"}};

 private:
  Passwords passwords_{1, 16};
  Users users_{*store_, passwords_, LoginLimits{}};
};

TEST_F(Creation, of_a_user_waits_for_the_claim_of_one_that_was_cut_off) {
  claim(others_);
  std::jthread passing([&] {
    std::this_thread::sleep_for(300ms);
    run(release_claim(*store_, context_, others_));
  });
  create(context_);
  EXPECT_TRUE(run(store_->get(context_, users, {id_})));
  EXPECT_FALSE(claim_of(others_.name));
}

TEST_F(Creation, of_a_user_is_unavailable_and_not_refused_while_the_claim_is_there) {
  claim(others_);
  const Context hurried(0, std::chrono::system_clock::now() + 700ms);
  EXPECT_EQ(failure([&] { create(hurried); }), Code::unavailable);
  EXPECT_EQ(claim_of(others_.name)->attempt, others_.attempt);
}

TEST_F(Creation, of_a_video_waits_for_one_of_other_content_that_was_cut_off) {
  const VideoId id{Uuid::random()};
  const Claim others{"video " + id.to_string(), {"other content"}};
  claim(others);
  std::jthread passing([&] {
    std::this_thread::sleep_for(300ms);
    run(release_claim(*store_, context_, others));
  });
  Catalog catalog(*store_);
  run(catalog.submit(context_, {id, UserId{Uuid::random()}, "A video", "", {}, "dQw4w9WgXcQ"}));
  EXPECT_EQ(run(catalog.video(context_, id)).name, "A video");
}

}  // namespace
}  // namespace killrvideo::storage
