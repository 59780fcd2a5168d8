#include "auth/named_collections.h"

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

namespace vecgate::auth {
namespace {

using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using google::protobuf::Message;

// Requests are files, which hold messages, which hold messages; what a field's type_name says is a collection.
const Message* File() { return &FileDescriptorProto::default_instance(); }
const Message* Field() { return &google::protobuf::FieldDescriptorProto::default_instance(); }

class NamedCollectionsTest : public testing::Test {
 protected:
  NamedCollectionsTest() {
    call_.request = &File;
    call_.response = &File;
    route_.calls = {&call_, 1};
    api_.routes = {&route_, 1};
    name_.message = &Field;
    name_.field = "type_name";
    name_.access = runtime::Access::kRead;
    api_.access.names = {&name_, 1};
    api_.access.needs_collection = "no {collection}";
  }

  runtime::CallSpec call_{};
  runtime::RouteSpec route_{};
  runtime::CollectionFieldSpec name_{};
  runtime::ApiSpec api_{};
  const Grant some_ = Grant::To({{"mine", Right::kRead}});
};

TEST_F(NamedCollectionsTest, FindsNamesAtAnyDepth) {
  const NamedCollections names(api_);
  FileDescriptorProto request;
  EXPECT_EQ(names.Refuse(request, some_), std::nullopt);
  auto* const inner = request.add_message_type()->add_nested_type()->add_nested_type();
  inner->add_field();  // names nothing
  EXPECT_EQ(names.Refuse(request, some_), std::nullopt);
  inner->add_field()->set_type_name("mine");
  EXPECT_EQ(names.Refuse(request, some_), std::nullopt);
  inner->add_field()->set_type_name("yours");
  EXPECT_EQ(names.Refuse(request, some_), "no yours");
  EXPECT_EQ(names.Refuse(request, Grant::ReadOnly()), std::nullopt);
  EXPECT_EQ(names.Refuse(request, Grant::Full()), std::nullopt);
}

TEST_F(NamedCollectionsTest, KnowsRoutesWhoseCallsNameAll) {
  const NamedCollections names(api_);
  EXPECT_TRUE(names.AreAllThatConcern(route_));
  runtime::CallSpec calls[] = {call_, call_};
  calls[1].request = [] { return static_cast<const Message*>(&google::protobuf::EnumValueOptions::default_instance()); };
  runtime::RouteSpec route{};
  route.calls = {calls, 1};
  EXPECT_TRUE(names.AreAllThatConcern(route));
  route.calls = calls;
  EXPECT_FALSE(names.AreAllThatConcern(route));
  route.calls = {};
  EXPECT_FALSE(names.AreAllThatConcern(route));
}

TEST_F(NamedCollectionsTest, TellsTheFirst) {
  const NamedCollections names(api_);
  FileDescriptorProto request;
  EXPECT_EQ(names.First(request), "");
  request.add_message_type();  // names nothing
  EXPECT_EQ(names.First(request), "");
  request.mutable_message_type(0)->add_nested_type()->add_field()->set_type_name("yours");
  request.mutable_message_type(0)->add_nested_type()->add_field()->set_type_name("mine");
  EXPECT_EQ(names.First(request), "yours");
  EXPECT_EQ(names.First(request.message_type(0)), "yours");
}

TEST_F(NamedCollectionsTest, ListsAreCutToWhatMayBeRead) {
  runtime::ListedSpec listed{"file", "name"};
  FileDescriptorSet reply;
  for (const char* const name : {"a", "mine", "b", "mine", "c"}) reply.add_file()->set_name(name);
  FileDescriptorSet all = reply;
  KeepReadable(listed, some_, &reply);
  ASSERT_EQ(reply.file_size(), 2);
  EXPECT_EQ(reply.file(0).name(), "mine");
  EXPECT_EQ(reply.file(1).name(), "mine");
  KeepReadable(listed, Grant::ReadOnly(), &all);
  EXPECT_EQ(all.file_size(), 5);
}

}  // namespace
}  // namespace vecgate::auth
