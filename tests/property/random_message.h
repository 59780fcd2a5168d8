// Fills messages at random with what a shape's JSON can carry: the fields that the rules give a place, by the variants
// they print, within the bounds whose breach is a fault of format.
#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <set>
#include <string>

#include "codegen/plan.h"
#include "random_source.h"

namespace vecgate::property {

// What the plan does not say, by full names of fields.
struct MessageLimits {
  // Never filled. "qdrant.VectorsOutput.vector.sparse": not below VectorsOutput.vector.
  std::set<std::string> left_out;
  std::set<std::string> always;     // filled whenever their message is
  std::set<std::string> non_empty;  // lists and maps that are filled with something
};

class RandomMessages {
 public:
  RandomMessages(const codegen::Plan& plan, MessageLimits limits);

  // `message` is empty and of the shape's type.
  void Fill(RandomSource* random, const codegen::ShapePlan& shape, google::protobuf::Message* message) const {
    FillShape(random, shape, message, kRoot);
  }
  // Fills the field at the end of the value's path (or, for `self`, what the other shape says) in `message`.
  void FillValue(RandomSource* random, const codegen::ValuePlan& value, google::protobuf::Message* message,
                 int depth) const;

 private:
  static constexpr int kRoot = 0;

  bool IsLeftOut(const codegen::ValuePlan& value) const;
  bool IsNeeded(const codegen::ShapePlan& shape, const codegen::KeyPlan& key) const;
  bool IsPrinted(const codegen::VariantPlan& variant) const;
  bool HasLeftOut(const google::protobuf::FieldDescriptor* field, const google::protobuf::Message& below) const;
  int DepthOf(const codegen::ValuePlan& value) const;
  int DepthOf(const codegen::ShapePlan& shape) const;
  void MeasureDepths(const codegen::Plan& plan);

  void FillShape(RandomSource* random, const codegen::ShapePlan& shape, google::protobuf::Message* message,
                 int depth) const;
  void FillObject(RandomSource* random, const codegen::ShapePlan& shape, google::protobuf::Message* message,
                  int depth) const;
  void FillUnion(RandomSource* random, const codegen::ShapePlan& shape, google::protobuf::Message* message,
                 int depth) const;
  void FillElement(RandomSource* random, const codegen::ValuePlan& value, google::protobuf::Message* owner,
                   const google::protobuf::FieldDescriptor* field, int depth) const;
  void FillNumber(RandomSource* random, const codegen::ValuePlan& value, google::protobuf::Message* owner,
                  const google::protobuf::FieldDescriptor* field) const;
  void KeepChecks(RandomSource* random, const codegen::ShapePlan& shape, google::protobuf::Message* message) const;

  const MessageLimits limits_;
  // Messages below one another at the least; a fixed point, as shapes refer to themselves.
  std::map<const codegen::ShapePlan*, int> depths_;
};

}  // namespace vecgate::property
