#include "weaviate/graphql_input.h"

#include <algorithm>
#include <span>
#include <string>

#include "graphql/value_text.h"

namespace vecgate::translators::weaviate {
namespace {

using graphql::Value;
using runtime::Concat;

struct InputField;

// What a place in an argument takes. `name` follows the root's prefix and the class: GetObjectsArticle + name; built-in
// types stand alone.
struct InputType {
  enum class Kind : uint8_t { kString, kInt, kFloat, kBoolean, kEnum, kObject, kList, kScalar, kAny };
  Kind kind;
  std::string_view name;
  std::span<const InputField> fields;            // kObject
  std::span<const std::string_view> words;       // kEnum
  const InputType* element = nullptr;            // kList; kScalar: of which one or many are taken
};

struct InputField {
  std::string_view name;
  const InputType* type;
};

using Kind = InputType::Kind;

constexpr InputType kString{Kind::kString, "String", {}, {}};
constexpr InputType kInt{Kind::kInt, "Int", {}, {}};
constexpr InputType kFloat{Kind::kFloat, "Float", {}, {}};
constexpr InputType kBoolean{Kind::kBoolean, "Boolean", {}, {}};
constexpr InputType kAny{Kind::kAny, "", {}, {}};
constexpr InputType kStrings{Kind::kList, "", {}, {}, &kString};
constexpr InputType kFloats{Kind::kList, "", {}, {}, &kFloat};

constexpr std::string_view kOrders[] = {"asc", "desc"};
constexpr InputType kOrder{Kind::kEnum, "SortInpObjTypeEnum", {}, kOrders};
constexpr InputField kSortFields[] = {{"path", &kStrings}, {"order", &kOrder}};
constexpr InputType kSort{Kind::kObject, "SortInpObj", kSortFields, {}};
constexpr InputType kSorts{Kind::kList, "", {}, {}, &kSort};

// Custom scalars, of which the prefix stands behind the name.
constexpr InputType kTextValue{Kind::kScalar, "Text", {}, {}, &kString};
constexpr InputType kStringValue{Kind::kScalar, "String", {}, {}, &kString};
constexpr InputType kDateValue{Kind::kScalar, "Date", {}, {}, &kString};
constexpr InputType kIntValue{Kind::kScalar, "Int", {}, {}, &kInt};
constexpr InputType kNumberValue{Kind::kScalar, "Float", {}, {}, &kFloat};
constexpr InputType kBooleanValue{Kind::kScalar, "Boolean", {}, {}, &kBoolean};

constexpr InputField kCoordinateFields[] = {{"latitude", &kFloat}, {"longitude", &kFloat}};
constexpr InputType kCoordinates{Kind::kObject, "WhereGeoRangeGeoCoordinatesInpObj", kCoordinateFields, {}};
constexpr InputField kDistanceFields[] = {{"max", &kFloat}};
constexpr InputType kDistance{Kind::kObject, "WhereGeoRangeDistanceInpObj", kDistanceFields, {}};
constexpr InputField kGeoFields[] = {{"geoCoordinates", &kCoordinates}, {"distance", &kDistance}};
constexpr InputType kGeo{Kind::kObject, "WhereGeoRangeInpObj", kGeoFields, {}};

constexpr std::string_view kOperators[] = {"And", "Or", "Equal", "Not", "NotEqual", "GreaterThan", "GreaterThanEqual",
                                           "LessThan", "LessThanEqual", "Like", "WithinGeoRange", "IsNull", "ContainsAny",
                                           "ContainsAll", "ContainsNone"};
constexpr InputType kOperator{Kind::kEnum, "WhereOperatorEnum", {}, kOperators};
extern const InputType kOperands;
constexpr InputField kWhereFields[] = {
    {"operator", &kOperator},         {"path", &kStrings},          {"operands", &kOperands},
    {"valueText", &kTextValue},       {"valueString", &kStringValue}, {"valueDate", &kDateValue},
    {"valueInt", &kIntValue},         {"valueNumber", &kNumberValue}, {"valueBoolean", &kBooleanValue},
    {"valueGeoRange", &kGeo}};
constexpr InputType kWhere{Kind::kObject, "WhereInpObj", kWhereFields, {}};
constexpr InputType kOperandElement{Kind::kObject, "WhereOperandsInpObj", kWhereFields, {}};
constexpr InputType kOperands{Kind::kList, "", {}, {}, &kOperandElement};

constexpr std::string_view kCombinations[] = {"minimum", "average", "sum", "manualWeights", "relativeScore"};
constexpr InputType kCombination{Kind::kEnum, "TargetCombinationEnum", {}, kCombinations};
constexpr InputField kTargetsFields[] = {{"targetVectors", &kStrings}, {"combinationMethod", &kCombination}, {"weights", &kAny}};
constexpr InputType kTargets{Kind::kObject, "TargetInpObj", kTargetsFields, {}};

constexpr InputField kNearVectorFields[] = {{"vector", &kAny},     {"vectorPerTarget", &kAny},  {"certainty", &kFloat},
                                            {"distance", &kFloat}, {"targetVectors", &kStrings}, {"targets", &kTargets}};
constexpr InputType kNearVector{Kind::kObject, "NearVectorInpObj", kNearVectorFields, {}};
constexpr InputField kNearObjectFields[] = {{"id", &kString},      {"beacon", &kString},        {"certainty", &kFloat},
                                            {"distance", &kFloat}, {"targetVectors", &kStrings}, {"targets", &kTargets}};
constexpr InputType kNearObject{Kind::kObject, "NearObjectInpObj", kNearObjectFields, {}};

constexpr InputField kMovedFields[] = {{"id", &kString}, {"beacon", &kString}};
constexpr InputType kMoved{Kind::kObject, "MovementObjectsInpObj", kMovedFields, {}};
constexpr InputType kMovedObjects{Kind::kList, "", {}, {}, &kMoved};
constexpr InputField kMoveFields[] = {{"force", &kFloat}, {"concepts", &kStrings}, {"objects", &kMovedObjects}};
constexpr InputType kMove{Kind::kObject, "MoveInpObj", kMoveFields, {}};
constexpr InputField kNearTextFields[] = {{"concepts", &kStrings},  {"moveTo", &kMove},     {"moveAwayFrom", &kMove},
                                          {"certainty", &kFloat},   {"distance", &kFloat},  {"autocorrect", &kBoolean},
                                          {"targetVectors", &kStrings}, {"targets", &kTargets}};
constexpr InputType kNearText{Kind::kObject, "NearTextInpObj", kNearTextFields, {}};

constexpr std::string_view kSearchOperators[] = {"And", "Or", "AndCross"};
constexpr InputType kSearchOperatorWord{Kind::kEnum, "SearchOperatorEnum", {}, kSearchOperators};
constexpr InputField kSearchOperatorFields[] = {{"operator", &kSearchOperatorWord}, {"minimumOrTokensMatch", &kInt}};
constexpr InputType kSearchOperator{Kind::kObject, "SearchOperatorInpObj", kSearchOperatorFields, {}};
constexpr InputField kBm25Fields[] = {{"query", &kString}, {"properties", &kStrings}, {"searchOperator", &kSearchOperator}};
constexpr InputType kBm25{Kind::kObject, "BM25InpObj", kBm25Fields, {}};

constexpr std::string_view kFusions[] = {"rankedFusion", "relativeScoreFusion"};
constexpr InputType kFusion{Kind::kEnum, "FusionEnum", {}, kFusions};
constexpr InputField kSubSearchFields[] = {{"nearText", &kNearText}, {"nearVector", &kNearVector}};
constexpr InputType kSubSearch{Kind::kObject, "HybridSubSearch", kSubSearchFields, {}};
constexpr InputType kSubSearches{Kind::kList, "", {}, {}, &kSubSearch};
constexpr InputField kHybridFields[] = {
    {"query", &kString},         {"alpha", &kFloat},         {"vector", &kFloats},
    {"properties", &kStrings},   {"fusionType", &kFusion},   {"maxVectorDistance", &kFloat},
    {"targetVectors", &kStrings}, {"targets", &kTargets},    {"bm25SearchOperator", &kSearchOperator},
    {"searches", &kSubSearches}, {"operands", &kAny}};
constexpr InputType kHybrid{Kind::kObject, "HybridInpObj", kHybridFields, {}};

constexpr InputField kGroupByFields[] = {{"path", &kStrings}, {"groups", &kInt}, {"objectsPerGroup", &kInt}};
constexpr InputType kGroupBy{Kind::kObject, "GroupByInpObj", kGroupByFields, {}};
constexpr std::string_view kLevels[] = {"ONE", "QUORUM", "ALL"};
constexpr InputType kLevel{Kind::kEnum, "ConsistencyLevelEnum", {}, kLevels};

// Searches that both roots have. Media take their text under a name of their own, which the reader knows.
#define VECGATE_SEARCHES                                                                                              \
  {"nearVector", &kNearVector}, {"nearObject", &kNearObject}, {"nearText", &kNearText}, {"nearImage", &kAny},         \
      {"nearAudio", &kAny}, {"nearVideo", &kAny}, {"nearDepth", &kAny}, {"nearThermal", &kAny}, {"nearIMU", &kAny},   \
      {"hybrid", &kHybrid}, {"where", &kWhere}, {"tenant", &kString}, {"ask", &kAny}

constexpr InputField kGetArguments[] = {
    VECGATE_SEARCHES,      {"limit", &kInt},        {"offset", &kInt},  {"autocut", &kInt}, {"after", &kString},
    {"sort", &kSorts},     {"groupBy", &kGroupBy},  {"bm25", &kBm25},   {"group", &kAny},   {"consistencyLevel", &kLevel}};
constexpr InputField kAggregateArguments[] = {
    VECGATE_SEARCHES, {"limit", &kInt}, {"objectLimit", &kInt}, {"groupBy", &kStrings}};
#undef VECGATE_SEARCHES

const InputType* Find(std::span<const InputField> fields, std::string_view name) {
  for (const InputField& field : fields)
    if (field.name == name) return field.type;
  return nullptr;
}

constexpr size_t kMostMessages = 20;

class Checker {
 public:
  explicit Checker(std::string_view prefix) : prefix_(prefix) {}

  std::vector<std::string> messages;

  void Check(const InputType& type, const Value& value, const std::string& where) {
    if (value.kind == Value::Kind::kVariable || messages.size() >= kMostMessages) return;
    switch (type.kind) {
      case Kind::kAny: return;
      case Kind::kList:
        if (value.kind != Value::Kind::kList) return Check(*type.element, value, where);
        // The server numbers the faults of an element, not the elements.
        for (const Value& element : value.children) Check(*type.element, element, where + "In element #1: ");
        return;
      case Kind::kObject: return CheckObject(type, value, where);
      case Kind::kScalar:
        if (value.kind == Value::Kind::kList) {
          for (const Value& element : value.children)
            if (element.kind != Value::Kind::kVariable && !Fits(*type.element, element)) return TellType(type, value, where);
          return;
        }
        if (!Fits(*type.element, value)) TellType(type, value, where);
        return;
      default:
        if (!Fits(type, value)) TellType(type, value, where);
        return;
    }
  }

 private:
  static bool Fits(const InputType& type, const Value& value) {
    switch (type.kind) {
      case Kind::kString: return value.kind == Value::Kind::kString;
      case Kind::kFloat: return value.kind == Value::Kind::kFloat || value.kind == Value::Kind::kInt;
      case Kind::kInt: return value.kind == Value::Kind::kInt;
      case Kind::kBoolean: return value.kind == Value::Kind::kBool;
      case Kind::kEnum:
        if (value.kind != Value::Kind::kEnum) return false;
        for (const std::string_view word : type.words)
          if (word == value.text) return true;
        return false;
      default: return true;
    }
  }

  std::string NameOf(const InputType& type) const {
    if (type.kind == Kind::kScalar) return Concat(type.name, prefix_);
    if (type.kind == Kind::kEnum || type.kind == Kind::kObject) return Concat(prefix_, type.name);
    return std::string(type.name);
  }

  void TellType(const InputType& type, const Value& value, const std::string& where) {
    messages.push_back(Concat(where, "Expected type \"", NameOf(type), "\", found ", graphql::Graphql(value), "."));
  }

  void CheckObject(const InputType& type, const Value& value, const std::string& where) {
    if (value.kind != Value::Kind::kObject) {
      messages.push_back(Concat(where, "Expected \"", NameOf(type), "\", found not an object."));
      return;
    }
    for (const Value& member : value.children)
      if (Find(type.fields, member.name) == nullptr)
        messages.push_back(Concat(where, "In field \"", member.name, "\": Unknown field."));
    for (const Value& member : value.children)
      if (const InputType* field = Find(type.fields, member.name); field != nullptr)
        Check(*field, member, Concat(where, "In field \"", member.name, "\": "));
  }

  const std::string_view prefix_;
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

}  // namespace

std::vector<GraphQlFault> CheckArguments(const graphql::Document& document, GraphQlRoot root, std::string_view collection,
                                         graphql::Chain<Value> arguments) {
  const bool get = root == GraphQlRoot::kGet;
  const std::span<const InputField> known = get ? std::span<const InputField>(kGetArguments) : kAggregateArguments;
  const std::string prefix = Concat(get ? "GetObjects" : "AggregateObjects", collection);
  std::vector<GraphQlFault> faults;
  for (const Value& argument : arguments) {
    const InputType* type = Find(known, argument.name);
    if (type == nullptr) {
      faults.push_back({Concat("Unknown argument \"", argument.name, "\" on field \"", collection, "\" of type \"",
                               get ? "GetObjectsObj" : "AggregateObjectsObj", "\".", Suggestion(argument.name, known)),
                        {document.LocationOf(argument.name_offset)},
                        {}});
      continue;
    }
    Checker checker(prefix);
    checker.Check(*type, argument, "");
    if (checker.messages.empty()) continue;
    std::string text = Concat("Argument \"", argument.name, "\" has invalid value ", graphql::Graphql(argument), ".");
    for (const std::string& message : checker.messages) text += "\n" + message;
    faults.push_back({std::move(text), {document.LocationOf(argument.offset)}, {}});
  }
  return faults;
}

}  // namespace vecgate::translators::weaviate
