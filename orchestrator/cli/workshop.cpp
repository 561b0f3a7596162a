// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/workshop.h"

namespace kmatrix::cli {

build::Systems toolchain_images(const std::filesystem::path& data, image::ImageStore& images) {
  return
      [&images, folder = data / "images"](const spec::Toolchain& toolchain,
                                          bool make) -> Result<std::optional<build::SystemRoot>> {
        auto recipe = image::load_recipe(folder / (toolchain.image + ".yaml"));
        if (!recipe) {
          Error error = recipe.error();
          if (error.at == Location()) error.at = toolchain.at;
          error.context.push_back("while reading the image of toolchain " + toolchain.name);
          return error;
        }
        if (!make && !images.has_packages(*recipe)) return std::optional<build::SystemRoot>();
        auto made = images.toolchain(*recipe);
        if (!made) return made.error();
        constexpr std::size_t enough = 12;
        return std::optional(build::SystemRoot(
            made->folder, "image " + recipe->name + " " + made->content.hex.substr(0, enough)));
      };
}

}  // namespace kmatrix::cli
