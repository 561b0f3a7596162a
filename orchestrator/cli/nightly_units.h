// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "support/result.h"

namespace kmatrix::cli {

/// A command that is to be run each night, by systemd or cron.
struct NightlyUnits {
  std::string description;           ///< one line
  std::vector<std::string> command;  ///< argv; argv[0] is an absolute path
  std::string path;                  ///< PATH for it: compilers and QEMU are found there
  int hour = 2, minute = 0;          ///< local time
};

/// "02:30" into the units. Input error: no time of a day.
Status set_time(const std::string& text, NightlyUnits& units);

/// The service that runs it once, and the timer that starts the service each night: also after one
/// that the machine slept through.
std::string service_text(const NightlyUnits& units);
std::string timer_text(const NightlyUnits& units);

/// The line of a crontab that does the same.
std::string crontab_line(const NightlyUnits& units);

/// A word as /bin/sh takes it.
std::string shell_word(const std::string& word);

}  // namespace kmatrix::cli
