// Reads JSON into messages by the letter of the rules: through reflection, trying one thing after the other, without
// plan, guards or generated code. What the generated readers do is held against it.
//
// Not its own: the named runtime functions, which it calls too, but for that of any JSON (any_json.h).
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "json_tree.h"
#include "rule_index.h"

namespace vecgate::property {

struct SlowOutcome {
  bool read = false;     // without a format error
  bool refused = false;  // understood and refused
  bool invalid = false;  // some value is out of its bounds
};

class SlowReader {
 public:
  // Both outlive the reader.
  explicit SlowReader(const RuleIndex& rules) : rules_(rules) {}

  // `shape` as it is named among those of the message; empty: the message's own. `message` is empty.
  SlowOutcome Read(const std::string& shape, const JsonTree& tree, google::protobuf::Message* message);

 private:
  using Message = google::protobuf::Message;
  using Field = google::protobuf::FieldDescriptor;
  struct Place {  // a field, and the message that holds it
    Message* owner;
    const Field* field;
  };
  struct ObjectRule {
    std::vector<RuleKey> keys;
    bool reject_unknown;
    bool last_key_wins;
    bool or_list;
    const google::protobuf::RepeatedPtrField<rules::Check>* checks;
  };

  bool ReadShape(const rules::Shape* shape, const JsonTree& tree, Message* message);
  bool ReadRuntimeShape(const rules::Shape& shape, const JsonTree& tree, Message* message);
  bool ReadParts(const rules::Shape& shape, const JsonTree& tree, Message* message);
  bool ReadUnion(const rules::Union& rule, const JsonTree& tree, Message* message);
  bool ReadVariant(const rules::Variant& variant, const JsonTree& tree, Message* message);
  bool ReadObject(const ObjectRule& rule, const JsonTree& tree, Message* message);
  bool ReadKey(const ObjectRule& rule, const RuleKey& key, const JsonTree& object, const JsonTree& value,
               Message* message, bool* seen);
  bool ReadValue(const rules::Value& value, const std::string& prefix, const JsonTree& tree, Message* message);
  bool ReadElement(const rules::Value& value, const JsonTree& tree, Message* owner, const Field* field);
  bool ReadScalar(const rules::Value& value, const JsonTree& tree, Message* owner, const Field* field);
  bool ReadInteger(const rules::Value& value, const JsonTree& tree, Message* owner, const Field* field);
  bool ReadText(const rules::Value& value, const JsonTree& tree, std::string* text);

  bool Fits(const rules::Shape* shape, const Message& message, const JsonTree& tree) const;
  bool Fits(const rules::Variant& variant, const rules::Union& rule, const Message& message,
            const JsonTree& tree) const;
  bool Fits(const rules::Value& value, const Message& message, const JsonTree& tree) const;

  void Assign(const std::string& path, const std::string& literal, Message* message) const;
  void CheckLimits(const rules::Key& key, const std::string& path, const Message& message);
  // False when reading ends here.
  bool Check(const rules::Check& check, const std::vector<RuleKey>& keys, const std::vector<bool>& seen,
             const Message& message);
  bool Holds(const rules::Check& check, const std::vector<RuleKey>& keys, const std::vector<bool>& seen,
             const Message& message) const;
  void Violate() { outcome_.invalid = outcome_.invalid || unchecked_ == 0; }
  bool Refuse() {
    outcome_.refused = true;
    return false;
  }

  const RuleIndex& rules_;
  SlowOutcome outcome_;
  int unchecked_ = 0;
};

}  // namespace vecgate::property
