#include "weaviate/graphql_input.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "graphql/value_text.h"

namespace vecgate::translators::weaviate {
namespace {

using graphql::Value;
using runtime::Concat;
using Kind = InputType::Kind;

const InputField* Find(std::span<const InputField> fields, std::string_view name) {
  for (const InputField& field : fields)
    if (field.name == name) return &field;
  return nullptr;
}

template <class Number>
bool IsInRange(std::string_view text) {
  Number number;
  return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc();
}

bool IsNumber(const Value& value) { return value.kind == Value::Kind::kInt || value.kind == Value::Kind::kFloat; }

bool AreNumbers(const Value& list) {
  if (list.kind != Value::Kind::kList) return false;
  return list.children.All(IsNumber);
}

// Numbers, lists of these, or lists of lists of these, all of the same depth; none of them empty.
bool AreVectors(const Value& list, int depth) {
  if (list.children.first() == nullptr || list.children.first()->kind != Value::Kind::kList) return AreNumbers(list);
  return depth > 0 && list.children.All([&](const Value& one) {
    return one.kind == Value::Kind::kList && !one.children.empty() && AreVectors(one, depth - 1);
  });
}

// Of "[String!]".
std::string_view NameIn(std::string_view type) {
  const size_t begin = type.find_first_not_of('[');
  return type.substr(begin, type.find_first_of("]!", begin) - begin);
}

// A type that some class has, or all; those that a module brings are not told apart from the unknown.
bool IsKnown(std::string_view type) {
  type = NameIn(type);
  for (const std::string_view word : {"GetObjects", "AggregateObjects", "SubSearch"})
    if (type.find(word) != std::string_view::npos) return true;
  for (const std::string_view name :
       {"String", "Int", "Float", "Boolean", "ID", "Weights", "VectorPerTarget", "FusionEnum", "targetCombinationEnum"})
    if (type == name) return true;
  return false;
}

constexpr size_t kMostMessages = 20;

class Checker {
 public:
  explicit Checker(const InputPlace& place) : place_(place) {}

  std::vector<std::string> messages;

  std::string ScopeOf(const InputField& field, const std::string& around) const {
    return field.scope.empty() ? around : Starred(field.scope, place_.collection);
  }

  // `required`: where the value stands.
  void Check(const InputType& type, bool required, const Value& value, const std::string& scope,
             const std::string& where) {
    if (messages.size() >= kMostMessages || place_.full()) return;
    if (value.kind == Value::Kind::kVariable) return CheckVariable(type, required, value, scope);
    switch (type.kind) {
      case Kind::kAny:
        return;
      case Kind::kList:
        if (value.kind != Value::Kind::kList) return Check(*type.element, false, value, scope, where);
        // The server numbers the faults of an element, not the elements.
        for (const Value& element : value.children)
          Check(*type.element, false, element, scope, where + "In element #1: ");
        return;
      case Kind::kObject:
        return CheckObject(type, value, scope, where);
      default:
        if (!Fits(type, value))
          messages.push_back(
              Concat(where, "Expected type \"", Starred(type.name, scope), "\", found ", graphql::Graphql(value), "."));
        return;
    }
  }

 private:
  static bool Fits(const InputType& type, const Value& value) {
    switch (type.kind) {
      case Kind::kString:
        return value.kind == Value::Kind::kString;
      case Kind::kFloat:
        return IsNumber(value) && IsInRange<double>(value.text);
      case Kind::kInt:
        return value.kind == Value::Kind::kInt && IsInRange<int64_t>(value.text);
      case Kind::kBoolean:
        return value.kind == Value::Kind::kBool;
      case Kind::kEnum:
        return value.kind == Value::Kind::kEnum &&
               std::find(type.words.begin(), type.words.end(), value.text) != type.words.end();
      case Kind::kScalar:
        if (value.kind != Value::Kind::kList) return Fits(*type.element, value);
        return value.children.All([&](const Value& element) {
          return element.kind == Value::Kind::kVariable || Fits(*type.element, element);
        });
      case Kind::kVector:
        return value.kind == Value::Kind::kList;
      case Kind::kVectors:
        return value.kind == Value::Kind::kObject && value.children.All([](const Value& one) {
          return one.kind == Value::Kind::kList && AreVectors(one, 2);
        });
      case Kind::kWeights:
        return value.kind == Value::Kind::kObject &&
               value.children.All([](const Value& one) { return IsNumber(one) || AreNumbers(one); });
      default:
        return true;
    }
  }

  // As texts have it: "[String]".
  static std::string Printed(const InputType& type, const std::string& scope) {
    if (type.kind == Kind::kList) return Concat("[", Printed(*type.element, scope), "]");
    return Starred(type.name, scope);
  }

  void CheckVariable(const InputType& type, bool required, const Value& value, const std::string& scope) {
    const graphql::VariableDefinition* definition = place_.variables.Defined(value.text);
    if (definition == nullptr || type.kind == Kind::kAny) return;
    const std::string expected = Concat(Printed(type, scope), required ? "!" : "");
    if (!graphql::MayStandFor(*definition, expected)) {
      if (IsKnown(definition->type))
        place_.Tell(graphql::WrongPosition(*definition, expected), {definition->offset, value.offset});
      else
        place_.Tell(Concat("Unknown type \"", NameIn(definition->type), "\"."), {definition->type_offset});
      return;
    }
    // The server cannot make a vector of what stands beside a document.
    const std::string_view* given = type.kind == Kind::kVector ? place_.variables.Find(value.text) : nullptr;
    if (given == nullptr || *given == "null") return;
    std::string found(*given);
    std::replace(found.begin(), found.end(), ',', ' ');
    place_.Tell(Concat("Variable \"$", definition->name, "\" got invalid value ", *given, ".\nExpected type \"",
                       expected, "\", found \"", found, "\"."),
                {definition->offset});
  }

  void CheckObject(const InputType& type, const Value& value, const std::string& scope, const std::string& where) {
    if (value.kind != Value::Kind::kObject) {
      messages.push_back(Concat(where, "Expected \"", Starred(type.name, scope), "\", found not an object."));
      return;
    }
    for (const Value& member : value.children)
      if (!type.open && Find(type.fields, member.name) == nullptr)
        messages.push_back(Concat(where, "In field \"", member.name, "\": Unknown field."));
    for (const Value& member : value.children)
      if (const InputField* field = Find(type.fields, member.name); field != nullptr)
        Check(*field->type, field->required, member, ScopeOf(*field, scope),
              Concat(where, "In field \"", member.name, "\": "));
    for (const InputField& field : type.fields) {
      if (!field.required || value.children.Find(field.name) != nullptr) continue;
      const InputType& missing = field.type->kind == Kind::kList ? *field.type->element : *field.type;
      messages.push_back(Concat(where, "In field \"", field.name, "\": Expected \"",
                                Starred(missing.name, ScopeOf(field, scope)), "!\", found null."));
    }
  }

  const InputPlace& place_;
};

// How many letters must change to make one name of the other.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t k = 0; k <= b.size(); ++k) row[k] = k;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t k = 1; k <= b.size(); ++k) {
      const size_t replaced = diagonal + (a[i - 1] == b[k - 1] ? 0 : 1);
      diagonal = row[k];
      row[k] = std::min({row[k] + 1, row[k - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

// "Did you mean" the known name that is nearest, if any is near enough.
std::string Suggestion(std::string_view name, std::span<const InputField> known) {
  constexpr size_t kLongestGuess = 100;
  if (name.size() > kLongestGuess) return {};
  std::string_view nearest;
  size_t best = SIZE_MAX;
  for (const InputField& field : known) {
    const size_t distance = EditDistance(name, field.name);
    if (distance > std::max({name.size() / 2, field.name.size() / 2, size_t{1}}) || distance >= best) continue;
    best = distance;
    nearest = field.name;
  }
  return nearest.empty() ? std::string() : Concat(" Did you mean \"", nearest, "\"?");
}

void CheckAll(const InputPlace& place, std::span<const InputField> known, const graphql::Field& field,
              std::string_view type, const std::string& scope) {
  for (const Value& argument : field.arguments) {
    if (place.full()) return;
    const InputField* taken = Find(known, argument.name);
    if (taken == nullptr) {
      place.Tell(Concat("Unknown argument \"", argument.name, "\" on field \"", field.name, "\" of type \"", type,
                        "\".", Suggestion(argument.name, known)),
                 {argument.name_offset});
      continue;
    }
    Checker checker(place);
    checker.Check(*taken->type, taken->required, argument, checker.ScopeOf(*taken, scope), "");
    if (checker.messages.empty()) continue;
    std::string text = Concat("Argument \"", argument.name, "\" has invalid value ", graphql::Graphql(argument), ".");
    for (const std::string& message : checker.messages) text += "\n" + message;
    place.Tell(std::move(text), {argument.offset});
  }
}

}  // namespace

void InputPlace::Tell(std::string message, std::initializer_list<uint32_t> offsets, uint32_t code) const {
  if (full()) return;
  GraphQlFault& fault = faults->emplace_back();
  fault.message = std::move(message);
  fault.code = code;
  for (const uint32_t offset : offsets) fault.locations.push_back(document.LocationOf(offset));
}

std::string_view RootType(GraphQlRoot root) {
  return root == GraphQlRoot::kGet ? "GetObjectsObj" : "AggregateObjectsObj";
}

void CheckArguments(const InputPlace& place, GraphQlRoot root, const graphql::Field& field) {
  const bool get = root == GraphQlRoot::kGet;
  CheckAll(place, get ? kGetArguments : kAggregateArguments, field, RootType(root),
           Concat(get ? "GetObjects" : "AggregateObjects", place.collection));
}

void CheckArguments(const InputPlace& place, std::span<const InputField> known, const graphql::Field& field,
                    std::string_view type) {
  CheckAll(place, known, field, type, std::string(place.collection));
}

}  // namespace vecgate::translators::weaviate
