// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/guest_root.h"

#include <fcntl.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "agent/kernel_log.h"

namespace kmatrix::agent {

namespace fs = std::filesystem;

namespace {
struct FileSystem {
  const char* type;
  const char* target;
  const char* options;
  bool required;
};

// Parents before children: sysfs brings most of the other mount points with it.
constexpr FileSystem file_systems[] = {
    {"proc", "/proc", "", true},
    {"sysfs", "/sys", "", true},
    {"devtmpfs", "/dev", "mode=0755", true},
    {"tmpfs", "/tmp", "mode=1777", true},
    {"tmpfs", "/run", "mode=0755", true},
    {"devpts", "/dev/pts", "", false},
    {"tmpfs", "/dev/shm", "mode=1777", false},
    {"tracefs", "/sys/kernel/tracing", "", false},
    {"debugfs", "/sys/kernel/debug", "", false},
    {"securityfs", "/sys/kernel/security", "", false},
    {"configfs", "/sys/kernel/config", "", false},
    {"cgroup2", "/sys/fs/cgroup", "", false},
    {"bpf", "/sys/fs/bpf", "", false},
};

std::string failed(const std::string& what) { return what + ": " + std::strerror(errno); }

Problem mount_at(const char* source, const char* target, const char* type, unsigned long flags,
                 const char* options) {
  if (mount(source, target, type, flags, options) == 0) return {};
  // The kernel may have mounted devtmpfs itself (CONFIG_DEVTMPFS_MOUNT).
  if (errno == EBUSY) return {};
  return failed(std::string("mount ") + source + " on " + target);
}

Problem mount_file_systems() {
  for (const auto& each : file_systems) {
    std::error_code ignored;  // sysfs folders cannot be made: then the kernel lacks that feature
    fs::create_directories(each.target, ignored);
    const auto problem = mount_at(each.type, each.target, each.type, 0, each.options);
    if (!problem) continue;
    if (each.required) return problem;
    if (errno != ENODEV && errno != ENOENT) write_kernel_log("kmatrix: " + *problem);
  }
  return {};
}

void link_devices() {
  symlink("/proc/self/fd", "/dev/fd");
  symlink("/proc/self/fd/0", "/dev/stdin");
  symlink("/proc/self/fd/1", "/dev/stdout");
  symlink("/proc/self/fd/2", "/dev/stderr");
}

/// The overlay lives below /run until it becomes the root; the old root then goes away with its
/// mounts, and only the overlay keeps what it needs of them.
Problem enter_overlay() {
  if (auto problem = mount_at("tmpfs", "/run", "tmpfs", 0, "mode=0755")) return problem;
  for (const char* folder : {"/run/upper", "/run/work", "/run/root"})
    if (mkdir(folder, 0755) != 0) return failed(std::string("make folder ") + folder);
  if (auto problem = mount_at("overlay", "/run/root", "overlay", 0,
                              "lowerdir=/,upperdir=/run/upper,workdir=/run/work"))
    return problem;
  if (chdir("/run/root") != 0) return failed("enter the overlay");
  if (syscall(SYS_pivot_root, ".", ".") != 0) return failed("make the overlay the root");
  if (umount2(".", MNT_DETACH) != 0) return failed("leave the old root");
  return chdir("/") == 0 ? Problem() : failed("enter the root");
}

/// The cell's disk, under an overlay: selftests write beside their programs.
Problem mount_cell() {
  if (access("/dev/vdb", F_OK) != 0) return {};
  std::error_code ignored;
  fs::create_directories("/kmatrix/cell", ignored);
  for (const char* folder : {"/run/cell/disk", "/run/cell/upper", "/run/cell/work"})
    fs::create_directories(folder, ignored);
  if (auto problem = mount_at("/dev/vdb", "/run/cell/disk", "erofs", MS_RDONLY, "")) return problem;
  if (auto problem = mount_at("overlay", "/kmatrix/cell", "overlay", 0,
                              "lowerdir=/run/cell/disk,upperdir=/run/cell/upper,"
                              "workdir=/run/cell/work"))
    return problem;
  constexpr char modules[] = "/run/cell/disk/modules/lib/modules";
  if (access(modules, F_OK) != 0) return {};
  fs::create_directories("/lib/modules", ignored);
  return mount_at(modules, "/lib/modules", nullptr, MS_BIND, nullptr);
}

void bring_up_loopback() {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;  // a kernel without network
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP;
  ioctl(fd, SIOCSIFFLAGS, &request);
  close(fd);
}
}  // namespace

Problem open_devices() {
  if (auto problem = mount_at("devtmpfs", "/dev", "devtmpfs", 0, "mode=0755")) return problem;
  int fd = open("/dev/null", O_RDWR);
  if (fd < 0) return failed("open /dev/null");
  for (int standard = 0; standard < 3; ++standard)
    if (fd != standard) dup2(fd, standard);
  if (fd > 2) close(fd);
  return {};
}

Problem set_up_root() {
  if (auto problem = enter_overlay()) return problem;
  if (auto problem = mount_file_systems()) return problem;
  link_devices();
  return mount_cell();
}

void set_up_environment() {
  constexpr char name[] = "kmatrix";
  sethostname(name, sizeof name - 1);
  bring_up_loopback();
  setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
  setenv("HOME", "/root", 1);
  setenv("TERM", "dumb", 1);
  setenv("LC_ALL", "C", 1);
}

}  // namespace kmatrix::agent
