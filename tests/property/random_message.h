// Fills messages at random with what JSON can carry by the rules.
#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "random_source.h"
#include "translators.h"

namespace vecgate::property {

class RandomMessages {
 public:
  // Leaves fields alone that are excluded (full names) or have no place in JSON.
  RandomMessages(const Translators& translators, const std::set<std::string>& excluded);

  // `message` is empty.
  void Fill(RandomSource* random, google::protobuf::Message* message) const { Fill(random, message, 0); }

 private:
  enum class Spelling { kPath, kDatetime, kUuid };

  void Learn(const codegen::ShapePlan& shape);
  void Learn(const codegen::ValuePlan& value);
  void MeasureDepths();
  int DepthOf(const google::protobuf::Descriptor* message) const;
  bool IsLeftOut(const google::protobuf::FieldDescriptor* field) const;

  void Fill(RandomSource* random, google::protobuf::Message* message, int depth) const;
  const google::protobuf::FieldDescriptor* Choose(RandomSource* random, const google::protobuf::OneofDescriptor* oneof,
                                                  int depth) const;
  void FillField(RandomSource* random, google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field,
                 int depth) const;
  void FillMapEntry(RandomSource* random, google::protobuf::Message* entry, int depth) const;
  std::string TextOf(RandomSource* random, const google::protobuf::FieldDescriptor* field) const;

  // All by full name: the plan's descriptors are not the generated messages'.
  std::set<std::string> left_out_;
  std::set<std::string> required_;                          // fields
  std::map<std::string, Spelling> spellings_;               // of text fields
  std::map<std::string, std::vector<std::string>> words_;   // of text fields
  std::map<std::string, std::vector<int>> enum_numbers_;    // those with a word, by enum
  std::map<std::string, int> depths_;                       // messages below that must be there
};

}  // namespace vecgate::property
