// Types of the arguments that GraphQL fields take. Their names are those that the server's texts have.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace vecgate::translators::weaviate {

struct InputField;

// What a place in an argument takes. The star in `name` stands for the scope, which begins as "GetObjects" or
// "AggregateObjects" and the class: *SortInpObj.
struct InputType {
  enum class Kind : uint8_t {
    kString,
    kInt,
    kFloat,
    kBoolean,
    kEnum,
    kObject,
    kList,       // a lone element stands for a list of it
    kScalar,     // one element or many
    kVector,     // numbers, or lists of them; no variable
    kVectors,    // {target: vector or several}
    kWeights,    // {target: number or several}
    kAny,
  };
  Kind kind;
  std::string_view name;
  std::span<const InputField> fields = {};        // kObject
  std::span<const std::string_view> words = {};   // kEnum
  const InputType* element = nullptr;             // kList, kScalar
  bool open = false;                              // kObject: takes others, too
};

struct InputField {
  std::string_view name;
  const InputType* type;
  bool required = false;
  // Of the types below it, the star standing for the class: *SubSearch. Empty: as around it.
  std::string_view scope = {};
};

// The pattern with `name` in the place of its star.
std::string Starred(std::string_view pattern, std::string_view name);

// Fields that take arguments. All others take none.
extern const std::span<const InputField> kGetArguments;
extern const std::span<const InputField> kAggregateArguments;
extern const std::span<const InputField> kRerankArguments;
extern const std::span<const InputField> kGenerateArguments;
extern const std::span<const InputField> kTopOccurrencesArguments;

}  // namespace vecgate::translators::weaviate
