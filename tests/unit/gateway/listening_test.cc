#include "http/listening.h"

#include <gtest/gtest.h>

namespace vecgate::http {
namespace {

TEST(ListeningSocketsTest, AllShareOnePort) {
  const auto sockets = ListeningSockets::Open({"127.0.0.1", 0}, 4);
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  EXPECT_EQ(sockets->size(), 4u);
  EXPECT_NE(sockets->port(), 0);
}

TEST(ListeningSocketsTest, APortInUseIsAnError) {
  const auto first = ListeningSockets::Open({"127.0.0.1", 0}, 2);
  ASSERT_TRUE(first.ok());
  for (const size_t count : {1, 2}) {
    const auto second = ListeningSockets::Open({"127.0.0.1", first->port()}, count);
    ASSERT_FALSE(second.ok());
    EXPECT_NE(std::string(second.status().message()).find("Address already in use"), std::string::npos);
  }
}

TEST(ListeningSocketsTest, BadHostsAreErrors) {
  EXPECT_FALSE(ListeningSockets::Open({"no such host", 0}, 1).ok());
  EXPECT_FALSE(ListeningSockets::Open({"192.0.2.1", 0}, 1).ok());
}

}  // namespace
}  // namespace vecgate::http
