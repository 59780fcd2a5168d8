#include "upstream/breaker.h"

#include <gtest/gtest.h>

#include "upstream/retry_budget.h"

namespace vecgate::upstream {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Pass = Breaker::Pass;
using State = Breaker::State;

class BreakerTest : public testing::Test {
 protected:
  bool Fail() { return breaker_.Failed(breaker_.Admit(now_), now_, ++calls_, settings_); }
  void Succeed() {
    ++calls_;
    breaker_.Succeeded(breaker_.Admit(now_));
  }

  Breaker breaker_;
  Breaker::Settings settings_{3, 0, milliseconds(1000), milliseconds(3000)};
  Breaker::Clock::time_point now_ = Breaker::Clock::time_point(seconds(1000));
  uint64_t calls_ = 0;
};

TEST_F(BreakerTest, OpensAfterSoManyFailuresInARow) {
  Fail();
  Fail();
  Succeed();
  Fail();
  Fail();
  EXPECT_EQ(breaker_.state(), State::kClosed);
  EXPECT_TRUE(Fail());
  EXPECT_EQ(breaker_.state(), State::kOpen);
  EXPECT_EQ(breaker_.openings(), 1u);
  EXPECT_EQ(breaker_.Admit(now_), Pass::kNone);
  EXPECT_FALSE(breaker_.WouldAdmit(now_));
}

TEST_F(BreakerTest, OneCallDecidesAfterThePause) {
  for (int i = 0; i < 3; ++i) Fail();
  now_ += milliseconds(999);
  EXPECT_FALSE(breaker_.WouldAdmit(now_));
  now_ += milliseconds(1);
  EXPECT_TRUE(breaker_.WouldAdmit(now_));
  EXPECT_EQ(breaker_.Admit(now_), Pass::kProbe);
  EXPECT_EQ(breaker_.Admit(now_), Pass::kNone);  // one at a time
  breaker_.Succeeded(Pass::kProbe);
  EXPECT_EQ(breaker_.state(), State::kClosed);
  EXPECT_EQ(breaker_.Admit(now_), Pass::kCall);
}

TEST_F(BreakerTest, PausesGrowUpToABoundAndBeginAnewAfterASuccess) {
  for (int i = 0; i < 3; ++i) Fail();
  for (const int pause : {1000, 2000, 3000, 3000}) {
    EXPECT_EQ(breaker_.until() - now_, milliseconds(pause));
    now_ = breaker_.until();
    EXPECT_TRUE(Fail());
  }
  now_ = breaker_.until();
  Succeed();
  for (int i = 0; i < 3; ++i) Fail();
  EXPECT_EQ(breaker_.until() - now_, milliseconds(1000));
}

TEST_F(BreakerTest, AProbeThatIsGivenUpLeavesThePlaceToAnother) {
  for (int i = 0; i < 3; ++i) Fail();
  now_ = breaker_.until();
  EXPECT_EQ(breaker_.Admit(now_), Pass::kProbe);
  breaker_.Abandoned(Pass::kProbe);
  EXPECT_EQ(breaker_.Admit(now_), Pass::kProbe);
}

TEST_F(BreakerTest, CallsFromBeforeDoNotDecide) {
  const Pass early = breaker_.Admit(now_);
  for (int i = 0; i < 3; ++i) Fail();
  breaker_.Succeeded(early);
  EXPECT_EQ(breaker_.state(), State::kOpen);
  EXPECT_FALSE(breaker_.Failed(early, now_, ++calls_, settings_));
  EXPECT_EQ(breaker_.openings(), 1u);
}

TEST_F(BreakerTest, AnAddressThatAnswersAgainMayBeTriedAtOnce) {
  for (int i = 0; i < 3; ++i) Fail();
  breaker_.MayTry();
  EXPECT_EQ(breaker_.Admit(now_), Pass::kProbe);
}

TEST_F(BreakerTest, OpensAtAShareOfTheCalls) {
  settings_ = {0, 50, milliseconds(1000), milliseconds(3000)};
  for (int i = 0; i < 1000; ++i) Succeed();  // long ago: they count for nothing
  now_ += seconds(60);
  int pairs = 0;
  while (breaker_.state() == State::kClosed && ++pairs < 1000) {
    Fail();
    if (breaker_.state() == State::kClosed) Succeed();
  }
  // Twenty calls are enough to tell, and the first and the last of them failed.
  EXPECT_EQ(pairs, 11);
}

TEST_F(BreakerTest, FailuresOfDifferentTimesDoNotAddUp) {
  settings_ = {0, 50, milliseconds(1000), milliseconds(3000)};
  for (int i = 0; i < 100; ++i) {
    Fail();
    now_ += seconds(11);
  }
  EXPECT_EQ(breaker_.state(), State::kClosed);
}

TEST(RetryBudgetTest, AllowsAShareOfTheCallsAndAFewASecond) {
  auto now = RetryBudget::Clock::time_point(seconds(1000));
  RetryBudget budget(0.1, 0);
  int allowed = 0;
  while (budget.Spend(now)) ++allowed;  // what was saved up
  for (int i = 0; i < 1000; ++i) {
    budget.Called();
    if (budget.Spend(now)) ++allowed;
  }
  EXPECT_NEAR(allowed, 100, 10);

  RetryBudget slow(0, 5);
  while (slow.Spend(now)) {
  }
  now += seconds(1);
  allowed = 0;
  while (slow.Spend(now)) ++allowed;
  EXPECT_EQ(allowed, 5);

  RetryBudget none(0, 0);
  none.Called();
  EXPECT_FALSE(none.Spend(now));
}

}  // namespace
}  // namespace vecgate::upstream
