#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "scripted_upstream/json.h"

namespace vecgate::scripted_upstream {

// Tells whether two requests ask the same of a server.
//
// Bytes are read with the schema linked into the program. Fields that say nothing more, or say it in one of two ways,
// are brought to one form first; the list of such fields is data (see default_equivalents.json of a conformance folder),
// nothing is guessed. What is left has to be equal to the bit, unknown fields included. Requests of methods outside the
// schema are compared as bytes. Immutable once loaded.
class RequestMatcher {
 public:
  RequestMatcher() = default;

  // `path` names {"equivalents": [{"messages": [full names], "field": name, RULE}, ...]}; empty means no rule. RULE is
  //   "value": protobuf JSON     the server assumes this value when the field is absent
  //   "same_as": "field.field"   the field repeats that one, and says nothing while both hold the same
  //   "as_text": "field"         that field says the same moment as RFC 3339 text
  static absl::StatusOr<RequestMatcher> Load(const std::string& path);

  // Empty when the two mean the same, else what differs, field by field, `expected` first.
  std::string Difference(absl::string_view method, const std::string& expected, const std::string& actual) const;

  // Equal for requests that mean the same.
  std::string NormalForm(absl::string_view method, const std::string& request) const;

 private:
  using Message = google::protobuf::Message;

  // Brings messages of `type` to the one form; their inner messages already have it.
  struct Rule {
    const google::protobuf::Descriptor* type;
    std::function<void(Message*)> apply;
  };

  absl::Status Add(const std::string& type_name, const JsonObject& entry);

  // Null when the method is not in the schema or the bytes are no such message.
  std::unique_ptr<Message> Normalised(absl::string_view method, const std::string& request) const;
  void Normalise(Message* message) const;

  std::vector<Rule> rules_;
};

}  // namespace vecgate::scripted_upstream
