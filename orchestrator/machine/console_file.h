// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "machine/byte_source.h"
#include "support/result.h"

namespace kmatrix::machine {

/// Follows the file into which QEMU logs a serial console. A pty alone loses bytes at both ends:
/// QEMU looks only once a second whether somebody has opened it and drops what comes before
/// (chardev/char-pty.c), and when QEMU exits, the kernel discards what has not been read. What was
/// read is punched out of the file, so that a flood does not fill the disk.
class ConsoleFile : public ByteSource {
 public:
  /// The file is created if it is not there yet. Must be called on the event loop's thread.
  static Result<std::unique_ptr<ConsoleFile>> follow(const std::filesystem::path& file,
                                                     Bytes bytes);
  ~ConsoleFile() override;
  void drain() override;
  void close() override;

 private:
  ConsoleFile(int file, int notify, Bytes bytes);
  bool watch();
  void changed();
  void resume();
  bool read_some();
  void release_space();
  int file_;
  int notify_;
  int handle_ = -1;
  int timer_ = -1;
  bool more_ = false;
  long long offset_ = 0;
  long long released_ = 0;
  Bytes bytes_;
};

}  // namespace kmatrix::machine
