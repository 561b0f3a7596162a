// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/result.h"

namespace kmatrix::support {

std::string to_string(const Location& at) {
  std::string text = at.file;
  if (at.line > 0) text += ":" + std::to_string(at.line);
  if (at.line > 0 && at.column > 0) text += ":" + std::to_string(at.column);
  return text;
}

std::string to_string(const Error& error) {
  std::string text = to_string(error.at);
  if (!text.empty()) text += ": ";
  text += error.message;
  if (!error.hint.empty()) text += " (" + error.hint + ")";
  for (const auto& where : error.context) text += "\n  " + where;
  return text;
}

Error input_error(std::string message, Location at, std::string hint) {
  return {ErrorKind::input, std::move(message), std::move(at), std::move(hint), {}};
}

Error infrastructure_error(std::string message, std::string hint) {
  return {ErrorKind::infrastructure, std::move(message), {}, std::move(hint), {}};
}

Error interrupted_error() { return {ErrorKind::interrupted, "interrupted", {}, {}, {}}; }

}  // namespace kmatrix::support
