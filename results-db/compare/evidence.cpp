// SPDX-License-Identifier: GPL-2.0-or-later
//
// How sure is it that two cells are not alike, when we look after every rerun, stop as soon as we
// like what we see, and do so for a thousand cases?
//
// A p-value does not survive any of that. An e-value does: it is what a gambler owns who began with
// 1 and bets against "the cells are alike" in a game that is fair if they are. Whatever the gambler
// does, and whenever he stops, he then owns c or more with a chance of 1/c at most (Ville).
//
// The game is that of Turner, Ly and Grünwald, "Generic E-variables for exact sequential k-sample
// tests that allow for optional stopping", J. Stat. Plan. Inference 230 (2024). A block is one run
// under each of the k compared values. A bet names a rate r_g for each value; with r the mean of
// the r_g, it multiplies the stake by the product over the values g of r_g / r where the event
// happened and (1 - r_g) / (1 - r) where it did not. If the values are alike, each factor has an
// expectation x_g, the mean of the x_g is 1 as the mean of the r_g is r, and so their product is at
// most 1 (the geometric mean is not above the arithmetic one). Nothing is assumed about the true
// rate: it may be anything and may change from block to block, as long as it is the same within
// one. That is why the sides are run in turn.
//
// Nobody knows which bet is right, so the stake is divided before the first run: among events (is
// it bad? is it this kind of bad?), among pairs of rates (mostly 0.05 against 0.95: most kernel
// tests are nearly deterministic), among values and directions. The mean of fair games is fair. A
// divided stake costs its logarithm once, while a clear difference wins a factor of 3.6 a block.
//
// Strata are independent, so a bet may carry what it won in one on to the next; this is how
// evidence is shared. Again nobody knows in which strata the effect is: a third is staked on all of
// them, a third on those with one value of another axis ("only on clang-cfi"), a third on each
// alone. But whether one stratum is concerned is said by what was won in it alone.
//
// Wald's sequential test, the other choice, needs both rates beforehand, and its limits do not hold
// for a flake rate that nobody knows.
//
// Intervals are the same thought turned round (Waudby-Smith and Ramdas, "Estimating means of
// bounded random variables by betting", J. R. Stat. Soc. B 86 (2024)): the differences d against
// which no gambler has won 2/alpha. With x = (y, 1 - z), where y is the value's run and z the
// others' mean, the mean of x is m = (1 + d) / 2, and both 1 - c + c (x1 + x2) / 2m and the product
// of 1 - c + c x1 / m and 1 - c + c x2 / m are fair by the argument above. The first wins where
// both sides stay as they are, the second where they are opposed.
//
// Across cases: Wang and Ramdas, "False discovery rate control with e-values", J. R. Stat. Soc. B
// 84 (2022). The k largest of K e-values are discoveries if the k-th is at least K / (k alpha). It
// holds for e-values that depend on each other in any way; cases that ran in one machine do.
#include "compare/evidence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace kmatrix::compare {

namespace {

constexpr double nothing = -std::numeric_limits<double>::infinity();

struct Rates {
  double low, high, weight;
};
constexpr std::array<Rates, 5> rates{{
    {.05, .95, .6},
    {.05, .5, .1},
    {.5, .95, .1},
    {.02, .3, .1},
    {.7, .98, .1},
}};

/// How often an event happened in the blocks of a stratum.
struct Tally {
  std::vector<double> hits;  ///< by value; negative where there is no evidence
  double blocks = 0;
  double values = 0;  ///< with evidence
};

Tally tally(const Streams& streams, std::uint32_t bits) {
  Tally result;
  const std::size_t count = blocks(streams);
  result.blocks = static_cast<double>(count);
  for (const auto& stream : streams) {
    if (stream.empty()) {
      result.hits.push_back(-1);
      continue;
    }
    const auto end = stream.begin() + static_cast<std::ptrdiff_t>(count);
    result.hits.push_back(static_cast<double>(std::count_if(
        stream.begin(), end, [bits](std::uint32_t what) { return (what & bits) != 0; })));
    result.values += 1;
  }
  return result;
}

/// Logarithm of what a bet wins in a stratum, in which `value` has the one rate and all others the
/// other.
double winnings(const Tally& seen, std::size_t value, double rate, double others) {
  if (seen.blocks == 0 || seen.hits[value] < 0) return 0;
  const double mean = (rate + (seen.values - 1) * others) / seen.values;
  double hits = 0;
  for (std::size_t i = 0; i < seen.hits.size(); ++i)
    if (i != value && seen.hits[i] > 0) hits += seen.hits[i];
  const double misses = seen.blocks * (seen.values - 1) - hits;
  return seen.hits[value] * std::log(rate / mean) +
         (seen.blocks - seen.hits[value]) * std::log((1 - rate) / (1 - mean)) +
         hits * std::log(others / mean) + misses * std::log((1 - others) / (1 - mean));
}

/// A sum of numbers given by their logarithms, with a note of who gave most.
class LogSum {
 public:
  void add(double log, std::size_t who) {
    if (log > largest_) {
      sum_ = sum_ * std::exp(largest_ - log) + 1;
      largest_ = log;
      who_ = who;
    } else if (log > nothing) {
      sum_ += std::exp(log - largest_);
    }
  }
  double log() const { return largest_ == nothing ? nothing : largest_ + std::log(sum_); }
  std::size_t who() const { return who_; }

 private:
  double sum_ = 0, largest_ = nothing;
  std::size_t who_ = 0;
};

bool tells_apart(const std::vector<Tally>& tallies) {
  double hits = 0, runs = 0;
  for (const auto& seen : tallies)
    for (const double count : seen.hits) {
      if (count < 0) continue;
      hits += count;
      runs += seen.blocks;
    }
  return hits > 0 && hits < runs;
}

/// The sums that all bets add what they own to.
struct Book {
  LogSum all;
  std::vector<LogSum> alone;
};

void settle(const std::vector<double>& won, double log_stake, std::size_t event, std::size_t who,
            const std::vector<Subset>& subsets, Book& book) {
  for (std::size_t i = 0; i < won.size(); ++i) book.alone[i].add(log_stake + won[i], event);
  for (const auto& subset : subsets) {
    double sum = log_stake + std::log(subset.weight);
    for (const std::size_t stratum : subset.strata) sum += won[stratum];
    book.all.add(sum, who);
  }
}

constexpr std::array<double, 5> fractions{.2, .4, .6, .8, 1};
constexpr std::array<double, 5> fraction_weights{.125, .125, .125, .125, .5};

/// Blocks that were alike: the value's run, the others' mean turned round, and how many.
struct Alike {
  double first, second;
  int count;
};
void add(std::vector<Alike>& pairs, double first, double second) {
  for (auto& each : pairs)
    if (each.first == first && each.second == second) {
      ++each.count;
      return;
    }
  pairs.push_back({first, second, 1});
}

double power(double base, int exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result *= base;
    base *= base;
  }
  return result;
}

/// What those own at the end who bet that the mean is above `mean`.
double wealth(const std::vector<Alike>& pairs, double mean) {
  double total = 0;
  for (std::size_t i = 0; i < fractions.size(); ++i) {
    const double kept = 1 - fractions[i], staked = fractions[i] / mean;
    double together = 1, apart = 1;
    for (const auto& [first, second, count] : pairs) {
      together *= power(kept + staked * (first + second) / 2, count);
      apart *= power((kept + staked * first) * (kept + staked * second), count);
    }
    total += fraction_weights[i] * (together + apart) / 2;
  }
  return total;
}

/// The largest mean that is refuted from above; wealth falls as the mean rises.
double lower_bound(const std::vector<Alike>& pairs, double enough) {
  double refuted = 0, open = 1;
  for (int i = 0; i < 14; ++i) {
    const double middle = (refuted + open) / 2;
    (wealth(pairs, middle) >= enough ? refuted : open) = middle;
  }
  return refuted;
}

}  // namespace

std::size_t blocks(const Streams& streams) {
  std::size_t count = std::numeric_limits<std::size_t>::max(), values = 0;
  for (const auto& stream : streams) {
    if (stream.empty()) continue;
    count = std::min(count, stream.size());
    ++values;
  }
  return values < 2 ? 0 : count;
}

Evidence weigh(const std::vector<Streams>& strata, const std::vector<Event>& events,
               const std::vector<Subset>& subsets) {
  Book book{{}, std::vector<LogSum>(strata.size())};
  const std::size_t values = strata.empty() ? 0 : strata[0].size();
  std::vector<Tally> tallies(strata.size());
  std::vector<double> won(strata.size());
  for (std::size_t event = 0; event < events.size(); ++event) {
    for (std::size_t i = 0; i < strata.size(); ++i)
      tallies[i] = tally(strata[i], events[event].bits);
    if (!tells_apart(tallies)) continue;  // all of its bets are lost; to forget them is safe
    for (const auto& pair : rates)
      for (std::size_t bet = 0; bet < 2 * values; ++bet) {
        const std::size_t value = bet / 2;
        const double rate = bet % 2 == 0 ? pair.high : pair.low;
        for (std::size_t i = 0; i < strata.size(); ++i)
          won[i] = winnings(tallies[i], value, rate, pair.low + pair.high - rate);
        const double stake = events[event].weight * pair.weight / (2 * static_cast<double>(values));
        settle(won, std::log(stake), event, event * values + value, subsets, book);
      }
  }
  Evidence evidence{book.all.log(), 0, 0, {}};
  if (values > 0) {
    evidence.event = book.all.who() / values;
    evidence.value = book.all.who() % values;
  }
  for (const auto& sum : book.alone) evidence.strata.push_back({sum.log(), sum.who()});
  return evidence;
}

Difference difference(const Streams& streams, std::uint32_t bits, std::size_t value, double alpha) {
  const std::size_t count = streams[value].empty() ? 0 : blocks(streams);
  if (count == 0) return {};
  std::vector<Alike> pairs, mirrored;
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    double others = 0, values = 0;
    for (std::size_t j = 0; j < streams.size(); ++j) {
      if (j == value || streams[j].empty()) continue;
      others += (streams[j][i] & bits) != 0 ? 1 : 0;
      values += 1;
    }
    const double own = (streams[value][i] & bits) != 0 ? 1 : 0;
    others /= values;
    sum += own - others;
    add(pairs, own, 1 - others);
    add(mirrored, 1 - own, others);
  }
  const double enough = 2 / alpha;
  return {sum / static_cast<double>(count),
          {2 * lower_bound(pairs, enough) - 1, 1 - 2 * lower_bound(mirrored, enough)}};
}

std::vector<double> false_discovery_rates(const std::vector<double>& log_e) {
  std::vector<std::size_t> order(log_e.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return log_e[a] > log_e[b]; });
  std::vector<double> result(log_e.size(), 1);
  double smallest = 1;
  for (std::size_t k = order.size(); k > 0; --k) {
    const double ratio = static_cast<double>(log_e.size()) / static_cast<double>(k);
    smallest = std::min(smallest, ratio * std::exp(-log_e[order[k - 1]]));
    result[order[k - 1]] = smallest;
  }
  return result;
}

}  // namespace kmatrix::compare
