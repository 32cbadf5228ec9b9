# How everything is compiled and linked: language, cache, hardening, sanitizers.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# Nothing uses C++20 modules; looking for them costs a scan of every file.
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)

# Enough debug information for a stack trace with lines; it keeps objects and links small.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -gline-tables-only -DNDEBUG")

# Paths relative to the sources, in messages and debug information, make builds reproducible.
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${PROJECT_SOURCE_DIR}/cmake/compile ${PROJECT_SOURCE_DIR})
endif()

# Executables are all there is, static libraries included: position independent, and no more.
add_compile_options(-fPIE -ffunction-sections -fdata-sections)
add_link_options(-pie -fuse-ld=lld -Wl,--gc-sections,--as-needed -Wl,-z,relro,-z,now)

if(KILLRVIDEO_SANITIZE)
  # -O1 makes tests faster; the other two flags keep each call in a stack trace.
  add_compile_options(
    -fsanitize=${KILLRVIDEO_SANITIZE} -fno-sanitize-recover=all -O1 -fno-omit-frame-pointer
    -fno-optimize-sibling-calls -gline-tables-only)
  add_link_options(-fsanitize=${KILLRVIDEO_SANITIZE})
  add_library(sanitizer_options OBJECT ${PROJECT_SOURCE_DIR}/tools/sanitizers/options.cpp)
  link_libraries(sanitizer_options)
else()
  add_compile_options(-fstack-protector-strong -fstack-clash-protection)
  add_compile_definitions($<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()
