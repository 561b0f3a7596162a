// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/evidence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace kmatrix::compare {
namespace {

const std::vector<Event> one_event{{1, 1}};

Stream runs(std::initializer_list<std::uint32_t> what) { return what; }
Stream always(std::uint32_t what, std::size_t count) { return Stream(count, what); }

double log_e(const Streams& streams) { return weigh({streams}, one_event, {{{0}, 1}}).log_e; }

/// Expectation of the e-value after `count` blocks in which all values have this rate.
double expectation(std::size_t values, std::size_t count, double rate) {
  double sum = 0;
  const std::size_t bits = values * count;
  for (std::size_t all = 0; all < std::size_t{1} << bits; ++all) {
    Streams streams(values);
    double chance = 1;
    for (std::size_t i = 0; i < bits; ++i) {
      const std::uint32_t hit = all >> i & 1U;
      streams[i % values].push_back(hit);
      chance *= hit != 0 ? rate : 1 - rate;
    }
    sum += chance * std::exp(log_e(streams));
  }
  return sum;
}

TEST(Evidence, IsFairWhateverTheCommonRate) {
  for (const double rate : {.001, .05, .3, .5, .8, .99}) {
    EXPECT_LE(expectation(2, 5, rate), 1 + 1e-9) << rate;
    EXPECT_LE(expectation(3, 3, rate), 1 + 1e-9) << rate;
  }
}

TEST(Evidence, IsFairWhereTheCommonRateDiffersBetweenStrata) {
  const std::vector<Subset> subsets{{{0}, .25}, {{1}, .25}, {{0, 1}, .5}};
  double sum = 0;
  for (std::size_t all = 0; all < 256; ++all) {
    std::vector<Streams> strata(2, Streams(2));
    double chance = 1;
    for (std::size_t i = 0; i < 8; ++i) {
      const std::uint32_t hit = all >> i & 1U;
      const double rate = i / 4 == 0 ? .1 : .9;
      strata[i / 4][i % 2].push_back(hit);
      chance *= hit != 0 ? rate : 1 - rate;
    }
    sum += chance * std::exp(weigh(strata, one_event, subsets).log_e);
  }
  EXPECT_LE(sum, 1 + 1e-9);
}

TEST(Evidence, GrowsWithEveryPairThatDiffers) {
  double last = log_e({always(0, 1), always(1, 1)});
  for (std::size_t count = 2; count < 10; ++count) {
    const double next = log_e({always(0, count), always(1, count)});
    EXPECT_GT(next, last + 1) << count;
    last = next;
  }
}

TEST(Evidence, OfOneOffDifferencesIsNone) {
  EXPECT_LT(log_e({runs({0}), runs({1})}), std::log(2));
  EXPECT_LT(log_e({runs({0, 0, 0, 0}), runs({1, 0, 0, 0})}), 0);
}

TEST(Evidence, IgnoresRunsWithoutABlock) {
  EXPECT_EQ(log_e({runs({0, 0}), runs({1, 1, 0, 0, 1})}), log_e({runs({0, 0}), runs({1, 1})}));
  EXPECT_EQ(blocks({runs({0, 0}), runs({1})}), 1U);
  EXPECT_EQ(blocks({runs({0, 0}), {}}), 0U);
}

TEST(Evidence, NamesTheValueThatStandsOut) {
  const Streams streams{always(0, 4), always(0, 4), always(1, 4)};
  const Evidence evidence = weigh({streams}, one_event, {{{0}, 1}});
  EXPECT_EQ(evidence.value, 2U);
  EXPECT_GT(evidence.log_e, std::log(20));
}

TEST(Evidence, OfSeveralStrataIsSharedButEachStandsAlone) {
  const std::vector<Streams> strata(6, {always(0, 2), always(1, 2)});
  const Evidence evidence = weigh(strata, one_event, {{{0, 1, 2, 3, 4, 5}, 1}});
  EXPECT_GT(evidence.log_e, std::log(1e5));
  for (const auto& stratum : evidence.strata) EXPECT_LT(stratum.log_e, std::log(20));
}

TEST(Evidence, OfNothingIsNothing) {
  EXPECT_EQ(log_e({always(1, 5), always(1, 5)}), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(weigh({}, one_event, {}).log_e, -std::numeric_limits<double>::infinity());
}

TEST(Difference, OfOppositeSidesIsCertainlyPositive) {
  const auto found = difference({always(0, 8), always(1, 8)}, 1, 1, .05);
  EXPECT_EQ(found.estimate, 1);
  EXPECT_GT(found.interval.low, .4);
  EXPECT_EQ(found.interval.high, 1);
  const auto mirrored = difference({always(1, 8), always(0, 8)}, 1, 1, .05);
  EXPECT_EQ(mirrored.estimate, -1);
  EXPECT_EQ(mirrored.interval.high, -found.interval.low);
}

TEST(Difference, OfEqualSidesShrinksAroundZero) {
  const auto found = difference({always(0, 20), always(0, 20)}, 1, 1, .05);
  EXPECT_EQ(found.estimate, 0);
  EXPECT_LT(found.interval.high, .3);
  EXPECT_GT(found.interval.low, -.3);
}

TEST(Difference, IsUnknownWithoutBlocks) {
  const auto unknown = difference({{}, always(1, 3)}, 1, 1, .05);
  EXPECT_EQ(unknown.interval.low, -1);
  EXPECT_EQ(unknown.interval.high, 1);
}

TEST(Difference, IsCoveredAfterEveryBlockAtOnce) {
  std::mt19937_64 engine(1);
  const auto draw = [&](double rate) -> std::uint32_t {
    return static_cast<double>(engine() >> 11U) * 0x1p-53 < rate ? 1 : 0;
  };
  int missed = 0;
  constexpr int trials = 400;
  for (int trial = 0; trial < trials; ++trial) {
    Streams streams(2);
    bool covered = true;
    for (int block = 0; block < 20; ++block) {
      streams[0].push_back(draw(.1));
      streams[1].push_back(draw(.6));
      const auto& interval = difference(streams, 1, 1, .05).interval;
      covered = covered && interval.low <= .5 && .5 <= interval.high;
    }
    missed += covered ? 0 : 1;
  }
  EXPECT_LE(missed, trials / 20);
}

TEST(FalseDiscoveryRates, AreThoseOfTheEBenjaminiHochbergProcedure) {
  const auto rates = false_discovery_rates(
      {std::log(400), 0, std::log(40), -std::numeric_limits<double>::infinity()});
  EXPECT_NEAR(rates[0], .01, 1e-12);  // 4 / (1 * 400)
  EXPECT_NEAR(rates[2], .05, 1e-12);  // 4 / (2 * 40)
  EXPECT_EQ(rates[1], 1);
  EXPECT_EQ(rates[3], 1);
}

TEST(FalseDiscoveryRates, OfALargerOneAreNotAboveThoseOfASmallerOne) {
  const auto rates = false_discovery_rates({std::log(10), std::log(9.9)});
  EXPECT_EQ(rates[0], rates[1]);
  EXPECT_TRUE(false_discovery_rates({}).empty());
}

}  // namespace
}  // namespace kmatrix::compare
