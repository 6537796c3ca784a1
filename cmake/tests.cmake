# One test executable for each folder of tests/, and one benchmark for each file of benchmarks/.

enable_testing()

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(benchmarks_default ON)
else()
  set(benchmarks_default OFF)
endif()
option(FRONTDESK_BENCHMARKS "Build the benchmarks" ${benchmarks_default})

# frontdesk_test_library(<folder> <library>...): makes frontdesk_<folder> out of those sources of
# tests/<folder>/ that are no tests.
function(frontdesk_test_library folder)
  frontdesk_sources(sources "${CMAKE_CURRENT_SOURCE_DIR}/${folder}")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  if(sources)
    add_library(frontdesk_${folder} STATIC ${sources})
    target_include_directories(frontdesk_${folder} PUBLIC "${PROJECT_SOURCE_DIR}")
    target_link_libraries(frontdesk_${folder} PUBLIC ${ARGN})
  else()
    add_library(frontdesk_${folder} INTERFACE)
    target_link_libraries(frontdesk_${folder} INTERFACE ${ARGN})
  endif()
endfunction()

# frontdesk_test(<folder> <library>...): makes <folder>_test out of tests/<folder>/, sub-folders and
# helper sources too, and registers it under the label <folder>. Its report is written to
# test_results/<folder>.xml in the build folder.
function(frontdesk_test folder)
  set(target ${folder}_test)
  frontdesk_sources(sources "${CMAKE_CURRENT_SOURCE_DIR}/${folder}")
  if(TARGET frontdesk_${folder} AND NOT folder IN_LIST FRONTDESK_FLOORS)
    list(FILTER sources INCLUDE REGEX "_test\\.cpp$")
  endif()
  if(NOT sources)
    return()
  endif()
  add_executable(${target} ${sources})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE ${ARGN} GTest::gmock GTest::gtest_main)
  if(folder MATCHES "^(actors|simulation|planted)$")
    frontdesk_precompile_caf(${target})
  else()
    frontdesk_precompile_beast(${target} ${sources})
  endif()

  add_test(NAME ${target}
           COMMAND ${target} --gtest_output=xml:${PROJECT_BINARY_DIR}/test_results/${folder}.xml)
  set_tests_properties(${target} PROPERTIES LABELS ${folder} TIMEOUT 900)
  if(TARGET frontdesk AND folder MATCHES "^(net|process)$")
    add_dependencies(${target} frontdesk)
    set_tests_properties(${target} PROPERTIES ENVIRONMENT
                         "FRONTDESK_BINARY=$<TARGET_FILE:frontdesk>")
  endif()
endfunction()

# Google Benchmark is optional: a machine that only serves does not need it.
function(frontdesk_benchmark file)
  get_filename_component(name "${file}" NAME_WE)
  add_executable(${name} "${file}")
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE frontdesk_net benchmark::benchmark_main)
  frontdesk_precompile_beast(${name} "${file}")
endfunction()
