// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/console.h"

#include <algorithm>
#include <array>
#include <utility>

#include "machine/console_line.h"
#include "machine/console_report.h"

// A report is many lines, and the lines of several CPUs are mixed. Each caller (task or CPU, as
// PRINTK_CALLER prints it) has a Track: the report that its next lines belong to. A report opens
// with a line that recognise() knows and closes at its end marker, at one of our START/END markers,
// at the next report of the same caller, or when a line comes that cannot be a part of it.
//
// One trouble makes several such lines: a fault is announced ("CFI failure at", "Unable to handle
// kernel"), then the kernel dies of it ("Internal error"), then perhaps panics ("Fatal exception").
// absorbs() and cause_of_panic() put these together.
namespace kmatrix::machine {
namespace {

constexpr std::size_t longest_line = 4096;
constexpr std::size_t most_lines = 200;
constexpr std::size_t most_bytes = 32768;
constexpr std::size_t most_callers = 256;
constexpr std::size_t longest_preamble = 8;
constexpr double longest_pause = 5;  // seconds between lines of one report
constexpr std::string_view panic_front = "Kernel panic - not syncing";

std::size_t bytes_of(const std::vector<std::string>& lines) {
  std::size_t sum = 0;
  for (const auto& each : lines) sum += each.size();
  return sum;
}

bool contains_any(std::string_view text, const auto& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != text.npos; });
}

bool opens_warning(std::string_view raw) {
  return raw.find("------------[ cut here ]") != raw.npos;
}

bool opens_preamble(std::string_view text) {
  return text.starts_with("------------[ cut here ]") || text.starts_with("==========");
}

/// Reports that a "---[ end trace" closes for certain.
bool has_end_marker(IncidentKind kind) {
  using enum IncidentKind;
  return kind == cfi || kind == oops || kind == warning || kind == kasan || kind == panic;
}

bool is_fatal(IncidentKind kind) {
  using enum IncidentKind;
  return kind == cfi || kind == oops || kind == bug || kind == kasan;
}

/// Panics that the kernel decides on because of a report that it has just printed.
bool is_consequence(std::string_view message) {
  constexpr std::array<std::string_view, 12> words = {
      "Fatal exception",     "panic_on_warn",         "hung tasks",
      "blocked tasks",       "Hard LOCKUP",           "hard LOCKUP",
      "RCU Stall",           "kernel stack overflow", "Unhandled exception",
      "Asynchronous SError", "Fatal hardware error",  "too often"};
  return contains_any(message, words);
}

}  // namespace

std::string to_string(IncidentKind kind) {
  switch (kind) {
    case IncidentKind::cfi:
      return "cfi";
    case IncidentKind::oops:
      return "oops";
    case IncidentKind::bug:
      return "bug";
    case IncidentKind::warning:
      return "warning";
    case IncidentKind::stall:
      return "stall";
    case IncidentKind::panic:
      return "panic";
    case IncidentKind::reboot:
      return "reboot";
    case IncidentKind::kasan:
      return "kasan";
    case IncidentKind::lockdep:
      return "lockdep";
    case IncidentKind::hung_task:
      return "hung_task";
    case IncidentKind::other:
      return "other";
  }
  return "other";
}

void ConsoleReader::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    if (!overlong_) partial_ += bytes.substr(0, std::min(end, longest_line - partial_.size()));
    overlong_ = overlong_ || partial_.size() == longest_line;
    if (end == bytes.size()) return;
    line(partial_);
    partial_.clear();
    overlong_ = false;
    bytes.remove_prefix(end + 1);
  }
}

void ConsoleReader::finish() {
  if (!partial_.empty()) line(partial_);
  partial_.clear();
  overlong_ = false;
}

void ConsoleReader::line(std::string_view raw) {
  ++line_;
  while (!raw.empty() && raw.back() == '\r') raw.remove_suffix(1);
  while (!raw.empty() && raw.front() == '\r') raw.remove_prefix(1);
  const auto parsed = parse_kernel_line(raw);
  if (banner(parsed)) return;
  if (parsed.text.starts_with("kmatrix: ")) return marker(parsed);
  if (parsed.text.starts_with(panic_front)) return panic(parsed, raw);
  if (!is_last_line(parsed))
    if (auto begun = recognise(parsed.text)) return start(*begun, parsed, raw);
  proceed(parsed, raw);
}

/// The end of a report may look like the beginning of another one.
bool ConsoleReader::is_last_line(const KernelLine& line) const {
  const auto found = tracks_.find(line.caller);
  return found != tracks_.end() && found->second.open && !found->second.last_words.empty() &&
         line.text.find(found->second.last_words) != line.text.npos;
}

void ConsoleReader::marker(const KernelLine& line) {
  const auto read = parse_marker(line.text);
  if (!read) return;
  tracks_.erase(std::string(line.caller));
  tracks_.erase(std::string());
  running_ = read->start ? std::optional(read->seq) : std::nullopt;
}

/// The banner comes at the very start of a boot; the same words later are somebody's echo.
bool ConsoleReader::banner(const KernelLine& line) {
  if (!line.text.starts_with("Linux version ") || line.seconds.value_or(0) >= 1) return false;
  ++banners_;
  if (banners_ > 1) {
    Incident incident;
    incident.kind = IncidentKind::reboot;
    incident.title = "the kernel booted again";
    incident.lines = {std::string(line.text)};
    add(std::move(incident));
    tracks_.clear();
    running_.reset();
  }
  return true;
}

std::optional<std::size_t> ConsoleReader::cause_of_panic(const Track& track,
                                                         std::string_view message) const {
  if (track.dying) return track.dying;
  if (track.open && (is_consequence(message) || has_end_marker(incidents_[*track.open].kind)))
    return track.open;
  const bool init_died = message.find("Attempted to kill init") != message.npos;
  if (!init_died && !is_consequence(message)) return std::nullopt;
  // Other CPUs' backtraces may stand between a stall's report and its panic.
  const std::size_t near_by = init_died ? 60 : 400;
  for (auto at = incidents_.size(); at-- > 0;) {
    const auto& each = incidents_[at];
    if (each.kind == IncidentKind::panic || each.kind == IncidentKind::reboot) break;
    if (each.first_line + each.lines.size() + near_by < line_) break;
    if (!init_died || is_fatal(each.kind)) return at;
  }
  return std::nullopt;
}

void ConsoleReader::panic(const KernelLine& line, std::string_view raw) {
  auto message = line.text.substr(panic_front.size());
  while (!message.empty() && (message[0] == ':' || message[0] == ' ')) message.remove_prefix(1);
  if (!panicked_) panic_message_ = message;
  panicked_ = true;
  auto& track = track_of(line);
  auto cause = cause_of_panic(track, message);
  if (!cause) {
    Incident incident;
    incident.kind = IncidentKind::panic;
    incident.title = "Kernel panic: " + stable_text(message);
    cause = add(std::move(incident));
  }
  track.open = cause;
  track.dying.reset();
  track.wants_function = false;
  track.last_seconds = line.seconds.value_or(track.last_seconds);
  if (cause) append(*cause, raw);
}

/// Is this line the second half of what the caller has already begun?
bool ConsoleReader::absorbs(Track& track, const ReportStart& start) {
  if (start.death && track.dying) {
    track.open = track.dying;
    track.dying.reset();
    return true;
  }
  // fortify_panic() warns, and then it BUG()s.
  constexpr std::size_t cut_and_bug = 2;
  if (start.bug && track.ended && line_ <= track.ended_line + cut_and_bug &&
      incidents_[*track.ended].title.starts_with("WARNING in __fortify_report")) {
    track.open = track.dying = track.ended;
    track.in_trace = false;
    incidents_[*track.ended].kind = start.kind;
    return true;
  }
  // "usercopy: ..." and the like announce a BUG().
  if (start.bug && track.dying) return !incidents_[*track.dying].title.starts_with("kernel BUG");
  if (start.kind != IncidentKind::warning || !track.open) return false;
  auto& open = incidents_[*track.open];
  constexpr std::size_t next_to = 4;
  const bool is_next = open.lines.size() <= next_to;
  // The message of a WARN() may look like a report: "BUG: Dentry ... still in use".
  if (is_next && open.kind == IncidentKind::bug && opens_warning(open.lines.front())) {
    open.kind = start.kind;
    open.title = start.title;
    track.wants_caller = start.wants_caller;
    return true;
  }
  // A permissive CFI kernel warns instead of dying; slab reports end in a WARN since 6.15.
  return (open.kind == IncidentKind::cfi && is_next) || open.title.starts_with("BUG in slab ") ||
         open.title.starts_with("ftrace bug");
}

void ConsoleReader::start(const ReportStart& start, const KernelLine& line, std::string_view raw) {
  auto& track = track_of(line);
  if (absorbs(track, start)) {
    track.wants_function = track.wants_function && start.wants_function;
    track.last_seconds = line.seconds.value_or(track.last_seconds);
    return append(*track.open, raw);
  }
  Incident incident;
  incident.kind = start.kind;
  incident.title = start.title;
  incident.cfi_caller = start.cfi_caller;
  incident.cfi_target = start.cfi_target;
  incident.cfi_expected_type = start.cfi_expected_type;
  const auto preamble = std::exchange(track.preamble, {});
  const auto first = track.preamble_line;
  track.open = add(std::move(incident));
  track.dying = start.fatal ? track.open : std::nullopt;
  track.in_trace = false;
  track.wants_function = start.wants_function;
  track.wants_caller = start.wants_caller;
  track.last_words = start.last_words;
  track.last_seconds = line.seconds.value_or(track.last_seconds);
  if (!track.open) return;
  if (!preamble.empty() && bytes_of(preamble) + raw.size() <= most_bytes) {
    incidents_[*track.open].first_line = first;
    for (const auto& each : preamble) append(*track.open, each);
  }
  append(*track.open, raw);
}

/// Stalls, lockdep reports and the like have no end marker: once their trace is over, a line that
/// is not indented belongs to something else.
bool ConsoleReader::belongs(const Track& track, const KernelLine& line) const {
  constexpr std::array<std::string_view, 14> parts = {
      "Call trace", "Call Trace", "Code: ", "CPU: ", "Tainted: ", "Hardware name", "pstate: ",
      "pc : ",      "lr : ",      "sp : ",  "task:", "rcu: ",     "Sending NMI",   "NMI backtrace"};
  const auto kind = incidents_[*track.open].kind;
  if (kind == IncidentKind::stall || kind == IncidentKind::panic) {
    if (!track.in_trace) return true;
  } else if (line.seconds && *line.seconds > track.last_seconds + longest_pause) {
    return false;
  }
  if (has_end_marker(kind) || track.dying || !track.in_trace || !track.last_words.empty())
    return true;
  const auto text = line.text;
  if (text.empty() || text[0] == ' ' || text[0] == '\t' || text[0] == 'x') return true;
  return ends_report(text) ||
         std::any_of(parts.begin(), parts.end(), [&](auto part) { return text.starts_with(part); });
}

void ConsoleReader::complete_title(Track& track, std::string_view text) {
  auto& incident = incidents_[*track.open];
  if (track.wants_caller && track.in_trace)
    if (const auto caller = blamed_caller(text)) {
      incident.title += *caller;
      track.wants_caller = false;
    }
  if (!track.wants_function) return;
  if (const auto function = blamed_function(incident.kind, text)) {
    incident.title += *function;
    track.wants_function = false;
    constexpr std::string_view in = " in ";
    track.wants_caller = function->starts_with(in) && only_reports(function->substr(in.size()));
  }
}

void ConsoleReader::proceed(const KernelLine& line, std::string_view raw) {
  auto& track = track_of(line);
  if (track.open && !belongs(track, line)) track.open.reset();
  track.last_seconds = line.seconds.value_or(track.last_seconds);
  if (!track.open) {
    if (opens_preamble(line.text)) {
      track.preamble.clear();
      track.preamble_line = line_;
    } else if (track.preamble.empty()) {
      return;
    }
    if (track.preamble.size() == longest_preamble) return track.preamble.clear();
    return track.preamble.emplace_back(raw), void();
  }
  append(*track.open, raw);
  complete_title(track, line.text);
  const auto trace = line.text.starts_with("Call trace") || line.text.starts_with("Call Trace");
  track.in_trace = track.in_trace || trace;
  const auto& incident = incidents_[*track.open];
  const bool kasan_end = incident.kind == IncidentKind::kasan && opens_preamble(line.text);
  const bool full = incident.lines.size() >= most_lines;
  const bool last = !track.last_words.empty() && line.text.find(track.last_words) != line.text.npos;
  if (!ends_report(line.text) && !kasan_end && !full && !last) return;
  track.ended = track.open;
  track.ended_line = line_;
  track.open.reset();
  track.dying.reset();
}

std::optional<std::size_t> ConsoleReader::add(Incident incident) {
  if (incidents_.size() == max_incidents) {
    ++dropped_;
    return std::nullopt;
  }
  incident.first_line = line_;
  incident.seq = running_;
  incidents_.push_back(std::move(incident));
  return incidents_.size() - 1;
}

void ConsoleReader::append(std::size_t index, std::string_view raw) {
  auto& lines = incidents_[index].lines;
  if (lines.size() < most_lines && bytes_of(lines) + raw.size() <= most_bytes)
    lines.emplace_back(raw);
}

ConsoleReader::Track& ConsoleReader::track_of(const KernelLine& line) {
  auto found = tracks_.find(line.caller);
  if (found == tracks_.end()) {
    if (tracks_.size() == most_callers) {
      const auto older = [](const auto& a, const auto& b) {
        return a.second.last_line < b.second.last_line;
      };
      tracks_.erase(std::min_element(tracks_.begin(), tracks_.end(), older));
    }
    found = tracks_.emplace(line.caller, Track{}).first;
  }
  auto& track = found->second;
  if (line.seconds && *line.seconds > track.last_seconds + longest_pause) track.preamble.clear();
  track.last_line = line_;
  return track;
}

}  // namespace kmatrix::machine
