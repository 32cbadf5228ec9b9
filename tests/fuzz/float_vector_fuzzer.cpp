// A vector that was read out of any text reads back as it is written.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "dataset/literals.hpp"
#include "expect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace killrvideo;
  const auto floats = dataset::parse_floats({reinterpret_cast<const char*>(data), size});
  if (!floats) return 0;
  expect(!floats->empty(), "a vector has an element");
  const auto written = fmt::format("[{}]", fmt::join(*floats, ", "));
  expect(dataset::parse_floats(written) == floats, "a vector reads back");
  return 0;
}
