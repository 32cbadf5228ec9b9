#include "users/passwords.hpp"

#include <sodium.h>

#include <array>
#include <boost/asio/post.hpp>

#include "common/slot.hpp"
#include "common/uuid.hpp"

namespace killrvideo {
namespace {

// The least that OWASP recommends for argon2id: 19 MiB and two passes.
constexpr std::size_t memory_bytes = 19 << 20;
constexpr unsigned passes = 2;
constexpr std::string_view prefix = crypto_pwhash_argon2id_STRPREFIX;

std::string hash_now(const std::string& password) {
  std::array<char, crypto_pwhash_STRBYTES> encoded{};
  if (crypto_pwhash_argon2id_str(encoded.data(), password.data(), password.size(), passes,
                                 memory_bytes) != 0)
    throw Error(Code::resource_exhausted, "not enough memory to hash a password");
  return encoded.data();
}

bool verify_now(const std::string& hash, const std::string& password) {
  return crypto_pwhash_argon2id_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace

Passwords::Passwords(unsigned threads, std::size_t waiting)
    : most_waiting_(waiting), decoy_(hash_now(Uuid::random().to_string())), pool_(threads) {}

Passwords::~Passwords() { pool_.join(); }

Task<std::string> Passwords::hash(const Context& context, std::string password) {
  auto work = [password = std::move(password)] { return hash_now(password); };
  co_return co_await run(context, std::move(work));
}

Task<bool> Passwords::verify(const Context& context, std::string hash, std::string password) {
  bool known = hash.starts_with(prefix);
  auto work = [hash = known ? std::move(hash) : decoy_, password = std::move(password)] {
    return verify_now(hash, password) ? std::string("yes") : std::string();
  };
  std::string result = co_await run(context, std::move(work));
  co_return known && !result.empty();
}

Task<std::string> Passwords::run(const Context& context, std::function<std::string()> work) {
  const Slot slot(waiting_);
  if (slot.before() >= most_waiting_)
    throw Error(Code::resource_exhausted, "too many logins at a time; try again later");
  co_return co_await suspended<std::exception_ptr, std::string>([&](auto resume) {
    asio::post(pool_, [&context, work = std::move(work), resume = std::move(resume)]() mutable {
      std::exception_ptr error;
      std::string result;
      try {
        context.check_deadline();
        if (context.cancelled()) throw Error(Code::aborted, "the caller has gone away");
        result = work();
      } catch (...) {
        error = std::current_exception();
      }
      resume(error, std::move(result));
    });
  });
}

}  // namespace killrvideo
