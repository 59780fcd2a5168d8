// Fields of any message by dotted paths, for the slow reader.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <utility>
#include <vector>

namespace vecgate::property {

using google::protobuf::Message;

const google::protobuf::FieldDescriptor* FieldAt(const google::protobuf::Descriptor* message, const std::string& path);
// The message that holds the last field of the path; made present on the way.
Message* OwnerAt(Message* message, const std::string& path);
// The same for reading: a default instance where a message on the way is unset.
const Message& OwnerIn(const Message& message, const std::string& path);

// The entry of that key, empty; of several with one key the last one counts.
Message* MapEntry(Message* owner, const google::protobuf::FieldDescriptor* field, const std::string& key);

// An integer field of any size.
bool IsNumber(const google::protobuf::FieldDescriptor* field);
std::pair<long double, long double> RangeOf(const google::protobuf::FieldDescriptor* field);
// Sets a number of any type, or appends it.
void StoreNumber(Message* owner, const google::protobuf::FieldDescriptor* field, long double number);
void SetNumber(Message* message, const std::string& field, long double number);

// Of a number or bool, present or not.
long double NumberIn(const Message& owner, const google::protobuf::FieldDescriptor* field);
long double NumberAt(const Message& message, const std::string& path);
std::vector<long double> NumbersAt(const Message& message, const std::string& path);
// Elements of a list or map, bytes of a text.
int SizeAt(const Message& message, const std::string& path);
// Elements of the first field of each message of a list.
std::vector<int> RowSizesAt(const Message& message, const std::string& path);
// Everything on the path is present, and what cannot be absent is not empty.
bool IsSet(const Message& message, const std::string& path);
bool AreEqual(const Message& message, const std::string& a, const std::string& b);
bool IsClosedRing(const Message& message, const std::string& path);

}  // namespace vecgate::property
