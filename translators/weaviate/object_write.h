// What the routes that write one object have in common: reading it, writing it, and telling it as it is stored.
#pragma once

#include <weaviate/v1/batch.pb.h>
#include <weaviate/v1/search_get.pb.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/operation.h"
#include "weaviate/object_body.h"
#include "weaviate/schema_calls.h"

namespace vecgate::translators::weaviate {

class ObjectWrite {
 public:
  explicit ObjectWrite(const runtime::OperationContext& context);

  // Reads body and query; the answer when they are no good. What is wrong with the object itself comes later.
  std::optional<runtime::Reply> Read();

  ::weaviate::v1::BatchObject& object() { return *object_; }
  const ObjectExtras& extras() const { return extras_; }

  // The first call, together with those that tell what the reply has to look like; its outcome is then the first of
  // those that TakeSchema is given.
  std::vector<runtime::Operation::Call> WithSchema(runtime::Operation::Call call);
  void TakeSchema(std::span<const runtime::Operation::Outcome> outcomes);

  // Is there such an object?
  runtime::Operation::Call FindCall(std::string_view collection) const;
  runtime::Operation::Call StoreCall();
  // The answer to an object that was not stored; nullopt: it was.
  std::optional<runtime::Reply> Refused(const runtime::Operation::Outcome& outcome) const;
  // Asks for what was stored: the properties that the request names.
  std::vector<runtime::Operation::Call> ReadBackCalls() const;
  // From what these calls found; without it, from the request.
  runtime::Reply Told(std::span<runtime::Operation::Outcome> outcomes) const;

 private:
  bool ReadBody(runtime::JsonReader& reader, const runtime::JsonValue& root);
  runtime::Reply Fault(std::string_view text) const;

  const runtime::OperationContext& context_;
  ::weaviate::v1::BatchObjectsRequest* const request_;
  ::weaviate::v1::BatchObject* object_;
  ObjectExtras extras_;
  std::vector<std::string> names_;  // of the properties, in the order of the request
  Schemas schemas_;
};

}  // namespace vecgate::translators::weaviate
