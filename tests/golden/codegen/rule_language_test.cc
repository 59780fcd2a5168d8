// The nasty rules use all of the rule language, so that nothing of it goes without an expected text.
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "codegen/rule_files.h"

namespace vecgate::codegen {
namespace {

namespace pb = google::protobuf;
using Names = std::set<std::string>;

// Fields of the message and below it, and the values of their enums but for zero, which cannot be seen to be given.
void AddWords(const pb::Descriptor* message, std::set<const pb::Descriptor*>* seen, Names* names) {
  if (!seen->insert(message).second) return;
  for (int i = 0; i < message->field_count(); ++i) {
    const pb::FieldDescriptor* field = message->field(i);
    names->insert(field->full_name());
    if (field->message_type() != nullptr) AddWords(field->message_type(), seen, names);
    if (field->enum_type() == nullptr) continue;
    for (int j = 0; j < field->enum_type()->value_count(); ++j)
      if (field->enum_type()->value(j)->number() != 0) names->insert(field->enum_type()->value(j)->full_name());
  }
}

void AddUsed(const pb::Message& message, Names* names) {
  const pb::Reflection* reflection = message.GetReflection();
  std::vector<const pb::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    names->insert(field->full_name());
    if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_ENUM)
      names->insert(reflection->GetEnum(message, field)->full_name());
    if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      AddUsed(reflection->GetMessage(message, field), names);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i)
      AddUsed(reflection->GetRepeatedMessage(message, field, i), names);
  }
}

TEST(RuleLanguageTest, NastyRulesUseAllOfIt) {
  Names words, used;
  std::set<const pb::Descriptor*> seen;
  AddWords(rules::RuleFile::descriptor(), &seen, &words);
  Complaints complaints;
  for (absl::string_view path : absl::StrSplit(VECGATE_NASTY_RULES, ',')) {
    const auto source = RuleSource::Load(std::string(path), &complaints);
    ASSERT_NE(source, nullptr) << absl::StrJoin(complaints.Sorted(), "\n");
    AddUsed(source->file(), &used);
  }
  std::vector<std::string> unused;
  std::set_difference(words.begin(), words.end(), used.begin(), used.end(), std::back_inserter(unused));
  EXPECT_TRUE(unused.empty()) << "add these to tests/golden/codegen/rules:\n" << absl::StrJoin(unused, "\n");
}

}  // namespace
}  // namespace vecgate::codegen
