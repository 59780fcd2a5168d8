#include "codegen/rule_files.h"

#include <gtest/gtest.h>

#include "text_inputs.h"

namespace vecgate::codegen {
namespace {

TEST(ComplaintsTest, ComeInOrderOfFileAndLine) {
  Complaints complaints;
  EXPECT_TRUE(complaints.empty());
  complaints.Add({"b", 2}, "third");
  complaints.Add({"b", 10}, "last");
  complaints.Add({"a", 9}, "first");
  complaints.Add({"b", 2}, "fourth");
  complaints.Add({"b", 0}, "second");
  EXPECT_FALSE(complaints.empty());
  EXPECT_EQ(complaints.Sorted(), Texts("a:9: first", "b:0: second", "b:2: third", "b:2: fourth", "b:10: last"));
}

TEST(RuleSourceTest, UnreadableFileIsToldByItsPath) {
  TemporaryFolder folder;
  Complaints complaints;
  EXPECT_EQ(RuleSource::Load(folder.Path("none"), &complaints), nullptr);
  EXPECT_EQ(complaints.Sorted(), Texts(folder.Path("none") + ":0: cannot be read"));
}

TEST(RuleSourceTest, FaultsOfTheTextAreToldByLine) {
  TemporaryFolder folder;
  Complaints complaints;
  EXPECT_EQ(RuleSource::Load(folder.Write("a.textproto", "shape { message: \"A\" }\n\nshape { massage: \"B\" }\n"),
                             &complaints),
            nullptr);
  EXPECT_EQ(RuleSource::Load(folder.Write("b.textproto", "route {\n  access: SOME method: \"GET\"\n}\n"), &complaints),
            nullptr);
  EXPECT_EQ(complaints.Sorted(),
            Texts("a.textproto:3: Message type \"vecgate.rules.Shape\" has no field named \"massage\".",
                  "b.textproto:2: Unknown enumeration value of \"SOME\" for field \"access\"."));
}

TEST(RuleSourceTest, KnowsTheLineOfEveryEntry) {
  TemporaryFolder folder;
  Complaints complaints;
  const auto source = RuleSource::Load(folder.Write("a.textproto",
                                                    "# one\n"
                                                    "shape { message: \"A\" }\n"
                                                    "enum {\n"
                                                    "  name: \"E\"\n"
                                                    "  value { name: \"X\" }\n"
                                                    "\n"
                                                    "  value { name: \"Y\" }\n"
                                                    "}\n"
                                                    "shape {\n"
                                                    "  message: \"B\"\n"
                                                    "}\n"
                                                    "api { name: \"n\" }\n"),
                                       &complaints);
  ASSERT_NE(source, nullptr);
  EXPECT_EQ(source->file().shape_size(), 2);
  auto line = [&](const Place& place) { return place.file + ":" + std::to_string(place.line); };
  EXPECT_EQ(line(source->PlaceOf("shape", 0)), "a.textproto:2");
  EXPECT_EQ(line(source->PlaceOf("shape", 1)), "a.textproto:9");
  EXPECT_EQ(line(source->PlaceOf("enum", 0)), "a.textproto:3");
  EXPECT_EQ(line(source->PlaceOf("enum", 0, "value", 0)), "a.textproto:5");
  EXPECT_EQ(line(source->PlaceOf("enum", 0, "value", 1)), "a.textproto:7");
  EXPECT_EQ(line(source->PlaceOf("api", 0)), "a.textproto:12");
}

}  // namespace
}  // namespace vecgate::codegen
