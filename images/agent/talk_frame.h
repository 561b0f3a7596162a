// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What `kmatrix shell` and the process that it talks to say to each other, over a virtio-serial
// port of their own. A frame is a kind (1 byte), the size of what follows (4 bytes, most
// significant first), and that. Flow is controlled by the port alone: who cannot pass data on does
// not read.
namespace kmatrix::agent {

inline constexpr char talk_port_name[] = "org.kmatrix.talk.0";
/// The guest's terminal for it, a virtio console.
inline constexpr char talk_terminal[] = "/dev/hvc0";
inline constexpr std::size_t max_frame = 16 * 1024;  ///< of its data

enum class FrameKind : std::uint8_t {
  // host to guest
  input = 1,  ///< bytes for stdin; none: its end
  window,     ///< "ROWS COLUMNS" of the user's terminal
  // guest to host
  output,  ///< bytes of stdout
  errors,  ///< bytes of stderr
  end,     ///< the process has ended, and no bytes of it are to come
};

struct Frame {
  FrameKind kind = FrameKind::input;
  std::string data;
};

/// `data` has at most max_frame bytes.
std::string encode_frame(FrameKind kind, std::string_view data);

/// Cuts a stream of bytes into frames. It does not trust the other side: at the first one that is
/// none it stops for good.
class FrameReader {
 public:
  void feed(std::string_view bytes);
  /// The next whole frame, if there is one.
  std::optional<Frame> next();
  bool broken() const { return broken_; }

 private:
  std::string bytes_;
  std::size_t taken_ = 0;
  bool broken_ = false;
};

/// "24 80", each from 1 to 10,000; nullopt if it is not that.
struct Window {
  unsigned short rows = 0, columns = 0;
  bool operator==(const Window&) const = default;
};
std::string encode_window(Window window);
std::optional<Window> parse_window(std::string_view text);

}  // namespace kmatrix::agent
