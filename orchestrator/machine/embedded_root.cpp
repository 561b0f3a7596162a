// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/embedded_root.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace kmatrix::machine {

namespace fs = std::filesystem;

namespace {

constexpr int most_slots = 64;
/// libvirt's longest socket below a root is
/// lib/qemu/channel/target/domain-NNN-TWENTYCHARACTERSNAME/ PORT, and a UNIX socket's path has at
/// most 107 characters (unix(7)).
constexpr std::size_t longest_runtime_folder = 28;
constexpr int kill_timeout_ms = 10'000;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// As system calls: the <sys/pidfd.h> of glibc 2.36 has no C++ linkage.
int open_pidfd(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }
bool kill_pidfd(int handle) {
  return syscall(SYS_pidfd_send_signal, handle, SIGKILL, nullptr, 0) == 0;
}

std::optional<pid_t> to_pid(const std::string& name) {
  pid_t pid = 0;
  const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (failure != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return pid;
}

bool is_machine_below(const fs::path& process, const std::string& folder) {
  const auto words = support::read_file(process / "cmdline");
  if (!words || words->find(folder + "/") == std::string::npos) return false;
  const std::string program = fs::path(words->substr(0, words->find('\0'))).filename();
  return program.starts_with("qemu");
}

/// Whether there was one to kill. The pidfd is opened before the command line is looked at, so the
/// process that was looked at is the one that gets the signal.
Result<bool> kill_if_below(const fs::path& process, const std::string& folder) {
  const auto pid = to_pid(process.filename());
  if (!pid) return false;
  const Descriptor handle(open_pidfd(*pid));
  if (handle.get() < 0 || !is_machine_below(process, folder)) return false;
  if (!kill_pidfd(handle.get())) return false;
  pollfd exited{handle.get(), POLLIN, 0};
  if (poll(&exited, 1, kill_timeout_ms) == 1) return true;
  return support::infrastructure_error(
      fmt::format("QEMU process {}, left behind in {}, does not die", *pid, folder));
}

/// etc/qemu.conf of the embedded driver; each line has its reason.
std::string configuration() {
  std::string text =
      "# Written by kmatrix; changes are lost.\n"
      "stdio_handler = \"file\"        # no virtlogd\n"
      "security_driver = \"none\"      # images belong to the user; seccomp_sandbox stays on\n"
      "dynamic_ownership = 0\n"
      "remember_owner = 0\n"
      "namespaces = []               # works in containers, where mounts are not allowed\n"
      "cgroup_controllers = []\n";
  // Another user could not open /dev/kvm, and then libvirt never trusts its cached capabilities.
  if (geteuid() == 0) text += "user = \"root\"\ngroup = \"root\"\n";
  return text;
}

Status clean(const fs::path& slot) {
  auto killed = kill_machines_below(slot);
  if (!killed) return killed.error();
  for (const char* part : {"run", "lib", "log", "console"})
    KMATRIX_TRY(support::remove_tree(slot / part));
  return {};
}

/// The lock on a slot that nobody uses, with all that was left in it removed; else nothing.
Result<std::optional<support::FileLock>> clean_if_free(const fs::path& slot) {
  auto lock = support::FileLock::try_take(slot.string() + ".lock");
  if (lock && *lock) KMATRIX_TRY(clean(slot));
  return lock;
}

Status check_length(const fs::path& runtime_folder) {
  if (runtime_folder.native().size() <= longest_runtime_folder) return {};
  return support::infrastructure_error(
      fmt::format("runtime folder {} is too long for UNIX sockets: at most {} characters",
                  runtime_folder.string(), longest_runtime_folder),
      "set XDG_RUNTIME_DIR to a shorter folder");
}

}  // namespace

Result<int> kill_machines_below(const fs::path& folder) {
  std::error_code failure;
  int count = 0;
  for (fs::directory_iterator each("/proc", failure), end; !failure && each != end;
       each.increment(failure)) {
    auto killed = kill_if_below(each->path(), folder.string());
    if (!killed) return killed.error();
    count += *killed ? 1 : 0;
  }
  if (failure) return support::infrastructure_error("cannot read /proc: " + failure.message());
  return count;
}

EmbeddedRoot::EmbeddedRoot(fs::path path, support::FileLock lock)
    : path_(std::move(path)), lock_(std::move(lock)) {}

Result<EmbeddedRoot> EmbeddedRoot::take(const fs::path& runtime_folder) {
  const fs::path runtime = fs::absolute(runtime_folder).lexically_normal();
  KMATRIX_TRY(check_length(runtime));
  KMATRIX_TRY(support::make_folders(runtime));
  std::optional<EmbeddedRoot> ours;
  for (int number = 0; number < most_slots; ++number) {
    const fs::path slot = runtime / std::to_string(number);
    if (ours && !fs::exists(slot)) continue;
    auto lock = clean_if_free(slot);
    if (!lock) return lock.error();
    if (*lock && !ours) ours = EmbeddedRoot(slot, std::move(**lock));
  }
  if (!ours) {
    return support::infrastructure_error(
        fmt::format("all {} slots in {} are in use", most_slots, runtime.string()));
  }
  KMATRIX_TRY(support::make_folders(ours->path() / "console"));
  KMATRIX_TRY(support::write_file(ours->path() / "etc" / "qemu.conf", configuration()));
  return std::move(*ours);
}

std::string EmbeddedRoot::uri() const { return "qemu:///embed?root=" + path_.string(); }

}  // namespace kmatrix::machine
