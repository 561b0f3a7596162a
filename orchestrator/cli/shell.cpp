// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <optional>

#include "cli/accelerators.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/progress.h"
#include "cli/shell_subject.h"
#include "cli/talk_guard.h"
#include "cli/talk_wires.h"
#include "cli/user_terminal.h"
#include "cli/workshop.h"
#include "machine/libvirt_hypervisor.h"
#include "machine/session.h"
#include "run/cell_machine.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

using support::printable;

struct ShellOptions {
  std::string from, cell;
  int jobs = 0;
};

constexpr int exit_unread = 128 + SIGPIPE;  ///< as a shell says it
constexpr std::chrono::hours forever{24 * 365};

void tell(const std::string& text) {
  fmt::print(stderr, "kmatrix: {}\n", printable(text));
  std::fflush(stderr);
}

/// A shell for people: bash where the image has it.
std::vector<std::string> command_of(const std::vector<std::string>& wanted) {
  if (!wanted.empty()) return wanted;
  return {"/bin/sh", "-c", "if [ -x /bin/bash ]; then exec /bin/bash; else exec /bin/sh; fi"};
}

agent::Run run_of(const std::vector<std::string>& command, bool terminal) {
  agent::Run run;
  run.seq = 1;
  run.name = "shell";
  run.argv = {"/sbin/kmatrix-agent", "talk"};
  const auto window = UserTerminal::window();
  if (terminal) {
    run.argv.push_back(std::to_string(window.rows));
    run.argv.push_back(std::to_string(window.columns));
  } else {
    run.argv.emplace_back("-");
  }
  run.argv.insert(run.argv.end(), command.begin(), command.end());
  const char* const kind = std::getenv("TERM");
  run.env["TERM"] = terminal && kind != nullptr ? kind : "dumb";
  run.env["PS1"] = "kmatrix:$PWD# ";
  run.cwd = "/kmatrix/cell";
  return run;
}

/// The last lines of a console, for people.
std::string last_lines(const std::filesystem::path& log) {
  constexpr std::size_t most = 20;
  const auto text = support::read_file(log);
  if (!text) return {};
  const auto lines = support::split_lines(*text);
  std::string last;
  for (std::size_t i = lines.size() > most ? lines.size() - most : 0; i < lines.size(); ++i)
    last += "  " + std::string(support::trim(lines[i])) + "\n";
  return last;
}

/// One visit to a machine, from its boot to its end.
class Visit {
 public:
  Visit(const CommandLine& line, machine::LibvirtHypervisor& hypervisor, machine::Hardware hardware)
      : line_(line), hypervisor_(hypervisor), hardware_(std::move(hardware)) {
    hardware_.talk = true;
    // Whoever thinks is silent; only the boot has a deadline.
    hardware_.machine.silence_timeout = forever;
  }

  Result<int> make() {
    const auto folder = run_folder(line_.global.db, 0).parent_path() / "shell";
    KMATRIX_TRY(support::make_folders(folder));
    log_ = folder / (hardware_.name + ".log");
    const std::stop_callback stop(line_.stop, [this] { stop_.request_stop(); });
    machine::Session session(hypervisor_, clock_, hardware_, log_, stop_.get_token());
    auto code = visit(session);
    if (!code && left_ && code.error().kind == ErrorKind::interrupted)
      code = static_cast<int>(unread_ ? exit_unread : exit_good);
    // The log of a machine that ended well has nothing to tell.
    std::error_code ignored;
    if (code && !went_down_) std::filesystem::remove(log_, ignored);
    return code;
  }

 private:
  Result<int> visit(machine::Session& session) {
    const bool terminal = UserTerminal::is_there();
    const auto booted = session.boot();
    if (!booted) return booted.error();
    if (!booted->hello) return gone("the kernel did not boot: " + booted->reason);
    if (terminal)
      tell(fmt::format("{} booted in {:.1f} s; Ctrl-] leaves", booted->hello->release,
                       booted->took.count()));
    auto report = talk(session, terminal);
    if (!report) return report.error();
    for (const auto& incident : session.console().incidents())
      tell(fmt::format("in the kernel's log: {}: {}", to_string(incident.kind), incident.title));
    if (report->end != machine::GuestEnd::alive) return gone(report->reason);
    KMATRIX_TRY(session.power_off());
    if (!report->output.empty()) tell(report->output);
    if (unread_) return exit_unread;
    return report->ended->code;
  }

  Result<machine::CaseReport> talk(machine::Session& session, bool terminal) {
    auto port = hypervisor_.open_talk_port(hardware_.name);
    if (!port) return port.error();
    std::unique_ptr<machine::GuestPipe> screen;
    if (terminal) {
      auto opened = hypervisor_.open_terminal(hardware_.name);
      if (!opened) return opened.error();
      screen = std::move(*opened);
    }
    std::optional<UserTerminal> raw;
    if (terminal) raw.emplace();
    TalkWires wires(std::move(*port), std::move(screen), [this] {
      left_ = true;
      stop_.request_stop();
    });
    auto report = session.run(run_of(command_of(line_.rest), terminal), std::chrono::seconds(0));
    if (report && report->end == machine::GuestEnd::alive && report->output.empty() &&
        !wires.finish(std::chrono::seconds(10)))
      return support::infrastructure_error("the end of the output did not arrive");
    unread_ = wires.unread();
    return report;
  }

  int gone(const std::string& why) {
    went_down_ = true;
    tell("the machine is gone: " + why);
    fmt::print(stderr, "{}", printable(last_lines(log_)));
    tell("its console: " + log_.string());
    return exit_tests_failed;
  }

  const CommandLine& line_;
  machine::LibvirtHypervisor& hypervisor_;
  machine::Hardware hardware_;
  support::SystemClock clock_;
  std::filesystem::path log_;
  std::stop_source stop_;
  std::atomic<bool> left_ = false;
  bool went_down_ = false, unread_ = false;
};

/// What the cell boots; nullopt if its kernel did not build.
Result<std::optional<machine::Hardware>> machine_of(const CommandLine& line,
                                                    const ShellOptions& options,
                                                    const ShellSubject& subject) {
  const support::SystemClock clock;
  const auto& matrix = subject.read.matrix;
  Screen screen(stderr, can_draw());
  const auto say = [&](const std::string& text) { screen.print("==> " + printable(text)); };
  Workshop workshop(line.global, options.jobs, say, line.stop);
  run::Preparation preparation(subject.read.experiment, matrix, workshop.trees, workshop.builder,
                               workshop.kernels);
  const auto prepared = preparation.prepare(false);
  if (!prepared.errors.empty()) return prepared.errors.front();
  const auto& kernel = prepared.kernels.front();
  if (!subject.run.empty() && kernel.key.digest.hex != subject.kernel_key)
    say(
        fmt::format("this is not the kernel of {} any more: its tree, series, config or compiler "
                    "has changed since",
                    subject.run));
  const plan::Matrix kernel_alone{matrix.kernels, {}};
  Progress progress({may_colour(), "kmatrix run " + subject.read.experiment.file.string()}, screen,
                    kernel_alone, clock);
  const run::CellMachine maker{workshop.trees, workshop.builder, workshop.images,   clock,
                               progress,       line.global.data, line.global.agents};
  return maker.make(subject.read.experiment, matrix, prepared,
                    "kmatrix-shell-" + std::to_string(getpid()));
}

int shell(const CommandLine& line, const ShellOptions& options) {
  // With one word, that is the cell.
  const bool one_word = options.cell.empty() && !options.from.ends_with(".yaml");
  auto subject = find_shell_subject(line, one_word ? "" : options.from,
                                    one_word ? options.from : options.cell);
  if (!subject) return fail(subject.error());
  const auto folder = runtime_folder();
  if (!folder) return fail(folder.error());
  signal(SIGPIPE, SIG_IGN);
  const TalkGuard guard(*folder);
  auto decided = decide_accelerators(line.global, subject->read.experiment,
                                     {subject->read.matrix.cells.front().machine}, line.stop);
  if (!decided) return fail(decided.error());
  auto hardware = machine_of(line, options, *subject);
  if (!hardware) return fail(hardware.error());
  if (!*hardware) return exit_tests_failed;
  auto hypervisor = machine::LibvirtHypervisor::connect({line.global.uri, *folder});
  if (!hypervisor) return fail(hypervisor.error());
  auto code = Visit(line, **hypervisor, std::move(**hardware)).make();
  return code ? *code : fail(code.error());
}

}  // namespace

void add_shell(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<ShellOptions>();
  auto* command = add_command(
      app, line, "shell", "Boot a cell and open a root shell in it",
      "kmatrix shell direct-calls/clang-cfi/arm64-tcg/ftrace-samples -- dmesg", options, shell);
  command->add_option("FROM", options->from,
                      "Number of a run, latest, or an experiment file (default: the latest run)");
  command->add_option("CELL", options->cell, "Name of the cell, or a part that only it has");
  command->add_option("-j,--jobs", options->jobs, "make -j, if the kernel must be built")
      ->check(CLI::Range(1, 4096));
  command->callback([&line, options] {
    line.takes_rest = true;
    if (options->from.empty()) throw CLI::RequiredError("CELL");
    line.chosen = [&line, options] { return shell(line, *options); };
  });
}

}  // namespace kmatrix::cli
