// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/live.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/file.h"
#include "support/text.h"

namespace kmatrix::cli {

using nlohmann::ordered_json;
using report::Tone;
using support::Seconds;

namespace {

constexpr const char* board_name = "live.json";
constexpr const char* lines_name = "progress.jsonl";
constexpr auto written_at_most_each = std::chrono::seconds(1);

/// More than a run ever writes, so that a damaged file cannot fill the memory.
constexpr std::uintmax_t greatest_board = 4 << 20;
constexpr std::uintmax_t read_at_once = 16 << 20;

double seconds_of(std::chrono::system_clock::time_point at) {
  return Seconds(at.time_since_epoch()).count();
}

std::string record_text(const ordered_json& record) {
  return record.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json live_record(const BoardState& state, std::chrono::system_clock::time_point at) {
  ordered_json record = {{"at", seconds_of(at)},
                         {"done", state.done},
                         {"failed", state.failed},
                         {"total", state.total},
                         {"elapsed_s", state.elapsed.count()},
                         {"left_s", nullptr},
                         {"builds", ordered_json::array()},
                         {"boots", ordered_json::array()}};
  if (state.left) record["left_s"] = state.left->count();
  for (const auto& build : state.builds)
    record["builds"].push_back({{"kernel", build.kernel},
                                {"objects", build.objects},
                                {"expected", build.expected},
                                {"seconds", build.since.count()}});
  for (const auto& boot : state.boots)
    record["boots"].push_back({{"cell", boot.cell},
                               {"case", boot.case_name},
                               {"done", boot.done},
                               {"total", boot.total},
                               {"seconds", boot.since.count()}});
  return record;
}

/// Throws what the JSON library throws if the record is not one of ours.
BoardState board_from(const ordered_json& record, double now) {
  // The other process may be on a host with another clock.
  const Seconds age(std::max(0.0, now - record.at("at").get<double>()));
  BoardState state;
  state.done = record.at("done").get<std::size_t>();
  state.failed = record.at("failed").get<std::size_t>();
  state.total = record.at("total").get<std::size_t>();
  state.elapsed = Seconds(record.at("elapsed_s").get<double>()) + age;
  if (const auto& left = record.at("left_s"); left.is_number())
    state.left = std::max(Seconds(0), Seconds(left.get<double>()) - age);
  for (const auto& build : record.at("builds"))
    state.builds.push_back({build.at("kernel").get<std::string>(), build.at("objects").get<int>(),
                            build.at("expected").get<int>(),
                            Seconds(build.at("seconds").get<double>()) + age});
  for (const auto& boot : record.at("boots"))
    state.boots.push_back({boot.at("cell").get<std::string>(), boot.at("case").get<std::string>(),
                           boot.at("done").get<std::size_t>(), boot.at("total").get<std::size_t>(),
                           Seconds(boot.at("seconds").get<double>()) + age});
  return state;
}

const char* word_of(Tone tone) {
  return tone == Tone::good ? "good" : tone == Tone::bad ? "bad" : "plain";
}

TalkLine line_from(const ordered_json& record) {
  TalkLine line{support::printable(record.at("text").get<std::string>())};
  line.word = support::printable(record.value("word", ""));
  line.rest = support::printable(record.value("rest", ""));
  const auto tone = record.value("tone", "");
  line.tone = tone == "good" ? Tone::good : tone == "bad" ? Tone::bad : Tone::plain;
  return line;
}

}  // namespace

LiveWriter::LiveWriter(std::filesystem::path folder, const support::Clock& clock)
    : folder_(std::move(folder)), clock_(clock) {
  if (!support::make_folders(folder_)) return;
  clear_board();  // that a process which was killed left
  // A run that is resumed adds to what it said before.
  lines_ = open((folder_ / lines_name).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

LiveWriter::~LiveWriter() {
  clear_board();
  if (lines_ >= 0) close(lines_);
}

void LiveWriter::append(const std::string& record) {
  const auto text = record + "\n";
  // One call a line, so that a reader hardly ever sees a part of one.
  if (lines_ >= 0 && write(lines_, text.data(), text.size()) < 0) {
    close(lines_);
    lines_ = -1;
  }
}

void LiveWriter::line(const TalkLine& line) {
  ordered_json record = {{"text", line.text}};
  if (!line.word.empty()) {
    record["word"] = line.word;
    record["tone"] = word_of(line.tone);
    record["rest"] = line.rest;
  }
  const std::lock_guard lock(mutex_);
  append(record_text(record));
}

void LiveWriter::board(const std::function<BoardState()>& state) {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.now();
  if (written_ && now - *written_ < written_at_most_each) return;
  written_ = now;
  (void)support::write_file(folder_ / board_name,
                            record_text(live_record(state(), clock_.wall())) + "\n");
}

void LiveWriter::clear_board() {
  const std::lock_guard lock(mutex_);
  std::error_code none;
  std::filesystem::remove(folder_ / board_name, none);
}

void LiveWriter::end(int exit_code, const std::string& error) {
  const std::lock_guard lock(mutex_);
  append(record_text({{"exit_code", exit_code}, {"error", error}}));
}

std::vector<TalkLine> LiveReader::new_lines() {
  std::vector<TalkLine> lines;
  std::ifstream file(folder_ / lines_name, std::ios::binary);
  if (!file) return lines;
  file.seekg(static_cast<std::streamoff>(at_));
  std::string text(read_at_once, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  // The last line may not be whole yet.
  text.resize(text.rfind('\n') + 1);
  at_ += text.size();
  for (const auto& each : support::split_lines(text)) {
    const auto record = ordered_json::parse(each, nullptr, false);
    if (!record.is_object()) continue;
    try {
      if (record.contains("exit_code")) {
        end_ = LiveEnd{record["exit_code"].get<int>(), record.value("error", "")};
      } else {
        lines.push_back(line_from(record));
        end_.reset();
      }
    } catch (const ordered_json::exception&) {
      // Not one of ours: as if it were not there.
    }
  }
  return lines;
}

std::optional<BoardState> LiveReader::board(std::chrono::system_clock::time_point now) const {
  std::error_code failure;
  const auto file = folder_ / board_name;
  if (const auto size = std::filesystem::file_size(file, failure); failure || size > greatest_board)
    return std::nullopt;
  const auto text = support::read_file(file);
  if (!text) return std::nullopt;
  const auto record = ordered_json::parse(*text, nullptr, false);
  if (!record.is_object()) return std::nullopt;
  try {
    return board_from(record, seconds_of(now));
  } catch (const ordered_json::exception&) {
    return std::nullopt;
  }
}

}  // namespace kmatrix::cli
