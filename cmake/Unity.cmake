# The files of a directory are compiled together, which takes a fraction of the time: most of it goes
# into templates of the standard library, Asio and gRPC that they share. So names in anonymous
# namespaces are unique in a directory. Edit and build again with the preset debug, which compiles
# each file on its own and finds out if one does not include what it uses.
#
# CMake's own unity build would write absolute paths into what it compiles, and ccache would not know
# them in another clone.
function(compile_directories_together target)
  if(NOT KILLRVIDEO_UNITY)
    return()
  endif()
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  get_target_property(sources ${target} SOURCES)
  set(groups "")
  foreach(source IN LISTS sources)
    get_source_file_property(definitions ${source} COMPILE_DEFINITIONS)
    if(definitions)
      continue()
    endif()
    cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE path)
    cmake_path(RELATIVE_PATH path BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    cmake_path(GET path PARENT_PATH directory)
    string(MAKE_C_IDENTIFIER "_${directory}" group)
    string(APPEND text${group} "#include \"${path}\"\n")
    list(APPEND groups ${group})
    set_source_files_properties(${source} PROPERTIES HEADER_FILE_ONLY ON)
  endforeach()
  list(REMOVE_DUPLICATES groups)
  foreach(group IN LISTS groups)
    set(together ${CMAKE_CURRENT_BINARY_DIR}/unity/${target}${group}.cpp)
    file(CONFIGURE OUTPUT ${together} CONTENT "${text${group}}" @ONLY)
    target_sources(${target} PRIVATE ${together})
  endforeach()
endfunction()
