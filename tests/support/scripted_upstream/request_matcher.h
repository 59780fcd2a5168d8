#pragma once

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
// Bytes are read with the schema linked into the program. A field that stands for what the server assumes when the
// field is absent is dropped first; the list of such fields is data (see default_equivalents.json of a conformance
// folder), nothing is guessed. What is left has to be equal to the bit, unknown fields included. Requests of methods
// outside the schema are compared as bytes. Immutable once loaded.
class RequestMatcher {
 public:
  RequestMatcher() = default;

  // `path` names {"equivalents": [{"messages": [full names], "field": name, "value": protobuf JSON}, ...]}; empty means
  // that no field is dropped.
  static absl::StatusOr<RequestMatcher> Load(const std::string& path);

  // Empty when the two mean the same, else what differs, field by field, `expected` first.
  std::string Difference(absl::string_view method, const std::string& expected, const std::string& actual) const;

  // Equal for requests that mean the same.
  std::string NormalForm(absl::string_view method, const std::string& request) const;

 private:
  using Message = google::protobuf::Message;

  // `field` of `sample` holds what the server assumes without it.
  struct Equivalent {
    std::unique_ptr<Message> sample;
    const google::protobuf::FieldDescriptor* field;
  };

  absl::Status Add(const std::string& type_name, const JsonObject& entry);

  // Null when the method is not in the schema or the bytes are no such message.
  std::unique_ptr<Message> Normalised(absl::string_view method, const std::string& request) const;
  void Normalise(Message* message) const;

  std::vector<Equivalent> equivalents_;
};

}  // namespace vecgate::scripted_upstream
