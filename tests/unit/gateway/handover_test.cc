#include "lifecycle/handover.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "http/listening.h"
#include "lifecycle/handover_message.h"
#include "lifecycle/inherited_sockets.h"
#include "support/temp_path.h"

namespace vecgate::lifecycle {
namespace {

// A gateway that goes, on a thread of its own, with two listening sockets.
class HandoverTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = http::ListeningSockets::Open({"127.0.0.1", 0}, 2);
    ASSERT_TRUE(opened.ok());
    port_ = opened->port();
    std::vector<InheritedSocket> sockets;
    for (size_t i = 0; i < 2; ++i) sockets.push_back({"rest", "127.0.0.1:0", base::Descriptor(opened->Take(i))});
    handover_.emplace(io_, path_, std::move(sockets), [this] { ++replaced_; });
    ASSERT_TRUE(handover_->Listen().ok());
    boost::asio::co_spawn(io_, handover_->Run(), boost::asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }
  void TearDown() override {
    boost::asio::post(io_, [this] { handover_->Stop(); });
    thread_.join();
  }

  const std::string path_ = TempPath("handover");
  boost::asio::io_context io_{1};
  std::optional<Handover> handover_;
  uint16_t port_ = 0;
  int replaced_ = 0;
  std::thread thread_;
};

TEST_F(HandoverTest, PassesTheSocketsAndIsReplaced) {
  auto predecessor = Predecessor::Find(path_);
  ASSERT_TRUE(predecessor.ok()) << predecessor.status();
  ASSERT_TRUE(predecessor->has_value());
  InheritedSockets sockets;
  sockets.Add((*predecessor)->TakeSockets());
  EXPECT_TRUE(sockets.Take("rest", "127.0.0.1:1").empty());
  EXPECT_TRUE(sockets.Take("other", "127.0.0.1:0").empty());
  auto adopted = http::ListeningSockets::Adopt(sockets.Take("rest", "127.0.0.1:0"), 3);
  ASSERT_TRUE(adopted.ok());
  EXPECT_EQ(adopted->size(), 3u);  // three threads, two sockets
  EXPECT_EQ(adopted->port(), port_);
  EXPECT_TRUE(sockets.Left().empty());
  (*predecessor)->Replace();
  thread_.join();
  EXPECT_EQ(replaced_, 1);
  thread_ = std::thread([] {});
}

TEST_F(HandoverTest, ASuccessorThatGoesAwayChangesNothing) {
  for (int i = 0; i < 3; ++i) {
    auto predecessor = Predecessor::Find(path_);
    ASSERT_TRUE(predecessor.ok()) << predecessor.status();
    EXPECT_EQ((*predecessor)->TakeSockets().size(), 2u);
  }
  EXPECT_EQ(replaced_, 0);
}

TEST_F(HandoverTest, ThePathIsForItsUserOnlyAndGoesWithItsOwner) {
  struct stat file {};
  ASSERT_EQ(stat(path_.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
  EXPECT_TRUE(S_ISSOCK(file.st_mode));
  // The next one takes the path; the first leaves it alone then.
  boost::asio::io_context other_io{1};
  Handover other(other_io, path_, {}, [] {});
  ASSERT_TRUE(other.Listen().ok());
  boost::asio::post(io_, [this] { handover_->Stop(); });
  thread_.join();
  EXPECT_EQ(stat(path_.c_str(), &file), 0);
  other.Stop();
  EXPECT_NE(stat(path_.c_str(), &file), 0);
  thread_ = std::thread([] {});
}

TEST(PredecessorTest, IsNotThereWithoutOne) {
  const auto none = Predecessor::Find("/nonexistent/handover.sock");
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_FALSE(none->has_value());
  EXPECT_FALSE(Predecessor::Find(std::string(200, 'x')).ok());
}

TEST(HandoverMessageTest, CarriesADescriptor) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
  const base::Descriptor left(ends[0]);
  base::Descriptor right(ends[1]);
  ASSERT_TRUE(SendPacket(left.value(), "with", left.value()));
  ASSERT_TRUE(SendPacket(left.value(), "without", -1));
  Packet packet;
  ASSERT_TRUE(ReceivePacket(right.value(), &packet));
  EXPECT_EQ(packet.text, "with");
  EXPECT_TRUE(packet.descriptor);
  EXPECT_NE(packet.descriptor.value(), left.value());
  ASSERT_TRUE(ReceivePacket(right.value(), &packet));
  EXPECT_EQ(packet.text, "without");
  EXPECT_FALSE(packet.descriptor);
  right = base::Descriptor();
  EXPECT_FALSE(SendPacket(left.value(), "nobody", -1));
}

}  // namespace
}  // namespace vecgate::lifecycle
