// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/event_loop.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include <cstdlib>
#include <future>
#include <mutex>

namespace kmatrix::machine {

namespace {

using Work = std::function<void()>;

void run_once(int timer, void* opaque) {
  // Removed first: libvirt frees the work only after this call, and it must run just once.
  virEventRemoveTimeout(timer);
  (*static_cast<Work*>(opaque))();
}

void free_work(void* opaque) { delete static_cast<Work*>(opaque); }

void ignore_error(void*, virErrorPtr) {}

void set_up_libvirt() {
  static std::once_flag once;
  std::call_once(once, [] {
    // libvirt prints each error to stderr by default; ours carry its message instead. Whoever sets
    // the variable gets its log.
    setenv("LIBVIRT_LOG_OUTPUTS", "4:file:/dev/null", 0);
    virSetErrorFunc(nullptr, ignore_error);
    virInitialize();
    virEventRegisterDefaultImpl();
  });
}

}  // namespace

std::shared_ptr<EventLoop> EventLoop::shared() {
  // libvirt has one event loop a process, so its owner cannot be handed in from outside.
  static std::mutex mutex;
  static std::weak_ptr<EventLoop> current;
  const std::scoped_lock lock(mutex);
  auto loop = current.lock();
  if (!loop) {
    set_up_libvirt();
    loop = std::shared_ptr<EventLoop>(new EventLoop);
    current = loop;
  }
  return loop;
}

EventLoop::EventLoop()
    : thread_([this] {
        // The previous owner's thread may still be on its way out.
        static std::mutex running;
        const std::scoped_lock lock(running);
        while (!stopping_) virEventRunDefaultImpl();
      }) {}

EventLoop::~EventLoop() {
  post([this] { stopping_ = true; });
  thread_.join();
}

void EventLoop::post(std::function<void()> work) {
  virEventAddTimeout(0, run_once, new Work(std::move(work)), free_work);
}

void EventLoop::run(const std::function<void()>& work) {
  std::promise<void> done;
  post([&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace kmatrix::machine
