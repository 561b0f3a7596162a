// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/nightly_units.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "support/text.h"

namespace kmatrix::cli {

namespace {

/// A word of ExecStart=, by systemd.service(5) and systemd.syntax(7): quotes, `\` and specifiers
/// (%) are escaped, and so are variables ($).
std::string unit_word(const std::string& word) {
  std::string text = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') text += '\\';
    if (c == '%' || c == '$') text += c;
    if (c == '\n')
      text += "\\n";
    else
      text += c;
  }
  return text + "\"";
}

/// A whole line of a unit that is no command: without variables.
std::string unit_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\\'; }, ' ');
  for (std::size_t at = 0; (at = text.find('%', at)) != std::string::npos; at += 2)
    text.insert(at, "%");
  return text;
}

template <class Quote>
std::string joined(const std::vector<std::string>& words, const Quote& quote) {
  std::vector<std::string> quoted;
  quoted.reserve(words.size());
  for (const auto& each : words) quoted.push_back(quote(each));
  return support::join(quoted, " ");
}

}  // namespace

Status set_time(const std::string& text, NightlyUnits& units) {
  const bool formed =
      text.size() == 5 && text[2] == ':' &&
      (text.substr(0, 2) + text.substr(3)).find_first_not_of("0123456789") == std::string::npos;
  const int hour = formed ? std::stoi(text.substr(0, 2)) : 24;
  const int minute = formed ? std::stoi(text.substr(3)) : 60;
  if (hour > 23 || minute > 59)
    return support::input_error("--at: '" + text + "' is no time of a day", {}, "such as 02:30");
  units.hour = hour;
  units.minute = minute;
  return {};
}

std::string service_text(const NightlyUnits& units) {
  // A stop of the service is a stop of kmatrix alone, which ends its machines and compilers itself.
  return fmt::format(
      "# Written by kmatrix nightly install.\n"
      "[Unit]\n"
      "Description={}\n"
      "\n"
      "[Service]\n"
      "Type=oneshot\n"
      "Environment=\"PATH={}\"\n"
      "ExecStart={}\n"
      "Nice=10\n"
      "IOSchedulingClass=idle\n"
      "KillMode=mixed\n"
      "TimeoutStopSec=5min\n",
      unit_line(units.description), unit_line(units.path), joined(units.command, unit_word));
}

std::string timer_text(const NightlyUnits& units) {
  return fmt::format(
      "# Written by kmatrix nightly install.\n"
      "[Unit]\n"
      "Description={}, each night\n"
      "\n"
      "[Timer]\n"
      "OnCalendar=*-*-* {:02}:{:02}:00\n"
      "Persistent=true\n"
      "\n"
      "[Install]\n"
      "WantedBy=timers.target\n",
      unit_line(units.description), units.hour, units.minute);
}

std::string shell_word(const std::string& word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@,+-";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string crontab_line(const NightlyUnits& units) {
  auto command =
      fmt::format("PATH={} {}", shell_word(units.path), joined(units.command, shell_word));
  // A % of a crontab is a newline, also within quotes.
  for (std::size_t at = 0; (at = command.find('%', at)) != std::string::npos; at += 2)
    command.insert(at, "\\");
  return fmt::format("{} {} * * * {}\n", units.minute, units.hour, command);
}

}  // namespace kmatrix::cli
