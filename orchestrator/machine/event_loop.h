// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

namespace kmatrix::machine {

/// The thread that runs libvirt's event loop, of which a process has one. All callbacks of streams
/// and domain events come from it, so whatever only lives on it needs no lock.
class EventLoop {
 public:
  /// The process's loop; it ends with its last owner.
  static std::shared_ptr<EventLoop> shared();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Runs `work` on the loop's thread, later.
  void post(std::function<void()> work);
  /// Runs `work` on the loop's thread and waits for it. Not from the loop's thread itself.
  void run(const std::function<void()>& work);

 private:
  EventLoop();
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace kmatrix::machine
