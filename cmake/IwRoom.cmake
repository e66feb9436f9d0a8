# Rooms and programs.
#   iw_room(<room> SOURCES <file>... [DEPS <room>...] [LIBS <imported target>...])
#       Static library iw_<room> over files of the calling folder. DEPS are rooms its headers and
#       sources include; LIBS are outside libraries, hidden from whoever links the room.
#       Includes are written from src/; outside src/ (lab/, tests/) also from the repository's root.
#   iw_program(<name> SOURCES <file>... [DEPS <room>...] [LIBS <target>...] [INSTALL])
#       Executable DIR/<name>.
#   iw_add_folders(<folder>...)     add_subdirectory for each that exists
add_library(iw_build INTERFACE)
target_link_libraries(iw_build INTERFACE iw_warnings iw_sanitizers iw_hardening)

function(iw_configure_target target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPS;LIBS")
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  set(src ${PROJECT_SOURCE_DIR}/src)
  cmake_path(IS_PREFIX src ${CMAKE_CURRENT_SOURCE_DIR} in_src)
  if(NOT in_src)
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  endif()
  target_link_libraries(${target} PRIVATE iw_build ${arg_LIBS})
  list(TRANSFORM arg_DEPS PREPEND iw_)
  target_link_libraries(${target} PUBLIC ${arg_DEPS})
  set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION ${IW_LTO_USED})
endfunction()

function(iw_room room)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS;LIBS")
  iw_refuse_unparsed(iw_room ${room} "${arg_UNPARSED_ARGUMENTS}")
  add_library(iw_${room} STATIC ${arg_SOURCES})
  iw_configure_target(iw_${room} DEPS ${arg_DEPS} LIBS ${arg_LIBS})
  set_property(GLOBAL APPEND PROPERTY IW_ROOMS ${room})
endfunction()

function(iw_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "INSTALL" "" "SOURCES;DEPS;LIBS")
  iw_refuse_unparsed(iw_program ${name} "${arg_UNPARSED_ARGUMENTS}")
  add_executable(${name} ${arg_SOURCES})
  iw_configure_target(${name} DEPS ${arg_DEPS} LIBS ${arg_LIBS})
  if(arg_INSTALL)
    install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endfunction()

function(iw_add_folders)
  foreach(folder IN LISTS ARGN)
    if(EXISTS ${PROJECT_SOURCE_DIR}/${folder}/CMakeLists.txt)
      add_subdirectory(${PROJECT_SOURCE_DIR}/${folder})
    endif()
  endforeach()
endfunction()

# A misspelt keyword would otherwise silently become a source file or a dependency of nothing.
function(iw_refuse_unparsed what name unparsed)
  if(unparsed)
    message(FATAL_ERROR "${what}(${name}): not understood: ${unparsed}")
  endif()
endfunction()
