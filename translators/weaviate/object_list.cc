// GET /v1/objects?class=...
#include <weaviate/v1/search_get.pb.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/concat.h"
#include "weaviate/ids.h"
#include "weaviate/object_read.h"
#include "weaviate/object_reply.h"
#include "weaviate/operations.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
#include "weaviate/schema_calls.h"
#include "weaviate/upstream_texts.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Concat;
using runtime::JsonWriter;
using runtime::Reply;
using ::weaviate::v1::SearchRequest;

// Faults of this route: their place, the status they would have elsewhere, and the text.
Reply Refuse(std::string_view place, std::string_view status, std::string_view text) {
  return HandlerError(422, Concat("msg:", place, " code:", status, " err:", text));
}

Reply RefuseCursor(std::string_view text) { return Refuse("cursor api: invalid 'after' parameter", "400", text); }

uint32_t Narrowed(int64_t number) { return static_cast<uint32_t>(std::min<int64_t>(number, UINT32_MAX)); }

std::vector<std::string_view> Split(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const size_t comma = list.find(',');
    words.push_back(list.substr(0, comma));
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
    if (list.empty()) words.push_back(list);
  }
  return words;
}

class ObjectList final : public runtime::Operation {
 public:
  explicit ObjectList(const runtime::OperationContext& context) : context_(context), query_(context.query) {}

  Next Begin() override {
    for (const auto& [name, number] : {std::pair{"limit", &limit_}, {"offset", &offset_}})
      if (auto refusal = ReadNumber(name, number)) return std::move(*refusal);
    collection_ = query_.Text("class");
    if (auto refusal = ReadInclude(query_, &include_)) return std::move(*refusal);
    if (collection_.empty()) return Elsewhere{Unavailable("listing objects of all classes")};
    if (!include_.beyond.empty()) return Elsewhere{Unavailable(Concat("include=", include_.beyond))};
    if (auto refusal = CheckPage()) return std::move(*refusal);
    if (limit_ == 0) return JsonReply([](JsonWriter& writer) { WritePage({}, writer); });
    if (context_.api.facts().rest) return std::vector<Call>{SchemaCall(collection_)};
    return Search(nullptr);
  }

  Next Resume(std::span<Outcome> outcomes) override {
    if (!searched_) {
      const auto schema = SchemaOf(context_, outcomes[0]);
      return Search(schema ? &*schema : nullptr);
    }
    const runtime::CallOutcome* failed = nullptr;
    const auto replies = RepliesOf(outcomes, &failed);
    if (failed != nullptr) return Failed(*failed);
    return JsonReply([&](JsonWriter& writer) { WritePage(Join(replies), writer); });
  }

 private:
  std::optional<Reply> ReadNumber(std::string_view name, std::optional<int64_t>* number) const {
    const std::string* text = query_.Find(name);
    if (text == nullptr) return std::nullopt;
    // Digits behind a sign, as Go takes them.
    std::string_view digits = *text;
    if (digits.starts_with('+') && digits.size() > 1 && digits[1] != '-') digits.remove_prefix(1);
    int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size())
      return NotOfFormat(name, "query", "int64", *text);
    *number = value;
    return std::nullopt;
  }

  std::optional<Reply> CheckPage() const {
    const int64_t offset = offset_.value_or(0);
    if (offset < 0 || limit_.value_or(0) < 0)
      return Refuse("offset or limit", "400", "offset and limit must not be negative");
    if (!query_.Has("after")) return std::nullopt;
    if (!limit_ || *limit_ == 0) return RefuseCursor("limit parameter must be set");
    if (offset > 0) return RefuseCursor("offset cannot be set with after and limit parameters");
    if (query_.Find("sort") != nullptr) return RefuseCursor("sort cannot be set with after and limit parameters");
    return std::nullopt;
  }

  Next Search(const ClassSchema* schema) {
    searched_ = true;
    auto* search = NewMessage<SearchRequest>(context_);
    search->set_collection(std::string(collection_));
    search->set_tenant(std::string(query_.Text("tenant")));
    search->set_limit(Narrowed(limit_.value_or(0)));
    search->set_offset(Narrowed(offset_.value_or(0)));
    // From the start, but in the order of ids.
    if (query_.Has("after")) {
      const std::string_view after = query_.Text("after");
      search->set_after(std::string(after.empty() ? kNilId : after));
    }
    const std::vector<std::string_view> orders = Split(query_.Text("order"));
    const std::vector<std::string_view> properties = Split(query_.Text("sort"));
    for (size_t i = 0; i < properties.size(); ++i) {
      auto* sort = search->add_sort_by();
      sort->add_path(std::string(properties[i]));
      sort->set_ascending(i >= orders.size() || orders[i] != "desc");
    }
    search->set_uses_127_api(true);
    return SearchWhole(context_, schema, include_, search);
  }

  Reply Failed(const runtime::CallOutcome& outcome) const {
    const std::string_view text = outcome.message;
    if (IsUnknownCollection(outcome)) return EmptyReply(404);
    if (const std::string_view fault = TenantFault(text); !fault.empty())
      return Refuse(Concat("search index ", Lower(collection_)), "422", fault);
    if (const std::string_view fault = From(text, "sort parameter at position"); !fault.empty())
      return Refuse("sorting", "400", fault);
    if (const std::string_view fault = From(text, "query maximum results exceeded"); !fault.empty())
      return Refuse("offset or limit", "400", fault);
    if (const std::string_view fault = From(text, "after parameter '"); !fault.empty()) return RefuseCursor(fault);
    return CallError(context_, outcome);
  }

  static void WritePage(const std::vector<std::vector<const ::weaviate::v1::SearchResult*>>& objects,
                        JsonWriter& writer) {
    writer.StartObject();
    writer.Key("deprecations");
    writer.StartArray();
    writer.EndArray();
    writer.Key("objects");
    writer.StartArray();
    for (const auto& object : objects) WriteObject(object, {}, writer);
    writer.EndArray();
    if (!objects.empty()) {
      writer.Key("totalResults");
      writer.Uint64(objects.size());
    }
    writer.EndObject();
  }

  const runtime::OperationContext context_;
  const Query query_;
  std::string_view collection_;
  std::optional<int64_t> limit_, offset_;
  Include include_;
  bool searched_ = false;
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeObjectList(const runtime::OperationContext& context) {
  return std::make_unique<ObjectList>(context);
}

}  // namespace vecgate::translators::weaviate
