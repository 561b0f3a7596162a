// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace kmatrix::compare {

/// What happened in the runs of one cell, in the order of the runs: a set of bits each.
using Stream = std::vector<std::uint32_t>;
/// The cells that stand side by side in a stratum: a stream a compared value, empty where there is
/// no evidence. The i-th runs of all of them are a block; runs without a block do not count.
using Streams = std::vector<Stream>;

/// Something to bet on: one of `bits` happened. The weights of all events sum to 1 or less.
struct Event {
  std::uint32_t bits = 0;
  double weight = 0;
};
/// Strata in which an effect may be, and what is staked on just these. Weights as above.
struct Subset {
  std::vector<std::size_t> strata;
  double weight = 0;
};

struct Evidence {
  struct Alone {
    double log_e = 0;
    std::size_t event = 0;  ///< on which most was won
  };
  double log_e = 0;           ///< natural logarithm of the e-value against "no effect anywhere"
  std::size_t event = 0;      ///< on which most was won,
  std::size_t value = 0;      ///< with this value against the others,
  std::vector<Alone> strata;  ///< against "no effect in this stratum"
};
/// The evidence that the compared values are not alike. May be looked at after every block.
Evidence weigh(const std::vector<Streams>& strata, const std::vector<Event>& events,
               const std::vector<Subset>& subsets);

/// Number of blocks.
std::size_t blocks(const Streams& streams);

struct Interval {
  double low = -1, high = 1;
};
/// An effect as value minus the mean of the others, of the rate of an event.
struct Difference {
  double estimate = 0;
  Interval interval;  ///< valid after every block, at 1 - alpha
};
Difference difference(const Streams& streams, std::uint32_t bits, std::size_t value, double alpha);

/// For each hypothesis the smallest false discovery rate at which e-BH rejects it (1: none).
std::vector<double> false_discovery_rates(const std::vector<double>& log_e);

}  // namespace kmatrix::compare
