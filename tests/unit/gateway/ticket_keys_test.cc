#include "tls/ticket_keys.h"

#include <gtest/gtest.h>

namespace vecgate::tls {
namespace {

using std::chrono::minutes;

TEST(TicketKeysTest, KeysAreMadeAnewAfterTheirTime) {
  TicketKeys keys(minutes(10));
  const auto start = TicketKeys::Clock::now();
  const auto first = keys.Current(start);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(keys.Current(start + minutes(9))->name, first->name);
  const auto second = keys.Current(start + minutes(10));
  ASSERT_TRUE(second.has_value());
  EXPECT_NE(second->name, first->name);
  EXPECT_NE(second->cipher, first->cipher);
  EXPECT_NE(second->mac, first->mac);
}

TEST(TicketKeysTest, AKeyOpensForOneMoreTime) {
  TicketKeys keys(minutes(10));
  const auto start = TicketKeys::Clock::now();
  const auto first = keys.Current(start);
  keys.Current(start + minutes(11));
  EXPECT_TRUE(keys.Find(first->name.data(), start + minutes(19)).has_value());
  EXPECT_FALSE(keys.Find(first->name.data(), start + minutes(20)).has_value());
  keys.Current(start + minutes(21));
  EXPECT_FALSE(keys.Find(first->name.data(), start + minutes(19)).has_value());
}

TEST(TicketKeysTest, UnknownNamesHaveNoKey) {
  TicketKeys keys(minutes(10));
  const auto now = TicketKeys::Clock::now();
  const unsigned char name[TicketKeys::kNameBytes] = {};
  EXPECT_FALSE(keys.Find(name, now).has_value());
  keys.Current(now);
  EXPECT_FALSE(keys.Find(name, now).has_value());
}

}  // namespace
}  // namespace vecgate::tls
