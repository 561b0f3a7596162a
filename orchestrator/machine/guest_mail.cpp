// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/guest_mail.h"

#include <algorithm>
#include <utility>

namespace kmatrix::machine {

GuestEvents GuestMail::events() {
  const auto end = [this](std::optional<std::string> Mail::*which) {
    return [this, which](std::string why) {
      const std::scoped_lock lock(mutex_);
      mail_.*which = std::move(why);
      arrived_.notify_all();
    };
  };
  return {[this](std::string_view bytes) { put_console(bytes); },
          [this](std::string_view bytes) { put_channel(bytes); }, end(&Mail::stopped),
          end(&Mail::broken)};
}

void GuestMail::put_console(std::string_view bytes) {
  const std::scoped_lock lock(mutex_);
  const std::size_t fits = std::min(bytes.size(), most_console - mail_.console.size());
  mail_.console += bytes.substr(0, fits);
  mail_.console_lost += bytes.size() - fits;
  arrived_.notify_all();
}

void GuestMail::put_channel(std::string_view bytes) {
  const std::scoped_lock lock(mutex_);
  const std::size_t fits = std::min(bytes.size(), most_channel - mail_.channel.size());
  mail_.channel += bytes.substr(0, fits);
  mail_.channel_overrun = mail_.channel_overrun || fits < bytes.size();
  arrived_.notify_all();
}

Mail GuestMail::take() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(mail_, {});
}

bool GuestMail::wait(support::Seconds time, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  return arrived_.wait_for(lock, stop, time, [this] { return !mail_.empty(); });
}

}  // namespace kmatrix::machine
