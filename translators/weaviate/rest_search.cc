// POST /v1/search/{className}/{kind}
#include <weaviate/v1/search_get.pb.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "runtime/concat.h"
#include "weaviate/older_servers.h"
#include "weaviate/operations.h"
#include "weaviate/property_values.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
#include "weaviate/search_body.h"
#include "weaviate/search_faults.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonReader;
using runtime::JsonValue;
using runtime::JsonWriter;
using ::weaviate::v1::MetadataRequest;
using ::weaviate::v1::MetadataResult;
using ::weaviate::v1::SearchReply;
using ::weaviate::v1::SearchRequest;
using ::weaviate::v1::SearchResult;

class RestSearch final : public runtime::Operation {
 public:
  explicit RestSearch(const runtime::OperationContext& context)
      : context_(context), collection_(Variable(context_, "className")), search_(NewMessage<SearchRequest>(context)) {}

  Next Begin() override {
    const std::string_view word = Variable(context_, "kind");
    const auto kind = SearchKindOf(word);
    if (!kind)
      return HandlerError(404, runtime::Concat("path /v1/search/", collection_, "/", word, " was not found"));
    SearchBody body;
    const auto fault = ReadJsonBody(context_.api, context_.body, [&](JsonReader& reader, const JsonValue& root) {
      return ReadSearchBody(reader, root, *kind, &body);
    });
    if (fault) return SearchFault(*fault, body.where_failed);
    if (auto refusal = FillSearch(body, *kind, context_.api.facts(), search_)) return std::move(*refusal);
    search_->set_collection(std::string(collection_));
    SuitServer(context_.api.facts(), search_);
    certainty_only_ = search_->metadata().certainty() &&
                      std::find(body.metadata.begin(), body.metadata.end(), "distance") == body.metadata.end();
    return std::vector<Call>{CallOf(context_, "Search", search_)};
  }

  Next Resume(std::span<Outcome> outcomes) override {
    const Outcome& outcome = outcomes[0];
    if (outcome.status.code != 0) return SearchFailure(context_, collection_, outcome.status);
    return JsonReply([&](JsonWriter& writer) {
      writer.StartObject();
      writer.Key("results");
      writer.StartArray();
      for (const SearchResult& result : ReplyOf<SearchReply>(outcome).results()) WriteHit(result, writer);
      writer.EndArray();
      writer.Key("tookMs");
      writer.Int64(Took(context_));
      writer.EndObject();
    });
  }

 private:
  void WriteHit(const SearchResult& hit, JsonWriter& writer) const {
    writer.StartObject();
    writer.Key("id");
    writer.String(hit.metadata().id());
    WriteMetadata(hit.metadata(), writer);
    writer.Key("properties");
    WriteProperties(hit.properties().non_ref_props(), ValueForm::kSearch, writer);
    WriteReferenced(hit.properties(), writer);
    writer.EndObject();
  }

  // Left out when there is nothing in it.
  void WriteMetadata(const MetadataResult& metadata, JsonWriter& writer) const {
    const MetadataRequest& asked = search_->metadata();
    bool open = false;
    const auto key = [&](std::string_view name) {
      if (!open) {
        writer.Key("metadata");
        writer.StartObject();
        open = true;
      }
      writer.Key(name);
    };
    if (asked.certainty() && metadata.certainty_present()) {
      key("certainty");
      writer.Double(CertaintyOf(metadata.distance()));
    }
    if (asked.creation_time_unix() && metadata.creation_time_unix_present()) {
      key("creationTime");
      writer.Int64(metadata.creation_time_unix());
    }
    if (asked.distance() && !certainty_only_ && metadata.distance_present() && std::isfinite(metadata.distance())) {
      key("distance");
      writer.Float(metadata.distance());
    }
    if (asked.explain_score() && metadata.explain_score_present()) {
      key("explainScore");
      writer.String(metadata.explain_score());
    }
    if (asked.last_update_time_unix() && metadata.last_update_time_unix_present()) {
      key("lastUpdateTime");
      writer.Int64(metadata.last_update_time_unix());
    }
    if (asked.score() && metadata.score_present() && std::isfinite(metadata.score())) {
      key("score");
      writer.Float(metadata.score());
    }
    if (open) writer.EndObject();
  }

  // Objects without ids; left out when there are none.
  static void WriteReferenced(const ::weaviate::v1::PropertiesResult& properties, JsonWriter& writer) {
    if (properties.ref_props().empty()) return;
    writer.Key("references");
    writer.StartObject();
    for (const auto& reference : properties.ref_props()) {
      writer.DataKey(reference.prop_name());
      writer.StartArray();
      for (const auto& target : reference.properties())
        WriteProperties(target.non_ref_props(), ValueForm::kSearch, writer);
      writer.EndArray();
    }
    writer.EndObject();
  }

  const runtime::OperationContext context_;
  const std::string_view collection_;
  SearchRequest* const search_;
  bool certainty_only_ = false;  // the distance was asked for to tell the certainty
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeRestSearch(const runtime::OperationContext& context) {
  return std::make_unique<RestSearch>(context);
}

}  // namespace vecgate::translators::weaviate
