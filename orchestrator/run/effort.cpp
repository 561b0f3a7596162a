// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/effort.h"

#include <sys/resource.h>

#include <algorithm>

namespace kmatrix::run {

using support::Seconds;

std::vector<std::size_t> critical_path(const std::vector<plan::Job>& jobs,
                                       const std::vector<Seconds>& took) {
  std::vector<Seconds> ends(jobs.size());
  std::vector<std::size_t> before(jobs.size(), jobs.size());  // jobs.size(): none
  std::size_t last = jobs.size();
  // The graph lists a job after all that it depends on.
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    for (const auto other : jobs[i].depends) {
      if (before[i] != jobs.size() && ends[other] <= ends[before[i]]) continue;
      before[i] = other;
    }
    ends[i] = took[i] + (before[i] != jobs.size() ? ends[before[i]] : Seconds(0));
    if (took[i] > Seconds(0) && (last == jobs.size() || ends[i] > ends[last])) last = i;
  }
  std::vector<std::size_t> chain;
  for (; last != jobs.size(); last = before[last])
    if (took[last] > Seconds(0)) chain.push_back(last);
  std::reverse(chain.begin(), chain.end());
  return chain;
}

Seconds cpu_time() {
  Seconds sum(0);
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    if (getrusage(who, &usage) != 0) continue;
    for (const auto& time : {usage.ru_utime, usage.ru_stime})
      sum += std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  }
  return sum;
}

}  // namespace kmatrix::run
