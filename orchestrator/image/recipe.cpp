// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <utility>

#include "image/image_store.h"
#include "image/place.h"
#include "spec/document.h"
#include "spec/fields.h"
#include "spec/problems.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::image {

namespace {
using spec::NodeKind;
using spec::Problems;
using spec::YamlNode;

/// A place in the file system that the recipe makes.
void check_place(const std::string& text, const Location& at, Problems& problems) {
  if (is_inside(text)) return;
  problems.add(at, spec::quote(text) + " is not a path inside the image",
               "write it without a leading '/', '.' or '..', such as 'usr/bin/awk'");
}

/// Package names and suites become arguments of mmdebstrap.
void check_word(const std::string& text, const Location& at, const std::string& what,
                Problems& problems) {
  if (spec::is_word(text, "+-.:")) return;
  problems.add(at, spec::quote(text) + " is not a " + what,
               "letters, digits, '+', '-', '.' and ':' are allowed");
}

std::vector<std::string> texts(const spec::Field& field, Problems& problems,
                               const std::function<void(const YamlNode&)>& check) {
  std::vector<std::string> all;
  for (const YamlNode* each : spec::read_texts(field, "a list of texts", problems)) {
    check(*each);
    all.push_back(each->text);
  }
  return all;
}

/// A map from places in the image to texts.
std::map<std::string, std::string> placed(const spec::Field& field, Problems& problems) {
  std::map<std::string, std::string> all;
  if (!field) return all;
  if (field.node->kind != NodeKind::map) {
    spec::report_type(field, "a map from paths to texts", problems);
    return all;
  }
  for (const auto& entry : field.node->entries) {
    check_place(entry.key, entry.at, problems);
    const auto text =
        spec::read_text({&entry.value, field.what + " at " + entry.key}, "a text", problems);
    all.emplace(entry.key, text.value_or(""));
  }
  return all;
}

Recipe read_recipe(const YamlNode& document, Problems& problems) {
  Recipe recipe;
  const std::vector<std::string> known = {"arch",   "foreign", "suite",   "packages",
                                          "remove", "links",   "folders", "files"};
  const spec::Fields fields(document, "an image recipe", known, problems);
  if (!fields.is_map()) return recipe;
  const auto place = [&problems](const YamlNode& node) {
    check_place(node.text, node.at, problems);
  };
  recipe.arch = spec::read_word(fields.required("arch"), {"arm64", "amd64"}, problems).value_or("");
  recipe.foreign = texts(fields.optional("foreign"), problems, [&problems](const YamlNode& node) {
    check_word(node.text, node.at, "Debian architecture", problems);
  });
  const auto suite = fields.required("suite");
  recipe.suite = spec::read_text(suite, "the name of a Debian suite", problems).value_or("");
  if (!recipe.suite.empty()) check_word(recipe.suite, suite.node->at, "Debian suite", problems);
  recipe.packages = texts(fields.required("packages"), problems, [&problems](const YamlNode& node) {
    check_word(node.text, node.at, "package name", problems);
  });
  recipe.remove = texts(fields.optional("remove"), problems, place);
  recipe.links = placed(fields.optional("links"), problems);
  recipe.folders = texts(fields.optional("folders"), problems, place);
  recipe.files = placed(fields.optional("files"), problems);
  return recipe;
}
}  // namespace

namespace {
Error no_recipe(const std::filesystem::path& file) {
  std::vector<std::string> names;
  std::error_code failure;
  for (std::filesystem::directory_iterator walk(file.parent_path(), failure), end;
       !failure && walk != end; walk.increment(failure))
    if (walk->path().extension() == ".yaml") names.push_back(walk->path().stem().string());
  const auto hint = support::did_you_mean(file.stem().string(), names);
  return support::input_error("there is no image recipe " + file.string(), {},
                              hint.empty() ? "recipes are images/NAME.yaml" : hint);
}
}  // namespace

Result<Recipe> load_recipe(const std::filesystem::path& file) {
  auto text = support::read_file(file);
  if (!text) return no_recipe(file);
  Problems problems;
  Recipe recipe;
  if (const auto document = spec::parse_document(*text, file.string(), problems))
    recipe = read_recipe(*document, problems);
  if (auto errors = problems.take(file.string()); !errors.empty()) {
    Error first = std::move(errors.front());
    if (errors.size() > 1)
      first.context.push_back("reading a recipe with " + std::to_string(errors.size() - 1) +
                              " more errors");
    return first;
  }
  recipe.name = file.stem().string();
  recipe.digest = support::digest_of(*text);
  return recipe;
}

}  // namespace kmatrix::image
