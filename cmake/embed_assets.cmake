# cmake -D FOLDER=<folder> -D OUTPUT=<file.cpp> -P embed_assets.cmake
#
# Writes the source that implements embedded_files.hpp. The assembler copies each file in whole, so
# the compiler never reads a byte of it.

cmake_minimum_required(VERSION 3.25)

file(GLOB_RECURSE files RELATIVE "${FOLDER}" "${FOLDER}/*")
list(SORT files COMPARE STRING)

set(bytes "")
set(symbols "")
set(entries "")
set(index 0)
foreach(file IN LISTS files)
  file(SHA256 "${FOLDER}/${file}" sha256)
  string(APPEND bytes
         "    \"frontdesk_file_${index}:\\n .incbin \\\"${FOLDER}/${file}\\\"\\n\"\n")
  string(APPEND symbols "extern const char frontdesk_file_${index}[];\n")
  math(EXPR next "${index} + 1")
  string(APPEND entries "    {\"${file}\", between(frontdesk_file_${index}, "
         "frontdesk_file_${next}),\n     \"${sha256}\"},\n")
  set(index ${next})
endforeach()

if(index EQUAL 0)
  file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT "// Generated; there were no web pages to embed.
#include \"embedded_files.hpp\"

namespace frontdesk {

std::span<const embedded_file> embedded_files() { return {}; }

}  // namespace frontdesk
")
  return()
endif()

file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT
"// Generated from web/dist by cmake/embed_assets.cmake.
#include \"embedded_files.hpp\"

asm(\".pushsection .rodata\\n\"
${bytes}    \"frontdesk_file_${index}:\\n .byte 0\\n .popsection\\n\");

extern \"C\" {
${symbols}extern const char frontdesk_file_${index}[];
}

namespace frontdesk {

namespace {

std::string_view between(const char* first, const char* last) {
  return {first, static_cast<std::size_t>(last - first)};
}

}  // namespace

std::span<const embedded_file> embedded_files() {
  static const embedded_file files[] = {
${entries}  };
  return files;
}

}  // namespace frontdesk
")
