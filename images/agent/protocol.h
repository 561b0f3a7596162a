// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What host and guest agent say to each other over the virtio-serial port: one JSON object a line,
// at most max_line bytes. The host does not trust the guest: parse_* accept exactly these shapes.
namespace kmatrix::agent {

inline constexpr int protocol_version = 2;
inline constexpr std::size_t max_line = 64 * 1024;
inline constexpr char port_name[] = "org.kmatrix.agent.0";
/// The agent says Alive so often: a guest from which nothing comes for much longer has hung.
inline constexpr std::chrono::seconds heartbeat{5};
/// What the agent puts into one Output; in base64 it fits well into a line.
inline constexpr std::size_t max_piece = 16 * 1024;

// Guest to host.

/// First line after boot.
struct Hello {
  int protocol = 0;
  std::string release;  ///< uname -r
  std::string version;  ///< uname -v
  int cpus = 0;
  std::chrono::milliseconds uptime{0};  ///< since the kernel started
  std::uint64_t tainted = 0;            ///< /proc/sys/kernel/tainted
  std::chrono::microseconds round{1};   ///< of the calibration, the fastest one (calibration.h)
};
/// Nothing else was to be said for a heartbeat.
struct Alive {};
/// A case's process was started (the START marker is on the console by now).
struct Started {
  std::uint64_t seq = 0;
};
/// A piece of the process's stdout and stderr, merged.
struct Output {
  std::uint64_t seq = 0;
  std::string data;
};
/// The process has ended (the END marker is on the console by now).
struct Ended {
  std::uint64_t seq = 0;
  int code = 0;            ///< exit code, or 128 + signal
  bool timed_out = false;  ///< killed because the host said Kill
  std::chrono::milliseconds took{0};
  std::uint64_t tainted = 0;  ///< after the case
  std::uint64_t dropped = 0;  ///< bytes of output beyond max_output; the output says where
  bool exhausted = false;     ///< it left too little memory or room for another case
};
/// The agent could not do what was asked ("mount /dev/vdb: ...").
struct Failed {
  std::string message;
};
/// Answer to Poweroff, just before it.
struct Bye {};
using FromGuest = std::variant<Hello, Alive, Started, Output, Ended, Failed, Bye>;

// Host to guest.

/// Run one process: argv[0] is an absolute path. It may take as long as the host lets it.
struct Run {
  std::uint64_t seq = 0;
  std::string name;  ///< case name for the /dev/kmsg markers
  std::vector<std::string> argv;
  std::map<std::string, std::string> env;
  std::string cwd = "/";
  /// Bytes, at most 64 MiB. Of more the beginning is passed on as it comes and the end when it is
  /// over, as most tests say last what came of them; what is between is counted and dropped.
  std::uint64_t max_output = 1 << 20;
};
/// The case is over its deadline: kill its process, and all that it started. Nothing if it has
/// ended by itself in the meantime.
struct Kill {
  std::uint64_t seq = 0;
};
struct Poweroff {};
using FromHost = std::variant<Run, Kill, Poweroff>;

/// One line, newline included. Invalid UTF-8 is replaced, except in Output::data, which may be any
/// bytes; Hello's and Failed's texts are cut so that the line fits. A Run or an Output that is too
/// long for max_line stays so, and the other side refuses it.
std::string encode(const FromGuest& message);
std::string encode(const FromHost& message);
/// nullopt if the line is not exactly one message of the protocol.
std::optional<FromGuest> parse_from_guest(std::string_view line);
std::optional<FromHost> parse_from_host(std::string_view line);

/// Markers that the agent writes to /dev/kmsg, so that the console alone names the culprit:
/// "kmatrix: START 3 ftrace-direct.tc", "kmatrix: END 3 0".
std::string start_marker(std::uint64_t seq, std::string_view name);
std::string end_marker(std::uint64_t seq, int code);

}  // namespace kmatrix::agent
