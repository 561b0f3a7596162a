// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string_view>

namespace kmatrix::machine {

using Bytes = std::function<void(std::string_view)>;

/// Bytes of a guest that arrive on the event loop's thread, on which all of its functions are
/// called as well.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Delivers, before it returns, all that is still to be had of a machine that is gone.
  virtual void drain() = 0;
  /// No more calls.
  virtual void close() = 0;
};

}  // namespace kmatrix::machine
