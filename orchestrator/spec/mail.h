// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "support/result.h"

namespace kmatrix::spec {

/// A mail as far as patches need it (RFC 5322, 2045 and 2047).
struct Mail {
  std::string subject;  ///< decoded, on one line
  std::string body;     ///< decoded, in UTF-8
  int body_line = 1;    ///< of the first line of the body in the mail, from 1
  /// The body was quoted-printable or base64: its lines are not those of the mail.
  bool recoded = false;
};

/// Reads one mail: header lines, an empty line, the body. Input errors at `at`: a mail of several
/// parts, a character set or an encoding that is not known, text that is not what its header says.
Result<Mail> parse_mail(std::string_view text, const Location& at);

/// "Name: value", as the lines of a mail's header are.
bool is_header_line(std::string_view line);

}  // namespace kmatrix::spec
