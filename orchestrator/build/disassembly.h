// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "build/system_root.h"
#include "spec/experiment.h"
#include "support/digest.h"
#include "support/process.h"
#include "support/result.h"

namespace kmatrix::build {

/// Takes out of objdump's output of several objects (-dr --no-addresses) what depends on where in
/// its section code lies, and gives each object's lines to `take`. For that, two rules:
/// - the target of a branch is the symbol and the distance from it, without the address;
/// - what objdump takes for the target of an instruction that is to be relocated is left out: it
///   is no more than where the instruction lies. The relocation, which follows, says what is meant.
class DisassemblyText {
 public:
  /// Called with the number of an object ("12.o") and a line with its end; first with "".
  using Take = std::function<void(std::size_t, std::string_view)>;
  explicit DisassemblyText(Take take) : take_(std::move(take)) {}
  /// The next piece of output, which may end inside of a line.
  void feed(std::string_view piece);
  void finish();
  /// Lines that are no disassembly: what objdump complains of.
  const std::string& complaints() const { return complaints_; }

 private:
  void line(std::string_view text);
  void put(bool relocated);

  Take take_;
  std::string partial_, held_, complaints_;
  std::optional<std::size_t> object_;
};

/// Runs a toolchain's objdump in its system.
class Disassembler {
 public:
  Disassembler(SystemRoot system, const spec::Toolchain& toolchain, support::ProcessRunner& runner,
               std::stop_token stop);
  /// Input error if the system has no such objdump.
  Status check() const;
  /// Disassembles `folder`/0.o to (count - 1).o into files N.s beside them; gives the digest of
  /// each.
  Result<std::vector<support::Digest>> run(const std::filesystem::path& folder,
                                           std::size_t count) const;

 private:
  Result<int> run_some(const std::filesystem::path& folder, std::size_t first, std::size_t end,
                       DisassemblyText& text) const;

  SystemRoot system_;
  const spec::Toolchain& toolchain_;
  support::ProcessRunner& runner_;
  std::stop_token stop_;
};

}  // namespace kmatrix::build
