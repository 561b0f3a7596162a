// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/protocol.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/base64.h"

namespace kmatrix::agent {

namespace {
using nlohmann::json;

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t longest_round_us = 3600ULL * 1000 * 1000;
constexpr std::uint64_t max_uptime_ms = 100ULL * 366 * 24 * 3600 * 1000;
constexpr std::uint64_t output_limit = 64ULL << 20;
constexpr std::size_t max_name = 256;      // uname's fields have 65 bytes, names of cases are short
constexpr std::size_t max_message = 4096;  // escaped sixfold it still fits into a line

/// The members of one object, each of which must be asked for exactly once.
class Fields {
 public:
  explicit Fields(const json& object) : object_(object) {}

  std::string text(const char* key, std::size_t longest = max_line) {
    const json* value = take(key);
    return value ? text_of(*value, longest) : std::string();
  }
  std::uint64_t number(const char* key, std::uint64_t least, std::uint64_t most) {
    const json* value = take(key);
    if (!value || !value->is_number_unsigned()) return refuse<std::uint64_t>();
    const auto count = value->get<std::uint64_t>();
    return count < least || count > most ? refuse<std::uint64_t>() : count;
  }
  std::chrono::milliseconds milliseconds(const char* key, std::uint64_t most) {
    return std::chrono::milliseconds(number(key, 0, most));
  }
  int small(const char* key, int least, int most) {
    return static_cast<int>(
        number(key, static_cast<std::uint64_t>(least), static_cast<std::uint64_t>(most)));
  }
  bool flag(const char* key) {
    const json* value = take(key);
    return value && value->is_boolean() ? value->get<bool>() : refuse<bool>();
  }
  std::string bytes(const char* key) {
    auto decoded = base64_decode(text(key));
    return decoded ? *std::move(decoded) : refuse<std::string>();
  }
  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> all;
    const json* value = take(key);
    if (!value || !value->is_array()) return refuse<std::vector<std::string>>();
    for (const json& each : *value) all.push_back(text_of(each, max_line));
    return all;
  }
  std::map<std::string, std::string> environment(const char* key) {
    std::map<std::string, std::string> all;
    const json* value = take(key);
    if (!value || !value->is_object()) return refuse<std::map<std::string, std::string>>();
    for (const auto& [name, content] : value->items()) {
      if (name.empty() || name.find_first_of(std::string_view("=\0", 2)) != std::string::npos)
        good_ = false;
      all.emplace(name, text_of(content, max_line));
    }
    return all;
  }

  void require(bool condition) { good_ = good_ && condition; }

  /// The message if all was good and nothing is left over.
  template <class Message>
  std::optional<Message> finish(Message message) const {
    if (!good_ || taken_ != object_.size()) return std::nullopt;
    return message;
  }

 private:
  template <class T>
  T refuse() {
    good_ = false;
    return T();
  }
  const json* take(const char* key) {
    const auto found = object_.find(key);
    if (found == object_.end()) return refuse<const json*>();
    ++taken_;
    return &*found;
  }
  /// No NUL: these become C strings in the guest, and names and messages on the host.
  std::string text_of(const json& value, std::size_t longest) {
    if (!value.is_string()) return refuse<std::string>();
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > longest || text.find('\0') != std::string::npos) return refuse<std::string>();
    return text;
  }

  const json& object_;
  std::size_t taken_ = 0;
  bool good_ = true;
};

/// The line as an object without members of the same name, or null.
json object_of(std::string_view line) {
  if (line.size() > max_line) return nullptr;
  if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  if (line.size() < 2 || line.front() != '{' || line.back() != '}') return nullptr;
  if (line.find_first_of("\r\n") != std::string_view::npos) return nullptr;
  std::size_t keys = 0;
  const auto count_keys = [&keys](int, json::parse_event_t event, const json&) {
    if (event == json::parse_event_t::key) ++keys;
    return true;
  };
  json value = json::parse(line.begin(), line.end(), count_keys, false);
  if (!value.is_object()) return nullptr;
  // The parser lets the last of several equal keys win; then fewer members than keys are left.
  std::size_t members = value.size();
  if (const auto env = value.find("env"); env != value.end() && env->is_object())
    members += env->size();
  if (keys != members) return nullptr;
  return value;
}

std::string line_of(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

json object(const Hello& hello) {
  return {{"type", "hello"},
          {"protocol", hello.protocol},
          {"release", hello.release.substr(0, max_name)},
          {"version", hello.version.substr(0, max_name)},
          {"cpus", hello.cpus},
          {"uptime_ms", static_cast<std::uint64_t>(hello.uptime.count())},
          {"tainted", hello.tainted},
          {"round_us", static_cast<std::uint64_t>(hello.round.count())}};
}
json object(const Alive&) { return {{"type", "alive"}}; }
json object(const Started& started) { return {{"type", "started"}, {"seq", started.seq}}; }
json object(const Output& output) {
  return {{"type", "output"}, {"seq", output.seq}, {"data", base64_encode(output.data)}};
}
json object(const Ended& ended) {
  return {{"type", "ended"},
          {"seq", ended.seq},
          {"code", ended.code},
          {"timed_out", ended.timed_out},
          {"took_ms", static_cast<std::uint64_t>(ended.took.count())},
          {"tainted", ended.tainted},
          {"dropped", ended.dropped},
          {"exhausted", ended.exhausted}};
}
json object(const Failed& failed) {
  return {{"type", "failed"}, {"message", failed.message.substr(0, max_message)}};
}
json object(const Bye&) { return {{"type", "bye"}}; }
json object(const Run& run) {
  return {{"type", "run"},
          {"seq", run.seq},
          {"name", run.name},
          {"argv", run.argv},
          {"env", json(json::object_t(run.env.begin(), run.env.end()))},
          {"cwd", run.cwd},
          {"max_output", run.max_output}};
}
json object(const Kill& kill) { return {{"type", "kill"}, {"seq", kill.seq}}; }
json object(const Poweroff&) { return {{"type", "poweroff"}}; }

std::optional<FromGuest> hello(Fields fields) {
  Hello message;
  message.protocol = fields.small("protocol", 1, 65535);
  // U+FFFD is longer than the byte that it replaces.
  message.release = fields.text("release", 3 * max_name);
  message.version = fields.text("version", 3 * max_name);
  message.cpus = fields.small("cpus", 1, 65536);
  message.uptime = fields.milliseconds("uptime_ms", max_uptime_ms);
  message.tainted = fields.number("tainted", 0, no_limit);
  message.round = std::chrono::microseconds(fields.number("round_us", 1, longest_round_us));
  return fields.finish<FromGuest>(std::move(message));
}

std::optional<FromGuest> ended(Fields fields) {
  Ended message;
  message.seq = fields.number("seq", 0, no_limit);
  message.code = fields.small("code", 0, 255);
  message.timed_out = fields.flag("timed_out");
  message.took = fields.milliseconds("took_ms", max_uptime_ms);
  message.tainted = fields.number("tainted", 0, no_limit);
  message.dropped = fields.number("dropped", 0, no_limit);
  message.exhausted = fields.flag("exhausted");
  return fields.finish<FromGuest>(message);
}

std::optional<FromHost> run(Fields fields) {
  Run message;
  message.seq = fields.number("seq", 0, no_limit);
  message.name = fields.text("name");
  message.argv = fields.texts("argv");
  message.env = fields.environment("env");
  message.cwd = fields.text("cwd");
  message.max_output = fields.number("max_output", 0, output_limit);
  fields.require(!message.argv.empty() && message.argv.front().starts_with('/'));
  fields.require(message.cwd.starts_with('/'));
  return fields.finish<FromHost>(std::move(message));
}
}  // namespace

std::string encode(const FromGuest& message) {
  return line_of(std::visit([](const auto& each) { return object(each); }, message));
}

std::string encode(const FromHost& message) {
  return line_of(std::visit([](const auto& each) { return object(each); }, message));
}

std::optional<FromGuest> parse_from_guest(std::string_view line) {
  const json value = object_of(line);
  if (value.is_null()) return std::nullopt;
  Fields fields(value);
  const std::string type = fields.text("type");
  if (type == "hello") return hello(fields);
  if (type == "alive") return fields.finish<FromGuest>(Alive{});
  if (type == "started")
    return fields.finish<FromGuest>(Started{fields.number("seq", 0, no_limit)});
  if (type == "output")
    return fields.finish<FromGuest>(
        Output{fields.number("seq", 0, no_limit), fields.bytes("data")});
  if (type == "ended") return ended(fields);
  if (type == "failed") return fields.finish<FromGuest>(Failed{fields.text("message")});
  if (type == "bye") return fields.finish<FromGuest>(Bye{});
  return std::nullopt;
}

std::optional<FromHost> parse_from_host(std::string_view line) {
  const json value = object_of(line);
  if (value.is_null()) return std::nullopt;
  Fields fields(value);
  const std::string type = fields.text("type");
  if (type == "run") return run(fields);
  if (type == "kill") return fields.finish<FromHost>(Kill{fields.number("seq", 0, no_limit)});
  if (type == "poweroff") return fields.finish<FromHost>(Poweroff{});
  return std::nullopt;
}

std::string start_marker(std::uint64_t seq, std::string_view name) {
  constexpr std::size_t longest = 200;  // a record of the kernel's log holds about 1,000 bytes
  std::string marker = "kmatrix: START " + std::to_string(seq) + ' ';
  for (const char each : name.substr(0, longest)) marker += each >= ' ' && each < 0x7f ? each : '?';
  return marker;
}

std::string end_marker(std::uint64_t seq, int code) {
  return "kmatrix: END " + std::to_string(seq) + ' ' + std::to_string(code);
}

}  // namespace kmatrix::agent
