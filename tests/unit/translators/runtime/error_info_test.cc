#include "runtime/error_info.h"

#include <google/protobuf/any.pb.h>
#include <gtest/gtest.h>

namespace vecgate::runtime {
namespace {

using namespace std::literals;

// google.rpc.ErrorInfo{reason: "R", domain: "d", metadata: {"k": "v", "n": "10"}}, field by field.
const std::string kInfo = "\x0a\x01R" "\x12\x01" "d" "\x1a\x06\x0a\x01k\x12\x01v" "\x1a\x07\x0a\x01n\x12\x02" "10"s;

// google.rpc.Status{code: 8, message: "m", details: [any]}.
std::string StatusWith(std::initializer_list<google::protobuf::Any> details) {
  std::string status = "\x08\x08\x12\x01m"s;
  for (const google::protobuf::Any& any : details) {
    const std::string bytes = any.SerializeAsString();
    status += '\x1a';
    status += static_cast<char>(bytes.size());
    status += bytes;
  }
  return status;
}

google::protobuf::Any Detail(std::string_view type, const std::string& value) {
  google::protobuf::Any any;
  any.set_type_url("type.googleapis.com/" + std::string(type));
  any.set_value(value);
  return any;
}

TEST(ErrorInfoTest, IsFoundAmongOtherDetails) {
  const auto info = FindErrorInfo(
      StatusWith({Detail("google.rpc.RetryInfo", "\x0a\x02\x08\x05"), Detail("google.rpc.ErrorInfo", kInfo)}));
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->domain, "d");
  EXPECT_EQ(info->metadata, (decltype(info->metadata){{"k", "v"}, {"n", "10"}}));
}

TEST(ErrorInfoTest, TheFirstOneCounts) {
  const std::string other = "\x12\x05other"s;
  const auto info =
      FindErrorInfo(StatusWith({Detail("google.rpc.ErrorInfo", kInfo), Detail("google.rpc.ErrorInfo", other)}));
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->domain, "d");
}

TEST(ErrorInfoTest, NoneWithoutOne) {
  EXPECT_FALSE(FindErrorInfo("").has_value());
  EXPECT_FALSE(FindErrorInfo(StatusWith({})).has_value());
  EXPECT_FALSE(FindErrorInfo(StatusWith({Detail("google.rpc.RetryInfo", kInfo)})).has_value());
}

TEST(ErrorInfoTest, BrokenBytesAreNone) {
  const std::string whole = StatusWith({Detail("google.rpc.ErrorInfo", kInfo)});
  for (size_t size = 5; size < whole.size(); ++size)
    EXPECT_FALSE(FindErrorInfo(std::string_view(whole).substr(0, size)).has_value()) << size;
  EXPECT_FALSE(FindErrorInfo("not a message").has_value());
  EXPECT_FALSE(FindErrorInfo("\x1a\xff\xff\xff\xff\x0f").has_value());  // longer than all there is
}

}  // namespace
}  // namespace vecgate::runtime
