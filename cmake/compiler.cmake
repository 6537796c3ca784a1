# How everything is compiled: the language, the warnings, our build types, and the tools that
# make a build faster when the machine has them.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  message(FATAL_ERROR "Choose a preset: cmake --preset release (or sanitize, tsan, fuzz).")
endif()

# Release: no NDEBUG, because an assert that is compiled out guards nothing. The usual hardening
# stays on too; this process reads bytes from strangers. Not _GLIBCXX_ASSERTIONS: CAF 0.17
# dereferences an empty shared_ptr inside its function-based spawn, which that would abort.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong")
set(CMAKE_EXE_LINKER_FLAGS_RELEASE "-Wl,-z,relro,-z,now")

# Sanitize: -fno-sanitize=null for the same place in CAF. -g1 gives reports their lines without the
# size of CAF's type names in full debug data.
set(CMAKE_CXX_FLAGS_SANITIZE
    "-O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined \
-fno-sanitize=null -fno-sanitize-recover=all -Wno-maybe-uninitialized")
set(CMAKE_EXE_LINKER_FLAGS_SANITIZE "-fsanitize=address,undefined")

# Tsan: needs a CAF that was built the same way; `scripts/check --tsan` makes one.
set(CMAKE_CXX_FLAGS_TSAN "-O1 -g1 -fno-omit-frame-pointer -fsanitize=thread \
-Wno-maybe-uninitialized -Wno-tsan")
set(CMAKE_EXE_LINKER_FLAGS_TSAN "-fsanitize=thread")

# Fuzz: Clang only. libFuzzer's own main is linked to the targets alone (tests/fuzz).
set(CMAKE_CXX_FLAGS_FUZZ
    "-O1 -g1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
-fno-sanitize-recover=all")
set(CMAKE_EXE_LINKER_FLAGS_FUZZ "-fsanitize=address,undefined")

add_compile_options(-Wall -Wextra -Wpedantic -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overlapping copies in plain std::string concatenation; GCC 13 no longer does.
  add_compile_options(-Wno-restrict)
endif()

find_program(FRONTDESK_CCACHE ccache)
if(FRONTDESK_CCACHE)
  # The sloppiness is what precompiled headers need.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${FRONTDESK_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()

find_program(FRONTDESK_LINKER NAMES mold ld.lld)
if(FRONTDESK_LINKER MATCHES "mold$")
  add_link_options(-fuse-ld=mold)
elseif(FRONTDESK_LINKER MATCHES "lld$")
  add_link_options(-fuse-ld=lld)
endif()
