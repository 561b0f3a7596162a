// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/talk_frame.h"

namespace kmatrix::agent {

/// A process that a person, or a script of theirs, talks to.
struct Talk {
  int port = -1;                  ///< non-blocking: frames in and out
  std::optional<int> terminal;    ///< its terminal; without one it has pipes
  Window window{24, 80};          ///< of the terminal
  std::vector<std::string> argv;  ///< argv[0] is an absolute path
};

/// Runs the process until it has ended, and returns its exit code, or 128 + signal. If the host
/// goes away, the process is killed.
int talk(const Talk& talk);

/// The program `kmatrix-agent talk ROWS COLUMNS COMMAND ARG...` (with a terminal) or
/// `kmatrix-agent talk - COMMAND ARG...`: an exit code, 125 if it could not do its part.
int talk_main(const std::vector<std::string>& arguments);

}  // namespace kmatrix::agent
