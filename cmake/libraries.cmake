# Every library that a floor may see, and the precompiled headers of the two that are slow to read.

# Wherever the installed CMake file of a library asks for more than the library itself, or there is
# none, its header and its library file are enough.
function(frontdesk_plain_library target header library)
  string(MAKE_C_IDENTIFIER "${target}" id)
  find_path(${id}_include_dir ${header} REQUIRED)
  mark_as_advanced(${id}_include_dir)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} SYSTEM INTERFACE "${${id}_include_dir}")
  if(library)
    find_library(${id}_library ${library} REQUIRED)
    mark_as_advanced(${id}_library)
    target_link_libraries(${target} INTERFACE "${${id}_library}")
  endif()
endfunction()

find_package(fmt REQUIRED)
find_package(Protobuf REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS headers json)
find_package(CAF REQUIRED COMPONENTS core io openssl)
find_package(OpenSSL REQUIRED)
find_package(Threads REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark QUIET)
frontdesk_plain_library(RocksDB::rocksdb rocksdb/db.h rocksdb)
frontdesk_plain_library(prometheus::core prometheus/text_serializer.h prometheus-cpp-core)
frontdesk_plain_library(sodium::sodium sodium.h sodium)
frontdesk_plain_library(jemalloc::jemalloc jemalloc/jemalloc.h jemalloc)

# Asio's and Beast's function bodies are compiled once, in the two libraries below. The definitions
# stand here for everything, because a precompiled header is only shared between equal ones.
add_compile_definitions(BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                        BOOST_ASIO_NO_DEPRECATED SPDLOG_FMT_EXTERNAL)

add_library(frontdesk_asio STATIC cmake/asio.cpp)
target_link_libraries(frontdesk_asio PUBLIC Boost::headers Threads::Threads)

add_library(frontdesk_beast STATIC cmake/beast.cpp)
target_link_libraries(frontdesk_beast PUBLIC frontdesk_asio OpenSSL::SSL OpenSSL::Crypto fmt::fmt)
target_precompile_headers(frontdesk_beast PRIVATE <boost/asio.hpp> <boost/asio/ssl.hpp>
                          <boost/beast.hpp>)

add_library(frontdesk_caf STATIC cmake/caf.cpp)
target_link_libraries(frontdesk_caf PUBLIC CAF::openssl CAF::io CAF::core fmt::fmt)
target_precompile_headers(frontdesk_caf PRIVATE <caf/all.hpp>)

# Every file of <target> reads CAF precompiled.
function(frontdesk_precompile_caf target)
  target_precompile_headers(${target} REUSE_FROM frontdesk_caf)
endfunction()

# The lines of <file> that include something, read once for each file.
function(_frontdesk_include_lines file result)
  get_property(lines GLOBAL PROPERTY "frontdesk_include_lines:${file}")
  if(NOT lines)
    file(STRINGS "${file}" lines REGEX "^#include ")
    set_property(GLOBAL PROPERTY "frontdesk_include_lines:${file}" "-;${lines}")
  endif()
  set(${result} "${lines}" PARENT_SCOPE)
endfunction()

# Which of CAF and Beast (or Asio) <file> sees, through its own includes and those of our headers.
function(_frontdesk_sees file result)
  set(sees "")
  set(read "")
  set(queue "${file}")
  while(queue)
    list(POP_FRONT queue next)
    list(APPEND read "${next}")
    _frontdesk_include_lines("${next}" lines)
    if(lines MATCHES "<caf/")
      list(APPEND sees caf)
    endif()
    if(lines MATCHES "<boost/(asio|beast)")
      list(APPEND sees beast)
    endif()
    string(REGEX MATCHALL "\"[^\"]+\"" quoted "${lines}")
    foreach(include IN LISTS quoted)
      string(REGEX REPLACE "^\"(.*)\"$" "${PROJECT_SOURCE_DIR}/\\1" path "${include}")
      if(EXISTS "${path}" AND NOT path IN_LIST read AND NOT path IN_LIST queue)
        list(APPEND queue "${path}")
      endif()
    endforeach()
  endwhile()
  set(${result} "${sees}" PARENT_SCOPE)
endfunction()

# Of the given files of <target>, those that see Beast or Asio read it precompiled; one that sees
# CAF must not, because no file sees both.
function(frontdesk_precompile_beast target)
  set(precompiled "")
  foreach(file IN LISTS ARGN)
    _frontdesk_sees("${file}" sees)
    if("beast" IN_LIST sees AND NOT "caf" IN_LIST sees)
      list(APPEND precompiled "${file}")
    endif()
  endforeach()
  if(precompiled)
    target_precompile_headers(${target} REUSE_FROM frontdesk_beast)
    set(plain ${ARGN})
    list(REMOVE_ITEM plain ${precompiled})
    if(plain)
      set_source_files_properties(${plain} TARGET_DIRECTORY ${target}
                                  PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    endif()
  endif()
endfunction()
