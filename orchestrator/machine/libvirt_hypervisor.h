// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "machine/domain_xml.h"
#include "machine/guest_pipe.h"
#include "machine/hypervisor.h"

namespace kmatrix::machine {

/// Machines through libvirt's API. Without a URI: the QEMU driver embedded in our process
/// (qemu:///embed?root=DIR), DIR a short folder of this process alone; libvirt has one such driver
/// a process, so all objects of a process share it. Outlives its guests. For any thread.
class LibvirtHypervisor : public Hypervisor {
 public:
  struct Options {
    std::string uri;                       ///< empty: embedded
    std::filesystem::path runtime_folder;  ///< where embedded roots live; short (socket paths)
  };
  /// Connects, and destroys domains that killed processes left behind in dead embedded roots.
  static Result<std::unique_ptr<LibvirtHypervisor>> connect(const Options& options);
  ~LibvirtHypervisor() override;
  Result<std::unique_ptr<Guest>> start(const Hardware& hardware, GuestEvents events) override;
  /// The port and the terminal of a running machine that was started to be talked to.
  Result<std::unique_ptr<GuestPipe>> open_talk_port(const std::string& machine);
  Result<std::unique_ptr<GuestPipe>> open_terminal(const std::string& machine);
  /// "libvirt 9.0.0, QEMU 7.2.22, qemu:///embed"
  std::string description() const;

 private:
  struct State;
  explicit LibvirtHypervisor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace kmatrix::machine
