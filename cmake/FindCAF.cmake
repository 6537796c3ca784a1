# The C++ Actor Framework 0.17 comes without a CMake or pkg-config file of its own.
#
# Defines CAF::core, CAF::io and CAF::openssl; the link order is openssl, io, core. Set CAF_ROOT to
# use a private build (thread sanitizer).

find_path(CAF_INCLUDE_DIR caf/all.hpp)
find_library(CAF_CORE_LIBRARY caf_core)
find_library(CAF_IO_LIBRARY caf_io)
find_library(CAF_OPENSSL_LIBRARY caf_openssl)
mark_as_advanced(CAF_INCLUDE_DIR CAF_CORE_LIBRARY CAF_IO_LIBRARY CAF_OPENSSL_LIBRARY)

set(CAF_core_FOUND ${CAF_CORE_LIBRARY})
set(CAF_io_FOUND ${CAF_IO_LIBRARY})
set(CAF_openssl_FOUND ${CAF_OPENSSL_LIBRARY})

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF REQUIRED_VARS CAF_INCLUDE_DIR CAF_CORE_LIBRARY
                                  HANDLE_COMPONENTS)

function(_caf_component name library)
  if(library AND NOT TARGET CAF::${name})
    add_library(CAF::${name} UNKNOWN IMPORTED)
    set_target_properties(CAF::${name} PROPERTIES IMPORTED_LOCATION "${library}"
                          INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}"
                          INTERFACE_LINK_LIBRARIES "${ARGN}")
  endif()
endfunction()

if(CAF_FOUND)
  _caf_component(core "${CAF_CORE_LIBRARY}")
  _caf_component(io "${CAF_IO_LIBRARY}" CAF::core)
  _caf_component(openssl "${CAF_OPENSSL_LIBRARY}" CAF::io)
endif()
