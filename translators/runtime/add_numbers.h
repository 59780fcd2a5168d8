// Sums of messages that count.
#pragma once

#include <google/protobuf/message.h>

namespace vecgate::runtime {

// Adds the counts of `from` to those of `to`, a message of the same type, and likewise in the messages within. Lists,
// maps, texts and flags stay as `to` has them.
void AddNumbers(const google::protobuf::Message& from, google::protobuf::Message* to);

}  // namespace vecgate::runtime
