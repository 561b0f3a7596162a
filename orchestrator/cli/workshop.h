// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "build/kernel_builder.h"
#include "build/kernel_cache.h"
#include "cli/options.h"
#include "image/image_store.h"
#include "source/tree_store.h"
#include "support/process.h"

namespace kmatrix::cli {

/// The systems of toolchains that name an image; `data` is the folder with images/.
build::Systems toolchain_images(const std::filesystem::path& data, image::ImageStore& images);

/// The concrete parts that plan and run put together, all on one cache.
struct Workshop {
  /// `objects`: kernels whose objects were not kept are built again.
  Workshop(const GlobalOptions& global, int jobs, const std::function<void(std::string)>& say,
           const std::stop_token& stop, bool objects = false)
      : trees(global.cache, runner, say, stop),
        images(global.cache, runner, say, stop),
        builder({global.cache, jobs, say, toolchain_images(global.data, images), objects}, runner,
                stop),
        kernels(global.cache, objects) {}

  support::BoostProcessRunner runner;
  source::TreeStore trees;
  image::ImageStore images;
  build::KernelBuilder builder;
  build::KernelCache kernels;
};

}  // namespace kmatrix::cli
