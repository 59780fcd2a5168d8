#include "weaviate/where.h"

#include "reading.h"

namespace vecgate::translators::weaviate {
namespace {

std::string Filter(std::string_view json, WhereForm form = WhereForm::kRest) {
  v1::Filters filters;
  const std::string fault = Read(json, [&](runtime::JsonReader& reader, const runtime::JsonValue& value) {
    return ReadWhere(reader, value, form, "BatchDeleteMatch", &filters);
  });
  return fault.empty() ? OneLine(filters) : fault;
}

std::string Echo(std::string_view json) {
  std::string echo;
  Read(json, [&](runtime::JsonReader&, const runtime::JsonValue& value) {
    echo = Printed([&](runtime::JsonWriter& writer) { WriteWhereEcho(value, writer); });
    return true;
  });
  return echo;
}

TEST(WhereTest, ValueKinds) {
  EXPECT_EQ(Filter(R"({"operator":"Equal","path":["title"],"valueText":"apple"})"),
            R"(operator: OPERATOR_EQUAL value_text: "apple" target { property: "title" })");
  EXPECT_EQ(Filter(R"({"operator":"NotEqual","path":["title"],"valueString":"house"})"),
            R"(operator: OPERATOR_NOT_EQUAL value_text: "house" target { property: "title" })");
  EXPECT_EQ(Filter(R"({"operator":"GreaterThan","path":["pages"],"valueInt":24000000000})"),
            R"(operator: OPERATOR_GREATER_THAN value_int: 24000000000 target { property: "pages" })");
  EXPECT_EQ(Filter(R"({"operator":"LessThanEqual","path":["price"],"valueNumber":5})"),
            R"(operator: OPERATOR_LESS_THAN_EQUAL value_number: 5 target { property: "price" })");
  EXPECT_EQ(Filter(R"({"operator":"IsNull","path":["pages"],"valueBoolean":true})"),
            R"(operator: OPERATOR_IS_NULL value_boolean: true target { property: "pages" })");
  EXPECT_EQ(Filter(R"({"operator":"GreaterThan","path":["published"],"valueDate":"2014-05-14T10:30:00+02:00"})"),
            R"(operator: OPERATOR_GREATER_THAN value_text: "2014-05-14T10:30:00+02:00" target { property: "published" })");
  EXPECT_EQ(Filter(R"({"operator":"WithinGeoRange","path":["loc"],
                       "valueGeoRange":{"geoCoordinates":{"latitude":60.1,"longitude":10.75},"distance":{"max":25000}}})"),
            R"(operator: OPERATOR_WITHIN_GEO_RANGE value_geo { latitude: 60.1 longitude: 10.75 distance: 25000 } )"
            R"(target { property: "loc" })");
}

TEST(WhereTest, Lists) {
  const std::string expected =
      R"(operator: OPERATOR_CONTAINS_ANY value_text_array { values: "a" values: "b" } target { property: "tags" })";
  EXPECT_EQ(Filter(R"({"operator":"ContainsAny","path":["tags"],"valueTextArray":["a","b"]})"), expected);
  EXPECT_EQ(Filter(R"({"operator":"ContainsAny","path":["tags"],"valueText":["a","b"]})", WhereForm::kGraphQl), expected);
  EXPECT_EQ(Filter(R"({"operator":"ContainsAny","path":"tags","valueText":["a","b"]})", WhereForm::kGraphQl), expected);
  EXPECT_EQ(Filter(R"({"operator":"ContainsAll","path":["years"],"valueInt":[2004,2014]})", WhereForm::kGraphQl),
            R"(operator: OPERATOR_CONTAINS_ALL value_int_array { values: 2004 values: 2014 } target { property: "years" })");
  EXPECT_EQ(Filter(R"({"operator":"ContainsAny","path":["scores"],"valueNumberArray":[0.5,14]})"),
            R"(operator: OPERATOR_CONTAINS_ANY value_number_array { values: 0.5 values: 14 } target { property: "scores" })");
  EXPECT_EQ(Filter(R"({"operator":"ContainsNone","path":["sold"],"valueBoolean":[true]})", WhereForm::kGraphQl),
            R"(operator: OPERATOR_CONTAINS_NONE value_boolean_array { values: true } target { property: "sold" })");
}

TEST(WhereTest, Paths) {
  EXPECT_EQ(Filter(R"({"operator":"Equal","path":["id"],"valueText":"x"})"),
            R"(operator: OPERATOR_EQUAL value_text: "x" target { property: "_id" })");
  EXPECT_EQ(Filter(R"x({"operator":"GreaterThan","path":["len(title)"],"valueInt":18})x"),
            R"x(operator: OPERATOR_GREATER_THAN value_int: 18 target { property: "len(title)" })x");
  EXPECT_EQ(Filter(R"({"operator":"Equal","path":["writtenBy","Author","employer","Publisher","id"],"valueText":"NL"})"),
            R"(operator: OPERATOR_EQUAL value_text: "NL" target { multi_target { on: "writtenBy" target { multi_target { )"
            R"(on: "employer" target { property: "_id" } target_collection: "Publisher" } } target_collection: "Author" } })");
}

TEST(WhereTest, TimesAreToldAsDates) {
  EXPECT_EQ(Filter(R"({"operator":"GreaterThan","path":["_creationTimeUnix"],"valueText":"1577836800000"})"),
            R"(operator: OPERATOR_GREATER_THAN value_text: "2020-01-01T00:00:00.000Z" target { property: "_creationTimeUnix" })");
  EXPECT_EQ(Filter(R"({"operator":"LessThan","valueDate":"2020-01-01T00:00:00Z","path":["_lastUpdateTimeUnix"]})"),
            R"(operator: OPERATOR_LESS_THAN value_text: "2020-01-01T00:00:00Z" target { property: "_lastUpdateTimeUnix" })");
}

TEST(WhereTest, Combinations) {
  EXPECT_EQ(Filter(R"({"operator":"And","operands":[{"operator":"Equal","path":["a"],"valueInt":1},
                       {"operator":"Not","operands":[{"operator":"Like","path":["b"],"valueText":"*x"}]}]})"),
            R"(operator: OPERATOR_AND filters { operator: OPERATOR_EQUAL value_int: 1 target { property: "a" } } )"
            R"(filters { operator: OPERATOR_NOT filters { operator: OPERATOR_LIKE value_text: "*x" target { property: "b" } } })");
}

TEST(WhereTest, ListsAndLoneValuesAreNotTheSameInRest) {
  EXPECT_EQ(Filter(R"({"operator":"Equal","path":"a","valueText":"x"})"),
            "400: json: cannot unmarshal string into Go struct field WhereFilter.path of type []string");
  EXPECT_EQ(Filter(R"({"operator":"Equal","path":["a"],"valueText":["x"]})"),
            "400: json: cannot unmarshal array into Go struct field WhereFilter.valueText of type string");
  EXPECT_EQ(Filter(R"({"operator":"ContainsAny","path":["a"],"valueIntArray":5})"),
            "400: json: cannot unmarshal number into Go struct field WhereFilter.valueIntArray of type []int64");
  EXPECT_EQ(Filter(R"({"operator":"And","operands":[5]})"),
            "400: json: cannot unmarshal number into Go struct field WhereFilter.operands of type models.WhereFilter");
}

TEST(WhereTest, RefusesInTheServersWords) {
  EXPECT_EQ(Filter(R"({"operator":"Equal","path":["title"]})"),
            "422: invalid where filter: got operator 'Equal', but no value<Type> field set");
  EXPECT_EQ(Filter(R"({"operator":"ContainsAny","path":["tags"],"valueTextArray":[]})"),
            "422: invalid where filter: got operator 'ContainsAny', but no value<Type> field set");
  EXPECT_EQ(Filter(R"({"operator":"Equal","valueText":"x"})"),
            "422: invalid where filter: field 'path': must have at least one element");
  EXPECT_EQ(Filter(R"({"operator":"And"})"),
            "422: invalid where filter: operator 'And', but no operands set - add at least one operand");
  EXPECT_EQ(Filter(R"({"path":["title"],"valueText":"x"})"), "422: unrecognized operator: ");
  EXPECT_EQ(Filter(R"({"operator":"Or","operands":[{"operator":"Equal","path":["a"],"valueInt":1},{"operator":"Equal"}]})"),
            "422: invalid where filter: operand 1: invalid where filter: got operator 'Equal', but no value<Type> field set");
  EXPECT_EQ(Filter(R"({"operator":"Equal","path":["a"],"valueInt":1,"valueText":"x"})"),
            R"(422: invalid where filter: found more than one values the clause '{"operands":null,"operator":"Equal",)"
            R"("path":["a"],"valueText":"x","valueInt":1}')");
  EXPECT_EQ(Filter(R"({"operator":"Sounds","path":["title"],"valueText":"x"})"),
            "606: operator in body should be one of [And Or Equal Like NotEqual GreaterThan GreaterThanEqual LessThan "
            "LessThanEqual WithinGeoRange IsNull ContainsAny ContainsAll ContainsNone Not]");
  EXPECT_EQ(Filter(R"({"operator":"Equal","path":["a"],"valueInt":"1"})"),
            "400: json: cannot unmarshal string into Go struct field WhereFilter.valueInt of type int64");
  EXPECT_EQ(Filter(R"({"operator":"Equal","path":["a"],"valueInt":1.5})"),
            "400: json: cannot unmarshal number 1.5 into Go struct field WhereFilter.valueInt of type int64");
}

TEST(WhereTest, EchoHasAllClausesTheSameMembers) {
  EXPECT_EQ(Echo(R"({"operator":"And","operands":[{"operator":"Equal","path":["tags"],"valueText":"odd"},
                     {"operator":"Not","operands":[{"operator":"GreaterThan","path":["pages"],"valueInt":10}]}]})"),
            R"({"operands":[{"operands":null,"operator":"Equal","path":["tags"],"valueText":"odd"},)"
            R"({"operands":[{"operands":null,"operator":"GreaterThan","path":["pages"],"valueInt":10}],"operator":"Not",)"
            R"("path":null}],"operator":"And","path":null})");
}

}  // namespace
}  // namespace vecgate::translators::weaviate
