#include "weaviate/graphql_request.h"

#include "runtime/json_writer.h"
#include "weaviate/go_values.h"
#include "weaviate/json_values.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonReader;
using runtime::JsonValue;
using runtime::Kind;

constexpr std::string_view kStruct = "GraphQLQuery";

std::string_view GoTypeOf(Kind kind) {
  switch (kind) {
    case Kind::kArray: return "[]interface {}";
    case Kind::kString: return "string";
    case Kind::kBool: return "bool";
    default: return "json.Number";
  }
}

void TakeVariables(const JsonValue& value, GraphQlRequest* request) {
  if (value.is_null()) return;
  if (value.kind() != Kind::kObject) {
    request->variables_type = GoTypeOf(value.kind());
    return;
  }
  for (runtime::ObjectCursor members(value); !members.Done(); members.Advance()) {
    runtime::OutputBuffer text;
    runtime::JsonWriter writer(text, runtime::JsonStyle::kGo);
    WriteJson(members.value(), writer);
    const std::string& name = request->texts.emplace_back(members.key());
    request->variables.push_back({name, request->texts.emplace_back(text.view())});
  }
}

bool ReadRequest(JsonReader& reader, const JsonValue& value, GraphQlRequest* request) {
  if (value.is_null()) return true;
  if (value.kind() != Kind::kObject) return FailType(reader, value, {{}, "models.GraphQLQuery"});
  JsonReader::Frame frame;
  reader.Push(&frame);
  bool ok = true;
  for (runtime::ObjectCursor members(value); ok && !members.Done(); members.Advance()) {
    frame.key = members.key();
    if (Names(members.key(), "query")) ok = ReadText(reader, members.value(), kStruct, &request->query);
    else if (Names(members.key(), "operationName")) ok = ReadText(reader, members.value(), kStruct, &request->operation_name);
    else if (Names(members.key(), "variables")) TakeVariables(members.value(), request);
  }
  reader.Pop();
  return ok;
}

}  // namespace

std::optional<BodyFault> ReadGraphQlRequest(const runtime::Api& api, std::string_view body, GraphQlRequest* request) {
  return ReadJsonBody(api, body, [request](JsonReader& reader, const JsonValue& root) {
    *request = {};
    return ReadRequest(reader, root, request);
  });
}

std::optional<BodyFault> ReadGraphQlRequests(const runtime::Api& api, std::string_view body,
                                             std::deque<GraphQlRequest>* requests) {
  return ReadJsonBody(api, body, [requests](JsonReader& reader, const JsonValue& root) {
    requests->clear();
    if (root.is_null()) return true;
    if (root.kind() != Kind::kArray) return FailType(reader, root, {{}, "models.GraphQLQueries"});
    for (runtime::ArrayCursor elements(root); !elements.Done(); elements.Advance())
      if (!ReadRequest(reader, elements.value(), &requests->emplace_back())) return false;
    return true;
  });
}

}  // namespace vecgate::translators::weaviate
