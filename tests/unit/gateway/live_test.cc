#include "base/live.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace vecgate::base {
namespace {

TEST(LiveTest, ViewsSeeTheNewValueAndUsersKeepTheOldOne) {
  Live<int> live(std::make_shared<const int>(1));
  Live<int>::View view(live);
  const std::shared_ptr<const int> kept = view.Get();
  EXPECT_EQ(*kept, 1);
  EXPECT_EQ(view.Get().get(), kept.get());
  live.Set(std::make_shared<const int>(2));
  EXPECT_EQ(*view.Get(), 2);
  EXPECT_EQ(*live.Get(), 2);
  EXPECT_EQ(*kept, 1);
}

TEST(LiveTest, NothingIsAValue) {
  Live<int> live(nullptr);
  Live<int>::View view(live);
  EXPECT_EQ(view.Get().get(), nullptr);
  live.Set(std::make_shared<const int>(1));
  EXPECT_EQ(*view.Get(), 1);
}

TEST(LiveTest, TheOldValueGoesWithItsLastUser) {
  const auto first = std::make_shared<const int>(1);
  std::weak_ptr<const int> watched = first;
  Live<std::shared_ptr<const int>> live(std::make_shared<const std::shared_ptr<const int>>(first));
  Live<std::shared_ptr<const int>>::View view(live);
  EXPECT_EQ(**view.Get(), 1);
  EXPECT_EQ(watched.use_count(), 2);
  live.Set(nullptr);
  EXPECT_EQ(view.Get(), nullptr);
  EXPECT_EQ(watched.use_count(), 1);
}

TEST(LiveTest, ThreadsReadWhileItChanges) {
  Live<std::vector<int>> live(std::make_shared<const std::vector<int>>(8, 0));
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      Live<std::vector<int>>::View view(live);
      int last = 0;
      while (!stop.load()) {
        const auto value = view.Get();
        for (const int element : *value) EXPECT_EQ(element, value->front());
        EXPECT_GE(value->front(), last);
        last = value->front();
      }
      EXPECT_EQ(view.Get()->front(), 1000);
    });
  }
  for (int i = 1; i <= 1000; ++i) live.Set(std::make_shared<const std::vector<int>>(8, i));
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace vecgate::base
