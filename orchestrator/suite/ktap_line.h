// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kmatrix::suite {

/// One line of KTAP or TAP. Texts are safe to show (support::printable), of one line, and short.
struct KtapLine {
  enum Kind {
    talk,      ///< a diagnostic, or what is no KTAP at all: `text`
    version,   ///< "KTAP version 1", "TAP version 13"
    plan,      ///< "1..N": `number`; "1..0 # SKIP WHY": `directive` and `text`
    result,    ///< "ok N - NAME # DIRECTIVE WHY"; WHY is `text`
    bail_out,  ///< "Bail out! WHY": `text`
  } kind = talk;
  std::size_t column = 0;   ///< of what it says, behind indentation and "# "
  bool is_comment = false;  ///< there is a "# " in front
  std::size_t hash = 0;     ///< column of the last such '#'
  bool good = false;        ///< "ok", not "not ok"
  bool has_dash = false;    ///< "ok - NAME"
  std::optional<std::size_t> number;
  std::string name;
  std::string directive;  ///< "SKIP", "TODO", "XFAIL", "XPASS", "TIMEOUT", "ERROR" or none
  std::string text;
};

KtapLine read_ktap_line(std::string_view line);

/// The lines of an output without colours and without what the kernel logs between and within
/// them. Where KTAP itself comes through the kernel's log (KUnit), its time stamps are removed.
std::vector<std::string> ktap_lines(std::string_view output);

/// Text of a guest on one line: printable, at most about `longest` bytes.
std::string one_line(std::string_view text, std::size_t longest);

}  // namespace kmatrix::suite
