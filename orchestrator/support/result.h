// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace kmatrix::support {

/// Why we could not do our job. It decides the exit code of the program (cli/exit_code.h).
enum class ErrorKind {
  input,           ///< the user's file, option, patch or config is wrong: exit 2
  infrastructure,  ///< libvirt, disk, network, a missing tool: exit 69
  interrupted,     ///< a stop was asked for: exit 130
};

/// A place in something that a user wrote. `line` and `column` count from 1; 0 means unknown.
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
  bool operator==(const Location&) const = default;
};

/// "file:line:column", leaving out what is unknown; "" for an empty file.
std::string to_string(const Location& at);

/// One thing that went wrong on our side. A failing test is not an Error but an Outcome.
struct Error {
  ErrorKind kind = ErrorKind::infrastructure;
  std::string message;
  Location at = {};
  std::string hint = {};                  ///< what to do about it; may be empty
  std::vector<std::string> context = {};  ///< innermost first: "while booting v6.12/base/..."
};

/// "file:1:2: message (hint)\n  while ..." without a program name in front.
std::string to_string(const Error& error);

Error input_error(std::string message, Location at = {}, std::string hint = {});
Error infrastructure_error(std::string message, std::string hint = {});
Error interrupted_error();

/// A value, or the Error that prevented it. It must be looked at.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  Result(Error error) : tl::expected<T, Error>(tl::unexpected<Error>(std::move(error))) {}
};

using Status = Result<void>;

/// `result` with `where` added to its error's context trail.
template <class T>
Result<T> with_context(Result<T> result, std::string where) {
  if (!result) result.error().context.push_back(std::move(where));
  return result;
}

}  // namespace kmatrix::support

namespace kmatrix {
using support::Error;
using support::ErrorKind;
using support::Location;
using support::Result;
using support::Status;
}  // namespace kmatrix

/// Returns the error of `expr` (a Result) from the calling function, or goes on.
#define KMATRIX_TRY(expr)                                                                        \
  do {                                                                                           \
    if (auto kmatrix_status = (expr); !kmatrix_status) return std::move(kmatrix_status).error(); \
  } while (false)
