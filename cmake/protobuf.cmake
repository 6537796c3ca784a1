# frontdesk_protobuf(<target>): the C++ of this folder's .proto files, compiled apart from ours
# because it does not keep our warnings. It is included as "wire/<name>.pb.h".
function(frontdesk_protobuf target)
  file(GLOB schemas CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.proto")
  set(generated_dir "${PROJECT_BINARY_DIR}/generated/protobuf")
  set(generated "")
  foreach(schema IN LISTS schemas)
    file(RELATIVE_PATH name "${PROJECT_SOURCE_DIR}" "${schema}")
    string(REGEX REPLACE "\\.proto$" ".pb" stem "${generated_dir}/${name}")
    add_custom_command(
      OUTPUT "${stem}.cc" "${stem}.h"
      COMMAND ${CMAKE_COMMAND} -E make_directory "${generated_dir}"
      COMMAND protobuf::protoc --proto_path=${PROJECT_SOURCE_DIR} --cpp_out=${generated_dir}
              "${schema}"
      DEPENDS "${schema}"
      COMMENT "Generating ${name}"
      VERBATIM)
    list(APPEND generated "${stem}.cc" "${stem}.h")
  endforeach()
  if(generated)
    add_library(${target} STATIC ${generated})
    target_compile_options(${target} PRIVATE -w)
    set_target_properties(${target} PROPERTIES EXPORT_COMPILE_COMMANDS OFF)
    target_include_directories(${target} SYSTEM PUBLIC "${generated_dir}")
    target_link_libraries(${target} PUBLIC protobuf::libprotobuf)
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE protobuf::libprotobuf)
  endif()
endfunction()
