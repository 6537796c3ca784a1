# frontdesk_embedded_assets(<target> <folder>): every file below <folder> becomes part of the
# program. The list is generated anew whenever <folder>/.stamp changes, which scripts/build_web
# writes when the contents have changed.
function(frontdesk_embedded_assets target folder)
  set(generated_dir "${PROJECT_BINARY_DIR}/generated/assets")
  set(source "${PROJECT_BINARY_DIR}/generated/embedded_assets.cpp")
  set(generator "${PROJECT_SOURCE_DIR}/cmake/embed_assets.cmake")
  file(GLOB stamp CONFIGURE_DEPENDS "${folder}/.stamp")
  if(NOT stamp)
    message(STATUS "No web/dist: this build embeds no web pages (scripts/build makes them).")
  endif()

  configure_file("${PROJECT_SOURCE_DIR}/cmake/embedded_files.hpp"
                 "${generated_dir}/embedded_files.hpp" COPYONLY)
  add_custom_command(
    OUTPUT "${source}"
    COMMAND ${CMAKE_COMMAND} -D FOLDER=${folder} -D OUTPUT=${source} -P ${generator}
    DEPENDS ${stamp} "${generator}"
    COMMENT "Listing the web pages to embed"
    VERBATIM)
  add_library(${target} STATIC "${source}")
  target_include_directories(${target} PUBLIC "${generated_dir}")
endfunction()
