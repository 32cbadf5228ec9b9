// A video id that was read out of any text is an id itself.
#include <string_view>

#include "catalog/youtube.hpp"
#include "expect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace killrvideo;
  const auto id = youtube_id({reinterpret_cast<const char*>(data), size});
  if (!id) return 0;
  expect(id->size() == 11, "an id has 11 characters");
  expect(youtube_id(*id) == id, "an id stands for itself");
  expect(youtube_id("https://www.youtube.com/watch?v=" + *id) == id,
         "an id can be written as a URL");
  return 0;
}
