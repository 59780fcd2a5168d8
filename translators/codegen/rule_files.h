// Rule files, read with the line of every entry, and the complaints collected about them.
#pragma once

#include <absl/strings/string_view.h>
#include <google/protobuf/text_format.h>

#include <memory>
#include <string>
#include <vector>

#include "rules/rules.pb.h"

namespace vecgate::codegen {

// Where a rule stands.
struct Place {
  std::string file;
  int line = 0;  // from 1; 0: unknown
};

// All faults found; the generator reports them together.
class Complaints {
 public:
  void Add(const Place& place, absl::string_view text);
  bool empty() const { return lines_.empty(); }
  // "file:line: text", in order of file and line.
  std::vector<std::string> Sorted() const;

 private:
  struct Line {
    Place place;
    std::string text;
  };
  std::vector<Line> lines_;
};

// One rule file with its places.
class RuleSource {
 public:
  static std::unique_ptr<RuleSource> Load(const std::string& path, Complaints* complaints);

  const rules::RuleFile& file() const { return file_; }
  // Place of the top-level entry `field`[index] ("shape", 3), or of its nested entry.
  Place PlaceOf(absl::string_view field, int index) const;
  Place PlaceOf(absl::string_view field, int index, absl::string_view nested, int nested_index) const;

 private:
  std::string name_;
  rules::RuleFile file_;
  google::protobuf::TextFormat::ParseInfoTree tree_;
};

}  // namespace vecgate::codegen
