// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/adopted_processes.h"

#include <fcntl.h>
#include <libvirt/libvirt.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>

namespace kmatrix::machine {

namespace {

constexpr int search_ms = 20;

/// A small file of /proc, without touching the heap: libvirt forks while the search goes on and
/// allocates in the child, where an allocator that does not provide for that (ASan's) would still
/// be locked by this thread.
class ProcText {
 public:
  explicit ProcText(const char* path) {
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    const ssize_t count = read(file, buffer_.data(), buffer_.size());
    close(file);
    size_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  std::string_view text() const { return {buffer_.data(), size_}; }

 private:
  std::array<char, 4096> buffer_;
  std::size_t size_ = 0;
};

template <class... Parts>
std::array<char, 64> proc_path(const char* format, Parts... parts) {
  std::array<char, 64> path{};
  std::snprintf(path.data(), path.size(), format, parts...);
  return path;
}

/// The kernel gives a subreaper's orphans to its first thread that lives (find_alive_thread in
/// kernel/exit.c), which is the main one.
std::array<char, 64> children_file() {
  return proc_path("/proc/self/task/%d/children", static_cast<int>(getpid()));
}

/// A child that libvirt has detached, and that is QEMU by now rather than a fork of this program.
/// A machine, or the inner process of a build's sandbox, for which bubblewrap itself does not wait:
/// what its programs cost is known only once somebody has.
bool is_adopted(pid_t pid) {
  const pid_t session = getsid(pid);
  if (session < 0 || session == getsid(0)) return false;
  const ProcText name(proc_path("/proc/%d/comm", static_cast<int>(pid)).data());
  return name.text().starts_with("qemu") || name.text().starts_with("bwrap");
}

}  // namespace

AdoptedProcesses::AdoptedProcesses(std::shared_ptr<EventLoop> loop) : loop_(std::move(loop)) {
  // Without CONFIG_PROC_CHILDREN they could not be found, so they stay with PID 1.
  if (access(children_file().data(), R_OK) != 0) return;
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) return;
  const auto on_time = [](int, void* self) { static_cast<AdoptedProcesses*>(self)->look(); };
  timer_ = virEventAddTimeout(-1, on_time, this, nullptr);
}

AdoptedProcesses::~AdoptedProcesses() {
  loop_->run([this] {
    if (timer_ >= 0) virEventRemoveTimeout(timer_);
    while (!processes_.empty()) forget(processes_.begin()->second);
  });
}

void AdoptedProcesses::search(int more) {
  if (timer_ < 0) return;
  loop_->run([this, more] {
    look();
    searches_ += more;
    virEventUpdateTimeout(timer_, searches_ > 0 ? search_ms : -1);
  });
}

void AdoptedProcesses::look() {
  const ProcText children(children_file().data());
  const char* at = children.text().data();
  const char* const end = at + children.text().size();
  while (at != end) {
    pid_t pid = 0;
    const auto [next, failure] = std::from_chars(at, end, pid);
    at = failure == std::errc() ? next : at + 1;  // over the spaces
    if (pid > 0 && !processes_.contains(pid) && is_adopted(pid)) adopt(pid);
  }
}

void AdoptedProcesses::adopt(pid_t pid) {
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (descriptor < 0) return;
  Process& process = processes_[pid] = Process{this, pid, descriptor, -1};
  const auto on_exit = [](int, int, int, void* which) {
    auto& ended = *static_cast<Process*>(which);
    ended.owner->wait_for(ended);
  };
  process.handle =
      virEventAddHandle(descriptor, VIR_EVENT_HANDLE_READABLE, on_exit, &process, nullptr);
}

void AdoptedProcesses::wait_for(Process& process) {
  siginfo_t info{};
  waitid(P_PIDFD, static_cast<id_t>(process.descriptor), &info, WEXITED | WNOHANG);
  forget(process);
}

void AdoptedProcesses::forget(Process& process) {
  if (process.handle >= 0) virEventRemoveHandle(process.handle);
  close(process.descriptor);
  processes_.erase(process.pid);
}

}  // namespace kmatrix::machine
