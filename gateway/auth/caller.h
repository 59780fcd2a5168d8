// Who asks.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "auth/grant.h"

namespace vecgate::auth {

// Immutable; shared by the requests of one caller.
struct Caller {
  std::string name;         // as configured, or as the token says; never a secret. Empty: nobody knows
  std::string_view method;  // "key", "token", "certificate", "anonymous", "passthrough"; static storage
  Grant grant;
  // False: the gateway does not know the caller and leaves the judgement to the upstream.
  bool known = true;
  // A token that is good only while a collection holds certain values: its claim as JSON. Empty: no such condition.
  std::string value_exists;
  // When the credential ends.
  std::chrono::system_clock::time_point until = std::chrono::system_clock::time_point::max();
};

using CallerPtr = std::shared_ptr<const Caller>;

}  // namespace vecgate::auth
