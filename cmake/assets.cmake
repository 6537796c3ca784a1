# frontdesk_embedded_assets(<target> <folder>): every file below <folder> becomes part of the
# program. Whenever one of them changes, the list is generated anew; whenever that says something
# else, because it has their hashes, it is compiled anew.
function(frontdesk_embedded_assets target folder)
  set(generated_dir "${PROJECT_BINARY_DIR}/generated/assets")
  set(source "${PROJECT_BINARY_DIR}/generated/embedded_assets.cpp")
  set(generator "${PROJECT_SOURCE_DIR}/cmake/embed_assets.cmake")
  file(GLOB_RECURSE files CONFIGURE_DEPENDS "${folder}/*")
  if(NOT files)
    message(STATUS "No web/dist: this build embeds no web pages (scripts/build makes them).")
  endif()

  # A file that has gone is only seen in the list of names.
  set(names "${PROJECT_BINARY_DIR}/generated/embedded_files.txt")
  file(CONFIGURE OUTPUT "${names}" CONTENT "${files}\n" @ONLY)
  configure_file("${PROJECT_SOURCE_DIR}/cmake/embedded_files.hpp"
                 "${generated_dir}/embedded_files.hpp" COPYONLY)
  add_custom_command(
    OUTPUT "${source}"
    COMMAND ${CMAKE_COMMAND} -D FOLDER=${folder} -D OUTPUT=${source} -P ${generator}
    DEPENDS ${files} "${names}" "${generator}"
    COMMENT "Listing the web pages to embed"
    VERBATIM)
  add_library(${target} STATIC "${source}")
  target_include_directories(${target} PUBLIC "${generated_dir}")
endfunction()
