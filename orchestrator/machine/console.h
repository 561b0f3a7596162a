// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kmatrix::machine {

struct KernelLine;
struct ReportStart;

/// Classes of reports in a kernel's log. UBSAN, KFENCE, KCSAN and slab reports are `bug`.
enum class IncidentKind {
  cfi,
  oops,
  bug,
  warning,
  stall,
  panic,
  reboot,
  kasan,
  lockdep,
  hung_task,
  other
};
std::string to_string(IncidentKind kind);

/// One report in a kernel's log, however many lines it has.
struct Incident {
  IncidentKind kind = IncidentKind::other;
  std::string title;                 ///< stable: no addresses, offsets, counts, pids or times
  std::vector<std::string> lines;    ///< as printed, at most 200 and 32 KiB
  std::size_t first_line = 0;        ///< in the console log, from 1
  std::optional<std::uint64_t> seq;  ///< the case that was running (START/END markers)
  // CFI failures only, as printed ("caller+0x34/0x48 [module]"; "" elsewhere):
  std::string cfi_caller, cfi_target, cfi_expected_type;
};

/// What the title of an incident begins with in which the kernel killed processes to have memory.
inline constexpr std::string_view out_of_memory_title = "out of memory";

/// Reads a console as it comes: lines of at most 4 KiB, anything else a guest can send. Lines of
/// different CPUs are told apart by PRINTK_CALLER ("[T12]", "[C1]") where it is there. Memory is
/// bounded: at most `max_incidents` are kept, the others counted.
class ConsoleReader {
 public:
  static constexpr std::size_t max_incidents = 1000;

  /// Feeds bytes, in pieces of any size.
  void feed(std::string_view bytes);
  /// No more bytes will come: takes an unfinished last line as a line.
  void finish();
  /// In the order of their beginnings. Lines of the newest may still come, and with them a title.
  const std::vector<Incident>& incidents() const { return incidents_; }
  std::size_t dropped() const { return dropped_; }  ///< incidents beyond max_incidents
  std::size_t lines() const { return line_; }
  bool panicked() const { return panicked_; }     ///< "Kernel panic - not syncing"
  bool rebooted() const { return banners_ > 1; }  ///< a second "Linux version" banner
  bool booted() const { return banners_ > 0; }    ///< the first "Linux version" banner
  std::string panic_message() const { return panic_message_; }

 private:
  /// What one caller (task or CPU) is in the middle of.
  struct Track {
    std::optional<std::size_t> open;    ///< the report that its lines belong to
    std::optional<std::size_t> dying;   ///< a fault that was announced; its oops is to come
    std::vector<std::string> preamble;  ///< "---[ cut here ]---" and what follows, so far
    std::size_t preamble_line = 0;
    std::optional<std::size_t> ended;  ///< the report that came before, and the line of its end
    std::size_t ended_line = 0;
    std::size_t last_line = 0;
    double last_seconds = 0;
    bool in_trace = false;        ///< a "Call trace:" was seen in the open report
    bool wants_function = false;  ///< the title still lacks the function
    bool wants_caller = false;    ///< the title still lacks who called the function
    std::string_view last_words;  ///< the open report goes on until a line with them
  };

  void line(std::string_view raw);
  void marker(const KernelLine& line);
  bool is_last_line(const KernelLine& line) const;
  bool banner(const KernelLine& line);
  void panic(const KernelLine& line, std::string_view raw);
  void start(const ReportStart& start, const KernelLine& line, std::string_view raw);
  void proceed(const KernelLine& line, std::string_view raw);
  bool belongs(const Track& track, const KernelLine& line) const;
  bool absorbs(Track& track, const ReportStart& start);
  std::optional<std::size_t> cause_of_panic(const Track& track, std::string_view message) const;
  std::optional<std::size_t> add(Incident incident);
  void append(std::size_t index, std::string_view raw);
  void complete_title(Track& track, std::string_view text);
  Track& track_of(const KernelLine& line);

  std::string partial_;
  bool overlong_ = false;  ///< the rest of this line is not kept
  std::size_t line_ = 0;
  int banners_ = 0;
  bool panicked_ = false;
  std::string panic_message_;
  std::optional<std::uint64_t> running_;
  std::vector<Incident> incidents_;
  std::size_t dropped_ = 0;
  std::map<std::string, Track, std::less<>> tracks_;  ///< by caller; "" without PRINTK_CALLER
};

}  // namespace kmatrix::machine
