#include "weaviate/graphql_additional.h"

#include <string>
#include <utility>
#include <vector>

#include "weaviate/go_values.h"
#include "weaviate/graphql_arguments.h"
#include "weaviate/graphql_targets.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;
using ::weaviate::v1::GenerativeSearch;
using ::weaviate::v1::Rerank;
using ::weaviate::v1::SearchRequest;

bool ReadRerank(JsonReader& reader, const JsonValue& arguments, Rerank* rerank) {
  rerank->Clear();
  return ForMembers(reader, arguments, [&](std::string_view key, const JsonValue& member) {
    return ReadText(reader, member, kArguments, key == "query" ? rerank->mutable_query() : rerank->mutable_property());
  });
}

// Settings of a provider, which stand under its name.
bool RefuseProvider(JsonReader& reader, std::string_view argument, std::string_view provider) {
  return reader.Refuse(kNotAvailable, NotAvailable(Concat("generate(", argument, "{", provider, "})")));
}

bool ReadGenerate(JsonReader& reader, const JsonValue& arguments, GenerativeSearch* generative) {
  generative->Clear();
  return ForMembers(reader, arguments, [&](std::string_view argument, const JsonValue& value) {
    if (argument == "singleResult") {
      auto* single = generative->mutable_single();
      return ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
        if (key == "prompt") return ReadText(reader, member, kArguments, single->mutable_prompt());
        bool debug = false;
        if (key != "debug") return RefuseProvider(reader, argument, key);
        if (!ReadBool(reader, member, kArguments, &debug)) return false;
        single->set_debug(debug);
        return true;
      });
    }
    auto* grouped = generative->mutable_grouped();
    return ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
      if (key == "task") return ReadText(reader, member, kArguments, grouped->mutable_task());
      if (key == "properties") return ReadTexts(reader, member, grouped->mutable_properties()->mutable_values());
      bool debug = false;
      if (key != "debug") return RefuseProvider(reader, argument, key);
      if (!ReadBool(reader, member, kArguments, &debug)) return false;
      grouped->set_debug(debug);
      return true;
    });
  });
}

}  // namespace

std::optional<GraphQlFault> AskForModules(const runtime::Api& api, const graphql::Document& document,
                                          const AskedObject& asked, const graphql::Variables& variables,
                                          SearchRequest* request) {
  // A search ranks once and writes one text.
  const auto read = [&](AskedField::Kind kind, std::span<const InputField> known,
                        const auto& read_arguments) -> std::optional<GraphQlFault> {
    const std::vector<const AskedField*> found = FindAdditional(asked, kind);
    if (found.empty()) return std::nullopt;
    const std::vector<graphql::Location> here = {document.LocationOf(found[0]->field->offset)};
    if (found.size() > 1)
      return GraphQlFault{NotAvailable(Concat("more than one ", found[0]->name)), here, {}, kNotAvailable};
    auto fault = ReadArguments(api, known, *found[0]->field, variables, read_arguments);
    if (fault) fault->locations = here;
    return fault;
  };
  if (auto fault = read(AskedField::Kind::kRerank, kRerankArguments, [&](JsonReader& reader, const JsonValue& root) {
        return ReadRerank(reader, root, request->mutable_rerank());
      }))
    return fault;
  GenerativeSearch generative;
  auto fault = read(AskedField::Kind::kGenerate, kGenerateArguments,
                    [&](JsonReader& reader, const JsonValue& root) { return ReadGenerate(reader, root, &generative); });
  if (generative.has_single() || generative.has_grouped()) *request->mutable_generative() = std::move(generative);
  return fault;
}

}  // namespace vecgate::translators::weaviate
