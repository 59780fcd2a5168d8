#include "weaviate/graphql_input_types.h"

namespace vecgate::translators::weaviate {
namespace {

using Kind = InputType::Kind;

constexpr InputType kString{Kind::kString, "String"};
constexpr InputType kInt{Kind::kInt, "Int"};
constexpr InputType kFloat{Kind::kFloat, "Float"};
constexpr InputType kBoolean{Kind::kBoolean, "Boolean"};
constexpr InputType kAny{Kind::kAny, ""};
constexpr InputType kStrings{Kind::kList, "", {}, {}, &kString};
constexpr InputType kFloats{Kind::kList, "", {}, {}, &kFloat};

// --- sort, where -----------------------------------------------------------------------------------------------

constexpr std::string_view kOrders[] = {"asc", "desc"};
constexpr InputType kOrder{Kind::kEnum, "*SortInpObjTypeEnum", {}, kOrders};
constexpr InputField kSortFields[] = {{"path", &kStrings}, {"order", &kOrder}};
constexpr InputType kSort{Kind::kObject, "*SortInpObj", kSortFields};
constexpr InputType kSorts{Kind::kList, "", {}, {}, &kSort};

constexpr InputType kTextValue{Kind::kScalar, "Text*", {}, {}, &kString};
constexpr InputType kStringValue{Kind::kScalar, "TextString*", {}, {}, &kString};
constexpr InputType kDateValue{Kind::kScalar, "TextDate*", {}, {}, &kString};
constexpr InputType kIntValue{Kind::kScalar, "Int*", {}, {}, &kInt};
constexpr InputType kNumberValue{Kind::kScalar, "Float*", {}, {}, &kFloat};
constexpr InputType kBooleanValue{Kind::kScalar, "Boolean*", {}, {}, &kBoolean};

constexpr InputField kCoordinateFields[] = {{"latitude", &kFloat, true}, {"longitude", &kFloat, true}};
constexpr InputType kCoordinates{Kind::kObject, "*WhereGeoRangeGeoCoordinatesInpObj", kCoordinateFields};
constexpr InputField kDistanceFields[] = {{"max", &kFloat, true}};
constexpr InputType kDistance{Kind::kObject, "*WhereGeoRangeDistanceInpObj", kDistanceFields};
constexpr InputField kGeoFields[] = {{"geoCoordinates", &kCoordinates, true}, {"distance", &kDistance, true}};
constexpr InputType kGeo{Kind::kObject, "*WhereGeoRangeInpObj", kGeoFields};

constexpr std::string_view kOperators[] = {"And", "Or", "Equal", "Not", "NotEqual", "GreaterThan", "GreaterThanEqual",
                                           "LessThan", "LessThanEqual", "Like", "WithinGeoRange", "IsNull", "ContainsAny",
                                           "ContainsAll", "ContainsNone"};
constexpr InputType kOperator{Kind::kEnum, "*WhereOperatorEnum", {}, kOperators};
extern const InputType kOperands;
constexpr InputField kWhereFields[] = {
    {"operator", &kOperator},   {"path", &kStrings},           {"operands", &kOperands},    {"valueText", &kTextValue},
    {"valueString", &kStringValue}, {"valueDate", &kDateValue}, {"valueInt", &kIntValue},    {"valueNumber", &kNumberValue},
    {"valueBoolean", &kBooleanValue}, {"valueGeoRange", &kGeo}};
constexpr InputType kWhere{Kind::kObject, "*WhereInpObj", kWhereFields};
constexpr InputType kOperandElement{Kind::kObject, "*WhereOperandsInpObj", kWhereFields};
constexpr InputType kOperands{Kind::kList, "", {}, {}, &kOperandElement};

// --- searches by distance --------------------------------------------------------------------------------------
// Aggregate takes no combination of targets.

constexpr std::string_view kCombinations[] = {"minimum", "average", "sum", "manualWeights", "relativeScore"};
constexpr InputType kCombination{Kind::kEnum, "targetCombinationEnum", {}, kCombinations};
constexpr InputType kWeights{Kind::kWeights, "Weights"};
constexpr InputField kTargetsFields[] = {{"targetVectors", &kStrings}, {"combinationMethod", &kCombination}, {"weights", &kWeights}};
constexpr InputType kVectorTargets{Kind::kObject, "*nearVectorTargetInpObj", kTargetsFields};
constexpr InputType kObjectTargets{Kind::kObject, "*nearObjectTargetInpObj", kTargetsFields};
constexpr InputType kTextTargets{Kind::kObject, "*nearTextTargetInpObj", kTargetsFields};
constexpr InputType kMediaTargets{Kind::kObject, "*TargetInpObj", kTargetsFields};
constexpr InputType kHybridTargets{Kind::kObject, "*hybridTargetInpObj", kTargetsFields};

#define VECGATE_NEAR {"certainty", &kFloat}, {"distance", &kFloat}, {"targetVectors", &kStrings}

constexpr InputType kVector{Kind::kVector, "*NearVectorVectorScalar"};
constexpr InputType kVectors{Kind::kVectors, "VectorPerTarget"};
constexpr InputField kNearVectorFields[] = {
    {"vector", &kVector}, {"vectorPerTarget", &kVectors}, VECGATE_NEAR, {"targets", &kVectorTargets}};
constexpr std::span<const InputField> kNearVectorSpan = kNearVectorFields;
constexpr InputType kNearVector{Kind::kObject, "*NearVectorInpObj", kNearVectorSpan};
constexpr InputType kAggregateNearVector{Kind::kObject, "*NearVectorInpObj", kNearVectorSpan.first(kNearVectorSpan.size() - 1)};

constexpr InputField kNearObjectFields[] = {{"id", &kString}, {"beacon", &kString}, VECGATE_NEAR, {"targets", &kObjectTargets}};
constexpr std::span<const InputField> kNearObjectSpan = kNearObjectFields;
constexpr InputType kNearObject{Kind::kObject, "*NearObjectInpObj", kNearObjectSpan};
constexpr InputType kAggregateNearObject{Kind::kObject, "*NearObjectInpObj", kNearObjectSpan.first(kNearObjectSpan.size() - 1)};

constexpr InputField kMovedFields[] = {{"id", &kString}, {"beacon", &kString}};
constexpr InputType kMovedTo{Kind::kObject, "*MoveToMovementObjectsInpObj", kMovedFields};
constexpr InputType kMovedAway{Kind::kObject, "*MoveAwayFromMovementObjectsInpObj", kMovedFields};
constexpr InputType kAllMovedTo{Kind::kList, "", {}, {}, &kMovedTo};
constexpr InputType kAllMovedAway{Kind::kList, "", {}, {}, &kMovedAway};
constexpr InputField kMoveToFields[] = {{"force", &kFloat, true}, {"concepts", &kStrings}, {"objects", &kAllMovedTo}};
constexpr InputField kMoveAwayFields[] = {{"force", &kFloat, true}, {"concepts", &kStrings}, {"objects", &kAllMovedAway}};
constexpr InputType kMoveTo{Kind::kObject, "*MoveTo", kMoveToFields};
constexpr InputType kMoveAway{Kind::kObject, "*MoveAwayFrom", kMoveAwayFields};
constexpr InputField kNearTextFields[] = {{"concepts", &kStrings, true}, {"moveTo", &kMoveTo}, {"moveAwayFrom", &kMoveAway},
                                          {"autocorrect", &kBoolean},    VECGATE_NEAR,         {"targets", &kTextTargets}};
constexpr std::span<const InputField> kNearTextSpan = kNearTextFields;
constexpr InputType kNearText{Kind::kObject, "*NearTextInpObj", kNearTextSpan};
constexpr InputType kAggregateNearText{Kind::kObject, "*NearTextInpObj", kNearTextSpan.first(kNearTextSpan.size() - 1)};

// Names of these types begin with the module's, which cannot be known.
constexpr InputField kImageFields[] = {{"image", &kString, true}, VECGATE_NEAR, {"targets", &kMediaTargets}};
constexpr InputField kAudioFields[] = {{"audio", &kString, true}, VECGATE_NEAR, {"targets", &kMediaTargets}};
constexpr InputField kVideoFields[] = {{"video", &kString, true}, VECGATE_NEAR, {"targets", &kMediaTargets}};
constexpr InputField kDepthFields[] = {{"depth", &kString, true}, VECGATE_NEAR, {"targets", &kMediaTargets}};
constexpr InputField kThermalFields[] = {{"thermal", &kString, true}, VECGATE_NEAR, {"targets", &kMediaTargets}};
constexpr InputField kImuFields[] = {{"imu", &kString, true}, VECGATE_NEAR, {"targets", &kMediaTargets}};
constexpr InputType kNearImage{Kind::kObject, "*NearImageInpObj", kImageFields};
constexpr InputType kNearAudio{Kind::kObject, "*NearAudioInpObj", kAudioFields};
constexpr InputType kNearVideo{Kind::kObject, "*NearVideoInpObj", kVideoFields};
constexpr InputType kNearDepth{Kind::kObject, "*NearDepthInpObj", kDepthFields};
constexpr InputType kNearThermal{Kind::kObject, "*NearThermalInpObj", kThermalFields};
constexpr InputType kNearImu{Kind::kObject, "*NearIMUInpObj", kImuFields};
#undef VECGATE_NEAR

// --- keywords, hybrid ------------------------------------------------------------------------------------------

constexpr std::string_view kSearchOperators[] = {"And", "Or", "AndCross"};
constexpr InputType kSearchOperatorWord{Kind::kEnum, "*SearchesOperator", {}, kSearchOperators};
constexpr InputField kSearchOperatorFields[] = {{"operator", &kSearchOperatorWord}, {"minimumOrTokensMatch", &kInt}};
constexpr InputType kSearchOperator{Kind::kObject, "*Searches", kSearchOperatorFields};
constexpr InputField kBm25Fields[] = {{"query", &kString}, {"properties", &kStrings}, {"searchOperator", &kSearchOperator}};
constexpr InputType kBm25{Kind::kObject, "*HybridGetBm25InpObj", kBm25Fields};

constexpr std::string_view kFusions[] = {"rankedFusion", "relativeScoreFusion"};
constexpr InputType kFusion{Kind::kEnum, "FusionEnum", {}, kFusions};

constexpr InputField kSubSearchFields[] = {{"nearText", &kNearText}, {"nearVector", &kNearVector}};
constexpr InputType kSubSearch{Kind::kObject, "*SearchesInpObj", kSubSearchFields};
constexpr InputType kSubSearches{Kind::kList, "", {}, {}, &kSubSearch};
constexpr std::string_view kHybridScope = "*SubSearch";
constexpr InputField kHybridFields[] = {{"query", &kString},
                                        {"alpha", &kFloat},
                                        {"maxVectorDistance", &kFloat},
                                        {"vector", &kFloats},
                                        {"properties", &kStrings},
                                        {"fusionType", &kFusion},
                                        {"targetVectors", &kStrings},
                                        {"targets", &kHybridTargets, false, kHybridScope},
                                        {"bm25SearchOperator", &kSearchOperator, false, kHybridScope},
                                        {"searches", &kSubSearches, false, kHybridScope},
                                        {"operands", &kAny}};
constexpr InputType kHybrid{Kind::kObject, "*HybridInpObj", kHybridFields};

constexpr InputField kAggregateSubSearchFields[] = {{"nearText", &kAggregateNearText}, {"nearVector", &kAggregateNearVector}};
constexpr InputType kAggregateSubSearch{Kind::kObject, "*SearchesInpObj", kAggregateSubSearchFields};
constexpr InputType kAggregateSubSearches{Kind::kList, "", {}, {}, &kAggregateSubSearch};
constexpr std::string_view kAggregateHybridScope = "*HybridSubSearch";
constexpr InputField kAggregateHybridFields[] = {
    {"query", &kString},
    {"alpha", &kFloat},
    {"maxVectorDistance", &kFloat},
    {"vector", &kVector, false, kAggregateHybridScope},
    {"targetVectors", &kStrings},
    {"properties", &kStrings},
    {"bm25SearchOperator", &kSearchOperator, false, kAggregateHybridScope},
    {"searches", &kAggregateSubSearches, false, "*HybridSubSearchSearches"},
    {"operands", &kAny}};
constexpr InputType kAggregateHybrid{Kind::kObject, "*HybridInpObj", kAggregateHybridFields};

// --- what is left ----------------------------------------------------------------------------------------------

constexpr InputField kGroupByFields[] = {{"path", &kStrings, true}, {"groups", &kInt, true}, {"objectsPerGroup", &kInt, true}};
constexpr InputType kGroupBy{Kind::kObject, "*GroupByInpObj", kGroupByFields};
constexpr std::string_view kGroupWords[] = {"closest", "merge"};
constexpr InputType kGroupWord{Kind::kEnum, "*GroupInpObjTypeEnum", {}, kGroupWords};
constexpr InputField kGroupFields[] = {{"type", &kGroupWord}, {"force", &kFloat, true}};
constexpr InputType kGroup{Kind::kObject, "*GroupInpObj", kGroupFields};
constexpr std::string_view kLevels[] = {"ONE", "QUORUM", "ALL"};
constexpr InputType kLevel{Kind::kEnum, "*ConsistencyLevelEnum", {}, kLevels};

#define VECGATE_MEDIA                                                                                                    \
  {"nearImage", &kNearImage}, {"nearAudio", &kNearAudio}, {"nearVideo", &kNearVideo}, {"nearDepth", &kNearDepth},        \
      {"nearThermal", &kNearThermal}, {"nearIMU", &kNearImu}, {"where", &kWhere}, {"tenant", &kString}, {"ask", &kAny}

constexpr InputField kGet[] = {VECGATE_MEDIA,
                               {"nearVector", &kNearVector},
                               {"nearObject", &kNearObject},
                               {"nearText", &kNearText},
                               {"hybrid", &kHybrid},
                               {"bm25", &kBm25},
                               {"limit", &kInt},
                               {"offset", &kInt},
                               {"autocut", &kInt},
                               {"after", &kString},
                               {"sort", &kSorts},
                               {"groupBy", &kGroupBy},
                               {"group", &kGroup},
                               {"consistencyLevel", &kLevel, false, "*"}};
constexpr InputField kAggregate[] = {VECGATE_MEDIA,
                                     {"nearVector", &kAggregateNearVector},
                                     {"nearObject", &kAggregateNearObject},
                                     {"nearText", &kAggregateNearText, false, "Aggregate*"},
                                     {"hybrid", &kAggregateHybrid},
                                     {"limit", &kInt},
                                     {"objectLimit", &kInt},
                                     {"groupBy", &kStrings}};
#undef VECGATE_MEDIA

constexpr InputField kRerank[] = {{"property", &kString}, {"query", &kString}};

// Settings of providers stand beside these, under the provider's name.
constexpr InputField kSingleFields[] = {{"prompt", &kString}, {"debug", &kBoolean}};
constexpr InputType kSingle{Kind::kObject, "*IndividualResultsArg", kSingleFields, {}, nullptr, true};
constexpr InputField kGroupedFields[] = {{"task", &kString}, {"properties", &kStrings}, {"debug", &kBoolean}};
constexpr InputType kGrouped{Kind::kObject, "*AllResultsArg", kGroupedFields, {}, nullptr, true};
constexpr InputField kGenerate[] = {{"singleResult", &kSingle, false, "*"}, {"groupedResult", &kGrouped, false, "*"}};

constexpr InputField kTopOccurrences[] = {{"limit", &kInt}};

}  // namespace

std::string Starred(std::string_view pattern, std::string_view name) {
  const size_t star = pattern.find('*');
  if (star == std::string_view::npos) return std::string(pattern);
  return std::string(pattern.substr(0, star)).append(name).append(pattern.substr(star + 1));
}

constexpr std::span<const InputField> kGetArguments = kGet;
constexpr std::span<const InputField> kAggregateArguments = kAggregate;
constexpr std::span<const InputField> kRerankArguments = kRerank;
constexpr std::span<const InputField> kGenerateArguments = kGenerate;
constexpr std::span<const InputField> kTopOccurrencesArguments = kTopOccurrences;

}  // namespace vecgate::translators::weaviate
