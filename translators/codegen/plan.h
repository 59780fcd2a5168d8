// What is to be generated: schema and rules brought together, every choice made, every fault complained about.
// Emitting turns a plan into text and decides nothing.
#pragma once

#include <absl/strings/string_view.h>
#include <google/protobuf/descriptor.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codegen/rule_files.h"
#include "codegen/schema.h"
#include "rules/rules.pb.h"

namespace vecgate::codegen {

struct ShapePlan;

// Fields from a shape's message down to the one meant. Empty: the message itself.
using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

// The words of an enum or of a spelling table.
struct WordsPlan {
  std::string name;                                  // of the generated constant: "kDistance"
  const google::protobuf::EnumDescriptor* type = nullptr;  // null for a spelling
  struct Word {
    std::string json;
    std::vector<std::string> aliases;
    int number = 0;
  };
  std::vector<Word> words;
  std::string no_match;
  std::string unknown;        // spelling of numbers that the schema has not; empty: none
  std::vector<int> wordless;  // numbers of the schema that have no spelling
};

enum class ValueKind { kNone, kBool, kString, kWord, kInteger, kFloat, kDouble, kEnum, kShape, kSelf, kRuntime, kPresence };
enum class Container { kOne, kList, kOneOrMany, kAppend, kMap, kEach };

struct ValuePlan {
  ValueKind kind = ValueKind::kNone;
  Container container = Container::kOne;
  FieldPath path;
  const ShapePlan* shape = nullptr;
  const WordsPlan* words = nullptr;
  std::string runtime;
  std::string expecting;
  bool nonzero = false;
  bool clamp = false;
  bool item_flags = false;
  std::string entry_path;

  const google::protobuf::FieldDescriptor* field() const { return path.empty() ? nullptr : path.back(); }
  // The field whose type an element has: the map's value, else the field itself.
  const google::protobuf::FieldDescriptor* element() const;
  // A map of any JSON, which is read as bytes: the message has no entries of it that could be looked at.
  bool is_value_map() const;
};

struct SetPlan {
  FieldPath path;
  std::string literal;  // C++ expression of the value; empty: a message made present
};

struct KeyPlan {
  std::string key;
  std::vector<std::string> aliases;
  ValuePlan value;  // kNone: accepted and dropped
  bool required = false;
  bool null_is_absent = false;
  std::string default_literal;  // C++ expression; empty: none
  bool always_set = false;
  rules::Print print = rules::PRINT_DEFAULT;
  int shown_if = -1;      // flag bit
  int flag_below = -1;    // below this key this flag ...
  int flag_source = -1;   // ... is on when this one is
  std::optional<std::string> segment;
  bool unchecked = false;
  bool has_limits = false;
  rules::Limits limits;
  std::vector<SetPlan> when_absent;
  std::vector<SetPlan> when_null;
  std::string yields_to;
  bool required_in_list = false;
  std::string origin;  // for the report: "default", "rule"
};

struct VariantPlan {
  ValuePlan value;
  std::string key;
  std::string literal;
  bool has_literal = false;
  std::string tag;
  std::vector<SetPlan> sets;
  bool final = false;
  bool read_only = false;
  FieldPath print_if;
  bool print_if_not = false;
  bool print_only = false;
  std::optional<std::string> segment;
  std::string unavailable;  // chosen: answered with 501
};

struct ShapePlan {
  std::string name;  // C++ stem: Read<name>, Write<name>
  std::string rule_name;  // name among the shapes of its message
  const google::protobuf::Descriptor* message = nullptr;
  bool is_default = false;  // the message's own shape
  bool inline_part = false; // keys of a variant: no declaration of its own
  Place place;
  bool ruled = false;
  std::string expecting;

  enum class Form { kObject, kUnion, kIs, kRuntime, kParts } form = Form::kObject;
  std::string runtime;
  const ShapePlan* runtime_reads = nullptr;
  ValuePlan is;
  std::vector<KeyPlan> keys;
  bool reject_unknown = false;
  bool last_key_wins = false;
  bool or_list = false;
  std::vector<rules::Check> checks;

  std::vector<VariantPlan> variants;
  std::string no_match;
  std::string tag;
  std::string tag_unknown;
  std::optional<bool> rephrased;

  struct Part {
    std::string when_key;
    ValuePlan value;
  };
  std::vector<Part> parts;
  std::string no_part;
  bool buffered = false;
  std::vector<FieldPath> unset_unless;

  bool filled = false;  // while planning

  // Fields without a place in JSON and why (default shapes only; for the report).
  std::vector<std::pair<const google::protobuf::FieldDescriptor*, std::string>> left_out;
};

// JSON types a value may start with, and the keys an object must have at the least.
struct GuardPlan {
  std::vector<std::string> kinds;  // of runtime::Kind: "kArray"
  std::vector<std::string> keys;
};

struct Plan {
  const Schema* schema = nullptr;
  const rules::Api* api = nullptr;
  std::vector<std::unique_ptr<WordsPlan>> words;
  std::vector<std::unique_ptr<ShapePlan>> shapes;  // in file order of their messages, default shape first
  std::map<const google::protobuf::Descriptor*, std::string> by_hand;  // messages without a shape, and why
  std::map<std::string, int> flags;                // printing flags by name -> bit
  std::vector<const rules::Route*> routes;
  std::map<std::string, const rules::ParamSet*> param_sets;

  const ShapePlan* DefaultShape(const google::protobuf::Descriptor* message) const;
  // `name` empty or the message's own: its default shape.
  const ShapePlan* FindShape(const google::protobuf::Descriptor* message, const std::string& name) const;
  const WordsPlan* FindWords(const google::protobuf::EnumDescriptor* type) const;
  // Some shape of its messages is generated.
  bool Emits(const google::protobuf::FileDescriptor* file) const;
};

// What a reader of `value` can begin with.
GuardPlan GuardOf(const ValuePlan& value);
GuardPlan GuardOf(const VariantPlan& variant, const ShapePlan& owner);

// Brings schema and rules together. Faults go to `complaints`; the plan is only good when there are none.
std::unique_ptr<Plan> MakePlan(const Schema& schema, const std::vector<std::unique_ptr<RuleSource>>& sources,
                               Complaints* complaints);

// Resolves "a.b.c" from `message`. Nullopt when a step does not exist or is no message where one is needed.
std::optional<FieldPath> ResolvePath(const google::protobuf::Descriptor* message, absl::string_view dotted);

// C++ expression of a JSON text as a value of `field`. Nullopt when it does not fit.
std::optional<std::string> LiteralOf(const google::protobuf::FieldDescriptor* field, absl::string_view json);

}  // namespace vecgate::codegen
