#include "support/api.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <rapidjson/reader.h>

#include <cmath>
#include <vector>

#include "qdrant/api.h"
#include "support/input.h"

namespace vecgate::fuzz {
namespace pb = google::protobuf;

const runtime::Api& TestedApi() {
  static const runtime::Api& api = *new runtime::Api(translators::qdrant::ApiSpec());
  return api;
}

std::string NameOf(const runtime::RouteSpec& route) {
  return std::string(route.method) + " " + std::string(route.path);
}

bool IsJson(std::string_view text) {
  // Iterative: replies may nest deeper than a stack likes.
  constexpr unsigned kFlags = rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag;
  const std::string ended(text);
  rapidjson::StringStream stream(ended.c_str());
  rapidjson::BaseReaderHandler<> ignore;
  return !rapidjson::Reader().Parse<kFlags>(stream, ignore).IsError() && stream.Tell() == text.size();
}

void RequireSound(const runtime::Reply& reply) {
  Require(reply.status >= 200 && reply.status <= 599, "the status is one of HTTP");
  if (reply.content_type == "application/json") Require(IsJson(reply.body.view()), "the body is JSON");
  Require(reply.retry_after.find_first_not_of("0123456789") == std::string::npos, "Retry-After is a number");
}

std::string BytesOf(const pb::Message& message) {
  std::string bytes;
  {
    pb::io::StringOutputStream stream(&bytes);
    pb::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return bytes;
}

bool HasNonFinite(const pb::Message& message) {
  const pb::Reflection& reflection = *message.GetReflection();
  std::vector<const pb::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    const bool many = field->is_repeated();
    const int size = many ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      bool finite = true;
      switch (field->cpp_type()) {
        case pb::FieldDescriptor::CPPTYPE_FLOAT:
          finite = std::isfinite(many ? reflection.GetRepeatedFloat(message, field, i)
                                      : reflection.GetFloat(message, field));
          break;
        case pb::FieldDescriptor::CPPTYPE_DOUBLE:
          finite = std::isfinite(many ? reflection.GetRepeatedDouble(message, field, i)
                                      : reflection.GetDouble(message, field));
          break;
        case pb::FieldDescriptor::CPPTYPE_MESSAGE:
          finite = !HasNonFinite(many ? reflection.GetRepeatedMessage(message, field, i)
                                      : reflection.GetMessage(message, field));
          break;
        default:
          break;
      }
      if (!finite) return true;
    }
  }
  return false;
}

}  // namespace vecgate::fuzz
