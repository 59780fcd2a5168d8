#include "codegen/plan.h"

#include <absl/algorithm/container.h>
#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include <algorithm>

namespace vecgate::codegen {
namespace pb = google::protobuf;
using pb::FieldDescriptor;

const FieldDescriptor* ValuePlan::element() const {
  const FieldDescriptor* last = field();
  return last != nullptr && last->is_map() ? last->message_type()->map_value() : last;
}

const ShapePlan* Plan::DefaultShape(const pb::Descriptor* message) const {
  for (const auto& shape : shapes)
    if (shape->is_default && shape->message == message) return shape.get();
  return nullptr;
}

const ShapePlan* Plan::FindShape(const pb::Descriptor* message, const std::string& name) const {
  for (const auto& shape : shapes)
    if (shape->message == message && !shape->inline_part &&
        (shape->is_default ? name.empty() || name == RelativeName(message) : name == shape->rule_name))
      return shape.get();
  return nullptr;
}

const WordsPlan* Plan::FindWords(const pb::EnumDescriptor* type) const {
  for (const auto& entry : words)
    if (entry->type == type) return entry.get();
  return nullptr;
}

bool Plan::Emits(const pb::FileDescriptor* file) const {
  return absl::c_any_of(shapes, [&](const auto& shape) { return shape->message->file() == file; });
}

std::optional<FieldPath> ResolvePath(const pb::Descriptor* message, absl::string_view dotted) {
  FieldPath path;
  for (absl::string_view step : absl::StrSplit(dotted, '.')) {
    if (message == nullptr) return std::nullopt;
    const FieldDescriptor* field = message->FindFieldByName(std::string(step));
    if (field == nullptr) return std::nullopt;
    path.push_back(field);
    message = field->is_map() ? nullptr : field->message_type();
  }
  return path;
}

std::optional<std::string> LiteralOf(const FieldDescriptor* field, absl::string_view json) {
  bool is_text = json.size() >= 2 && json.front() == '"' && json.back() == '"';
  absl::string_view inner = is_text ? json.substr(1, json.size() - 2) : json;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      if (json != "true" && json != "false") return std::nullopt;
      return std::string(json);
    case FieldDescriptor::CPPTYPE_STRING:
      if (!is_text) return std::nullopt;
      return std::string(json);
    case FieldDescriptor::CPPTYPE_ENUM: {
      const pb::EnumValueDescriptor* value = field->enum_type()->FindValueByName(std::string(inner));
      if (value == nullptr) return std::nullopt;
      return absl::StrCat("static_cast<", CppType(field->enum_type()), ">(", value->number(), ")");
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (json != "{}") return std::nullopt;
      return std::string();
    default: {
      double number;
      if (!absl::SimpleAtod(json, &number)) return std::nullopt;
      return std::string(json);
    }
  }
}

namespace {

void Merge(const GuardPlan& from, GuardPlan* into) {
  for (const std::string& kind : from.kinds)
    if (std::find(into->kinds.begin(), into->kinds.end(), kind) == into->kinds.end()) into->kinds.push_back(kind);
}

GuardPlan GuardOf(const ShapePlan& shape, int depth) {
  GuardPlan guard;
  switch (shape.form) {
    case ShapePlan::Form::kRuntime:
      if (shape.runtime == "PointId") guard.kinds = {"kInteger", "kUnsigned", "kString"};
      else if (shape.runtime == "Timestamp") guard.kinds = {"kString"};
      else if (shape.runtime == "PointBatch") guard.kinds = {"kObject"};
      else if (shape.runtime == "VectorOutput") guard.kinds = {"kArray", "kObject"};
      else guard.kinds = {"kNull", "kBool", "kInteger", "kUnsigned", "kDouble", "kString", "kArray", "kObject"};
      break;
    case ShapePlan::Form::kParts: guard.kinds = {"kObject"}; break;
    case ShapePlan::Form::kIs:
      return codegen::GuardOf(shape.is);
    case ShapePlan::Form::kUnion:
      if (depth > 16) break;
      if (!shape.tag.empty()) {
        guard.kinds = {"kObject"};
        guard.keys = {shape.tag};
        break;
      }
      for (const VariantPlan& variant : shape.variants) Merge(codegen::GuardOf(variant, shape), &guard);
      if (shape.variants.size() == 1) guard.keys = codegen::GuardOf(shape.variants[0], shape).keys;
      break;
    case ShapePlan::Form::kObject:
      guard.kinds = {"kObject"};
      if (shape.or_list) {
        guard.kinds.push_back("kArray");
        break;
      }
      for (const KeyPlan& key : shape.keys)
        if (key.required && key.aliases.empty()) guard.keys.push_back(key.key);
      break;
  }
  return guard;
}

// The runtime function for any JSON.
constexpr absl::string_view kAnyJson = "Value";

// The fields that a check looks at.
std::vector<std::string> PathsOf(const rules::Check& check) {
  switch (check.is_case()) {
    case rules::Check::kSameLength: return {check.same_length().a(), check.same_length().b()};
    case rules::Check::kUnique: return {check.unique()};
    case rules::Check::kNotEmpty: return {check.not_empty()};
    case rules::Check::kAnySet: return absl::StrSplit(check.any_set(), ',');
    case rules::Check::kLessThan: return {check.less_than().a(), check.less_than().b()};
    case rules::Check::kDiffer: return {check.differ().a(), check.differ().b()};
    case rules::Check::kNotEmptyIfGiven: return {check.not_empty_if_given()};
    case rules::Check::kRowsNotEmpty: return {check.rows_not_empty()};
    case rules::Check::kEqualRows: return {check.equal_rows()};
    case rules::Check::kClosedRing: return {check.closed_ring()};
    case rules::Check::kMinItems: return {check.min_items().field()};
    case rules::Check::kNotBothFalse: return {check.not_both_false().a(), check.not_both_false().b()};
    case rules::Check::kWithin: return {check.within().field()};
    case rules::Check::IS_NOT_SET: break;
  }
  return {};
}

}  // namespace

bool ValuePlan::is_value_map() const {
  return container == Container::kMap && kind == ValueKind::kShape && shape->runtime == kAnyJson;
}

GuardPlan GuardOf(const ValuePlan& value) {
  GuardPlan guard;
  switch (value.container) {
    case Container::kList:
    case Container::kEach:
      guard.kinds = {"kArray"};
      return guard;
    case Container::kMap:
      guard.kinds = {"kObject"};
      return guard;
    default:
      break;
  }
  switch (value.kind) {
    case ValueKind::kNone: break;
    case ValueKind::kBool:
    case ValueKind::kPresence: guard.kinds = {"kBool"}; break;
    case ValueKind::kString:
    case ValueKind::kWord:
    case ValueKind::kEnum: guard.kinds = {"kString"}; break;
    case ValueKind::kInteger: guard.kinds = {"kInteger", "kUnsigned"}; break;
    case ValueKind::kFloat:
    case ValueKind::kDouble: guard.kinds = {"kInteger", "kUnsigned", "kDouble"}; break;
    case ValueKind::kShape:
    case ValueKind::kSelf: guard = GuardOf(*value.shape, 0); break;
    case ValueKind::kRuntime:
      guard.kinds = value.element() != nullptr && value.element()->cpp_type() == FieldDescriptor::CPPTYPE_STRING
                        ? std::vector<std::string>{"kString"}
                        : std::vector<std::string>{"kNull", "kBool", "kInteger", "kUnsigned", "kDouble", "kString",
                                                   "kArray", "kObject"};
      break;
  }
  if (value.container == Container::kOneOrMany) {
    guard.kinds.push_back("kArray");
    guard.keys.clear();
  }
  return guard;
}

GuardPlan GuardOf(const VariantPlan& variant, const ShapePlan& owner) {
  GuardPlan guard;
  if (!variant.key.empty()) {
    guard.kinds = {"kObject"};
    guard.keys = {variant.key};
    return guard;
  }
  if (variant.has_literal) {
    guard.kinds = {"kString"};
    return guard;
  }
  if (!owner.tag.empty()) {
    guard.kinds = {"kObject"};
    return guard;
  }
  return GuardOf(variant.value);
}

namespace {

class Builder {
 public:
  Builder(const Schema& schema, const std::vector<std::unique_ptr<RuleSource>>& sources, Complaints* complaints)
      : schema_(schema), sources_(sources), complaints_(complaints), plan_(std::make_unique<Plan>()) {}

  std::unique_ptr<Plan> Build() {
    plan_->schema = &schema_;
    CollectRoutes();
    CollectByHand();
    CollectWords();
    DeclareShapes();
    for (const Pending& pending : pending_) FillShape(pending);
    CheckEnums();
    CheckNothingLooksIntoValues();
    return std::move(plan_);
  }

 private:
  struct Pending {
    ShapePlan* shape;
    const rules::Shape* rule;  // null: by default only
  };

  void Complain(const Place& place, absl::string_view text) { complaints_->Add(place, text); }

  int FlagBit(const std::string& name) {
    auto [it, added] = plan_->flags.emplace(name, static_cast<int>(plan_->flags.size()));
    return it->second;
  }

  // --- routes: what they bind is covered by them -------------------------------------------------------
  void Bind(const pb::Descriptor* request, absl::string_view dotted, const Place& place) {
    if (request == nullptr || dotted.empty()) return;
    std::optional<FieldPath> path = ResolvePath(request, dotted);
    if (!path) {
      Complain(place, absl::StrCat(request->name(), " has no field ", dotted));
      return;
    }
    // What is set in the elements of a list leaves the list itself to the body.
    for (const FieldDescriptor* field : *path) {
      if (field->is_repeated() && field != path->back()) continue;
      bound_.insert(field);
      break;
    }
    bound_.insert(path->back());
  }

  void CollectRoutes() {
    for (const auto& source : sources_) {
      if (source->file().has_api()) {
        if (plan_->api != nullptr) Complain(source->PlaceOf("api", 0), "a second api block");
        plan_->api = &source->file().api();
      }
      for (const rules::ParamSet& set : source->file().params()) plan_->param_sets[set.name()] = &set;
    }
    for (const auto& source : sources_) {
      for (int i = 0; i < source->file().route_size(); ++i) {
        const rules::Route& route = source->file().route(i);
        Place place = source->PlaceOf("route", i);
        plan_->routes.push_back(&route);
        for (const rules::Show& show : route.show()) FlagBit(show.flag());
        if (route.has_follow_up()) FlagBit(route.follow_up().flag());
        std::string rpc = route.rpc();
        if (rpc.empty() && route.call_size() > 0) rpc = route.call(0).rpc();
        const bool by_hand = !route.operation().empty();
        int answers = (rpc.empty() && !by_hand ? 0 : 1) + (route.has_local() ? 1 : 0) + (route.unavailable().empty() ? 0 : 1);
        if (answers != 1) Complain(place, "a route needs exactly one of rpc, call, local and unavailable");
        if (by_hand && !route.body().empty()) Complain(place, "the body of an operation is read by hand: reads_body");
        if (by_hand && plan_->api != nullptr && plan_->api->operations_header().empty())
          Complain(place, "operations need the api's operations_header");
        if (route.access() == rules::ACCESS_UNSET) Complain(place, "access is not said");
        if (!route.group().empty() && route.unavailable().empty() && !route.has_local() && !by_hand)
          Complain(place, "a group is for routes that gRPC has nothing for");
        if (!route.group().empty() && route.reads_body())
          Complain(place, "what has been read cannot be passed through: a group, and reads_body");
        if (rpc.empty()) {
          if (route.has_listed()) Complain(place, "listed is for routes that call");
          continue;
        }
        const pb::MethodDescriptor* method = schema_.FindMethod(rpc);
        if (method == nullptr) {
          Complain(place, absl::StrCat("no RPC ", rpc));
          continue;
        }
        if (route.has_listed()) CheckListed(route.listed(), method->output_type(), place);
        const pb::Descriptor* request = method->input_type();
        for (const std::string& name : route.params()) {
          auto it = plan_->param_sets.find(name);
          if (it == plan_->param_sets.end()) {
            Complain(place, absl::StrCat("no params ", name));
            continue;
          }
          for (const rules::Param& param : it->second->param()) Bind(request, param.field(), place);
        }
        for (const rules::Param& param : route.param())
          if (!by_hand || !param.field().empty()) Bind(request, param.field(), place);
        absl::flat_hash_set<std::string> listed;
        for (const rules::Param& param : route.variable()) {
          listed.insert(param.name());
          Bind(request, param.field(), place);
        }
        for (absl::string_view piece : absl::StrSplit(route.path(), '/')) {
          if (!absl::ConsumePrefix(&piece, "{") || !absl::ConsumeSuffix(&piece, "}")) continue;
          absl::string_view name = piece.substr(0, piece.find('='));
          if (!listed.contains(name) && !by_hand) Bind(request, name, place);
        }
        for (const rules::Set& set : route.set()) Bind(request, set.field(), place);
        for (const rules::Copy& copy : route.copy()) {
          Bind(request, copy.to(), place);
          if (!ResolvePath(request, copy.from()))
            Complain(place, absl::StrCat(request->name(), " has no field ", copy.from()));
        }
      }
    }
    if (plan_->api == nullptr) {
      Complain({"rules", 0}, "no api block");
    } else {
      CheckFailures(*plan_->api);
      CheckAccess(plan_->api->access());
    }
  }

  void CheckFailures(const rules::Api& api) {
    absl::flat_hash_set<std::string> forms{""};
    for (const rules::FailureForm& form : api.form()) forms.insert(form.name());
    Place place{"rules", 0};
    for (const auto& source : sources_)
      if (source->file().has_api()) place = source->PlaceOf("api", 0);
    for (const rules::ErrorRow& row : api.error())
      if (!forms.contains(row.form())) Complain(place, absl::StrCat("no form ", row.form()));
    if (!forms.contains(api.local().form())) Complain(place, absl::StrCat("no form ", api.local().form()));
    for (const std::string& rpc : {api.health(), api.credential_proof()})
      if (!rpc.empty() && schema_.FindMethod(rpc) == nullptr) Complain(place, absl::StrCat("no RPC ", rpc));
  }

  // --- access ------------------------------------------------------------------------------------------
  static bool IsText(const FieldDescriptor* field) {
    return field != nullptr && !field->is_repeated() && field->type() == FieldDescriptor::TYPE_STRING;
  }

  void CheckListed(const rules::Listed& listed, const pb::Descriptor* reply, const Place& place) {
    const FieldDescriptor* field = reply->FindFieldByName(listed.field());
    if (field == nullptr || !field->is_repeated() || field->message_type() == nullptr)
      Complain(place, absl::StrCat(reply->name(), " has no list of messages ", listed.field()));
    else if (!IsText(field->message_type()->FindFieldByName(listed.collection())))
      Complain(place, absl::StrCat(field->message_type()->name(), " has no text ", listed.collection()));
  }

  void CheckAccess(const rules::AccessRules& access) {
    Place place{"rules", 0};
    for (const auto& source : sources_)
      if (source->file().has_api()) place = source->PlaceOf("api", 0);
    for (const rules::CollectionField& name : access.names()) {
      const pb::Descriptor* message = schema_.FindMessage(name.message());
      if (message == nullptr) Complain(place, absl::StrCat("no message ", name.message()));
      else if (!IsText(message->FindFieldByName(name.field())))
        Complain(place, absl::StrCat(message->name(), " has no text ", name.field()));
      if (name.access() == rules::ACCESS_UNSET)
        Complain(place, absl::StrCat(name.message(), ".", name.field(), ": access is not said"));
    }
    if (!access.has_value_check()) return;
    const pb::MethodDescriptor* method = schema_.FindMethod(access.value_check().rpc());
    if (method == nullptr) Complain(place, absl::StrCat("no RPC ", access.value_check().rpc()));
    else if (method->output_type()->FindFieldByName(access.value_check().found()) == nullptr)
      Complain(place, absl::StrCat(method->output_type()->name(), " has no field ", access.value_check().found()));
  }

  // --- by hand -----------------------------------------------------------------------------------------
  void CollectByHand() {
    for (const auto& source : sources_) {
      for (int i = 0; i < source->file().by_hand_size(); ++i) {
        const rules::ByHand& rule = source->file().by_hand(i);
        const Place place = source->PlaceOf("by_hand", i);
        if (rule.reason().empty()) Complain(place, "by_hand needs a reason");
        for (const std::string& name : rule.message()) {
          if (const pb::Descriptor* message = schema_.FindMessage(name)) AddByHand(message, rule.reason());
          else Complain(place, absl::StrCat("no message ", name));
        }
      }
    }
  }

  void AddByHand(const pb::Descriptor* message, const std::string& reason) {
    plan_->by_hand[message] = reason;
    for (int i = 0; i < message->nested_type_count(); ++i) AddByHand(message->nested_type(i), reason);
  }

  // --- enums and spellings -----------------------------------------------------------------------------
  void CollectWords() {
    for (const auto& source : sources_) {
      for (int i = 0; i < source->file().enum__size(); ++i) {
        const rules::EnumRule& rule = source->file().enum_(i);
        Place place = source->PlaceOf("enum", i);
        const pb::EnumDescriptor* type = schema_.FindEnum(rule.name());
        if (type == nullptr) {
          Complain(place, absl::StrCat("no enum ", rule.name()));
          continue;
        }
        if (plan_->FindWords(type) != nullptr) Complain(place, absl::StrCat("a second rule for enum ", rule.name()));
        auto words = std::make_unique<WordsPlan>();
        words->name = absl::StrCat("k", FlatName(type));
        words->type = type;
        words->no_match = rule.no_match();
        words->unknown = rule.unknown();
        absl::flat_hash_set<std::string> seen;
        for (int j = 0; j < rule.value_size(); ++j) {
          const rules::EnumValue& value = rule.value(j);
          const pb::EnumValueDescriptor* number = type->FindValueByName(value.name());
          if (number == nullptr) {
            Complain(source->PlaceOf("enum", i, "value", j), absl::StrCat(rule.name(), " has no value ", value.name()));
            continue;
          }
          seen.insert(value.name());
          if (value.json().empty()) {
            words->wordless.push_back(number->number());
            continue;
          }
          words->words.push_back(
              {value.json(), {value.alias().begin(), value.alias().end()}, number->number()});
        }
        for (int j = 0; j < type->value_count(); ++j)
          if (!seen.contains(type->value(j)->name()))
            Complain(place, absl::StrCat("enum ", rule.name(), ": value ", type->value(j)->name(), " is not mapped"));
        const auto is_unknown = [&](const WordsPlan::Word& word) { return word.json == rule.unknown(); };
        if (!rule.unknown().empty() && absl::c_none_of(words->words, is_unknown))
          Complain(place, absl::StrCat("enum ", rule.name(), ": no value is spelled ", rule.unknown()));
        plan_->words.push_back(std::move(words));
      }
      for (const rules::Spelling& rule : source->file().spelling()) {
        auto words = std::make_unique<WordsPlan>();
        words->name = absl::StrCat("k", rule.name());
        int number = 0;
        for (const rules::EnumValue& word : rule.word())
          words->words.push_back({word.json(), {word.alias().begin(), word.alias().end()}, number++});
        spellings_[rule.name()] = words.get();
        plan_->words.push_back(std::move(words));
      }
    }
  }

  // A field that may have a place in JSON has this type.
  bool Uses(const pb::EnumDescriptor* type) const {
    for (const pb::Descriptor* message : schema_.messages()) {
      if (plan_->by_hand.contains(message)) continue;
      for (int i = 0; i < message->field_count(); ++i)
        if (message->field(i)->enum_type() == type) return true;
    }
    return false;
  }

  void CheckEnums() {
    for (const pb::EnumDescriptor* type : schema_.enums())
      if (plan_->FindWords(type) == nullptr && (plan_->by_hand.empty() || Uses(type)))
        Complain({type->file()->name(), 0}, absl::StrCat("enum ", RelativeName(type), " is not mapped: it needs a rule"));
  }

  // --- shapes ------------------------------------------------------------------------------------------
  ShapePlan* NewShape(const pb::Descriptor* message, std::string name) {
    auto shape = std::make_unique<ShapePlan>();
    shape->message = message;
    shape->name = std::move(name);
    plan_->shapes.push_back(std::move(shape));
    return plan_->shapes.back().get();
  }

  void DeclareShapes() {
    absl::flat_hash_map<const pb::Descriptor*, std::vector<Pending>> by_message;
    absl::flat_hash_set<std::string> names;
    for (const auto& source : sources_) {
      for (int i = 0; i < source->file().shape_size(); ++i) {
        const rules::Shape& rule = source->file().shape(i);
        Place place = source->PlaceOf("shape", i);
        const pb::Descriptor* message = schema_.FindMessage(rule.message());
        if (message == nullptr) {
          Complain(place, absl::StrCat("no message ", rule.message()));
          continue;
        }
        if (plan_->by_hand.contains(message)) {
          Complain(place, absl::StrCat(rule.message(), " is done by hand: it has no shape"));
          continue;
        }
        auto shape = std::make_unique<ShapePlan>();
        shape->message = message;
        shape->is_default = rule.name().empty();
        shape->rule_name = rule.name();
        shape->name = rule.name().empty() ? FlatName(message) : absl::StrCat(FlatName(message), "_", rule.name());
        shape->place = place;
        shape->ruled = true;
        if (!names.insert(shape->name).second) {
          Complain(place, absl::StrCat("a second shape ", shape->name));
          continue;
        }
        by_message[message].push_back({shape.get(), &rule});
        declared_.push_back(std::move(shape));
      }
    }
    for (const pb::Descriptor* message : schema_.messages()) {
      if (plan_->by_hand.contains(message)) continue;
      std::vector<Pending>& pending = by_message[message];
      bool has_default =
          std::any_of(pending.begin(), pending.end(), [](const Pending& p) { return p.shape->is_default; });
      if (!has_default) {
        auto shape = std::make_unique<ShapePlan>();
        shape->message = message;
        shape->is_default = true;
        shape->name = FlatName(message);
        shape->place = {message->file()->name(), 0};
        if (!names.insert(shape->name).second)
          Complain(shape->place, absl::StrCat("a named shape hides message ", shape->name));
        pending.insert(pending.begin(), {shape.get(), nullptr});
        declared_.push_back(std::move(shape));
      }
      std::stable_sort(pending.begin(), pending.end(),
                       [](const Pending& a, const Pending& b) { return a.shape->is_default && !b.shape->is_default; });
      pending_.insert(pending_.end(), pending.begin(), pending.end());
    }
    // The plan owns the shapes in the order they are emitted.
    for (const Pending& pending : pending_)
      for (auto& owned : declared_)
        if (owned.get() == pending.shape) plan_->shapes.push_back(std::move(owned));
  }

  void FillShape(const Pending& pending) {
    ShapePlan* shape = pending.shape;
    if (shape->filled) return;
    shape->filled = true;
    static const rules::Shape& none = *new rules::Shape;
    const rules::Shape& rule = pending.rule != nullptr ? *pending.rule : none;
    shape->expecting =
        rule.expecting().empty() ? absl::StrCat("struct ", shape->message->name()) : rule.expecting();
    shape->reject_unknown = rule.reject_unknown_keys();
    shape->last_key_wins = rule.last_key_wins();
    shape->or_list = rule.or_list();
    shape->buffered = rule.buffered();
    shape->no_part = rule.no_part();
    if (!rule.unset_unless().empty())
      for (absl::string_view dotted : absl::StrSplit(rule.unset_unless(), ',')) {
        if (auto path = ResolvePath(shape->message, dotted)) shape->unset_unless.push_back(*path);
        else Complain(shape->place, absl::StrCat(shape->message->name(), " has no field ", dotted));
      }
    shape->checks.assign(rule.check().begin(), rule.check().end());
    CheckChecks(*shape);
    int forms = (rule.runtime().empty() ? 0 : 1) + (rule.has_is() ? 1 : 0) + (rule.has_union_() ? 1 : 0) +
                (rule.part_size() > 0 ? 1 : 0);
    if (forms > 1) Complain(shape->place, "at most one of runtime, is, union and part");
    Covered covered;
    for (const rules::Key& key : rule.key()) {
      if (forms > 0 && key.not_in_json().empty())
        Complain(shape->place, absl::StrCat(shape->name, ": keys belong to the object form"));
    }
    if (!rule.runtime().empty()) {
      shape->form = ShapePlan::Form::kRuntime;
      shape->runtime = rule.runtime();
      if (!rule.runtime_reads().empty()) {
        const pb::Descriptor* read = schema_.FindMessage(rule.runtime_reads());
        if (read != nullptr) shape->runtime_reads = plan_->DefaultShape(read);
        else Complain(shape->place, absl::StrCat("no message ", rule.runtime_reads()));
      }
    } else if (rule.part_size() > 0) {
      shape->form = ShapePlan::Form::kParts;
      for (const rules::Part& part : rule.part())
        shape->parts.push_back({part.when_key(), MakeValue(shape->message, part.value(), shape->place, &covered)});
    } else if (rule.has_is()) {
      shape->form = ShapePlan::Form::kIs;
      shape->is = MakeValue(shape->message, rule.is(), shape->place, &covered);
      FillKeys(shape, rule.key(), &covered);
    } else if (rule.has_union_()) {
      shape->form = ShapePlan::Form::kUnion;
      FillUnion(shape, rule.union_(), &covered);
      FillKeys(shape, rule.key(), &covered);
    } else {
      shape->form = ShapePlan::Form::kObject;
      FillKeys(shape, rule.key(), &covered);
      if (!rule.only_listed_keys() && shape->is_default) AddDefaultKeys(shape, covered);
    }
    if (shape->keys.size() > 64) Complain(shape->place, absl::StrCat(shape->name, ": more than 64 keys"));
    if (shape->is_default && shape->form != ShapePlan::Form::kRuntime) CheckCoverage(shape, covered);
  }

  // Fields of a shape's message that something maps; the reason where they are left out.
  struct Covered {
    absl::flat_hash_set<const FieldDescriptor*> fields;
    absl::flat_hash_set<std::string> selves;
  };

  void CheckCoverage(ShapePlan* shape, Covered& covered) {
    AddSelves(shape->message, &covered);
    for (int i = 0; i < shape->message->field_count(); ++i) {
      const FieldDescriptor* field = shape->message->field(i);
      if (covered.fields.contains(field)) continue;
      if (bound_.contains(field))
        shape->left_out.emplace_back(field, "set by the route");
      else
        Complain(shape->place, absl::StrCat("field ", RelativeName(shape->message), ".", field->name(), " is not mapped"));
    }
  }

  // A field is covered, too, where another shape of the same message takes it that a `self` reaches from here.
  void AddSelves(const pb::Descriptor* message, Covered* covered) {
    absl::flat_hash_set<std::string> done;
    while (done.size() < covered->selves.size()) {
      const absl::flat_hash_set<std::string> reached = covered->selves;
      for (const auto& source : sources_)
        for (const rules::Shape& rule : source->file().shape())
          if (schema_.FindMessage(rule.message()) == message && reached.contains(rule.name()) && !done.contains(rule.name()))
            AddSelf(message, rule, covered);
      done = reached;
    }
  }

  void AddSelf(const pb::Descriptor* message, const rules::Shape& rule, Covered* covered) {
    if (rule.has_is()) Cover(message, rule.is(), covered);
    for (const rules::Part& part : rule.part()) Cover(message, part.value(), covered);
    for (const rules::Key& key : rule.key()) Cover(message, key.value(), covered);
    for (const rules::Variant& variant : rule.union_().variant()) {
      Cover(message, variant.value(), covered);
      for (const rules::Key& key : variant.keys()) Cover(message, key.value(), covered);
      for (const rules::Set& set : variant.set())
        if (auto path = ResolvePath(message, set.field())) covered->fields.insert(path->front());
    }
  }

  void Cover(const pb::Descriptor* message, const rules::Value& value, Covered* covered) {
    if (!value.self().empty()) covered->selves.insert(value.self());
    if (value.field().empty()) return;
    if (auto path = ResolvePath(message, value.field())) covered->fields.insert(path->front());
  }

  // --- values ------------------------------------------------------------------------------------------
  ValuePlan MakeValue(const pb::Descriptor* message, const rules::Value& rule, const Place& place, Covered* covered) {
    ValuePlan value;
    value.expecting = rule.expecting();
    value.nonzero = rule.nonzero();
    value.clamp = rule.clamp();
    value.item_flags = rule.item_flags();
    value.entry_path = rule.entry_path();
    value.runtime = rule.runtime();
    if (!rule.self().empty()) {
      const ShapePlan* shape = plan_->FindShape(message, rule.self());
      if (shape == nullptr) {
        Complain(place, absl::StrCat(message->name(), " has no shape ", rule.self()));
        return value;
      }
      covered->selves.insert(rule.self());
      value.kind = ValueKind::kSelf;
      value.shape = shape;
      value.container = rule.each_self() ? Container::kEach : Container::kOne;
      return value;
    }
    if (rule.field().empty()) {
      if (!rule.shape().empty() || !rule.runtime().empty()) Complain(place, "a value needs `field` or `self`");
      return value;
    }
    std::optional<FieldPath> path = ResolvePath(message, rule.field());
    if (!path) {
      Complain(place, absl::StrCat(message->name(), " has no field ", rule.field()));
      return value;
    }
    covered->fields.insert(path->front());
    for (size_t i = 0; i + 1 < path->size(); ++i)
      if ((*path)[i]->is_repeated()) Complain(place, absl::StrCat(rule.field(), " passes through a repeated field"));
    value.path = *path;
    const FieldDescriptor* field = value.field();
    if (field->is_map()) {
      value.container = Container::kMap;
      if (field->message_type()->map_key()->cpp_type() != FieldDescriptor::CPPTYPE_STRING)
        Complain(place, absl::StrCat(field->name(), ": only maps keyed by text have a place in JSON"));
    } else if (field->is_repeated()) {
      value.container = rule.append() ? Container::kAppend
                                      : rule.one_or_many() ? Container::kOneOrMany : Container::kList;
    } else if (rule.append() || rule.one_or_many()) {
      Complain(place, absl::StrCat(field->name(), " is not repeated"));
    }
    SetKind(rule, place, &value);
    return value;
  }

  // Messages of protobuf itself that stand for JSON: the runtime function that reads and prints them.
  static absl::string_view WellKnown(const pb::Descriptor* message) {
    if (message->full_name() == "google.protobuf.Struct") return "Struct";
    if (message->full_name() == "google.protobuf.ListValue") return "ListValue";
    if (message->full_name() == "google.protobuf.Value") return "Value";
    return {};
  }

  void SetKind(const rules::Value& rule, const Place& place, ValuePlan* value) {
    const FieldDescriptor* element = value->element();
    if (!rule.runtime().empty()) {
      value->kind = ValueKind::kRuntime;
      return;
    }
    if (rule.presence()) {
      if (element->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) Complain(place, "presence needs a message field");
      value->kind = ValueKind::kPresence;
      return;
    }
    if (!rule.spelling().empty()) {
      auto it = spellings_.find(rule.spelling());
      if (it == spellings_.end()) {
        Complain(place, absl::StrCat("no spelling ", rule.spelling()));
        return;
      }
      value->words = it->second;
      value->kind = ValueKind::kWord;
      return;
    }
    switch (element->cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL: value->kind = ValueKind::kBool; break;
      case FieldDescriptor::CPPTYPE_STRING:
        value->kind = ValueKind::kString;
        if (element->type() == FieldDescriptor::TYPE_BYTES)
          Complain(place, absl::StrCat("field ", element->name(), " holds bytes: it needs a rule"));
        break;
      case FieldDescriptor::CPPTYPE_FLOAT: value->kind = ValueKind::kFloat; break;
      case FieldDescriptor::CPPTYPE_DOUBLE: value->kind = ValueKind::kDouble; break;
      case FieldDescriptor::CPPTYPE_ENUM:
        value->kind = ValueKind::kEnum;
        value->words = plan_->FindWords(element->enum_type());
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE: {
        if (absl::string_view name = WellKnown(element->message_type()); !name.empty()) {
          value->kind = ValueKind::kRuntime;
          value->runtime = std::string(name);
          break;
        }
        value->kind = ValueKind::kShape;
        value->shape = plan_->FindShape(element->message_type(), rule.shape());
        if (value->shape == nullptr) {
          Complain(place, plan_->by_hand.contains(element->message_type())
                              ? absl::StrCat("field ", element->name(), " holds what is done by hand: it needs a rule")
                              : absl::StrCat(element->message_type()->full_name(), " has no shape ", rule.shape()));
          value->kind = ValueKind::kNone;
          value->shape = nullptr;
        }
        break;
      }
      default: {
        value->kind = ValueKind::kInteger;
        if (value->expecting.empty()) {
          switch (element->cpp_type()) {
            case FieldDescriptor::CPPTYPE_UINT32: value->expecting = "u32"; break;
            case FieldDescriptor::CPPTYPE_UINT64: value->expecting = "u64"; break;
            case FieldDescriptor::CPPTYPE_INT32: value->expecting = "i32"; break;
            default: value->expecting = "i64"; break;
          }
        }
      }
    }
  }

  // --- keys --------------------------------------------------------------------------------------------
  void FillKeys(ShapePlan* shape, const pb::RepeatedPtrField<rules::Key>& rules, Covered* covered) {
    for (const rules::Key& rule : rules) AddKey(shape, rule, covered);
  }

  void AddKey(ShapePlan* shape, const rules::Key& rule, Covered* covered) {
    const Place& place = shape->place;
    if (!rule.not_in_json().empty()) {
      std::optional<FieldPath> path = ResolvePath(shape->message, rule.value().field());
      if (!path) {
        Complain(place, absl::StrCat(shape->message->name(), " has no field ", rule.value().field()));
        return;
      }
      covered->fields.insert(path->front());
      shape->left_out.emplace_back(path->back(), rule.not_in_json());
      return;
    }
    KeyPlan key;
    key.origin = "rule";
    key.key = rule.key();
    key.aliases.assign(rule.alias().begin(), rule.alias().end());
    key.required = rule.required();
    key.always_set = rule.always_set();
    key.print = rule.print();
    key.unchecked = rule.unchecked();
    key.yields_to = rule.yields_to();
    key.required_in_list = rule.required_in_list();
    for (const rules::Set& set : rule.when_null()) AddSet(*shape, set, covered, &key.when_null);
    for (const rules::Set& set : rule.when_absent()) AddSet(*shape, set, covered, &key.when_absent);
    if (rule.has_path()) key.segment = rule.path();
    key.has_limits = rule.has_limits();
    key.limits = rule.limits();
    if (!rule.shown_if().empty()) key.shown_if = FlagBit(rule.shown_if());
    if (!rule.sets_flag_for().empty()) {
      key.flag_below = FlagBit(rule.sets_flag_for());
      key.flag_source = FlagBit(rule.as());
    }
    if (rule.ignored()) {
      if (key.key.empty()) Complain(place, "an ignored key needs its name");
      shape->keys.push_back(std::move(key));
      return;
    }
    if (rule.flatten()) {
      Flatten(shape, rule, covered);
      return;
    }
    key.value = MakeValue(shape->message, rule.value(), place, covered);
    const FieldDescriptor* field = key.value.field();
    if (key.key.empty()) {
      if (field == nullptr) {
        Complain(place, absl::StrCat(shape->name, ": a key needs its name"));
        return;
      }
      key.key = field->name();
    }
    FinishKey(shape, rule, std::move(key));
  }

  void FinishKey(ShapePlan* shape, const rules::Key& rule, KeyPlan key) {
    const FieldDescriptor* field = key.value.field();
    switch (rule.null()) {
      case rules::NULL_ABSENT: key.null_is_absent = true; break;
      case rules::NULL_REJECT:
      case rules::NULL_VALUE: key.null_is_absent = false; break;
      default:
        key.null_is_absent = !key.required && (field == nullptr || field->has_presence() || field->is_repeated() ||
                                               key.value.path.size() > 1);
    }
    if (!rule.default_().empty()) {
      std::optional<std::string> literal =
          field == nullptr || field->is_repeated() ? std::nullopt : LiteralOf(field, DefaultText(key.value, rule.default_()));
      if (!literal) Complain(shape->place, absl::StrCat(shape->name, ".", key.key, ": default does not fit the field"));
      else key.default_literal = *literal;
    }
    if (key.always_set && (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_repeated()))
      Complain(shape->place, absl::StrCat(shape->name, ".", key.key, ": always_set needs a message field"));
    for (const KeyPlan& other : shape->keys)
      if (other.key == key.key) Complain(shape->place, absl::StrCat(shape->name, ": key ", key.key, " twice"));
    shape->keys.push_back(std::move(key));
  }

  // An enum's default may be given in its REST spelling.
  std::string DefaultText(const ValuePlan& value, const std::string& text) {
    if (value.kind != ValueKind::kEnum || value.words == nullptr) return text;
    for (const WordsPlan::Word& word : value.words->words)
      if (absl::StrCat("\"", word.json, "\"") == text)
        return std::string(value.words->type->FindValueByNumber(word.number)->name());
    return text;
  }

  // The keys of the field's own default shape stand in this object.
  void Flatten(ShapePlan* shape, const rules::Key& rule, Covered* covered) {
    ValuePlan value = MakeValue(shape->message, rule.value(), shape->place, covered);
    const ShapePlan* inner = value.shape;
    if (inner == nullptr || value.container != Container::kOne) {
      Complain(shape->place, absl::StrCat(shape->name, ": only a message can be flattened"));
      return;
    }
    for (const Pending& pending : pending_)
      if (pending.shape == inner) FillShape(pending);
    if (inner->form != ShapePlan::Form::kObject) {
      Complain(shape->place, absl::StrCat(shape->name, ": only an object can be flattened, ", inner->name, " is none"));
      return;
    }
    auto below = [&](FieldPath* path) { path->insert(path->begin(), value.path.begin(), value.path.end()); };
    for (KeyPlan key : inner->keys) {
      below(&key.value.path);
      for (SetPlan& set : key.when_absent) below(&set.path);
      for (SetPlan& set : key.when_null) below(&set.path);
      shape->keys.push_back(std::move(key));
    }
    if (!inner->checks.empty() && !value.path.empty())
      Complain(shape->place, absl::StrCat(shape->name, ": a flattened message has no checks, ", inner->name, " does"));
    else
      shape->checks.insert(shape->checks.end(), inner->checks.begin(), inner->checks.end());
  }

  void AddDefaultKeys(ShapePlan* shape, Covered& covered) {
    AddSelves(shape->message, &covered);
    for (int i = 0; i < shape->message->field_count(); ++i) {
      const FieldDescriptor* field = shape->message->field(i);
      if (covered.fields.contains(field)) continue;
      if (bound_.contains(field)) continue;
      if (field->real_containing_oneof() != nullptr || field->options().deprecated()) continue;  // complained about
      rules::Key rule;
      rule.mutable_value()->set_field(field->name());
      KeyPlan key;
      key.origin = "default";
      key.key = field->name();
      key.value = MakeValue(shape->message, rule.value(), shape->place, &covered);
      FinishKey(shape, rule, std::move(key));
    }
  }

  // --- unions ------------------------------------------------------------------------------------------
  void FillUnion(ShapePlan* shape, const rules::Union& rule, Covered* covered) {
    shape->no_match = rule.no_match();
    shape->tag = rule.tag();
    shape->tag_unknown = rule.tag_unknown();
    if (rule.has_rephrased()) shape->rephrased = rule.rephrased();
    if (shape->no_match.empty() && shape->tag.empty())
      Complain(shape->place, absl::StrCat(shape->name, ": a union needs no_match"));
    for (int i = 0; i < rule.variant_size(); ++i) {
      const rules::Variant& source = rule.variant(i);
      VariantPlan variant;
      variant.key = source.key();
      variant.has_literal = source.has_literal();
      variant.literal = source.literal();
      variant.tag = source.tag();
      variant.final = source.final();
      variant.read_only = source.read_only();
      variant.unavailable = source.unavailable();
      if (!source.print_if().empty()) {
        absl::string_view dotted = source.print_if();
        variant.print_if_not = absl::ConsumePrefix(&dotted, "!");
        if (auto path = ResolvePath(shape->message, dotted)) variant.print_if = *path;
        else Complain(shape->place, absl::StrCat(shape->message->name(), " has no field ", dotted));
      }
      variant.print_only = source.print_only();
      if (source.has_path()) variant.segment = source.path();
      for (const rules::Set& set : source.set()) AddSet(*shape, set, covered, &variant.sets);
      if (source.keys_size() > 0) {
        auto part = std::make_unique<ShapePlan>();
        part->message = shape->message;
        part->inline_part = true;
        part->name = absl::StrCat(shape->name, "Variant", i + 1);
        part->place = shape->place;
        part->expecting =
            source.expecting().empty() ? absl::StrCat("struct ", shape->message->name()) : source.expecting();
        part->reject_unknown = source.reject_unknown_keys();
        part->last_key_wins = source.last_key_wins();
        part->or_list = source.or_list();
        for (const rules::Key& key : source.keys()) AddKey(part.get(), key, covered);
        part->checks.assign(source.check().begin(), source.check().end());
        CheckChecks(*part);
        variant.value.kind = ValueKind::kSelf;
        variant.value.shape = part.get();
        plan_->shapes.push_back(std::move(part));
      } else {
        variant.value = MakeValue(shape->message, source.value(), shape->place, covered);
      }
      bool last = i + 1 == rule.variant_size();
      if (!variant.read_only && !last && variant.print_if.empty() && variant.value.path.empty() && variant.sets.empty() &&
          variant.unavailable.empty())
        Complain(shape->place, absl::StrCat(shape->name, ": variant ", i + 1,
                                            " cannot be told when printing: it needs print_if or read_only"));
      shape->variants.push_back(std::move(variant));
    }
  }

  void AddSet(const ShapePlan& shape, const rules::Set& set, Covered* covered, std::vector<SetPlan>* sets) {
    auto path = ResolvePath(shape.message, set.field());
    auto literal = path ? LiteralOf(path->back(), set.value()) : std::nullopt;
    if (!literal) {
      Complain(shape.place, absl::StrCat(shape.name, ": ", set.field(), " cannot be set to ", set.value()));
      return;
    }
    covered->fields.insert(path->front());
    sets->push_back({*path, *literal});
  }

  void CheckChecks(const ShapePlan& shape) {
    for (const rules::Check& check : shape.checks) {
      if (check.is_case() == rules::Check::IS_NOT_SET)
        Complain(shape.place, absl::StrCat(shape.name, ": a check checks nothing"));
      for (const std::string& dotted : PathsOf(check))
        if (!dotted.empty() && !ResolvePath(shape.message, dotted))
          Complain(shape.place, absl::StrCat(shape.message->name(), " has no field ", dotted));
    }
  }

  // When all shapes are known: which messages are any JSON.
  void CheckNothingLooksIntoValues() {
    for (const auto& shape : plan_->shapes) {
      for (const rules::Check& check : shape->checks) {
        for (const std::string& dotted : PathsOf(check)) {
          const std::optional<FieldPath> path = ResolvePath(shape->message, dotted);
          if (!path || !path->back()->is_map()) continue;
          const pb::Descriptor* element = path->back()->message_type()->map_value()->message_type();
          const ShapePlan* of = element == nullptr ? nullptr : plan_->DefaultShape(element);
          if (of != nullptr && of->runtime == kAnyJson)
            Complain(shape->place, absl::StrCat(shape->name, ": ", dotted, " goes to the server unread, no check can be made of it"));
        }
      }
    }
  }

  const Schema& schema_;
  const std::vector<std::unique_ptr<RuleSource>>& sources_;
  Complaints* complaints_;
  std::unique_ptr<Plan> plan_;
  std::vector<std::unique_ptr<ShapePlan>> declared_;
  std::vector<Pending> pending_;
  absl::flat_hash_map<std::string, const WordsPlan*> spellings_;
  absl::flat_hash_set<const FieldDescriptor*> bound_;
};

}  // namespace

std::unique_ptr<Plan> MakePlan(const Schema& schema, const std::vector<std::unique_ptr<RuleSource>>& sources,
                               Complaints* complaints) {
  return Builder(schema, sources, complaints).Build();
}

}  // namespace vecgate::codegen
