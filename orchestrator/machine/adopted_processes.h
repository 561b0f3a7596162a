// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <map>
#include <memory>

#include "machine/event_loop.h"

namespace kmatrix::machine {

/// Waits for the QEMU processes that the embedded driver detaches from us. libvirt takes one for
/// gone when kill(pid, 0) fails, which it does only after its parent has waited for it; their
/// parent is PID 1, which in a container may do that seconds late or never. So this process becomes
/// their parent (PR_SET_CHILD_SUBREAPER). Processes of the same session, such as those of
/// support::ProcessRunner, are left alone. It waits for the orphans of build sandboxes as well.
class AdoptedProcesses {
 public:
  explicit AdoptedProcesses(std::shared_ptr<EventLoop> loop);
  ~AdoptedProcesses();
  AdoptedProcesses(const AdoptedProcesses&) = delete;
  AdoptedProcesses& operator=(const AdoptedProcesses&) = delete;

  /// While it lives, libvirt may start processes: they are looked for again and again.
  class Search {
   public:
    explicit Search(AdoptedProcesses& all) : all_(all) { all_.search(+1); }
    ~Search() { all_.search(-1); }
    Search(const Search&) = delete;
    Search& operator=(const Search&) = delete;

   private:
    AdoptedProcesses& all_;
  };

 private:
  struct Process {
    AdoptedProcesses* owner;
    pid_t pid;
    int descriptor;
    int handle;
  };
  void search(int more);
  void look();
  void adopt(pid_t pid);
  void wait_for(Process& process);
  void forget(Process& process);

  std::shared_ptr<EventLoop> loop_;
  int timer_ = -1;
  // On the event loop's thread alone:
  int searches_ = 0;
  std::map<pid_t, Process> processes_;
};

}  // namespace kmatrix::machine
