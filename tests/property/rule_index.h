// The rule files as they stand, looked up by name: no plan, nothing decided.
#pragma once

#include <google/protobuf/descriptor.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "codegen/schema.h"
#include "rules/rules.pb.h"

namespace vecgate::property {

// A key of an object with the path that a flattened message around it stands at.
struct RuleKey {
  const rules::Key* rule;
  std::string prefix;  // "a.b."

  std::string field() const { return prefix + rule->value().field(); }
  std::string name() const;
  bool ignored() const { return rule->value().field().empty() && rule->value().self().empty(); }
};

class RuleIndex {
 public:
  // `files` outlive the index. `schema` knows the calls that routes make.
  RuleIndex(std::vector<const rules::RuleFile*> files, const codegen::Schema& schema);

  // Null: the message's shape is what its fields say.
  const rules::Shape* FindShape(const google::protobuf::Descriptor* message, const std::string& name) const;
  // The words of an enum or a spelling table.
  const google::protobuf::RepeatedPtrField<rules::EnumValue>& WordsOf(const std::string& name) const;
  // "Outer.Inner"
  std::string NameOf(const google::protobuf::Descriptor* message) const;
  std::string NameOf(const google::protobuf::EnumDescriptor* type) const;
  // Keys of an object shape: those listed, flattened ones in their place, and one for each field that nothing takes.
  std::vector<RuleKey> KeysOf(const google::protobuf::Descriptor* message, const rules::Shape* shape) const;
  std::vector<RuleKey> Expanded(const google::protobuf::Descriptor* message,
                                const google::protobuf::RepeatedPtrField<rules::Key>& keys) const;
  // Every name that some key of some shape goes by.
  std::vector<std::string> KeyNames() const;

 private:
  void CollectBound(const codegen::Schema& schema);
  void Bind(const google::protobuf::Descriptor* request, const std::string& path);
  // First fields of all paths of a shape, and of the shapes that it hands the message to.
  void Take(const google::protobuf::Descriptor* message, const rules::Shape& shape, std::set<std::string>* taken,
            std::set<const rules::Shape*>* seen) const;

  const std::vector<const rules::RuleFile*> files_;
  std::string package_;
  std::map<std::pair<std::string, std::string>, const rules::Shape*> shapes_;
  std::map<std::string, const google::protobuf::RepeatedPtrField<rules::EnumValue>*> words_;
  std::set<std::string> bound_;  // set by routes; full names
  mutable std::map<const google::protobuf::FieldDescriptor*, std::unique_ptr<rules::Key>> plain_keys_;
};

}  // namespace vecgate::property
