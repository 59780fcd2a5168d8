#include "rule_index.h"

#include <absl/strings/str_split.h>

namespace vecgate::property {
namespace pb = google::protobuf;

namespace {

std::string FirstOf(const std::string& path) { return path.substr(0, path.find('.')); }

}  // namespace

std::string RuleKey::name() const {
  if (!rule->key().empty()) return rule->key();
  const std::string& path = rule->value().field();
  return path.substr(path.rfind('.') + 1);
}

RuleIndex::RuleIndex(std::vector<const rules::RuleFile*> files, const codegen::Schema& schema)
    : files_(std::move(files)) {
  for (const rules::RuleFile* file : files_) {
    if (file->has_api()) package_ = file->api().package();
    for (const rules::Shape& shape : file->shape()) shapes_[{shape.message(), shape.name()}] = &shape;
    for (const rules::EnumRule& rule : file->enum_()) words_[rule.name()] = &rule.value();
    for (const rules::Spelling& rule : file->spelling()) words_[rule.name()] = &rule.word();
  }
  CollectBound(schema);
}

void RuleIndex::CollectBound(const codegen::Schema& schema) {
  std::map<std::string, const rules::ParamSet*> sets;
  for (const rules::RuleFile* file : files_)
    for (const rules::ParamSet& set : file->params()) sets[set.name()] = &set;
  for (const rules::RuleFile* file : files_) {
    for (const rules::Route& route : file->route()) {
      const std::string& rpc = route.rpc().empty() && route.call_size() > 0 ? route.call(0).rpc() : route.rpc();
      if (rpc.empty()) continue;
      const pb::Descriptor* request = schema.FindMethod(rpc)->input_type();
      std::set<std::string> listed;
      for (const std::string& name : route.params())
        for (const rules::Param& param : sets.at(name)->param()) Bind(request, param.field());
      for (const rules::Param& param : route.param()) Bind(request, param.field());
      for (const rules::Param& param : route.variable()) {
        listed.insert(param.name());
        Bind(request, param.field());
      }
      const std::vector<std::string> parts = absl::StrSplit(route.path(), '/');
      for (const std::string& part : parts) {
        if (part.empty() || part.front() != '{') continue;
        const std::string name = part.substr(1, part.find_first_of("=}") - 1);
        if (!listed.contains(name)) Bind(request, name);
      }
      for (const rules::Set& set : route.set()) Bind(request, set.field());
      for (const rules::Copy& copy : route.copy()) Bind(request, copy.to());
    }
  }
}

// The whole of the first message on the way is the route's, but for lists, whose elements the body brings.
void RuleIndex::Bind(const pb::Descriptor* request, const std::string& path) {
  if (path.empty()) return;
  const std::vector<std::string> steps = absl::StrSplit(path, '.');
  bool first = true;
  for (size_t i = 0; i < steps.size(); ++i) {
    const pb::FieldDescriptor* field = request->FindFieldByName(steps[i]);
    const bool last = i + 1 == steps.size();
    if (last || (first && !field->is_repeated())) bound_.insert(field->full_name());
    if (last || !field->is_repeated()) first = false;
    request = field->message_type();
  }
}

const rules::Shape* RuleIndex::FindShape(const pb::Descriptor* message, const std::string& name) const {
  const std::string relative = NameOf(message);
  const auto found = shapes_.find({relative, name == relative ? "" : name});
  return found == shapes_.end() ? nullptr : found->second;
}

const pb::RepeatedPtrField<rules::EnumValue>& RuleIndex::WordsOf(const std::string& name) const {
  return *words_.at(name);
}

std::string RuleIndex::NameOf(const pb::Descriptor* message) const {
  const std::string& name = message->full_name();
  return name.rfind(package_ + ".", 0) == 0 ? name.substr(package_.size() + 1) : name;
}

std::string RuleIndex::NameOf(const pb::EnumDescriptor* type) const {
  return type->full_name().substr(package_.size() + 1);
}

void RuleIndex::Take(const pb::Descriptor* message, const rules::Shape& shape, std::set<std::string>* taken,
                     std::set<const rules::Shape*>* seen) const {
  if (!seen->insert(&shape).second) return;
  const auto take = [&](const rules::Value& value) {
    if (!value.field().empty()) taken->insert(FirstOf(value.field()));
    if (value.self().empty()) return;
    if (const rules::Shape* other = FindShape(message, value.self())) Take(message, *other, taken, seen);
  };
  const auto take_sets = [&](const auto& sets) {
    for (const rules::Set& set : sets) taken->insert(FirstOf(set.field()));
  };
  if (shape.has_is()) take(shape.is());
  for (const rules::Part& part : shape.part()) take(part.value());
  for (const rules::Key& key : shape.key()) {
    take(key.value());
    take_sets(key.when_absent());
    take_sets(key.when_null());
  }
  for (const rules::Variant& variant : shape.union_().variant()) {
    take(variant.value());
    for (const rules::Key& key : variant.keys()) take(key.value());
    take_sets(variant.set());
  }
}

std::vector<RuleKey> RuleIndex::Expanded(const pb::Descriptor* message,
                                         const pb::RepeatedPtrField<rules::Key>& keys) const {
  std::vector<RuleKey> expanded;
  for (const rules::Key& key : keys) {
    if (!key.not_in_json().empty()) continue;
    if (!key.flatten()) {
      expanded.push_back({&key, ""});
      continue;
    }
    const pb::Descriptor* inner = message;
    std::string prefix;
    const std::vector<std::string> steps = absl::StrSplit(key.value().field(), '.', absl::SkipEmpty());
    for (const std::string& step : steps) {
      inner = inner->FindFieldByName(step)->message_type();
      prefix += step + ".";
    }
    const std::string& name = key.value().self().empty() ? key.value().shape() : key.value().self();
    for (RuleKey below : KeysOf(inner, FindShape(inner, name))) expanded.push_back({below.rule, prefix + below.prefix});
  }
  return expanded;
}

std::vector<RuleKey> RuleIndex::KeysOf(const pb::Descriptor* message, const rules::Shape* shape) const {
  static const rules::Shape& nothing = *new rules::Shape;
  const rules::Shape& rule = shape == nullptr ? nothing : *shape;
  std::vector<RuleKey> keys = Expanded(message, rule.key());
  if (rule.only_listed_keys() || !rule.name().empty()) return keys;
  std::set<std::string> taken;
  std::set<const rules::Shape*> seen;
  Take(message, rule, &taken, &seen);
  for (int i = 0; i < message->field_count(); ++i) {
    const pb::FieldDescriptor* field = message->field(i);
    if (taken.contains(field->name()) || bound_.contains(field->full_name())) continue;
    if (field->real_containing_oneof() != nullptr || field->options().deprecated()) continue;
    std::unique_ptr<rules::Key>& key = plain_keys_[field];
    if (key == nullptr) {
      key = std::make_unique<rules::Key>();
      key->mutable_value()->set_field(field->name());
    }
    keys.push_back({key.get(), ""});
  }
  return keys;
}

std::vector<std::string> RuleIndex::KeyNames() const {
  std::set<std::string> names;
  const auto add = [&](const pb::RepeatedPtrField<rules::Key>& keys) {
    for (const rules::Key& key : keys) {
      if (!key.not_in_json().empty() || key.flatten()) continue;
      names.insert(RuleKey{&key, ""}.name());
      names.insert(key.alias().begin(), key.alias().end());
    }
  };
  for (const rules::RuleFile* file : files_) {
    for (const rules::Shape& shape : file->shape()) {
      add(shape.key());
      for (const rules::Variant& variant : shape.union_().variant()) {
        add(variant.keys());
        if (!variant.key().empty()) names.insert(variant.key());
      }
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace vecgate::property
