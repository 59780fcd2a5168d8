// What the generated readers and writers of the nasty schema do.
#include <algorithm>

#include "nasty.h"

namespace nasty_test {
namespace {

using vecgate::runtime::ShapeEntry;

std::vector<std::string> Texts(auto... texts) { return {texts...}; }

const ShapeEntry* FindShape(std::string_view name) {
  const auto shapes = nasty::Shapes();
  const auto found =
      std::find_if(shapes.begin(), shapes.end(), [&](const ShapeEntry& shape) { return shape.name == name; });
  return found == shapes.end() ? nullptr : &*found;
}

// ---- kinds of fields

TEST(NastyScalarsTest, ExtremesComeBackAsTheyWere) {
  const std::string json =
      R"({"a_bool":true,"a_string":"\u0001\"é","an_int32":-2147483648,"a_sint32":2147483647,"an_sfixed32":-1,)"
      R"("an_int64":-9223372036854775808,"a_sint64":9223372036854775807,"an_sfixed64":-1,"a_uint32":4294967295,)"
      R"("a_fixed32":1,"a_uint64":18446744073709551615,"a_fixed64":1,"a_float":0.1,"a_double":0.1,)"
      R"("a_colour":"infra-red","a_bool_message":{"bool":true}})";
  EXPECT_EQ(Through(nasty::ReadScalars, nasty::WriteScalars, json), json);
}

TEST(NastyScalarsTest, ZeroesArePrintedWhereThereIsNoPresence) {
  EXPECT_EQ(Print(nasty::WriteScalars, v1::Scalars()),
            R"({"a_bool":false,"a_string":"","an_int32":0,"a_sint32":0,"an_sfixed32":0,"an_int64":0,"a_sint64":0,)"
            R"("an_sfixed64":0,"a_uint32":0,"a_fixed32":0,"a_uint64":0,"a_fixed64":0,"a_float":0.0,"a_double":0.0,)"
            R"("a_colour":"red"})");
}

TEST(NastyScalarsTest, RangesAreThoseOfTheFields) {
  EXPECT_EQ(Read(nasty::ReadScalars, R"({"an_int32":2147483648})").fault,
            "invalid value: integer `2147483648`, expected i32 (an_int32)");
  EXPECT_EQ(Read(nasty::ReadScalars, R"({"a_fixed32":-1})").fault,
            "invalid value: integer `-1`, expected u32 (a_fixed32)");
  EXPECT_EQ(Read(nasty::ReadScalars, R"({"an_sfixed64":9223372036854775808})").fault,
            "invalid value: integer `9223372036854775808`, expected i64 (an_sfixed64)");
  EXPECT_EQ(Read(nasty::ReadScalars, R"({"a_bool":null})").fault, "invalid type: null, expected a boolean (a_bool)");
  EXPECT_EQ(Read(nasty::ReadScalars, R"({"a_bool_message":5})").fault,
            "invalid type: integer `5`, expected struct Bool (a_bool_message)");
}

TEST(NastyScalarsTest, BytesHaveNoKey) {
  const auto reading = Read(nasty::ReadScalars, R"({"some_bytes":{}})");
  EXPECT_TRUE(reading.ok);
  EXPECT_EQ(reading.message.some_bytes(), "");
}

TEST(NastyScalarsTest, NumbersOfAnEnumWithoutNamePrintAsNull) {
  v1::Lists lists;
  lists.add_colours(static_cast<v1::Colour>(77));
  EXPECT_NE(Print(nasty::WriteLists, lists).find(R"("colours":[null])"), std::string::npos);
}

TEST(NastyScalarsTest, NumbersWithoutNameMayHaveAWordOfTheirOwn) {
  v1::ExistsReply reply;
  reply.set_exists(v1::UP);
  EXPECT_EQ(Print(nasty::WriteExistsReply, reply), R"({"exists":"up"})");
  reply.set_exists(v1::ORDER_UNKNOWN);
  EXPECT_EQ(Print(nasty::WriteExistsReply, reply), "{}");
  reply.set_exists(static_cast<v1::Order>(77));
  EXPECT_EQ(Print(nasty::WriteExistsReply, reply), R"({"exists":"down"})");
}

TEST(NastyOptionalsTest, UnsetIsNotZero) {
  const std::string zeroes =
      R"({"a_bool":false,"a_string":"","an_int32":0,"an_int64":0,"a_uint32":0,"a_uint64":0,"a_float":0.0,"a_double":0.0,)"
      R"("a_colour":"red","a_bool_message":{"bool":false}})";
  EXPECT_EQ(Through(nasty::ReadOptionals, nasty::WriteOptionals, zeroes), zeroes);
  EXPECT_EQ(Through(nasty::ReadOptionals, nasty::WriteOptionals, "{}"), "{}");
}

TEST(NastyOptionalsTest, NullIsUnset) {
  EXPECT_EQ(Through(nasty::ReadOptionals, nasty::WriteOptionals,
                    R"({"a_bool":null,"a_string":null,"a_uint64":null,"a_colour":null,"a_bool_message":null})"),
            "{}");
}

TEST(NastyListsTest, OfEverything) {
  const std::string json =
      R"({"times":["2001-02-03T04:05:06.007"],"bools":[true,false],"strings":["","a"],"int32s":[-1],"int64s":[-1],)"
      R"("uint32s":[1],"uint64s":[1],"floats":[0.5,1e+38],"doubles":[0.5],"colours":["red","green"],)"
      R"("empties":[{},{}],"lists":[],"unpacked":[1,2]})";
  std::string nested = json;
  nested.replace(nested.find(R"("lists":[])"), 10, R"("lists":[)" + json + "]");
  EXPECT_EQ(Through(nasty::ReadLists, nasty::WriteLists, nested), nested);
}

TEST(NastyListsTest, TellWhichElementIsWrong) {
  EXPECT_EQ(Read(nasty::ReadLists, R"({"lists":[{},{"colours":["red","blue"]}]})").fault,
            "no colour (lists[1].colours[1])");
}

TEST(NastyMapsTest, OfEverythingInOrderOfTheirKeys) {
  const std::string json =
      R"({"times":{"t":"2001-02-03T04:05:06"},"bools":{"":true,"a":false},"strings":{"a\"b":"c"},"int32s":{"x":-1},)"
      R"("int64s":{"x":-1},"uint32s":{"x":1},"uint64s":{"x":1},"floats":{"x":0.1},"doubles":{"x":0.1},)"
      R"("colours":{"x":"infra-red"},"empties":{"x":{}},"maps":{}})";
  std::string nested = json;
  nested.replace(nested.find(R"("maps":{})"), 9, R"("maps":{"é":)" + json + "}");
  EXPECT_EQ(Through(nasty::ReadMaps, nasty::WriteMaps, nested), nested);
  const auto reading = Read(nasty::ReadMaps, R"({"int32s":{"b":1,"a":2,"b":3}})");
  EXPECT_NE(Print(nasty::WriteMaps, reading.message).find(R"("int32s":{"a":2,"b":3})"), std::string::npos);
}

TEST(NastyMapsTest, LastOfEqualKeysWinsWhole) {
  const auto reading = Read(nasty::ReadMaps, R"({"maps":{"k":{"bools":{"a":true}},"k":{}}})");
  ASSERT_TRUE(reading.ok);
  EXPECT_TRUE(reading.message.maps().at("k").bools().empty());
}

TEST(NastyChoicesTest, ByTypeThenByKey) {
  using Case = v1::Choices::ChoiceCase;
  const std::pair<const char*, Case> cases[] = {
      {"false", v1::Choices::kABool},
      {"\"\"", v1::Choices::kAString},
      {"-1", v1::Choices::kAnInt64},
      {"9223372036854775808", v1::Choices::kAUint64},
      {"0.0", v1::Choices::kADouble},
      {"18446744073709551616", v1::Choices::kADouble},
      {R"({"colour":"red"})", v1::Choices::kAColour},
      {R"({"empty":{}})", v1::Choices::kEmpty},
      {R"({"choices":{"choices":[1]},"empty":{}})", v1::Choices::kEmpty},
      {R"({"choices":{"choices":1}})", v1::Choices::kChoices},
      {R"({"time":"2020-01-01"})", v1::Choices::kTime},
  };
  for (const auto& [json, expected] : cases) {
    const auto reading = Read(nasty::ReadChoices, json);
    EXPECT_TRUE(reading.ok) << json;
    EXPECT_EQ(reading.message.choice_case(), expected) << json;
  }
  EXPECT_EQ(Read(nasty::ReadChoices, R"({"colour":"blue"})").fault, "no choice");
  EXPECT_EQ(Read(nasty::ReadChoices, "[]").fault, "no choice");
}

TEST(NastyChoicesTest, ChosenZeroIsPrinted) {
  for (const char* json :
       {"false", "\"\"", "0", "0.0", R"({"colour":"red"})", R"({"empty":{}})", R"({"choices":{"choices":0}})"})
    EXPECT_EQ(Through(nasty::ReadChoices, nasty::WriteChoices, json), json);
  EXPECT_EQ(Print(nasty::WriteChoices, v1::Choices()), "null");
}

TEST(NastyKeywordsTest, AreNamesLikeOthers) {
  const std::string json =
      R"({"int":0,"class":1,"namespace":"n","operator":[0.5],"template":{"t":true},"mutable":[],"constexpr":["red"],)"
      R"("NULL":{"bool":true},"alignas":"a","nullptr":true,"and_eq":0.5,"Camel":true,"public":[{"operator":"-"}],)"
      R"("private":{"p":"+"}})";
  EXPECT_EQ(Through(nasty::ReadKeywords, nasty::WriteKeywords, json), json);
  const auto reading = Read(nasty::ReadKeywords, R"({"typename":{"switch":"s"},"mutable":[{"explicit":"red"}]})");
  ASSERT_TRUE(reading.ok) << reading.fault;
  EXPECT_EQ(reading.message.typename_().switch_(), "s");
  EXPECT_TRUE(reading.message.mutable_(0).has_explicit_());
}

TEST(NastyTreeTest, IsRecursiveInAllWays) {
  const std::string json =
      R"({"größe":"a","to the left":{"größe":"b","branches":[],"roots":{}},)"
      R"("branches":[{"größe":"c","branches":[],"roots":{}}],"roots":{"r":{"größe":"d","branches":[],"roots":{}}}})";
  EXPECT_EQ(Through(nasty::ReadTree, nasty::WriteTree, json), json);
  EXPECT_EQ(Read(nasty::ReadTree, R"({"to the left":{"branches":[{"größe":1}]}})").fault,
            "invalid type: integer `1`, expected a string ([\"to the left\"].branches[0][\"größe\"])");
}

TEST(NastyOuterTest, NestedTypesKeepTheirOuterOnes) {
  const std::string json =
      R"({"middle":{"inner":[{"depth":"deep","up":{"inner":[]}}]},"inners":{"i":{"depth":"shallow"}},"depth":"deep"})";
  EXPECT_EQ(Through(nasty::ReadOuter, nasty::WriteOuter, json), json);
}

TEST(NastyAnyTest, ObjectsOfTheSameNameAreKeptApart) {
  const ShapeEntry* object = FindShape("Object");
  const ShapeEntry* any_object = FindShape("AnyObject");
  ASSERT_NE(object, nullptr);
  ASSERT_NE(any_object, nullptr);
  EXPECT_EQ(object->prototype()->GetTypeName(), "nasty.v1.Object");
  EXPECT_EQ(any_object->prototype()->GetTypeName(), "nasty.v1.Any.Object");
  v1::Any::Object message;
  (*message.mutable_fields())["a"].set_bool_value(true);
  vecgate::runtime::OutputBuffer buffer;
  JsonWriter writer(buffer);
  any_object->write(message, writer);
  EXPECT_EQ(buffer.view(), R"({"a":true})");
}

TEST(NastyShapesTest, TableHasEveryShapeOnce) {
  std::vector<std::string_view> names;
  for (const ShapeEntry& shape : nasty::Shapes()) names.push_back(shape.name);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  EXPECT_NE(FindShape("FindRequest_Noted"), nullptr);
  EXPECT_EQ(FindShape("QueryVariant2"), nullptr) << "parts of a union are not shapes";
}

// ---- keys

constexpr vecgate::runtime::Flags kPayload = 1, kParentPayload = 2, kCopyPayload = 4;

TEST(NastyThingTest, AbsentKeysGetWhatTheRulesSay) {
  const auto reading = Read(nasty::ReadThing, R"({"id":1})");
  ASSERT_TRUE(reading.ok) << reading.fault;
  EXPECT_EQ(reading.message.kind(), "thing");
  EXPECT_EQ(reading.message.order(), v1::UP);
  EXPECT_EQ(reading.message.size().unit(), "m");
  EXPECT_FALSE(reading.message.has_colour());
  EXPECT_FALSE(reading.message.has_pinned());
}

TEST(NastyThingTest, NullIsToldFromAbsentWhereTheRulesSay) {
  const auto reading =
      Read(nasty::ReadThing, R"({"id":1,"unit":null,"score":null,"colour":null,"parent":null,"labels":null})");
  ASSERT_TRUE(reading.ok) << reading.fault;
  EXPECT_EQ(reading.message.size().unit(), "?");
  EXPECT_EQ(Read(nasty::ReadThing, R"({"id":1,"kind":null})").fault, "expected value (kind)");
  EXPECT_FALSE(Read(nasty::ReadThing, R"({"id":null})").ok);
}

TEST(NastyThingTest, PrintsNullSkipsOrHidesAsTheRulesSay) {
  v1::Thing thing;
  thing.mutable_id()->set_num(7);
  thing.set_secret(9);
  EXPECT_EQ(Print(nasty::WriteThing, thing),
            R"({"id":7,"colour":null,"since":null,"score":0.0,"kind":"","copies":[]})");
  thing.set_colour(v1::EMERALD);
  thing.mutable_pinned();
  thing.set_order(v1::DOWN);
  thing.mutable_size()->set_height(1.5);
  thing.mutable_since()->set_seconds(1);
  thing.add_labels()->set_text("l");
  EXPECT_EQ(Print(nasty::WriteThing, thing),
            R"({"id":7,"colour":"green","labels":[{"text":"l","weight":0}],"since":"1970-01-01T00:00:01","score":0.0,)"
            R"("pinned":true,"kind":"","copies":[],"order":"down","height":1.5,"width":0.0})");
}

TEST(NastyThingTest, FalsePresenceLeavesTheMessageOut) {
  EXPECT_FALSE(Read(nasty::ReadThing, R"({"id":1,"pinned":false})").message.has_pinned());
  EXPECT_TRUE(Read(nasty::ReadThing, R"({"id":1,"pinned":true})").message.has_pinned());
}

TEST(NastyThingTest, AliasesReadAsOneKey) {
  EXPECT_EQ(Read(nasty::ReadThing, R"({"id":1,"tags":[{"text":"a"},["b",2]]})").message.labels_size(), 2);
  EXPECT_EQ(Read(nasty::ReadThing, R"({"id":1,"label":{"text":"alone"}})").message.labels(0).text(), "alone");
  EXPECT_EQ(Read(nasty::ReadThing, R"({"id":1,"label":[],"tags":[]})").fault, "duplicate field `labels` (tags)");
}

TEST(NastyThingTest, IgnoredKeyMayHoldAnything) {
  EXPECT_TRUE(Read(nasty::ReadThing, R"({"id":1,"revision":{"x":[1]},"unheard of":2})").ok);
}

TEST(NastyThingTest, WordsAreSpeltOneWay) {
  EXPECT_EQ(Read(nasty::ReadThing, R"({"id":1,"kind":"object"})").message.kind(), "thing");
  EXPECT_EQ(Read(nasty::ReadThing, R"({"id":1,"kind":"ghost"})").fault,
            "unknown variant `ghost`, expected `thing` or `being` (kind)");
}

TEST(NastyThingTest, MissingAndRequired) {
  EXPECT_EQ(Read(nasty::ReadThing, "{}").fault, "missing field `id`");
  EXPECT_EQ(Read(nasty::ReadThing, "[]").fault, "invalid type: sequence, expected a thing");
}

TEST(NastyThingTest, FlagsHoldForTheirOwnPart) {
  v1::Thing thing;
  (*thing.mutable_payload())["p"] = v1::Any();
  thing.mutable_parent();
  thing.add_copies();
  auto shown = [&](vecgate::runtime::Flags flags) {
    const std::string text = Print(nasty::WriteThing, thing, flags);
    std::vector<std::string> found;
    for (size_t at = text.find("\"payload\":{"); at != std::string::npos; at = text.find("\"payload\":{", at + 1))
      found.push_back(text.substr(at + 10, text.find('}', at) - at - 9));
    return found;
  };
  EXPECT_EQ(shown(0), Texts());
  EXPECT_EQ(shown(kPayload), Texts(R"({"p":null})"));
  EXPECT_EQ(shown(kParentPayload), Texts("{}"));
  EXPECT_EQ(shown(kCopyPayload), Texts("{}"));
  EXPECT_EQ(shown(kPayload | kParentPayload | kCopyPayload), Texts("{}", "{}", R"({"p":null})"));
}

TEST(NastyLabelTest, ListHoldsTheValuesInOrder) {
  EXPECT_EQ(Through(nasty::ReadLabel, nasty::WriteLabel, R"(["a",3])"), R"({"text":"a","weight":3})");
  EXPECT_EQ(Through(nasty::ReadLabel, nasty::WriteLabel, R"({"text":"a"})"), R"({"text":"a","weight":1})");
  EXPECT_EQ(Read(nasty::ReadLabel, R"(["a"])").fault, "invalid length 1, expected struct Label with 2 elements");
  EXPECT_EQ(Read(nasty::ReadLabel, R"(["a",1,2])").fault.substr(0, 16), "invalid length 3");
  EXPECT_EQ(Read(nasty::ReadLabel, R"({"text":"a","extra":1})").fault,
            "unknown field `extra`, expected `text` or `weight` (extra)");
  EXPECT_EQ(Read(nasty::ReadLabel, R"({"text":"a","weight":-1})").fault,
            "invalid value: integer `-1`, expected a weight (weight)");
}

TEST(NastySizeTest, LastOfEqualKeysCounts) {
  EXPECT_EQ(Through(nasty::ReadSize, nasty::WriteSize, R"({"height":"tall","unit":"mm","height":2,"width":1})"),
            R"({"unit":"mm","height":2.0,"width":1.0})");
}

TEST(NastyUsageTest, NothingUsedIsUnset) {
  v1::Thing thing;
  thing.mutable_usage()->mutable_tokens();
  EXPECT_EQ(Print(nasty::WriteThing, thing).find("usage"), std::string::npos);
  (*thing.mutable_usage()->mutable_tokens()->mutable_models())["m"] = 3;
  EXPECT_NE(Print(nasty::WriteThing, thing).find(R"("usage":{"tokens":{"models":{"m":3}}})"), std::string::npos);
  thing.mutable_usage()->clear_tokens();
  thing.mutable_usage()->mutable_hardware();
  EXPECT_NE(Print(nasty::WriteThing, thing).find(R"("usage":{"tokens":null,"hardware":{"cpu":0}})"), std::string::npos);
}

// ---- limits and checks

struct Invalid {
  const char* json;
  const char* violation;
};

TEST(NastyLimitedTest, TellsEveryBound) {
  const Invalid cases[] = {
      {R"({"top":0})", "top: 0 is not within 1 and 1234567890"},
      {R"({"top":1234567891})", "top: 1234567891 is not within 1 and 1234567890"},
      {R"({"top":99999999999})", "top: 4294967295 is not within 1 and 1234567890"},
      {R"({"ratio":0.125})", "ratio: a bad ratio"},
      {R"({"name":"a"})", "name: \"a\" is not 2 to 5 long"},
      {R"({"name":"aaaaaa"})", "name: \"aaaaaa\" is not 2 to 5 long"},
      {R"({"name":"a/b"})", "name: holds \"/\""},
      {R"({"name":"a\u0000b"})", std::string_view("name: holds \"\0\"", 16).data()},
      {R"({"colour":"red"})", "colour: too red"},
      {R"({"colour":"infra-red"})", "colour: too red"},
      {R"({"code":"äöüß"})", "code: \"äöüß\" is not 3 long"},
      {R"({"far":-0.1234567890121})", "far: -0.1234567890121 is below -0.123456789012"},
  };
  for (const Invalid& invalid : cases) {
    const auto reading = Read(nasty::ReadLimited, invalid.json);
    EXPECT_FALSE(reading.ok) << invalid.json;
    ASSERT_EQ(reading.violations.size(), 1u) << invalid.json << reading.fault;
    EXPECT_STREQ(reading.violations[0].c_str(), invalid.violation);
  }
}

TEST(NastyLimitedTest, TakesWhatIsWithin) {
  for (const char* json :
       {R"({"top":1})", R"({"top":1234567890})", R"({"ratio":0.25})", R"({"ratio":0.75})", R"({"name":"ää"})",
        R"({"colour":"green"})", R"({"code":"äöü"})", R"({"far":-0.123456789012})", R"({"path":"a.b[]"})"})
    EXPECT_TRUE(Read(nasty::ReadLimited, json).ok) << json;
}

TEST(NastyLimitedTest, ZeroIsNoNonzeroNumber) {
  EXPECT_EQ(Read(nasty::ReadLimited, R"({"nonzero":0})").fault,
            "invalid value: integer `0`, expected a nonzero u32 (nonzero)");
  EXPECT_EQ(Read(nasty::ReadLimited, R"({"path":"a..b"})").fault, "Invalid json path: 'a..b' (path)");
}

TEST(NastyCheckedTest, PlacesOfListsAndMaps) {
  EXPECT_EQ(Read(nasty::ReadChecked, R"({"listed":[{},{"top":0}]})").violations,
            Texts("list[1].part.top: 0 is not within 1 and 1234567890"));
  EXPECT_EQ(Read(nasty::ReadChecked, R"({"by name":{"a":{"code":""}}})").violations,
            Texts("by_name.?.code: \"\" is not 3 long"));
  EXPECT_EQ(Read(nasty::ReadChecked, R"({"by name":{"a":{"code":""},"b":{},"c":{"code":"c"}}})").violations,
            Texts("by_name.?[0].code: \"\" is not 3 long", "by_name.?[1].code: \"c\" is not 3 long"));
  EXPECT_EQ(Read(nasty::ReadChecked, R"({"unlisted":[{"top":0}]})").violations, Texts());
}

TEST(NastyCheckedTest, AnyOfSeveralMustBeSet) {
  EXPECT_EQ(Read(nasty::ReadChecked, "{}").violations, Texts(": nothing at all"));
  EXPECT_EQ(Read(nasty::ReadChecked, R"({"left":{},"right":1,"indices":[]})").violations, Texts()) << "left is no id";
  for (const char* json :
       {R"({"indices":[1]})", R"({"left":1})", R"({"on":false})", R"({"left_shelf":""})", R"({"unlisted":[{}]})"})
    EXPECT_TRUE(Read(nasty::ReadChecked, json).ok) << json;
  EXPECT_FALSE(Read(nasty::ReadChecked, R"({"left":"67e55044-10b1-426f-9247-bb680e5fe0c8","right":1})").ok);
}

TEST(NastyCheckedTest, EveryKindOfCheck) {
  auto violations = [](auto read, const char* json) { return Read(read, json).violations; };
  using namespace nasty;
  EXPECT_EQ(violations(ReadChecked_CheckedVectors, R"({"indices":[1,1],"values":[1]})"),
            Texts("values: 1 values, 2 indices", "indices: an index twice"));
  EXPECT_EQ(violations(ReadChecked_CheckedVectors, R"({"indices":[1,2],"values":[1,1]})"), Texts());
  EXPECT_EQ(violations(ReadChecked_CheckedRows, R"({"rows":[[1,2],[]]})"),
            Texts("rows[1].cells: 0 cells are too few", "rows: an empty row", "rows: a row of 0"));
  EXPECT_EQ(violations(ReadChecked_CheckedRows, R"({"rows":[[1,2],[3,4]]})"), Texts());
  EXPECT_EQ(violations(ReadChecked_CheckedRing, R"({"ring":[{"x":1,"y":2},{"x":1,"y":3}]})"),
            Texts("ring: an open ring"));
  EXPECT_EQ(violations(ReadChecked_CheckedRing, R"({"ring":[{"x":1},{"x":5},{"x":1,"y":0}]})"), Texts());
  EXPECT_EQ(violations(ReadChecked_CheckedSwitches, R"({"on":false,"off":false})"), Texts("on: neither on nor off"));
  EXPECT_EQ(violations(ReadChecked_CheckedSwitches, R"({"on":false})"), Texts());
  EXPECT_EQ(violations(ReadChecked_CheckedRange, R"({"low":2,"high":1.5})"), Texts(": 2 is not below 1.5"));
  EXPECT_EQ(violations(ReadChecked_CheckedRange, R"({"low":-1234568,"high":0})"),
            Texts("low: -1234568 is out of range"));
  EXPECT_EQ(violations(ReadChecked_CheckedRange, R"({"low":-1234567.5,"high":0})"), Texts());
  EXPECT_EQ(violations(ReadChecked_CheckedSides, R"({"left":1,"right":1})"), Texts("left: 1 on both sides"));
  EXPECT_EQ(violations(ReadChecked_CheckedSides, R"({"left":1,"right":1,"left_shelf":"a","right_shelf":"a"})"),
            Texts("left: 1 on both sides"));
  EXPECT_EQ(violations(ReadChecked_CheckedSides, R"({"left":1,"right":1,"left_shelf":"a","right_shelf":"b"})"),
            Texts());
  EXPECT_EQ(violations(ReadChecked_CheckedSides, R"({"left":1,"right":2})"), Texts());
}

TEST(NastyCheckedTest, ChecksThatAreFaults) {
  const auto refused = Read(nasty::ReadChecked_CheckedWords, R"({"words":[],"anything":["x"]})");
  EXPECT_EQ(refused.refused, 400u);
  EXPECT_EQ(refused.fault, "no words");
  const auto broken = Read(nasty::ReadChecked_CheckedWords, "{}");
  EXPECT_EQ(broken.refused, 0u);
  EXPECT_EQ(broken.fault, "anything but nothing");
  EXPECT_EQ(broken.column, 0u) << "told without its place";
  EXPECT_TRUE(Read(nasty::ReadChecked_CheckedWords, R"({"anything":["x"],"words":null})").ok);
  const auto located = Read(nasty::ReadSpot, R"({"x":200})");
  EXPECT_EQ(located.fault, "x = 200 is not on the map");
  EXPECT_EQ(located.column, 9u);
}

// ---- unions

TEST(NastyIndexTest, TagChooses) {
  const auto word = Read(nasty::ReadIndex, R"({"exact":true,"type":"word"})");
  ASSERT_TRUE(word.ok) << word.fault;
  EXPECT_TRUE(word.message.word().exact());
  EXPECT_EQ(word.message.family(), "words");
  EXPECT_EQ(Print(nasty::WriteIndex, word.message), R"({"type":"word","exact":true})");
  EXPECT_EQ(Through(nasty::ReadIndex, nasty::WriteIndex, R"({"type":"none"})"), R"({"type":"none"})");
}

TEST(NastyIndexTest, TagIsNeededKnownAndAvailable) {
  EXPECT_EQ(Read(nasty::ReadIndex, "{}").fault, "missing field `type`");
  EXPECT_EQ(Read(nasty::ReadIndex, R"({"type":1})").fault, "invalid type: integer `1`, expected variant identifier");
  EXPECT_EQ(Read(nasty::ReadIndex, R"({"type":"x"})").fault, "no such index");
  const auto unavailable = Read(nasty::ReadIndex, R"({"type":"vector"})");
  EXPECT_EQ(unavailable.refused, 501u);
  EXPECT_EQ(unavailable.fault, "no an index of vectors here");
  EXPECT_EQ(Read(nasty::ReadIndex_SmallIndex, R"({"kind":"x"})").fault,
            "unknown variant `x`, expected `word` or `number`");
}

TEST(NastyQueryTest, FirstVariantThatFitsAndReadsWins) {
  using Case = v1::Query::VariantCase;
  const std::pair<const char*, Case> cases[] = {
      {"7", v1::Query::kNearest},
      {R"({"id":7,"mixing":"even"})", v1::Query::kNear},
      {R"([7,{"share":0.5},true])", v1::Query::kNear},
      {R"({"order":"up","text":"t"})", v1::Query::kOrder},
      {R"("everything")", v1::Query::kAll},
      {R"({"like":{"id":1}})", v1::Query::kLike},
      {R"({"text":"t"})", v1::Query::kText},
      {R"({"after":"2020-01-01"})", v1::Query::kAfter},
      {R"({"x":1,"y":2})", v1::Query::kSpot},
  };
  for (const auto& [json, expected] : cases) {
    const auto reading = Read(nasty::ReadQuery, json);
    EXPECT_TRUE(reading.ok) << json << ": " << reading.fault;
    EXPECT_EQ(reading.message.variant_case(), expected) << json;
  }
}

TEST(NastyQueryTest, ATakenBackVariantLeavesNothing) {
  const auto reading = Read(nasty::ReadQuery, R"({"id":7,"exact":true,"unknown":1,"order":"down"})");
  ASSERT_TRUE(reading.ok) << reading.fault;
  EXPECT_EQ(reading.message.DebugString(), "order: DOWN\n");
}

TEST(NastyQueryTest, FaultsOfAFinalVariantAreTold) {
  EXPECT_EQ(Read(nasty::ReadQuery, R"({"like":{"id":1,"score":"x"}})").fault,
            "Invalid type string \"x\". Expected f32 (like.score)");
  EXPECT_EQ(Read(nasty::ReadQuery, R"({"order":"up and down","x":"north"})").fault, "no query");
  EXPECT_EQ(Read(nasty::ReadQuery, R"("nothing")").fault, "no query");
}

TEST(NastyQueryTest, KnownAndUnavailableIsRefused) {
  const auto reading = Read(nasty::ReadQuery, R"({"before":"2020"})");
  EXPECT_EQ(reading.refused, 501u);
  EXPECT_EQ(reading.fault, "no what came before here");
}

TEST(NastyQueryTest, ChecksOfAVariantAreItsOwn) {
  EXPECT_EQ(Read(nasty::ReadQuery, R"({"id":7})").violations, Texts("mixing: nothing to mix"));
  EXPECT_TRUE(Read(nasty::ReadQuery, R"({"id":7,"mixing":"odd","mixing":"even"})").ok) << "the last one counts";
}

TEST(NastyQueryTest, PrintsTheVariantThatIsSet) {
  for (const char* json : {"7", R"({"id":7,"mixing":{"share":0.5},"exact":true})", R"({"order":"up"})",
                           R"("everything")", R"({"after":"2020-01-01T00:00:00"})", R"({"x":1.0,"y":2.0})"})
    EXPECT_EQ(Through(nasty::ReadQuery, nasty::WriteQuery, json), json);
  v1::Query query;
  query.set_text("t");
  query.add_hints("h");
  EXPECT_EQ(Print(nasty::WriteQuery, query), R"({"text":"t","hints":["h"]})");
  query.mutable_near();
  EXPECT_EQ(Print(nasty::WriteQuery, query), R"({"exact":false})");
}

// ---- requests

TEST(NastyFindRequestTest, FlattenedKeysStandInTheRequest) {
  const auto reading = Read(nasty::ReadFindRequest, R"({"query":1,"limit":1,"author":"a","remark":"r"})");
  ASSERT_TRUE(reading.ok) << reading.fault;
  EXPECT_EQ(reading.message.note().author(), "a");
  EXPECT_EQ(reading.message.note().text(), "r");
  EXPECT_TRUE(reading.message.has_checks()) << "always set";
  EXPECT_TRUE(reading.message.strict()) << "by default";
  EXPECT_EQ(Print(nasty::WriteFindRequest, reading.message),
            R"({"query":1,"limit":1,"strict":true,"also":[],"checks":{"by name":{},"listed":[],"unlisted":[],)"
            R"("indices":[],"values":[],"rows":[],"ring":[],"words":[],"anything":[]},"author":"a","remark":"r"})");
}

TEST(NastyFindRequestTest, OneKeyYieldsToAnother) {
  EXPECT_EQ(Read(nasty::ReadFindRequest, R"({"query":1,"limit":1,"also":2})").message.also_size(), 1);
  const auto both = Read(nasty::ReadFindRequest, R"({"query":1,"limit":1,"also":[2,3],"limits":{}})");
  ASSERT_TRUE(both.ok);
  EXPECT_EQ(both.message.also_size(), 0);
  EXPECT_FALSE(Read(nasty::ReadFindRequest, R"({"query":1,"limit":1,"also":[null],"limits":{}})").ok)
      << "it is read all the same";
}

TEST(NastyFindRequestTest, NullsAreJudgedPerKey) {
  EXPECT_EQ(Read(nasty::ReadFindRequest, R"({"query":null,"limit":1})").fault, "no query (query)");
  EXPECT_EQ(Read(nasty::ReadFindRequest, R"({"query":1,"strict":null,"limit":1})").fault,
            "invalid type: null, expected a boolean (strict)");
}

TEST(NastyFindRequestTest, FaultsOfABufferedObjectStandAtItsEnd) {
  const auto reading = Read(nasty::ReadFindRequest, R"({"query":1,"limit":"x", "a":1})");
  EXPECT_EQ(reading.fault, "invalid type: string \"x\", expected usize (limit)");
  EXPECT_EQ(reading.column, 30u);
}

TEST(NastyFindRequestTest, AnEmptySegmentIsLeftOut) {
  EXPECT_EQ(Read(nasty::ReadFindRequest, R"({"query":1,"limit":1,"limits":{"code":""}})").violations,
            Texts("code: \"\" is not 3 long"));
}

TEST(NastyPutRequestTest, ColumnsBecomePoints) {
  const auto reading = Read(nasty::ReadPutRequest, R"({"columns":{"ids":[1,2],"vectors":[[1],[2]]}})");
  ASSERT_TRUE(reading.ok) << reading.fault;
  EXPECT_EQ(Print(nasty::WritePutRequest, reading.message),
            R"({"points":[{"id":1,"vectors":[1.0],"payload":{}},{"id":2,"vectors":[2.0],"payload":{}}]})");
}

TEST(NastyPutRequestTest, MembersOfAMapMayBeCounted) {
  EXPECT_EQ(Through(nasty::ReadVectors, nasty::WriteVectors, R"({"a":[[1.0],[2.0]],"b":[3.0]})"),
            R"({"a":[[1.0],[2.0]],"b":[3.0]})");
  EXPECT_EQ(Read(nasty::ReadNamedVectors, R"({"a":[1],"b":"x"})").fault, "no vector (b)");
}

TEST(NastyMoveRequestTest, BothStepsAreOneItem) {
  const auto reading =
      Read(nasty::ReadMoveRequest, R"({"steps":[{"take":1},{"both":{"put":{"x":1},"take":2}},{"put":{"y":3}}]})");
  ASSERT_TRUE(reading.ok) << reading.fault;
  EXPECT_EQ(reading.merged, std::vector<size_t>{2});
  EXPECT_EQ(Print(nasty::WriteMoveRequest, reading.message),
            R"({"steps":[{"take":1},{"take":2},{"put":{"x":1.0,"y":0.0}},{"put":{"x":0.0,"y":3.0}}]})");
}

TEST(NastyMoveRequestTest, NeitherStepIsRefused) {
  const auto reading = Read(nasty::ReadMoveRequest, R"({"steps":[{"both":{}}]})");
  EXPECT_EQ(reading.refused, 400u);
  EXPECT_EQ(reading.fault, "neither take nor put");
  EXPECT_EQ(Read(nasty::ReadMoveRequest, R"({"steps":[{"both":{"take":null}}]})").refused, 400u);
  EXPECT_EQ(Read(nasty::ReadMoveRequest, R"({"steps":[{"leave":1}]})").fault, "no step (steps[0])");
}

TEST(NastyPageTest, FunctionsOfTheApiAloneReadAndPrint) {
  EXPECT_EQ(Through(nasty::ReadPage, nasty::WritePage, R"("a line")"), R"("a line")");
  EXPECT_NE(Read(nasty::ReadPage, "[1]").fault.find("a page"), std::string::npos);
}

}  // namespace
}  // namespace nasty_test
