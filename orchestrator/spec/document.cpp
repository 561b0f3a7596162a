// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/document.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "support/text.h"

// We listen to yaml-cpp's events instead of using YAML::Node, for three reasons: its maps accept
// duplicate keys in silence, it tells the place of a key only at a price, and its aliases make
// graphs (also cyclic ones) that a reader has to guard itself against.
namespace kmatrix::spec {

namespace {

constexpr std::size_t max_depth = 16;
constexpr std::size_t max_values = 50'000;
/// A long text counts as several values, so that aliases cannot multiply it either.
constexpr std::size_t text_of_a_value = 64;

/// Thrown through yaml-cpp's parser by our event listener; caught in parse_document.
struct Refusal {
  Location at;
  std::string message, hint;
};

class Builder : public YAML::EventHandler {
 public:
  Builder(std::string file, Problems& problems) : file_(std::move(file)), problems_(problems) {}

  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1)
      throw Refusal{at(mark), "a second YAML document begins here",
                    "an experiment is one document: remove the '---'"};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    finish(YamlNode{.at = at(mark)}, anchor, 1);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      throw Refusal{at(mark), "an alias inside of the value that it stands for", ""};
    finish(found->second.first, 0, found->second.second);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (tag != "!") check_tag(tag, mark);
    for (const char c : value)
      if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
        throw Refusal{at(mark), "a control character in " + quote(value), "remove the escape"};
    finish(YamlNode{.kind = NodeKind::scalar, .text = value, .quoted = tag == "!", .at = at(mark)},
           anchor, 1 + value.size() / text_of_a_value);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    start(NodeKind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    start(NodeKind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { end(); }

 private:
  /// A list or map that is not complete yet.
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    std::size_t first_value = 0;    ///< values_ when it began
    std::optional<Entry> key = {};  ///< of a map: read, its value is not
    bool key_is_good = true;
    std::map<std::string, int> lines = {};  ///< of the keys so far
  };

  Location at(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }

  void check_tag(const std::string& tag, const YAML::Mark& mark) const {
    if (tag.empty() || tag == "?" || tag == "!") return;
    throw Refusal{at(mark), "YAML tags such as " + quote(tag) + " are not understood",
                  "remove the tag"};
  }

  void count(std::size_t more, const Location& where) {
    values_ += more;
    if (values_ > max_values)
      throw Refusal{where, fmt::format("more than {} values", max_values),
                    "aliases count as often as they are used"};
  }

  void start(NodeKind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    check_tag(tag, mark);
    if (open_.size() >= max_depth)
      throw Refusal{at(mark), fmt::format("nested deeper than {} levels", max_depth), ""};
    open_.push_back(
        {.node = {.kind = kind, .at = at(mark)}, .anchor = anchor, .first_value = values_});
  }

  void end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    const auto inside = values_ - done.first_value;
    values_ -= inside;
    finish(std::move(done.node), done.anchor, inside + 1);
  }

  /// `size`: how much the node counts, with all that is inside of it.
  void finish(YamlNode node, YAML::anchor_t anchor, std::size_t size) {
    count(size, node.at);
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    if (anchor != 0) anchors_[anchor] = {node, size};
    auto& parent = open_.back();
    if (parent.node.kind == NodeKind::list)
      parent.node.items.push_back(std::move(node));
    else if (!parent.key)
      take_key(parent, std::move(node));
    else
      take_value(parent, std::move(node));
  }

  void take_key(Open& map, YamlNode node) {
    map.key = Entry{node.text, node.at, {}};
    map.key_is_good = node.kind == NodeKind::scalar;
    if (!map.key_is_good)
      problems_.add(node.at, "expected a key, found " + describe_kind(node.kind),
                    "write KEY: VALUE, and put a text with special characters in quotes");
    else if (!map.lines.emplace(node.text, node.at.line).second)
      report_duplicate(map);
  }

  void report_duplicate(Open& map) {
    map.key_is_good = false;
    const auto& again = *map.key;
    problems_.add(again.at, fmt::format("duplicate key {}: it is already at line {}",
                                        quote(again.key), map.lines.at(again.key)));
  }

  void take_value(Open& map, YamlNode node) {
    if (node.kind == NodeKind::null) node.at = map.key->at;
    map.key->value = std::move(node);
    if (map.key_is_good) map.node.entries.push_back(std::move(*map.key));
    map.key.reset();
  }

  static std::string describe_kind(NodeKind kind) {
    switch (kind) {
      case NodeKind::null:
        return "nothing";
      case NodeKind::scalar:
        return "a text";
      case NodeKind::list:
        return "a list";
      case NodeKind::map:
        return "a mapping";
    }
    return "something else";
  }

  std::string file_;
  Problems& problems_;
  YamlNode root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, std::pair<YamlNode, std::size_t>> anchors_;
  std::size_t values_ = 0;
  int documents_ = 0;
};

Location place_of(std::string_view before, const std::string& file) {
  const auto last_break = before.rfind('\n');
  const auto column =
      last_break == std::string_view::npos ? before.size() : before.size() - last_break - 1;
  return {file, static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(column) + 1};
}

/// The place of the first byte that no experiment has; nullopt: there is none.
std::optional<Refusal> find_foreign_bytes(const std::string& text, const std::string& file) {
  const auto control = std::find_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') ||
           c == 0x7F;
  });
  const auto place = [&](std::string::const_iterator end) {
    return place_of({text.data(), static_cast<std::size_t>(end - text.begin())}, file);
  };
  if (control != text.end())
    return Refusal{
        place(control),
        fmt::format("a control character (byte 0x{:02x})", static_cast<unsigned char>(*control)),
        "an experiment is YAML text in UTF-8"};
  const auto valid = support::valid_utf8(text);
  if (valid == text) return std::nullopt;
  const auto differ = std::mismatch(text.begin(), text.end(), valid.begin(), valid.end());
  return Refusal{place(differ.first), "a byte that is not UTF-8", "save the file as UTF-8 text"};
}

Location place_of(const YAML::Mark& mark, const std::string& file) {
  if (mark.is_null()) return {file, 0, 0};
  return {file, mark.line + 1, mark.column + 1};
}

/// Is a line (from 1) indented with a tab?
bool has_tab_in_indentation(const std::string& text, int line) {
  std::size_t begin = 0;
  for (; line > 1; --line) {
    begin = text.find('\n', begin);
    if (begin == std::string::npos) return false;
    ++begin;
  }
  const auto end = text.find_first_not_of(" \t", begin);
  return text.substr(begin, end - begin).find('\t') != std::string::npos;
}

std::string hint_for(const std::string& message, const std::string& text, int line) {
  if (has_tab_in_indentation(text, line)) return "indent with spaces: this line has a tab";
  if (message == YAML::ErrorMsg::UNKNOWN_TOKEN)
    return "put a text that begins with a special character in quotes";
  if (message == YAML::ErrorMsg::EOF_IN_SCALAR) return "a quote is not closed";
  if (message == YAML::ErrorMsg::END_OF_MAP_FLOW) return "a '}' or a ',' is missing";
  if (message == YAML::ErrorMsg::END_OF_SEQ_FLOW) return "a ']' or a ',' is missing";
  if (message == YAML::ErrorMsg::END_OF_MAP || message == YAML::ErrorMsg::END_OF_SEQ ||
      message == YAML::ErrorMsg::MAP_VALUE)
    return "look at the indentation of this line and of the one before";
  return "";
}

}  // namespace

const YamlNode* YamlNode::find(const std::string& key) const {
  for (const auto& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

std::optional<YamlNode> parse_document(const std::string& text, const std::string& file,
                                       Problems& problems) {
  if (const auto foreign = find_foreign_bytes(text, file)) {
    problems.add(foreign->at, foreign->message, foreign->hint);
    return std::nullopt;
  }
  try {
    // yaml-cpp 0.7 takes a quote that is never closed for complete if the file ends with a line
    // break. After this comment it does not.
    std::istringstream stream(text + "\n#");
    YAML::Parser parser(stream);
    Builder builder(file, problems);
    while (parser.HandleNextDocument(builder)) continue;
    return builder.take();
  } catch (const Refusal& refusal) {
    problems.add(refusal.at, refusal.message, refusal.hint);
  } catch (const YAML::Exception& error) {
    const bool at_end = !error.mark.is_null() && error.mark.pos >= static_cast<int>(text.size());
    const auto at = at_end ? place_of(std::string_view(text), file) : place_of(error.mark, file);
    problems.add(at, "not valid YAML: " + error.msg, hint_for(error.msg, text, at.line));
  } catch (const std::exception& error) {
    problems.add({file, 0, 0}, std::string("cannot parse the file: ") + error.what());
  }
  return std::nullopt;
}

}  // namespace kmatrix::spec
