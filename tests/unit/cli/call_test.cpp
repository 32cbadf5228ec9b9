#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "cli/contract.hpp"
#include "cli/run.hpp"
#include "common/error.hpp"
#include "ratings/ratings_service.grpc.pb.h"

namespace killrvideo::cli {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class OneRating final : public ratings::RatingsService::Service {
  grpc::Status GetRating(grpc::ServerContext*, const ratings::GetRatingRequest* request,
                         ratings::GetRatingResponse* response) override {
    if (request->video_id().value().empty()) {
      return {grpc::StatusCode::INVALID_ARGUMENT, "video_id: is required"};
    }
    if (request->video_id().value() == "away") {
      return {grpc::StatusCode::UNAVAILABLE, "the store: Connection refused"};
    }
    *response->mutable_video_id() = request->video_id();
    response->set_ratings_count(3);
    return grpc::Status::OK;
  }
};

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Call : public testing::Test {
 protected:
  Call() { start(grpc::InsecureServerCredentials()); }

  void start(const std::shared_ptr<grpc::ServerCredentials>& credentials) {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("localhost:0", credentials, &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    address_ = "localhost:" + std::to_string(port);
  }

  Ended call(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "call");
    arguments.insert(arguments.end(), {"--grpc-address", address_});
    return killrvideo_run(arguments);
  }

  OneRating service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

TEST_F(Call, prints_the_response_as_json) {
  const auto ended = call({"GetRating", R"({"video_id": {"value": "v"}})"});
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.out,
            "{\n"
            " \"video_id\": {\n"
            "  \"value\": \"v\"\n"
            " },\n"
            " \"ratings_count\": \"3\",\n"
            " \"ratings_total\": \"0\"\n"
            "}\n");
}

TEST_F(Call, finds_methods_by_short_and_long_names) {
  for (const auto* name :
       {"GetRating", "RatingsService.GetRating", "killrvideo.ratings.RatingsService.GetRating",
        "killrvideo.ratings.RatingsService/GetRating"}) {
    EXPECT_EQ(call({name, R"({"video_id": {"value": "v"}})"}).code, 0) << name;
  }
  const auto ended = call({"GetRatings"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.err, "killrvideo: no method is called 'GetRatings'; did you mean 'GetRating'?\n");
  EXPECT_EQ(call({"Rating"}).code, 2);
}

TEST_F(Call, prints_statuses) {
  const auto refused = call({"GetRating"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(refused.err, "killrvideo: INVALID_ARGUMENT: video_id: is required\n");
  EXPECT_THAT(call({"GetVideo"}).err, StartsWith("killrvideo: UNIMPLEMENTED: "));
}

TEST_F(Call, asks_whether_a_server_runs_only_if_none_answers) {
  const auto answered = call({"GetRating", R"({"video_id": {"value": "away"}})"});
  EXPECT_EQ(answered.code, 1);
  EXPECT_EQ(answered.err, "killrvideo: UNAVAILABLE: the store: Connection refused\n");
  server_->Shutdown();
  const auto ended = call({"GetRating", "--timeout", "5"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, StartsWith("killrvideo: UNAVAILABLE: "));
  EXPECT_THAT(ended.err, EndsWith(" (is `killrvideo serve` running on " + address_ + "?)\n"));
}

TEST_F(Call, uses_no_proxy_for_this_host) {
  const std::vector<std::string> variables{"http_proxy", "https_proxy", "grpc_proxy"};
  for (const auto& variable : variables) ::setenv(variable.c_str(), "http://127.0.0.1:9", 1);
  const auto here = call({"GetRating", R"({"video_id": {"value": "v"}})"});
  const auto elsewhere = killrvideo_run({"call", "GetRating", "--grpc-address", "192.0.2.1:50101"});
  for (const auto& variable : variables) ::unsetenv(variable.c_str());
  EXPECT_EQ(here.code, 0) << here.err;
  EXPECT_THAT(elsewhere.err, HasSubstr("127.0.0.1:9"));
  EXPECT_THAT(elsewhere.err, EndsWith(" (grpc_proxy is set, so this may be about the proxy)\n"));
}

TEST_F(Call, refuses_what_is_not_the_request) {
  for (const auto* json : {"{", "[]", R"({"video": 1})", R"({"video_id": "v"})"}) {
    const auto ended = call({"GetRating", json});
    EXPECT_EQ(ended.code, 2) << json;
    EXPECT_THAT(ended.err, StartsWith("killrvideo: the request is not a GetRatingRequest in JSON"));
  }
}

TEST_F(Call, knows_every_method_of_the_contract) {
  EXPECT_EQ(contract_methods().size(), 24U);
  for (const auto* method : contract_methods()) {
    EXPECT_EQ(&find_method(method->full_name()), method);
    EXPECT_EQ(&find_method(method->name()), method) << "its short name is ambiguous";
  }
}

class CallTls : public Call {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(directory_);
    const auto command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
        "-nodes -days 1 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost -keyout " +
        key_ + " -out " + certificate_ + " 2> /dev/null";
    if (std::system(command.c_str()) != 0) GTEST_SKIP() << "there is no openssl";
    server_->Shutdown();
    grpc::SslServerCredentialsOptions options(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_key_cert_pairs = {{contents(key_), contents(certificate_)}};
    options.pem_root_certs = contents(certificate_);
    start(grpc::SslServerCredentials(options));
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("call_test." + std::to_string(::getpid()));
  std::string certificate_ = directory_ / "certificate.pem";
  std::string key_ = directory_ / "key.pem";
};

TEST_F(CallTls, shows_and_checks_certificates) {
  const std::string request = R"({"video_id": {"value": "v"}})";
  const auto good = call({"GetRating", request, "--tls-ca", certificate_, "--tls-certificate",
                          certificate_, "--tls-key", key_});
  EXPECT_EQ(good.code, 0) << good.err;
  const auto anonymous = call({"GetRating", request, "--tls-ca", certificate_, "--timeout", "2"});
  EXPECT_EQ(anonymous.code, 1);
  EXPECT_THAT(anonymous.err, HasSubstr("killrvideo: UNAVAILABLE"));
  EXPECT_THAT(anonymous.err, Not(HasSubstr("killrvideo serve")));
  const auto plain = call({"GetRating", request, "--timeout", "5"});
  EXPECT_EQ(plain.code, 1);
  EXPECT_THAT(plain.err, HasSubstr("but not for gRPC without TLS"));
  const auto half = call({"GetRating", request, "--tls-key", key_});
  EXPECT_EQ(half.code, 2);
  EXPECT_THAT(half.err, HasSubstr("--tls-certificate and --tls-key go together"));
}

}  // namespace
}  // namespace killrvideo::cli
