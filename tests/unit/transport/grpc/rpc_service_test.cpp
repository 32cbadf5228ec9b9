// What a call is given and what its client gets, over a real connection.
#include "transport/grpc/rpc_service.hpp"

#include <gmock/gmock.h>

#include "comments/comments_service.grpc.pb.h"
#include "common/log.hpp"

namespace killrvideo {
namespace {

namespace pb = comments;

using Handler = std::function<Task<void>(const Context&)>;

Task<void> call_handler(Handler& handler, const Context& context, const pb::GetUserCommentsRequest&,
                        pb::GetUserCommentsResponse&) {
  co_await handler(context);
}

class RpcServiceTest : public ::testing::Test {
 protected:
  /// Calls a server whose handler is this one.
  grpc::Status call(Handler handler, grpc::ClientContext& client) {
    RpcMetrics metrics;
    RpcHost host{.metrics = metrics, .max_in_flight = 10};
    RpcService service("killrvideo.comments.CommentsService", host);
    service.add("GetUserComments", handler, call_handler);
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service);
    const auto server = builder.BuildAndStart();
    const auto stub = pb::CommentsService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
    pb::GetUserCommentsResponse response;
    auto status = stub->GetUserComments(&client, {}, &response);
    server->Shutdown();
    return status;
  }

  grpc::ClientContext client_;
};

std::string trailer(const grpc::ClientContext& client, const std::string& name) {
  const auto& trailers = client.GetServerTrailingMetadata();
  const auto found = trailers.find(name);
  return found == trailers.end() ? "" : std::string(found->second.data(), found->second.size());
}

TEST_F(RpcServiceTest, the_text_of_an_internal_error_stays_here) {
  const auto fail = [](const char* what) {
    return [what](const Context&) -> Task<void> {
      if (std::string_view(what) == "Error") throw Error(Code::internal, "a secret of ours");
      throw std::runtime_error("a secret of ours");
      co_return;
    };
  };
  for (const char* what : {"Error", "another exception"}) {
    grpc::ClientContext client;
    const auto status = call(fail(what), client);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_THAT(status.error_message(), testing::Not(testing::HasSubstr("secret")));
    EXPECT_THAT(status.error_message(),
                testing::EndsWith("request " + trailer(client, "request-id")));
  }
}

TEST_F(RpcServiceTest, an_error_is_told_with_its_field_and_the_requests_id) {
  const auto status = call(
      [](const Context&) -> Task<void> {
        throw invalid("user_id", "is required");
        co_return;
      },
      client_);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "user_id: is required");
  EXPECT_NE(trailer(client_, "request-id"), "");
}

class Deadlines : public RpcServiceTest,
                  public testing::WithParamInterface<std::optional<std::chrono::seconds>> {};

TEST_P(Deadlines, are_the_callers_but_half_a_minute_at_most) {
  using namespace std::chrono_literals;
  const auto begin = std::chrono::system_clock::now();
  if (GetParam()) client_.set_deadline(begin + *GetParam());
  Context::Deadline deadline;
  call(
      [&](const Context& context) -> Task<void> {
        deadline = context.deadline();
        co_return;
      },
      client_);
  const auto expected = std::min(GetParam().value_or(1h), std::chrono::seconds(30s));
  EXPECT_GE(deadline, begin + expected - 100ms);
  EXPECT_LE(deadline, std::chrono::system_clock::now() + expected);
}

INSTANTIATE_TEST_SUITE_P(Calls, Deadlines,
                         testing::Values(std::nullopt, std::chrono::seconds(10),
                                         std::chrono::seconds(600)));

}  // namespace
}  // namespace killrvideo
