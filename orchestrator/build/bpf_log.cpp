// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/bpf_log.h"

#include <optional>

#include "support/text.h"

namespace kmatrix::build {

namespace {

constexpr std::size_t longest_bpf_error = 300;

/// "PATH" of "make[1]: *** [Makefile:833: PATH] Error 1".
std::optional<std::string> failed_target(std::string_view line) {
  if (!line.starts_with("make")) return std::nullopt;
  const auto mark = line.find("*** [");
  const auto end = line.find("] Error ");
  if (mark == std::string_view::npos || end == std::string_view::npos || end < mark)
    return std::nullopt;
  auto target = line.substr(mark + 5, end - mark - 5);
  if (const auto colon = target.rfind(": "); colon != std::string_view::npos)
    target.remove_prefix(colon + 2);
  return std::string(target);
}

std::optional<std::string> without(const std::string& name, std::string_view suffix) {
  if (!name.ends_with(suffix) || name.size() == suffix.size()) return std::nullopt;
  return name.substr(0, name.size() - suffix.size());
}

std::string shown_bpf(std::string_view line) {
  std::string text(support::trim(line));
  constexpr std::string_view folder = "/src/tools/testing/selftests/bpf/";
  if (text.starts_with(folder)) text.erase(0, folder.size());
  if (text.size() > longest_bpf_error) text.resize(longest_bpf_error);
  return support::valid_utf8(text);
}

/// Errors of compilers and tools as they come by, until make says whose they are.
class Reader {
 public:
  BpfFailures read(std::string_view log) {
    for (const auto& line : support::split_lines(log)) {
      if (const auto target = failed_target(line))
        blame(*target);
      else if (is_error(line))
        errors_.push_back(line);
    }
    return std::move(failures_);
  }

 private:
  static bool is_error(std::string_view line) {
    return line.find("error: ") != std::string_view::npos || line.starts_with("Error: ") ||
           line.find(": Error: ") != std::string_view::npos;
  }

  /// The first error that names the file, else the last one before make gave up; each goes once,
  /// and those of other targets stay: make runs several at a time.
  std::string take_error(const std::string& file) {
    std::vector<std::string> own, others;
    for (auto& each : errors_)
      (each.find(file) != std::string::npos ? own : others).push_back(std::move(each));
    errors_ = std::move(others);
    if (!own.empty()) return shown_bpf(own.front());
    if (errors_.empty()) return "no error of a compiler was seen";
    auto last = shown_bpf(errors_.back());
    errors_.pop_back();
    return last;
  }

  void blame(const std::string& target) {
    // A make that was called by the other one for a part of its own: that part fails as well.
    const auto slash = target.rfind('/');
    if (slash == std::string::npos) return;
    const auto name = target.substr(slash + 1);
    if (const auto test = without(name, ".test.o")) {
      failures_.tests.try_emplace(*test, take_error("prog_tests/" + *test + ".c"));
      return;
    }
    for (const auto suffix : {".bpf.o", ".skel.h", ".lskel.h"})
      if (const auto program = without(name, suffix)) {
        failures_.programs.try_emplace(*program, take_error("progs/" + *program + ".c"));
        return;
      }
    failures_.others.try_emplace(name, take_error(name));
  }

  BpfFailures failures_;
  std::vector<std::string> errors_;
};

}  // namespace

BpfFailures parse_bpf_log(std::string_view log) { return Reader().read(log); }

}  // namespace kmatrix::build
