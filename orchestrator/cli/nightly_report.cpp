// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/nightly_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "report/email.h"
#include "report/history.h"
#include "report/words.h"
#include "support/text.h"

namespace kmatrix::cli {

using compare::Change;
using nlohmann::ordered_json;

namespace {

std::size_t count(const Night& night, Change change) {
  if (!night.diff) return 0;
  const auto is = [&](const auto& each) { return each.change == change; };
  std::size_t number = static_cast<std::size_t>(
      std::count_if(night.diff->cases.begin(), night.diff->cases.end(), is));
  if (change == Change::regression)
    number += static_cast<std::size_t>(
        std::count_if(night.diff->incidents.begin(), night.diff->incidents.end(), is));
  return number;
}

/// Of a header: on one line, in ASCII.
std::string header_text(const std::string& text) {
  std::string line = report::line_of(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return line;
}

std::string name_of(const Night& night) {
  return night.run ? night.run->run.experiment : std::filesystem::path(night.file).stem().string();
}

std::string what_came(const Night& night) {
  if (night.code == exit_interrupted) return "was cut short";
  if (!night.run)
    return night.code == exit_bad_input ? "the experiment has errors" : "did not come to run";
  if (night.code == exit_infrastructure) return "kmatrix could not do all of its job";
  const auto regressions = count(night, Change::regression), fixes = count(night, Change::fix);
  const std::string state = night.code == exit_good ? "good" : "not good";
  if (!night.before) return state + ", the first run";
  std::vector<std::string> parts;
  if (regressions > 0) parts.push_back(report::count_of(regressions, "regression"));
  if (fixes > 0) parts.push_back(fmt::format("{} fix{}", fixes, fixes == 1 ? "" : "es"));
  if (parts.empty()) return state + ", as before";
  return support::join(parts, ", ");
}

std::string compared_with(const Night& night) {
  if (!night.before) return "There is no earlier run to compare it with.\n";
  const auto& before = night.before->run;
  return night.before->good
             ? ""
             : fmt::format("No earlier run was good; it is compared with run {}, the last one.\n",
                           before.id.value);
}

}  // namespace

int code_of(const Night& night) {
  const bool regressed = night.diff && night.diff->regressed();
  return night.code == exit_good && regressed ? exit_tests_failed : night.code;
}

int code_of(const std::vector<Night>& nights) {
  int code = exit_good;
  for (const auto& night : nights) code = std::max(code, code_of(night));
  return code;
}

std::string subject_of(const Night& night) {
  auto subject = name_of(night) + ": " + what_came(night);
  if (night.run) subject += fmt::format(" (run {})", night.run->run.id.value);
  return subject;
}

std::string mail_of(const Night& night, const std::string& to) {
  std::string text = "Subject: [kmatrix] " + header_text(subject_of(night)) + "\n";
  if (!to.empty()) text += "To: " + header_text(to) + "\n";
  text += "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n";
  if (!night.run)
    return text +
           report::wrapped(fmt::format(
               "The experiment {} {} (exit code {}). What kmatrix said about it is in the "
               "log of the night: `journalctl --user -u kmatrix-nightly`, or where cron "
               "puts it.",
               report::line_of(night.file),
               night.code == exit_bad_input ? "has errors" : "did not come to run", night.code));
  if (night.continued)
    text += fmt::format("Run {} had been cut short, and went on.\n", night.run->run.id.value);
  if (night.code == exit_interrupted)
    text += fmt::format("Run {} was cut short: what follows is what it has so far.\n",
                        night.run->run.id.value);
  text += compared_with(night);
  if (night.diff) text += report::diff_text(night.before->run, night.run->run, *night.diff, false);
  return text + "\n" + report::email_text(*night.run);
}

ordered_json nightly_json(const std::vector<Night>& nights, const std::vector<std::string>& mails,
                          std::uint64_t freed) {
  auto list = ordered_json::array();
  for (std::size_t i = 0; i < nights.size(); ++i) {
    const auto& night = nights[i];
    const bool compared = night.diff && night.before;
    list.push_back(
        {{"file", report::text_or_null(night.file)},
         {"subject", report::text_or_null(subject_of(night))},
         {"exit_code", code_of(night)},
         {"continued", night.continued},
         {"run", night.run ? report::run_record(night.run->run) : ordered_json()},
         {"compared_with", compared ? ordered_json(night.before->run.id.value) : ordered_json()},
         {"compared_with_good", compared ? ordered_json(night.before->good) : ordered_json()},
         {"regressions", count(night, Change::regression)},
         {"fixes", count(night, Change::fix)},
         {"diff", compared ? report::diff_json(night.before->run, night.run->run, *night.diff)
                           : ordered_json()},
         {"mail", i < mails.size() ? report::text_or_null(mails[i]) : ordered_json()}});
  }
  return {{"exit_code", code_of(nights)}, {"freed_bytes", freed}, {"experiments", list}};
}

}  // namespace kmatrix::cli
