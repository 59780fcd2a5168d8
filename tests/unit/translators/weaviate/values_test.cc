// Property values, vectors and bodies. Expected text as recorded from the server.
#include "reading.h"
#include "runtime/named/struct.h"
#include "weaviate/object_body.h"
#include "weaviate/property_values.h"
#include "weaviate/vectors.h"

namespace vecgate::translators::weaviate {
namespace {

using namespace std::string_literals;

template <class M>
M Parsed(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

std::string Value(const std::string& text, ValueForm form = ValueForm::kObject) {
  const auto value = Parsed<v1::Value>(text);
  return Printed([&](runtime::JsonWriter& writer) { WriteValue(value, form, writer); });
}

TEST(PropertyValueTest, Kinds) {
  EXPECT_EQ(Value("number_value: 1e21"), "1e+21");
  EXPECT_EQ(Value("number_value: 4.5"), "4.5");
  EXPECT_EQ(Value("int_value: 9007199254740992"), "9007199254740992");
  EXPECT_EQ(Value("bool_value: false"), "false");
  EXPECT_EQ(Value("text_value: '<b> &'"), R"("\u003cb\u003e \u0026")");
  EXPECT_EQ(Value("date_value: '2024-05-06T07:08:09.123456789+02:00'"), "\"2024-05-06T07:08:09.123456789+02:00\"");
  EXPECT_EQ(Value("blob_value: 'aGVsbG8='"), "\"aGVsbG8=\"");
  EXPECT_EQ(Value("geo_value { longitude: -179.99998 latitude: 1e-7 }"), R"({"latitude":1e-7,"longitude":-179.99998})");
  EXPECT_EQ(Value("null_value: NULL_VALUE"), "null");
  EXPECT_EQ(Value(""), "null");
}

TEST(PropertyValueTest, PackedLists) {
  v1::Value value;
  // 0.5 and 2.25, as doubles
  value.mutable_list_value()->mutable_number_values()->set_values("\0\0\0\0\0\0\xe0\x3f\0\0\0\0\0\0\x02\x40"s);
  EXPECT_EQ(Printed([&](runtime::JsonWriter& w) { WriteValue(value, ValueForm::kObject, w); }), "[0.5,2.25]");
  // 1 and -2
  value.mutable_list_value()->mutable_int_values()->set_values(
      "\x01\0\0\0\0\0\0\0\xfe\xff\xff\xff\xff\xff\xff\xff"s);
  EXPECT_EQ(Printed([&](runtime::JsonWriter& w) { WriteValue(value, ValueForm::kObject, w); }), "[1,-2]");
  EXPECT_EQ(Value("list_value {}"), "[]");
  EXPECT_EQ(Value("list_value { text_values {} }"), "[]");
  EXPECT_EQ(Value("list_value { bool_values { values: [true, false] } }"), "[true,false]");
  EXPECT_EQ(Value("list_value { uuid_values { values: 'a' values: 'b' } }"), R"(["a","b"])");
}

TEST(PropertyValueTest, FormsDifferInWhatIsEmpty) {
  const std::string phone = "phone_value { country_code: 31 input: '+31' national: 2 valid: true }";
  EXPECT_EQ(Value(phone), R"({"countryCode":31,"input":"+31","national":2,"valid":true})");
  EXPECT_EQ(Value(phone, ValueForm::kGraphQl),
            R"({"countryCode":31,"defaultCountry":"","input":"+31","internationalFormatted":"","national":2,)"
            R"("nationalFormatted":"","valid":true})");
  const std::string object =
      "object_value { fields { key: 'n' value { int_value: 1 } } fields { key: 'note' value { null_value: NULL_VALUE } } }";
  EXPECT_EQ(Value(object), R"({"n":1,"note":null})");
  EXPECT_EQ(Value(object, ValueForm::kSearch), R"({"n":1})");
  EXPECT_EQ(Value(object, ValueForm::kGraphQl), R"({"n":1,"note":null})");
  const auto properties = Parsed<v1::Properties>(
      "fields { key: 'b' value { text_value: 'x' } } fields { key: 'a' value { null_value: NULL_VALUE } }");
  EXPECT_EQ(Printed([&](runtime::JsonWriter& w) { WriteProperties(properties, ValueForm::kObject, w); }), R"({"b":"x"})");
  EXPECT_EQ(Printed([&](runtime::JsonWriter& w) { WriteProperties(properties, ValueForm::kGraphQl, w); }),
            R"({"a":null,"b":"x"})");
}

TEST(PropertyValueTest, References) {
  const auto one = Parsed<v1::RefPropertiesResult>("properties { target_collection: 'Author' metadata { id: 'i1' } }");
  const auto two = Parsed<v1::RefPropertiesResult>("properties { target_collection: 'Publisher' metadata { id: 'i2' } }");
  const v1::RefPropertiesResult* parts[] = {&one, &two};
  EXPECT_EQ(Printed([&](runtime::JsonWriter& w) { WriteReferences(parts, w); }),
            R"([{"beacon":"weaviate://localhost/Author/i1","href":"/v1/objects/Author/i1"},)"
            R"({"beacon":"weaviate://localhost/Publisher/i2","href":"/v1/objects/Publisher/i2"}])");
}

TEST(PropertyValueTest, CertaintyIsTakenInDouble) {
  EXPECT_EQ(CertaintyOf(0.027554572f), 0.9862227141857147);
  EXPECT_EQ(CertaintyOf(0.100296855f), 0.9498515725135803);
}

std::string NamedVector(std::string_view json, v1::Vectors* vectors) {
  return Read(json, [&](runtime::JsonReader& reader, const runtime::JsonValue& value) {
    vectors->Clear();
    return ReadVectors(reader, value, "Object", vectors);
  });
}

TEST(VectorTest, SingleAndMulti) {
  v1::Vectors vectors;
  EXPECT_EQ(NamedVector("[0.1,-0.25,3]", &vectors), "");
  EXPECT_EQ(vectors.type(), v1::Vectors::VECTOR_TYPE_SINGLE_FP32);
  EXPECT_EQ(vectors.vector_bytes(), "\xcd\xcc\xcc\x3d\0\0\x80\xbe\0\0\x40\x40"s);
  EXPECT_EQ(Printed([&](runtime::JsonWriter& w) { WriteVectors(vectors, w); }), "[0.1,-0.25,3]");

  EXPECT_EQ(NamedVector("[[0.5,0.25],[1,2],[3,4]]", &vectors), "");
  EXPECT_EQ(vectors.type(), v1::Vectors::VECTOR_TYPE_MULTI_FP32);
  EXPECT_EQ(vectors.vector_bytes(), "\x02\0\0\0\0\x3f\0\0\x80\x3e\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40\0\0\x80\x40"s);
  EXPECT_EQ(Printed([&](runtime::JsonWriter& w) { WriteVectors(vectors, w); }), "[[0.5,0.25],[1,2],[3,4]]");
}

TEST(VectorTest, Refused) {
  v1::Vectors vectors;
  EXPECT_EQ(NamedVector("[[1,2],[3]]", &vectors), "422: the rows of a multi vector must have the same dimensions");
  EXPECT_EQ(NamedVector("[[]]", &vectors), "422: the rows of a multi vector must have the same dimensions");
  EXPECT_EQ(NamedVector("[1,1e300]", &vectors), "400: json: cannot unmarshal number 1e300 into Go value of type float32");
}

std::string Object(std::string_view json, v1::BatchObject* object) {
  ObjectExtras extras;
  return Read(json, [&](runtime::JsonReader& reader, const runtime::JsonValue& value) {
    object->Clear();
    extras = {};
    return ReadObject(reader, value, {}, object, &extras);
  });
}

TEST(ObjectBodyTest, AllMembers) {
  v1::BatchObject object;
  EXPECT_EQ(Object(R"({"class":"Thing","ID":"5E1F0c00-7a3b-4d2e-9c11-000000000763","tenant":"warm","creationTimeUnix":1000,
                       "properties":{"title":"t","n":12,"list":[true,null]},"vector":[1],"vectors":{"image":[3,4],"none":[]},
                       "unknown":{}})", &object), "");
  EXPECT_EQ(object.uuid(), "5e1f0c00-7a3b-4d2e-9c11-000000000763");
  EXPECT_EQ(object.collection(), "Thing");
  EXPECT_EQ(object.tenant(), "warm");
  EXPECT_EQ(object.vector_bytes(), "\0\0\x80\x3f"s);
  ASSERT_EQ(object.vectors_size(), 1);
  EXPECT_EQ(object.vectors(0).name(), "image");
  EXPECT_EQ(Printed([&](runtime::JsonWriter& w) { runtime::WriteStruct(object.properties().non_ref_properties(), w); }),
            R"({"list":[true,null],"n":12,"title":"t"})");
}

TEST(ObjectBodyTest, FaultsInTheServersWords) {
  v1::BatchObject object;
  EXPECT_EQ(Object(R"({"class":"Thing","id":"nope"})", &object), "601: id in body must be of type uuid: \"nope\"");
  EXPECT_EQ(Object(R"({"class":5})", &object),
            "400: json: cannot unmarshal number into Go struct field Object.class of type string");
  EXPECT_EQ(Object(R"({"class":"Thing","vector":["a"]})", &object),
            "400: json: cannot unmarshal string into Go struct field Object.vector of type float32");
  EXPECT_EQ(Object(R"({"class":"Thing","vector":[1e300]})", &object),
            "400: json: cannot unmarshal number 1e300 into Go struct field Object.vector of type float32");
}

TEST(JsonBodyTest, TakesWhatTheServerTakes) {
  v1::BatchObject object;
  EXPECT_EQ(Object(R"({"class":"Thing"} trailing)", &object), "");
  EXPECT_EQ(Object("{\"class\":\"a\xff\\ud800z\\ud83c\\udf88\"}", &object), "");
  EXPECT_EQ(object.collection(), "a\xEF\xBF\xBD\xEF\xBF\xBDz\xF0\x9F\x8E\x88");
  EXPECT_EQ(Object("  ", &object), "602: body in body is required");
  EXPECT_EQ(Object("", &object), "602: body in body is required");
  EXPECT_EQ(Object("{bad", &object), "400: invalid character 'b' looking for beginning of object key string");
}

}  // namespace
}  // namespace vecgate::translators::weaviate
