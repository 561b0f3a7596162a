// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/process.h"

#define BOOST_PROCESS_V2_SEPARATE_COMPILATION
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <boost/asio/connect_pipe.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/writable_pipe.hpp>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/src.hpp>
#include <boost/process/v2/start_dir.hpp>
#include <boost/process/v2/stdio.hpp>
#include <mutex>

#include "support/text.h"

namespace kmatrix::support {

namespace {

namespace asio = boost::asio;
namespace bp = boost::process::v2;
using boost::system::error_code;

/// Puts the child into a process group of its own, so that it can be killed with all its children,
/// and lets it die with the thread that waits for it.
struct OwnGroup {
  template <class Launcher>
  error_code on_exec_setup(Launcher&, const boost::filesystem::path&, const char* const*) {
    setpgid(0, 0);
    // Boost leaves pipes of ours open in the child. Shells know but the first ten descriptors, and
    // our own end of its output would keep it from ever seeing the reader go.
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return {};
  }
};

/// One child from start to end, driven by the io_context on the calling thread.
class Child {
 public:
  explicit Child(const Command& command) : command_(command) {}

  Result<Exit> run() {
    if (command_.argv.empty()) return infrastructure_error("no program to run");
    if (command_.stop.stop_requested()) return interrupted_error();
    if (auto started = start(); !started) return started.error();
    read_more();
    process_->async_wait([this](error_code, int) { exited(); });
    if (command_.timeout.count() > 0) {
      deadline_.expires_after(command_.timeout);
      deadline_.async_wait([this](error_code failure) {
        if (!failure) end_group(timed_out_);
      });
    }
    const std::stop_callback on_stop(
        command_.stop, [this] { asio::post(context_, [this] { end_group(interrupted_); }); });
    context_.run();
    if (interrupted_) return interrupted_error();
    exit_.timed_out = timed_out_;
    return std::move(exit_);
  }

 private:
  Status start() {
    const auto program = find_program(command_.argv[0]);
    if (program.empty()) return infrastructure_error("cannot find the program " + command_.argv[0]);
    const std::vector<std::string> arguments(command_.argv.begin() + 1, command_.argv.end());
    asio::writable_pipe write_end(context_);
    asio::connect_pipe(output_, write_end);
    bp::process_stdio stdio{boost::filesystem::path("/dev/null"), write_end.native_handle(),
                            write_end.native_handle()};
    bp::default_process_launcher launcher;
    error_code failure;
    const boost::filesystem::path path(program.string());
    const std::string cwd =
        command_.cwd.empty() ? std::filesystem::current_path().string() : command_.cwd.string();
    bp::process_start_dir folder(cwd);
    std::vector<std::string> environment;
    if (command_.env) {
      for (const auto& [name, value] : *command_.env)
        environment.push_back(join({name, value}, "="));
    } else {
      for (char** each = environ; *each != nullptr; ++each) environment.emplace_back(*each);
    }
    bp::process_environment env(environment);
    process_.emplace(launcher(context_, failure, path, arguments, OwnGroup{}, stdio, folder, env));
    if (failure) {
      return infrastructure_error("cannot start " + program.string() + ": " + failure.message());
    }
    return {};
  }

  void read_more() {
    output_.async_read_some(asio::buffer(buffer_), [this](error_code failure, std::size_t count) {
      if (count > 0) {
        if (command_.on_output) {
          command_.on_output({buffer_.data(), count});
        } else {
          exit_.output.append(buffer_.data(), count);
        }
      }
      if (failure) {
        output_done_ = true;
        finish_if_done();
      } else {
        read_more();
      }
    });
  }

  void exited() {
    const int status = process_->native_exit_code();
    exit_.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    exited_ = true;
    kill(-process_->id(), SIGKILL);  // what the child left behind would keep the pipe open
    // A descendant that left the group may still hold it: wait a little, then let go.
    grace_.expires_after(std::chrono::seconds(2));
    grace_.async_wait([this](error_code failure) {
      if (!failure) output_.close();
    });
    finish_if_done();
  }

  void finish_if_done() {
    if (!exited_ || !output_done_) return;
    deadline_.cancel();
    grace_.cancel();
    kill_.cancel();
    context_.stop();
  }

  void end_group(bool& why) {
    if (exited_) return;
    why = true;
    kill(-process_->id(), SIGTERM);
    kill_.expires_after(std::chrono::seconds(3));
    kill_.async_wait([this](error_code failure) {
      if (!failure && !exited_) kill(-process_->id(), SIGKILL);
    });
  }

  const Command& command_;
  asio::io_context context_;
  asio::readable_pipe output_{context_};
  asio::steady_timer deadline_{context_}, grace_{context_}, kill_{context_};
  std::optional<bp::process> process_;
  std::array<char, 1 << 16> buffer_{};
  Exit exit_;
  bool exited_ = false, output_done_ = false, timed_out_ = false, interrupted_ = false;
};

}  // namespace

Result<Exit> BoostProcessRunner::run(const Command& command) {
  try {
    return Child(command).run();
  } catch (const std::exception& failure) {
    return infrastructure_error("cannot run " + join(command.argv, " ") + ": " + failure.what());
  }
}

std::filesystem::path find_program(const std::string& name) {
  if (name.find('/') != std::string::npos)
    return access(name.c_str(), X_OK) == 0 ? std::filesystem::path(name) : std::filesystem::path();
  const char* const path = getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/bin:/bin";
  // Debian keeps some of what we need (mkfs.erofs, depmod) where only root looks by default.
  for (const std::string_view extra : {std::string_view{}, std::string_view("/usr/sbin:/sbin")}) {
    if (!extra.empty()) rest = extra;
    while (!rest.empty()) {
      const auto end = rest.find(':');
      const auto candidate = std::filesystem::path(rest.substr(0, end)) / name;
      std::error_code ignored;
      if (std::filesystem::is_regular_file(candidate, ignored) &&
          access(candidate.c_str(), X_OK) == 0)
        return candidate;
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
  }
  return {};
}

Result<std::string> run_checked(ProcessRunner& runner, const Command& command) {
  auto exit = runner.run(command);
  if (!exit) return exit.error();
  if (exit->good()) return std::move(exit->output);
  std::string what = exit->timed_out ? "timed out" : "failed with " + std::to_string(exit->code);
  return infrastructure_error(join(command.argv, " ") + " " + what + ":\n" +
                              last_lines(exit->output, 10));
}

std::string last_lines(std::string_view text, std::size_t count) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  std::size_t begin = text.size();
  while (count > 0 && begin > 0) {
    begin = text.rfind('\n', begin - 1);
    if (begin == std::string_view::npos) return std::string(text);
    --count;
  }
  return std::string(text.substr(begin == 0 || begin >= text.size() ? begin : begin + 1));
}

}  // namespace kmatrix::support
