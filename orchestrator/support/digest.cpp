// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/digest.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <vector>

namespace kmatrix::support {

namespace fs = std::filesystem;

struct Hasher::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Hasher::Hasher() : state_(std::make_unique<State>()) {
  EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr);
}
Hasher::~Hasher() = default;

Hasher& Hasher::bytes(std::string_view data) {
  EVP_DigestUpdate(state_->context, data.data(), data.size());
  return *this;
}

Hasher& Hasher::field(std::string_view name, std::string_view value) {
  return bytes(name)
      .bytes(":")
      .bytes(std::to_string(value.size()))
      .bytes(":")
      .bytes(value)
      .bytes("\n");
}

Digest Hasher::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned size = 0;
  EVP_DigestFinal_ex(state_->context, raw.data(), &size);
  static constexpr char digits[] = "0123456789abcdef";
  Digest digest;
  for (unsigned i = 0; i < size; ++i) {
    digest.hex += digits[raw[i] >> 4];
    digest.hex += digits[raw[i] & 15];
  }
  return digest;
}

Digest digest_of(std::string_view data) { return Hasher().bytes(data).finish(); }

Result<Digest> digest_file(const fs::path& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return infrastructure_error("cannot open " + file.string() + ": " +
                                std::generic_category().message(errno));
  }
  Hasher hasher;
  std::vector<char> buffer(1 << 18);
  ssize_t count = 0;
  while ((count = read(fd, buffer.data(), buffer.size())) > 0)
    hasher.bytes({buffer.data(), static_cast<std::size_t>(count)});
  const int failure = errno;
  close(fd);
  if (count < 0) {
    return infrastructure_error("cannot read " + file.string() + ": " +
                                std::generic_category().message(failure));
  }
  return hasher.finish();
}

namespace {

Status add_entry(Hasher& hasher, const fs::path& folder, const fs::path& name) {
  const fs::path path = folder / name;
  std::error_code failure;
  const auto status = fs::symlink_status(path, failure);
  if (fs::is_symlink(status)) {
    hasher.field("link", name.string()).field("to", fs::read_symlink(path, failure).string());
  } else if (fs::is_regular_file(status)) {
    const bool executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
    auto content = digest_file(path);
    if (!content) return content.error();
    hasher.field(executable ? "program" : "file", name.string()).field("content", content->hex);
  } else if (fs::is_directory(status)) {
    hasher.field("folder", name.string());
  } else {
    return infrastructure_error(path.string() + " is neither file, folder nor link");
  }
  if (failure)
    return infrastructure_error("cannot read " + path.string() + ": " + failure.message());
  return {};
}

}  // namespace

Result<Digest> digest_folder(const fs::path& folder) {
  std::error_code failure;
  std::vector<fs::path> names;
  fs::recursive_directory_iterator walk(folder, failure);
  for (; !failure && walk != fs::recursive_directory_iterator(); walk.increment(failure))
    names.push_back(walk->path().lexically_relative(folder));
  if (failure) {
    return infrastructure_error("cannot read folder " + folder.string() + ": " + failure.message());
  }
  std::sort(names.begin(), names.end(),
            [](const auto& a, const auto& b) { return a.native() < b.native(); });
  Hasher hasher;
  for (const auto& name : names) KMATRIX_TRY(add_entry(hasher, folder, name));
  return hasher.finish();
}

}  // namespace kmatrix::support
