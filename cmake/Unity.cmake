# The files of a directory are compiled together, which takes a fraction of the time: most of it goes
# into templates of the standard library, Asio and gRPC that they share. So names in anonymous
# namespaces are unique in a directory. Edit and build again with the preset debug, which compiles
# each file on its own and finds out if one does not include what it uses.
function(compile_directories_together target)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH directory)
    cmake_path(RELATIVE_PATH directory BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    string(MAKE_C_IDENTIFIER ${directory} group)
    set_property(SOURCE ${source} PROPERTY UNITY_GROUP ${group})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
endfunction()
