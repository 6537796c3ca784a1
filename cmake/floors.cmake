# One static library for each floor of the house, and the check that its headers compile alone.

set(FRONTDESK_FLOORS model wire storage actors net bench node)

add_custom_target(header_check COMMENT "Every header compiles alone")

# frontdesk_sources(<result> <folder>): the folder's .cpp files, sub-folders too. A new file is
# found at the next build.
function(frontdesk_sources result folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${folder}/*.cpp")
  set(${result} "${sources}" PARENT_SCOPE)
endfunction()

# One empty file for each header, which does nothing but include it.
function(_frontdesk_header_check name)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}"
       "${CMAKE_CURRENT_SOURCE_DIR}/*.hpp")
  if(NOT headers)
    return()
  endif()
  set(checks "")
  foreach(header IN LISTS headers)
    string(REGEX REPLACE "\\.hpp$" ".cpp" check "${PROJECT_BINARY_DIR}/header_check/${header}")
    file(CONFIGURE OUTPUT "${check}" CONTENT "#include \"${header}\"\n")
    list(APPEND checks "${check}")
  endforeach()
  add_library(header_check_${name} OBJECT EXCLUDE_FROM_ALL ${checks})
  target_link_libraries(header_check_${name} PRIVATE frontdesk_${name})
  if(name STREQUAL "actors")
    frontdesk_precompile_caf(header_check_actors)
  elseif(name STREQUAL "net")
    frontdesk_precompile_beast(header_check_net ${checks})
  endif()
  add_dependencies(header_check header_check_${name})
endfunction()

# frontdesk_floor(<name> [PUBLIC <library>...] [PRIVATE <library>...] [EXCEPT <file>...])
#
# Makes frontdesk_<name> out of this folder; PUBLIC is what the headers show, PRIVATE what only the
# sources see. A folder without sources is an INTERFACE library.
function(frontdesk_floor name)
  cmake_parse_arguments(floor "" "" "PUBLIC;PRIVATE;EXCEPT" ${ARGN})
  frontdesk_sources(sources "${CMAKE_CURRENT_SOURCE_DIR}")
  foreach(file IN LISTS floor_EXCEPT)
    list(REMOVE_ITEM sources "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  endforeach()
  if(sources)
    add_library(frontdesk_${name} STATIC ${sources})
    target_include_directories(frontdesk_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
    target_link_libraries(frontdesk_${name} PUBLIC ${floor_PUBLIC} PRIVATE ${floor_PRIVATE})
  else()
    add_library(frontdesk_${name} INTERFACE)
    target_include_directories(frontdesk_${name} INTERFACE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(frontdesk_${name} INTERFACE ${floor_PUBLIC})
  endif()
  _frontdesk_header_check(${name})
  set(sources "${sources}" PARENT_SCOPE)
endfunction()
