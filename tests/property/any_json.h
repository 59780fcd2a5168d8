// Any JSON as the API's messages Value, Struct and ListValue, made through reflection: the readers write it as bytes instead.
#pragma once

#include <google/protobuf/message.h>

#include "json_tree.h"

namespace vecgate::property {

// `value` is empty. Integers within i64 stay integers; of equal keys the last one counts.
void MakeValue(const JsonTree& tree, google::protobuf::Message* value);

}  // namespace vecgate::property
