// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "machine/console_log.h"
#include "machine/conversation.h"
#include "machine/guest_mail.h"
#include "machine/slowness.h"
#include "support/text.h"

namespace kmatrix::machine {

using support::Seconds;
using TimePoint = std::chrono::steady_clock::time_point;

namespace {

/// For a machine that panicked to reset itself, so that the rest of its report is seen.
constexpr std::chrono::seconds panic_grace{2};
/// For the agent to kill a case that is over its deadline and to say so.
constexpr std::chrono::seconds case_grace{10};
constexpr std::chrono::seconds power_off_grace{10};
/// For libvirt to report that a destroyed machine is gone; it is more patient than that itself.
constexpr std::chrono::seconds destroy_grace{60};
/// The END marker may arrive later than the agent's message: they come over different devices.
constexpr std::chrono::seconds marker_grace{2};
/// Of the time, what the host can be believed to have given to others: so a deadline always comes.
constexpr double most_waiting = 0.9;

struct Down {
  GuestEnd end = GuestEnd::alive;
  std::string reason;
};

/// The last words of a console, for people: what follows the last newlines.
std::string last_line(std::string_view text) {
  text = support::trim(text);
  const std::size_t start = text.rfind('\n');
  if (start != std::string_view::npos) text.remove_prefix(start + 1);
  return support::printable(text.substr(0, 200));
}

}  // namespace

std::string to_string(GuestEnd end) {
  switch (end) {
    case GuestEnd::alive:
      return "alive";
    case GuestEnd::panicked:
      return "panicked";
    case GuestEnd::rebooted:
      return "rebooted";
    case GuestEnd::hung:
      return "hung";
    case GuestEnd::bad_agent:
      return "bad_agent";
    case GuestEnd::agent_failed:
      return "agent_failed";
  }
  return "unknown";
}

/// The state machine: `take_mail` turns what arrived into state, `verdict` reads from the state
/// whether the guest is still good, `wait` repeats both.
struct Session::State {
  using Phase = Conversation::Phase;
  /// What a wait came to: `down` is set if the guest is no longer good.
  enum class Waited { done, over, down };

  State(Hypervisor& made_by, const support::Clock& time, Hardware parts,
        std::filesystem::path console_file, std::stop_token stop_token)
      : hypervisor(made_by),
        clock(time),
        hardware(std::move(parts)),
        log_file(std::move(console_file)),
        stop(std::move(stop_token)) {}

  Status start();
  Status take_mail();
  Status take_console(const Mail& mail);
  Status send_run(const agent::Run& next);
  Result<Waited> run_to_end(const Deadline& deadline);
  Result<Waited> kill_case(const Deadline& deadline);

  std::optional<Down> verdict() const;
  /// Until `done`, until the time since `begin` is over, or until the guest is no longer good.
  template <class Done>
  Result<Waited> wait(const Done& done, TimePoint begin, const Deadline& deadline);
  void begin_phase();
  bool passed(TimePoint since, support::Seconds allowed, TimePoint& next) const;
  std::string host_was_busy() const;
  Down hung(std::string what) const;
  Status go_down(Down why);
  Status wait_for_end(std::chrono::seconds patience);
  Status wait_for_marker();
  Status finish();

  Hypervisor& hypervisor;
  const support::Clock& clock;
  Hardware hardware;
  std::filesystem::path log_file;
  std::stop_token stop;
  ConsoleLog log;
  ConsoleReader console;
  std::string console_tail;  ///< for the markers and for words about a hang
  Conversation agent;
  TimePoint last_heard;
  TimePoint phase_begin;             ///< of the boot or of the case
  support::Seconds phase_waited{0};  ///< Guest::waited at that time
  double slowness = 1;
  std::optional<std::string> stopped;
  std::optional<Down> down;  ///< the guest has gone down, for this reason
  std::string start_marker, end_marker;
  bool start_seen = false, end_seen = false;

  GuestMail mail;
  std::unique_ptr<Guest> guest;  ///< goes before the mail that it writes to
};

Status Session::State::start() {
  auto created = ConsoleLog::create(log_file);
  if (!created) return created.error();
  log = std::move(*created);
  slowness = hardware.slowness;
  begin_phase();
  auto made = hypervisor.start(hardware, mail.events());
  if (!made) return made.error();
  guest = std::move(*made);
  return {};
}

void Session::State::begin_phase() {
  phase_begin = last_heard = clock.now();
  phase_waited = guest ? guest->waited() : support::Seconds(0);
}

Status Session::State::take_mail() {
  if (stop.stop_requested()) return support::interrupted_error();
  const Mail arrived = mail.take();
  if (arrived.empty()) return {};
  last_heard = clock.now();
  KMATRIX_TRY(take_console(arrived));
  if (arrived.channel_overrun) agent.overrun();
  agent.hear(arrived.channel);
  if (arrived.broken) return support::infrastructure_error(*arrived.broken);
  if (arrived.stopped) stopped = arrived.stopped;
  return {};
}

Status Session::State::take_console(const Mail& arrived) {
  KMATRIX_TRY(log.write(arrived.console));
  if (arrived.console_lost > 0)
    KMATRIX_TRY(log.write(fmt::format("\n[kmatrix: {} bytes lost]\n", arrived.console_lost)));
  console.feed(arrived.console);
  constexpr std::size_t kept = 1024;
  console_tail += arrived.console;
  const auto after = [this](const std::string& marker) {
    const auto at = marker.empty() ? std::string::npos : console_tail.find(marker);
    return at == std::string::npos ? at : at + marker.size();
  };
  start_seen = start_seen || after(start_marker) != std::string::npos;
  // To its line's end: what arrives may be cut anywhere, and the line belongs to the case.
  const auto end = after(end_marker);
  end_seen =
      end_seen || (end != std::string::npos && console_tail.find('\n', end) != std::string::npos);
  if (console_tail.size() > kept) console_tail.erase(0, console_tail.size() - kept);
  return {};
}

std::optional<Down> Session::State::verdict() const {
  if (console.panicked())
    return Down{GuestEnd::panicked, "kernel panic: " + support::printable(console.panic_message())};
  if (console.rebooted())
    return Down{GuestEnd::rebooted, "the kernel started a second time without being asked"};
  if (stopped) return Down{GuestEnd::rebooted, *stopped};
  if (agent.fault().empty()) return std::nullopt;
  return Down{agent.reported() ? GuestEnd::agent_failed : GuestEnd::bad_agent, agent.fault()};
}

/// Whether so much time of the machine's own is over since then. If not, `next` is moved forward
/// to when that should be asked again.
bool Session::State::passed(TimePoint since, support::Seconds allowed, TimePoint& next) const {
  const auto add = [](TimePoint to, support::Seconds time) {
    return to + std::chrono::duration_cast<std::chrono::steady_clock::duration>(time);
  };
  const TimePoint now = clock.now();
  if (now < add(since, allowed)) {
    next = std::min(next, add(since, allowed));
    return false;
  }
  const support::Seconds elapsed = now - phase_begin;
  const support::Seconds waiting = guest ? guest->waited() - phase_waited : support::Seconds(0);
  const double share = elapsed.count() > 0 ? waiting / elapsed : 0;
  const support::Seconds own = (now - since) * (1 - std::clamp(share, 0.0, most_waiting));
  if (own >= allowed) return true;
  next = std::min(next, add(now, std::max(allowed - own, support::Seconds(0.1))));
  return false;
}

std::string Session::State::host_was_busy() const {
  const support::Seconds most = (clock.now() - phase_begin) * most_waiting;
  const support::Seconds waiting = guest ? guest->waited() - phase_waited : support::Seconds(0);
  if (waiting < std::chrono::seconds(1)) return "";
  return fmt::format(", not counting {:.0f} s in which the host was busy with something else",
                     std::min(waiting, most).count());
}

Down Session::State::hung(std::string what) const {
  const std::string last = last_line(console_tail);
  what += host_was_busy();
  what += last.empty() ? "; the console is silent" : "; last on the console: \"" + last + "\"";
  return {GuestEnd::hung, std::move(what)};
}

template <class Done>
auto Session::State::wait(const Done& done, TimePoint begin, const Deadline& deadline)
    -> Result<Waited> {
  const Deadline silence(hardware.machine.silence_timeout, slowness);
  for (;;) {
    KMATRIX_TRY(take_mail());
    auto why = verdict();
    if (!why && done()) return Waited::done;
    TimePoint next = TimePoint::max();
    if (!why && deadline.limited() && passed(begin, deadline.allowed(), next)) return Waited::over;
    if (!why && passed(last_heard, silence.allowed(), next))
      why = hung("not a byte from the guest for " + silence.text());
    if (why) {
      KMATRIX_TRY(go_down(std::move(*why)));
      return Waited::down;
    }
    mail.wait(next - clock.now(), stop);
  }
}

Status Session::State::wait_for_end(std::chrono::seconds patience) {
  const TimePoint deadline = clock.now() + patience;
  for (;;) {
    KMATRIX_TRY(take_mail());
    const TimePoint now = clock.now();
    if (stopped || now >= deadline || !mail.wait(deadline - now, stop)) return take_mail();
  }
}

Status Session::State::wait_for_marker() {
  const auto patience = Deadline(marker_grace, slowness).allowed();
  const TimePoint begin = clock.now();
  for (;;) {
    KMATRIX_TRY(take_mail());
    const support::Seconds left = patience - (clock.now() - begin);
    if (end_seen || verdict() || left <= support::Seconds(0)) return {};
    if (!mail.wait(left, stop)) return take_mail();
  }
}

Status Session::State::send_run(const agent::Run& next) {
  agent.begin(next);
  start_seen = end_seen = false;
  start_marker = agent::start_marker(next.seq, next.name);
  // The marker without its exit code; what was said before does not count.
  end_marker = agent::end_marker(next.seq, 0);
  end_marker.pop_back();
  console_tail.clear();
  begin_phase();
  if (verdict()) return {};
  const Status sent = guest->send(encode(agent::FromHost(next)));
  if (sent) return {};
  // It may be that the machine is just going away; then that is what is to be told.
  KMATRIX_TRY(wait_for_end(panic_grace));
  return verdict() ? Status() : sent;
}

auto Session::State::run_to_end(const Deadline& deadline) -> Result<Waited> {
  auto waited = wait([&] { return agent.ended().has_value(); }, phase_begin, deadline);
  if (waited && *waited == Waited::over) waited = kill_case(deadline);
  if (!waited || *waited != Waited::done) return waited;
  KMATRIX_TRY(wait_for_marker());
  auto late = verdict();
  if (!late) return Waited::done;
  KMATRIX_TRY(go_down(std::move(*late)));
  return Waited::down;
}

auto Session::State::kill_case(const Deadline& deadline) -> Result<Waited> {
  const TimePoint begin = clock.now();
  // If it cannot be sent, the machine is going away, which `wait` sees.
  (void)guest->send(encode(agent::FromHost(agent::Kill{agent.seq()})));
  const Deadline grace(case_grace, slowness);
  auto waited = wait([&] { return agent.ended().has_value(); }, begin, grace);
  if (!waited || *waited != Waited::over) return waited;
  KMATRIX_TRY(
      go_down(hung(fmt::format("the case was to be killed at its deadline of {}, and did "
                               "not end within {}",
                               deadline.text(), grace.text()))));
  return Waited::down;
}

/// Ends the machine, so that its console is complete; that may show a better reason.
Status Session::State::go_down(Down why) {
  if (console.panicked()) KMATRIX_TRY(wait_for_end(panic_grace));
  KMATRIX_TRY(finish());
  if (why.end != GuestEnd::panicked && console.panicked())
    why = {GuestEnd::panicked, "kernel panic: " + support::printable(console.panic_message())};
  down = std::move(why);
  return {};
}

Status Session::State::finish() {
  if (!stopped) guest->destroy();
  KMATRIX_TRY(wait_for_end(destroy_grace));
  if (!stopped) return support::infrastructure_error("the machine was destroyed but does not end");
  guest.reset();
  console.finish();
  return {};
}

Session::Session(Hypervisor& hypervisor, const support::Clock& clock, Hardware hardware,
                 std::filesystem::path console_log, std::stop_token stop)
    : state_(std::make_unique<State>(hypervisor, clock, std::move(hardware), std::move(console_log),
                                     std::move(stop))) {}

Session::~Session() = default;

Result<BootReport> Session::boot() {
  State& s = *state_;
  const TimePoint begin = s.clock.now();
  if (s.stop.stop_requested()) return support::interrupted_error();
  KMATRIX_TRY(s.start());
  const Deadline deadline(s.hardware.machine.boot_timeout, s.slowness);
  const auto waited = s.wait([&] { return s.agent.hello().has_value(); }, s.phase_begin, deadline);
  if (!waited) return waited.error();
  if (*waited == State::Waited::over)
    KMATRIX_TRY(s.go_down(s.hung("no word from the agent within " + deadline.text())));
  BootReport report;
  report.took = s.clock.now() - begin;
  if (s.down) {
    report.end = s.down->end;
    report.reason = s.down->reason;
    return report;
  }
  report.hello = s.agent.hello();
  report.slowness = s.slowness = slowness_of(report.hello->round);
  s.agent.enter(State::Phase::idle);
  return report;
}

Result<CaseReport> Session::run(const agent::Run& run, std::chrono::seconds timeout) {
  State& s = *state_;
  if (s.agent.phase() != State::Phase::idle || s.down)
    return support::infrastructure_error("no machine that could run case " + run.name);
  KMATRIX_TRY(s.take_mail());
  CaseReport report;
  report.seq = run.seq;
  report.first_line = s.console.lines() + 1;
  report.first_incident = s.console.incidents().size();
  KMATRIX_TRY(s.send_run(run));
  const Deadline deadline(timeout, s.slowness);
  const auto waited = s.run_to_end(deadline);
  if (!waited) return waited.error();
  if (deadline.limited()) report.deadline = deadline.text() + s.host_was_busy();
  report.ended = s.agent.ended();
  // The marker comes first; an agent that then reports a failure has started nothing.
  report.started = s.agent.started() || (s.start_seen && !s.agent.reported());
  report.start_on_console = s.start_seen;
  report.end_on_console = s.end_seen;
  report.output = s.agent.take_output();
  report.took = s.clock.now() - s.phase_begin;
  report.last_line = s.console.lines();
  report.end_incident = s.console.incidents().size();
  if (s.down) {
    report.end = s.down->end;
    report.reason = s.down->reason;
  } else {
    s.agent.enter(State::Phase::idle);
  }
  return report;
}

Status Session::power_off() {
  State& s = *state_;
  if (!s.guest) return {};
  s.agent.enter(State::Phase::powering_off);
  if (s.guest->send(encode(agent::FromHost(agent::Poweroff{}))))
    KMATRIX_TRY(s.wait_for_end(power_off_grace));
  return s.finish();
}

const ConsoleReader& Session::console() const { return state_->console; }

}  // namespace kmatrix::machine
