// JSON texts that a shape must accept, at random: every key, alias, variant and list form that its rules read.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codegen/plan.h"
#include "random_message.h"
#include "random_source.h"

namespace vecgate::property {

class RandomJson {
 public:
  RandomJson(const codegen::Plan& plan, MessageLimits limits);

  std::string Text(RandomSource* random, const codegen::ShapePlan& shape) const { return ShapeText(random, shape, 0); }

  // Any JSON value.
  static std::string Any(RandomSource* random, int depth = 0);
  // The text with a few pieces lost, doubled or exchanged; mostly not valid any more.
  static std::string Broken(RandomSource* random, std::string text);

 private:
  using Members = std::vector<std::pair<std::string, std::string>>;  // key and text of its value

  bool IsNeeded(const codegen::ShapePlan& shape, const codegen::KeyPlan& key) const;
  bool IsNonEmpty(const codegen::ShapePlan& shape, const codegen::ValuePlan& value) const;
  int DepthOf(const codegen::ValuePlan& value) const;
  int DepthOf(const codegen::ShapePlan& shape) const;

  std::string ShapeText(RandomSource* random, const codegen::ShapePlan& shape, int depth) const;
  std::string UnionText(RandomSource* random, const codegen::ShapePlan& shape, int depth) const;
  // `with_key` is there in any case.
  std::string ObjectText(RandomSource* random, const codegen::ShapePlan& shape, int depth,
                         std::string_view with_key = {}) const;
  std::string ListOfValues(RandomSource* random, const codegen::ShapePlan& shape, int depth) const;
  std::string ValueText(RandomSource* random, const codegen::ShapePlan& shape, const codegen::ValuePlan& value,
                        int depth) const;
  std::string ListText(RandomSource* random, const codegen::ShapePlan& shape, const codegen::ValuePlan& value,
                       int depth) const;
  std::string ElementText(RandomSource* random, const codegen::ShapePlan& shape, const codegen::ValuePlan& value,
                          int depth) const;

  const MessageLimits limits_;
  std::map<const codegen::ShapePlan*, int> depths_;
};

}  // namespace vecgate::property
