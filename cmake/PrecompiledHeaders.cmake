# Headers of libraries that most of our files include, and that take longer to read than the files
# themselves: read once, builds take a third less. Every file still includes what it uses.

set(heavy_headers
  <algorithm> <functional> <future> <map> <memory> <mutex> <optional> <ranges> <shared_mutex> <string>
  <thread> <unordered_map> <variant> <vector>
  <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/execution.hpp>
  <boost/asio/io_context.hpp> <boost/asio/use_awaitable.hpp> <boost/describe.hpp> <boost/mp11.hpp>
  <fmt/format.h> <google/protobuf/arena.h> <google/protobuf/message.h> <grpcpp/grpcpp.h>)

function(precompile_heavy_headers target)
  precompile_headers(${target} ${heavy_headers} ${ARGN})
endfunction()

# For ccache, a header made again from the same sources has to be the same.
function(precompile_headers target)
  target_precompile_headers(${target} PRIVATE ${ARGN})
  target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
endfunction()
