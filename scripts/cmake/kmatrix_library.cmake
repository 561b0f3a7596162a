# SPDX-License-Identifier: GPL-2.0-or-later

add_library(kmatrix_options INTERFACE)
target_compile_options(kmatrix_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror
  -Wno-missing-field-initializers
  # GCC 12's own headers use what they have deprecated (std::get_temporary_buffer).
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  # With several files in a unit, GCC takes those that are included for headers.
  $<$<AND:$<BOOL:${KMATRIX_UNITY}>,$<CXX_COMPILER_ID:GNU>>:-Wno-subobject-linkage>)
target_include_directories(kmatrix_options INTERFACE
  ${PROJECT_SOURCE_DIR}/orchestrator ${PROJECT_SOURCE_DIR}/results-db ${PROJECT_SOURCE_DIR}/images)
if(KMATRIX_SANITIZE)
  target_compile_options(kmatrix_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  target_link_options(kmatrix_options INTERFACE -fsanitize=address,undefined)
endif()
if(KMATRIX_FUZZ)
  target_compile_options(kmatrix_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# kmatrix_library(NAME SOURCES a.cpp... [DEPENDS kmatrix_x PkgConfig::Y...] [TESTS a_test.cpp...])
# One library a folder, with its unit tests in one program NAME_test (ctest label: unit), which the
# target unit_tests builds.
if(KMATRIX_TESTS)
  add_custom_target(unit_tests)
endif()
function(kmatrix_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;TESTS" ${ARGN})
  add_library(kmatrix_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(kmatrix_${name} PUBLIC kmatrix_options ${ARG_DEPENDS})
  if(KMATRIX_TESTS AND ARG_TESTS)
    add_executable(${name}_test EXCLUDE_FROM_ALL ${ARG_TESTS})
    add_dependencies(unit_tests ${name}_test)
    target_compile_definitions(${name}_test PRIVATE
      KMATRIX_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    target_link_libraries(${name}_test PRIVATE kmatrix_${name} GTest::gtest GTest::gtest_main)
    add_test(NAME ${name} COMMAND ${name}_test)
    # Long: scripts/test runs them beside kernels and machines, with what these leave.
    set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 1500)
  endif()
endfunction()
