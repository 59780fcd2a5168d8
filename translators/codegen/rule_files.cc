#include "codegen/rule_files.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/io/tokenizer.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace vecgate::codegen {
namespace pb = google::protobuf;

namespace {

class ErrorCollector : public pb::io::ErrorCollector {
 public:
  ErrorCollector(std::string file, Complaints* complaints) : file_(std::move(file)), complaints_(complaints) {}
  void AddError(int line, int /*column*/, const std::string& message) override {
    complaints_->Add({file_, line + 1}, message);
  }

 private:
  std::string file_;
  Complaints* complaints_;
};

}  // namespace

void Complaints::Add(const Place& place, absl::string_view text) { lines_.push_back({place, std::string(text)}); }

std::vector<std::string> Complaints::Sorted() const {
  std::vector<Line> sorted = lines_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Line& a, const Line& b) {
    return a.place.file != b.place.file ? a.place.file < b.place.file : a.place.line < b.place.line;
  });
  std::vector<std::string> out;
  for (const Line& line : sorted) out.push_back(absl::StrCat(line.place.file, ":", line.place.line, ": ", line.text));
  return out;
}

std::unique_ptr<RuleSource> RuleSource::Load(const std::string& path, Complaints* complaints) {
  auto source = std::make_unique<RuleSource>();
  source->name_ = path.substr(path.rfind('/') + 1);
  std::ifstream in(path);
  if (!in) {
    complaints->Add({path, 0}, "cannot be read");
    return nullptr;
  }
  std::stringstream text;
  text << in.rdbuf();
  ErrorCollector errors(source->name_, complaints);
  pb::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.WriteLocationsTo(&source->tree_);
  if (!parser.ParseFromString(text.str(), &source->file_)) return nullptr;
  return source;
}

Place RuleSource::PlaceOf(absl::string_view field, int index) const {
  const pb::FieldDescriptor* descriptor = rules::RuleFile::descriptor()->FindFieldByName(std::string(field));
  return {name_, tree_.GetLocation(descriptor, descriptor->is_repeated() ? index : -1).line + 1};
}

Place RuleSource::PlaceOf(absl::string_view field, int index, absl::string_view nested, int nested_index) const {
  const pb::FieldDescriptor* outer = rules::RuleFile::descriptor()->FindFieldByName(std::string(field));
  const pb::TextFormat::ParseInfoTree* tree = tree_.GetTreeForNested(outer, outer->is_repeated() ? index : -1);
  if (tree == nullptr) return PlaceOf(field, index);
  const pb::FieldDescriptor* inner = outer->message_type()->FindFieldByName(std::string(nested));
  return {name_, tree->GetLocation(inner, inner->is_repeated() ? nested_index : -1).line + 1};
}

}  // namespace vecgate::codegen
