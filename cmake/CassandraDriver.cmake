# The target cassandra_driver: the Rust driver as a static library, built by cargo with the versions of
# its Cargo.lock.

set(driver_dir ${PROJECT_SOURCE_DIR}/src/storage/cassandra/driver/bridge)
set(KILLRVIDEO_CARGO_TARGET_DIR ${PROJECT_BINARY_DIR}/cargo CACHE PATH
  "Where cargo builds; build directories may share one, as no sanitizer gets into the driver")
set(driver_library ${KILLRVIDEO_CARGO_TARGET_DIR}/release/libkillrvideo_cassandra.a)

# Debian's packages cargo-web and rustc-web will do, and so will any that are newer than this.
set(least_rust 1.88)
find_program(CARGO cargo REQUIRED)
execute_process(COMMAND ${CARGO} --version OUTPUT_VARIABLE cargo_version)
string(REGEX MATCH "[0-9]+\\.[0-9]+(\\.[0-9]+)?" cargo_version "${cargo_version}")
if(cargo_version VERSION_LESS least_rust)
  message(FATAL_ERROR "${CARGO} is version ${cargo_version}; ${least_rust} is needed to build the "
    "Cassandra driver. Install cargo-web and rustc-web, or build with -DKILLRVIDEO_CASSANDRA=OFF.")
endif()

file(GLOB_RECURSE driver_sources CONFIGURE_DEPENDS ${driver_dir}/src/*.rs)
add_custom_command(
  OUTPUT ${driver_library}
  COMMAND ${CMAKE_COMMAND} -E env CARGO_TARGET_DIR=${KILLRVIDEO_CARGO_TARGET_DIR}
    ${CARGO} build --release --locked --quiet
  WORKING_DIRECTORY ${driver_dir}
  DEPENDS ${driver_sources} ${driver_dir}/Cargo.toml ${driver_dir}/Cargo.lock
    ${driver_dir}/.cargo/config.toml
  COMMENT "Building the Cassandra driver (crate scylla and what it needs)"
  VERBATIM)
add_custom_target(cassandra_driver_build DEPENDS ${driver_library})

add_library(cassandra_driver STATIC IMPORTED GLOBAL)
add_dependencies(cassandra_driver cassandra_driver_build)
set_target_properties(cassandra_driver PROPERTIES IMPORTED_LOCATION ${driver_library})
target_link_libraries(cassandra_driver INTERFACE OpenSSL::SSL Threads::Threads ${CMAKE_DL_LIBS} m)
