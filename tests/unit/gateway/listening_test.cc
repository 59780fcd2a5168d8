#include "http/listening.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/authority.h"
#include "support/http_client.h"

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

config::Endpoint Unix(const std::string& path) {
  config::Endpoint endpoint;
  endpoint.unix_path = path;
  return endpoint;
}

TEST(ListeningSocketsTest, UnixSocketsShareOneQueue) {
  const test::TestFiles files;
  const std::string path = files.Path("gate.sock");
  auto sockets = ListeningSockets::Open(Unix(path), 3, 0600);
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  EXPECT_EQ(sockets->size(), 3u);
  EXPECT_EQ(sockets->family(), AF_UNIX);
  struct stat file {};
  ASSERT_EQ(stat(path.c_str(), &file), 0);
  EXPECT_TRUE(S_ISSOCK(file.st_mode));
  EXPECT_EQ(file.st_mode & 0777, 0600u);
  test::HttpClient client(path);
  EXPECT_TRUE(client.Send("x"));
}

TEST(ListeningSocketsTest, AUnixSocketInUseIsAnError) {
  const test::TestFiles files;
  const std::string path = files.Path("gate.sock");
  const auto first = ListeningSockets::Open(Unix(path), 1);
  ASSERT_TRUE(first.ok());
  const auto second = ListeningSockets::Open(Unix(path), 1);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(std::string(second.status().message()).find("Address already in use"), std::string::npos);
}

TEST(ListeningSocketsTest, AUnixSocketOfTheDeadIsReplaced) {
  const test::TestFiles files;
  const std::string path = files.Path("gate.sock");
  { ASSERT_TRUE(ListeningSockets::Open(Unix(path), 1).ok()); }
  const auto second = ListeningSockets::Open(Unix(path), 1);
  EXPECT_TRUE(second.ok()) << second.status();
}

TEST(ListeningSocketsTest, OtherFilesAreLeftAlone) {
  const test::TestFiles files;
  const std::string path = files.Write("gate.sock", "precious");
  EXPECT_FALSE(ListeningSockets::Open(Unix(path), 1).ok());
  EXPECT_TRUE(std::filesystem::is_regular_file(path));
  EXPECT_FALSE(ListeningSockets::Open(Unix(files.Path(std::string(200, 'x'))), 1).ok());
  EXPECT_FALSE(ListeningSockets::Open(Unix(files.Path("no/such/folder.sock")), 1).ok());
}

}  // namespace
}  // namespace vecgate::http
