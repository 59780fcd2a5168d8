#include "scripted_upstream/request_matcher.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "rapidjson/stringbuffer.h"
#include "rapidjson/writer.h"
#include "scripted_upstream/json.h"

namespace vecgate::scripted_upstream {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::Reflection;
using google::protobuf::TextFormat;
using google::protobuf::Timestamp;
using google::protobuf::util::DefaultFieldComparator;
using google::protobuf::util::MessageDifferencer;
using google::protobuf::util::TimeUtil;
using Rewrite = std::function<void(Message*)>;

// Deeper than any JSON document a database accepts, times the levels a payload value takes on the wire.
constexpr int kRecursionLimit = 1000;
// A timestamp holds nanoseconds; the library cuts off what is finer.
constexpr std::size_t kFractionDigits = 9;

// "/package.Service/Method" -> its request, or null.
const Descriptor* InputOf(absl::string_view method) {
  const std::size_t slash = method.rfind('/');
  if (method.empty() || method.front() != '/' || slash == 0) return nullptr;
  const auto* service = DescriptorPool::generated_pool()->FindServiceByName(std::string(method.substr(1, slash - 1)));
  if (service == nullptr) return nullptr;
  const auto* found = service->FindMethodByName(std::string(method.substr(slash + 1)));
  return found == nullptr ? nullptr : found->input_type();
}

std::unique_ptr<Message> NewMessage(const Descriptor* type) {
  return std::unique_ptr<Message>(MessageFactory::generated_factory()->GetPrototype(type)->New());
}

bool Parse(const std::string& bytes, Message* message) {
  google::protobuf::io::ArrayInputStream array(bytes.data(), static_cast<int>(bytes.size()));
  google::protobuf::io::CodedInputStream input(&array);
  input.SetRecursionLimit(kRecursionLimit);
  return message->ParseFromCodedStream(&input) && input.ConsumedEntireMessage();
}

// Map entries in a fixed order.
std::string Serialize(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream output(&stream);
  output.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&output);
  output.Trim();
  return bytes;
}

bool IsPresent(const Message& message, const FieldDescriptor* field) {
  return !field->is_repeated() && message.GetReflection()->HasField(message, field);
}

// Drops `field` where it holds `value`.
absl::StatusOr<Rewrite> DropValue(const FieldDescriptor* field, const rapidjson::Value& value) {
  rapidjson::StringBuffer json;
  rapidjson::Writer<rapidjson::StringBuffer> writer(json);
  value.Accept(writer);
  const std::shared_ptr<Message> sample = NewMessage(field->containing_type());
  const auto read = google::protobuf::util::JsonStringToMessage(
      absl::StrCat("{\"", field->name(), "\":", json.GetString(), "}"), sample.get());
  if (!read.ok() || !IsPresent(*sample, field)) {
    return absl::InvalidArgumentError(absl::StrCat("bad value: ", read.ToString()));
  }
  return [field, sample](Message* message) {
    if (!IsPresent(*message, field)) return;
    MessageDifferencer differencer;
    if (differencer.CompareWithFields(*sample, *message, {field}, {field})) {
      message->GetReflection()->ClearField(message, field);
    }
  };
}

std::string Print(const Message& message, const FieldDescriptor* field) {
  std::string text;
  TextFormat::PrintFieldValueToString(message, field, -1, &text);
  return text;
}

// Drops `field` where the field at the end of `path`, of the same kind, holds the same.
absl::StatusOr<Rewrite> DropRepeat(const FieldDescriptor* field, const std::string& path) {
  std::vector<const FieldDescriptor*> steps;
  const Descriptor* type = field->containing_type();
  for (const std::string& name : std::vector<std::string>(absl::StrSplit(path, '.'))) {
    const FieldDescriptor* step = type == nullptr ? nullptr : type->FindFieldByName(name);
    if (step == nullptr || step->is_repeated()) {
      return absl::InvalidArgumentError(absl::StrCat("same_as: no single field ", path));
    }
    steps.push_back(step);
    type = step->message_type();
  }
  if (type != nullptr || steps.back()->type() != field->type()) {
    return absl::InvalidArgumentError(absl::StrCat("same_as: ", path, " is of another type"));
  }
  return [field, steps](Message* message) {
    const Message* holder = message;
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
      if (!IsPresent(*holder, steps[i])) return;
      holder = &holder->GetReflection()->GetMessage(*holder, steps[i]);
    }
    if (!IsPresent(*message, field) || !IsPresent(*holder, steps.back())) return;
    if (Print(*message, field) == Print(*holder, steps.back())) message->GetReflection()->ClearField(message, field);
  };
}

bool IsTooFine(const std::string& moment) {
  const std::size_t point = moment.find('.');
  if (point == std::string::npos) return false;
  const std::size_t end = moment.find_first_not_of("0123456789", point + 1);
  return std::min(end, moment.size()) - point - 1 > kFractionDigits;
}

// Writes to `field`, a timestamp, the moment that the other field tells as text. Other text stays.
absl::StatusOr<Rewrite> ReadText(const FieldDescriptor* field, const std::string& text_name) {
  const FieldDescriptor* text = field->containing_type()->FindFieldByName(text_name);
  if (field->message_type() != Timestamp::descriptor() || text == nullptr || text->is_repeated() ||
      text->type() != FieldDescriptor::TYPE_STRING) {
    return absl::InvalidArgumentError("as_text: needs a timestamp and a text");
  }
  return [field, text](Message* message) {
    const Reflection* reflection = message->GetReflection();
    Timestamp moment;
    if (!IsPresent(*message, text) || IsPresent(*message, field)) return;
    const std::string told = reflection->GetString(*message, text);
    if (IsTooFine(told) || !TimeUtil::FromString(told, &moment)) return;
    reflection->ClearField(message, text);
    reflection->MutableMessage(message, field)->CopyFrom(moment);
  };
}

absl::StatusOr<Rewrite> ReadRule(const FieldDescriptor* field, const JsonObject& entry) {
  if (const std::string path = StringMember(entry, "same_as"); !path.empty()) return DropRepeat(field, path);
  if (const std::string text = StringMember(entry, "as_text"); !text.empty()) return ReadText(field, text);
  const rapidjson::Value* value = Member(entry, "value");
  if (value == nullptr) return absl::InvalidArgumentError("none of value, same_as and as_text");
  return DropValue(field, *value);
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream input(path);
  if (!input) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  std::ostringstream text;
  text << input.rdbuf();
  return text.str();
}

}  // namespace

absl::StatusOr<RequestMatcher> RequestMatcher::Load(const std::string& path) {
  RequestMatcher matcher;
  if (path.empty()) return matcher;
  absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  absl::StatusOr<rapidjson::Document> document = ParseObject(*text, path);
  if (!document.ok()) return document.status();
  const rapidjson::Value* entries = Member(*document, "equivalents");
  if (entries == nullptr || !entries->IsArray()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": `equivalents` is not a list"));
  }
  for (const rapidjson::Value& entry : entries->GetArray()) {
    const rapidjson::Value* types = entry.IsObject() ? Member(entry, "messages") : nullptr;
    if (types == nullptr || !types->IsArray()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": an entry without a list of `messages`"));
    }
    for (const rapidjson::Value& type : types->GetArray()) {
      if (absl::Status added = matcher.Add(type.IsString() ? type.GetString() : "", entry); !added.ok()) {
        return absl::InvalidArgumentError(absl::StrCat(path, ": ", added.message()));
      }
    }
  }
  return matcher;
}

absl::Status RequestMatcher::Add(const std::string& type_name, const JsonObject& entry) {
  const std::string field_name = StringMember(entry, "field");
  const std::string where = absl::StrCat(type_name, ".", field_name);
  const Descriptor* type = DescriptorPool::generated_pool()->FindMessageTypeByName(type_name);
  const FieldDescriptor* field = type == nullptr ? nullptr : type->FindFieldByName(field_name);
  if (field == nullptr || field->is_repeated()) {
    return absl::InvalidArgumentError(absl::StrCat(where, ": no such single field"));
  }
  absl::StatusOr<Rewrite> rewrite = ReadRule(field, entry);
  if (!rewrite.ok()) return absl::InvalidArgumentError(absl::StrCat(where, ": ", rewrite.status().message()));
  rules_.push_back(Rule{.type = type, .apply = *std::move(rewrite)});
  return absl::OkStatus();
}

void RequestMatcher::Normalise(Message* message) const {
  const Reflection* reflection = message->GetReflection();
  std::vector<const FieldDescriptor*> present;
  reflection->ListFields(*message, &present);
  // Inner messages first: what is left of one may then be the value that can be dropped.
  for (const FieldDescriptor* field : present) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      Normalise(reflection->MutableMessage(message, field));
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(*message, field); ++i) {
      Normalise(reflection->MutableRepeatedMessage(message, field, i));
    }
  }
  for (const Rule& rule : rules_) {
    if (rule.type == message->GetDescriptor()) rule.apply(message);
  }
}

std::unique_ptr<Message> RequestMatcher::Normalised(absl::string_view method, const std::string& request) const {
  const Descriptor* type = InputOf(method);
  if (type == nullptr) return nullptr;
  std::unique_ptr<Message> message = NewMessage(type);
  if (!Parse(request, message.get())) return nullptr;
  Normalise(message.get());
  return message;
}

std::string RequestMatcher::NormalForm(absl::string_view method, const std::string& request) const {
  const std::unique_ptr<Message> message = Normalised(method, request);
  return message == nullptr ? request : Serialize(*message);
}

std::string RequestMatcher::Difference(absl::string_view method, const std::string& expected,
                                       const std::string& actual) const {
  if (expected == actual) return "";
  const std::unique_ptr<Message> left = Normalised(method, expected);
  const std::unique_ptr<Message> right = Normalised(method, actual);
  if (left == nullptr || right == nullptr) {
    const std::string reason = InputOf(method) == nullptr ? "no schema for this method" : "not such a message";
    return absl::StrCat(reason, "; bytes ", absl::BytesToHexString(expected), " -> ", absl::BytesToHexString(actual));
  }
  if (Serialize(*left) == Serialize(*right)) return "";

  std::string report;
  DefaultFieldComparator comparator;
  comparator.set_treat_nan_as_equal(true);
  MessageDifferencer differencer;
  differencer.set_field_comparator(&comparator);
  differencer.ReportDifferencesToString(&report);
  if (differencer.Compare(*left, *right)) return "only a sign of zero, a NaN or the order of unknown fields differs";
  return report;
}

}  // namespace vecgate::scripted_upstream
