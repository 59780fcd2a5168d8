#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include <map>

#include "codegen/emit.h"

namespace vecgate::codegen {
namespace pb = google::protobuf;
using pb::FieldDescriptor;

namespace {

// By rules::Access.
constexpr const char* kAccess[] = {"kOpen", "kOpen", "kRead", "kWrite", "kManage"};

// Writes api.cc: static tables, each named, referred to by the ones above it.
class ApiEmitter {
 public:
  ApiEmitter(const Plan& plan, Code* code) : plan_(plan), code_(*code) {}

  void Emit() {
    EmitAdapters();
    std::vector<std::string> routes;
    for (size_t i = 0; i < plan_.routes.size(); ++i) routes.push_back(Route(*plan_.routes[i], i));
    code_.Line("const RouteSpec kRoutes[] = {");
    for (const std::string& route : routes) code_.Line(route + ",");
    code_.Line("};");
    code_.Line();
    EmitShapes();
    EmitApi();
  }

 private:
  // Type-erased readers and writers of shapes. Not Read...: that could be the reader of a message called Any....
  void EmitAdapters() {
    for (const auto& shape : plan_.shapes) {
      if (shape->inline_part) continue;
      std::string type = CppType(shape->message);
      code_.Line(absl::StrCat("[[maybe_unused]] bool AnyRead", shape->name,
                              "(JsonReader& r, const JsonValue& v, google::protobuf::Message* m) {"));
      code_.Line(absl::StrCat("return Read", shape->name, "(r, v, static_cast<", type, "*>(m));"));
      code_.Line("}");
      code_.Line(absl::StrCat("[[maybe_unused]] void AnyWrite", shape->name,
                              "(const google::protobuf::Message& m, JsonWriter& w) {"));
      code_.Line(absl::StrCat("Write", shape->name, "(static_cast<const ", type, "&>(m), w);"));
      code_.Line("}");
    }
    std::vector<const pb::Descriptor*> messages = plan_.schema->messages();
    for (const std::string& rpc : {plan_.api->health(), plan_.api->credential_proof()})
      if (const pb::MethodDescriptor* method = plan_.schema->FindMethod(rpc))
        for (const pb::Descriptor* message : {method->input_type(), method->output_type()})
          if (!plan_.schema->Contains(message)) messages.push_back(message);
    for (const pb::Descriptor* message : messages) {
      code_.Line(absl::StrCat("[[maybe_unused]] const google::protobuf::Message* Default", FlatName(message), "() {"));
      code_.Line(absl::StrCat("return &", CppType(message), "::default_instance();"));
      code_.Line("}");
    }
    code_.Line();
  }

  std::string Array(const std::string& type, const std::string& name, const std::vector<std::string>& elements) {
    if (elements.empty()) return "{}";
    code_.Line(absl::StrCat("const ", type, " ", name, "[] = {", absl::StrJoin(elements, ", "), "};"));
    return name;
  }

  std::string Number(bool has, double value) {
    return has ? Real(value) : "std::numeric_limits<double>::quiet_NaN()";
  }

  std::string Limits(const rules::Limits& limits, const std::string& name) {
    code_.Line(absl::StrCat("const LimitSpec ", name, "{", Number(limits.has_at_least(), limits.at_least()), ", ",
                            Number(limits.has_at_most(), limits.at_most()), ", ",
                            limits.has_min_length() ? absl::StrCat(limits.min_length()) : "std::string_view::npos", ", ",
                            limits.has_max_length() ? absl::StrCat(limits.max_length()) : "std::string_view::npos", ", ",
                            Quoted(limits.text()), ", ", QuotedBytes(limits.forbidden_chars()), ", ",
                            Quoted(limits.forbidden_chars_text()), "};"));
    return "&" + name;
  }

  std::string Param(const rules::Param& param, const pb::Descriptor* request, const std::string& name) {
    std::string read = "nullptr", write = "nullptr", words = "{}", numbers = "{}";
    const FieldDescriptor* field = nullptr;
    if (request != nullptr && !param.field().empty())
      if (auto path = ResolvePath(request, param.field())) field = path->back();
    switch (param.type()) {
      case rules::Param::SHAPE:
        if (field != nullptr && field->message_type() != nullptr)
          if (const ShapePlan* shape = plan_.FindShape(field->message_type(), param.shape())) {
            read = absl::StrCat("AnyRead", shape->name);
            write = absl::StrCat("AnyWrite", shape->name);
          }
        break;
      case rules::Param::RUNTIME:
        if (field != nullptr && field->message_type() != nullptr) {
          read = absl::StrCat(name, "Read");
          write = absl::StrCat("AnyWrite", FlatName(field->message_type()));
          code_.Line(absl::StrCat("bool ", read, "(JsonReader& r, const JsonValue& v, google::protobuf::Message* m) {"));
          code_.Line(absl::StrCat("return Read", param.runtime(), "(r, v, static_cast<", CppType(field->message_type()), "*>(m));"));
          code_.Line("}");
        } else if (field != nullptr) {
          read = absl::StrCat(name, "Read");
          code_.Line(absl::StrCat("bool ", read, "(JsonReader& r, const JsonValue& v, google::protobuf::Message*) {"));
          code_.Line("std::string text;");
          code_.Line(absl::StrCat("return Read", param.runtime(), "(r, v, &text);"));
          code_.Line("}");
        }
        break;
      case rules::Param::ENUM:
        if (field != nullptr && field->enum_type() != nullptr)
          if (const WordsPlan* plan = plan_.FindWords(field->enum_type())) {
            words = absl::StrCat(plan->name, "Known");
            std::vector<std::string> values;
            for (const WordsPlan::Word& word : plan->words) values.push_back(absl::StrCat(word.number));
            numbers = Array("int", name + "Numbers", values);
          }
        break;
      default: break;
    }
    static const char* const kTypes[] = {"kText", "kBool", "kUnsigned", "kEnum", "kShape", "kRuntime"};
    std::string limits = param.has_limits() ? Limits(param.limits(), name + "Limits") : "nullptr";
    return absl::StrCat("{", Quoted(param.name()), ", ", Quoted(param.field()), ", ParamSpec::Type::",
                        kTypes[param.type()], ", ", read, ", ", write, ", ", words, ", ", numbers, ", ", Quoted(param.default_()), ", ",
                        param.nonzero(), ", ", param.empty_is_absent(), ", ", param.deadline(), ", ", param.append(), ", ", param.refuse(), ", ",
                        Quoted(param.no_match()), ", ", Quoted(param.negative()), ", ", limits, "}");
  }

  template <class SetRules>
  std::string Sets(const SetRules& sets, const std::string& name) {
    std::vector<std::string> elements;
    for (const rules::Set& set : sets)
      elements.push_back(absl::StrCat("{", Quoted(set.field()), ", ", Quoted(set.value()), "}"));
    return Array("SetSpec", name, elements);
  }

  template <class CopyRules>
  std::string Copies(const CopyRules& copies, const std::string& name) {
    std::vector<std::string> elements;
    for (const rules::Copy& copy : copies)
      elements.push_back(absl::StrCat("{", Quoted(copy.from()), ", ", Quoted(copy.to()), "}"));
    return Array("CopySpec", name, elements);
  }

  std::string CallOf(const std::string& rpc, const std::string& body, const std::string& when_key, const std::string& sets) {
    const pb::MethodDescriptor* method = plan_.schema->FindMethod(rpc);
    if (method == nullptr) return "{}";
    std::string full = absl::StrCat("/", method->service()->full_name(), "/", method->name());
    const ShapePlan* shape = body.empty() ? nullptr : plan_.FindShape(method->input_type(), body);
    std::string read = shape == nullptr ? "nullptr" : absl::StrCat("AnyRead", shape->name);
    return absl::StrCat("{", Quoted(full), ", Default", FlatName(method->input_type()), ", Default",
                        FlatName(method->output_type()), ", ", read, ", ", Quoted(when_key), ", ", sets, "}");
  }

  std::string Result(const rules::Result& result, const pb::Descriptor* reply, const std::string& name) {
    std::string write = "nullptr";
    if (reply != nullptr && (!result.field().empty() || !result.shape().empty())) {
      write = name + "Result";
      code_.Line(absl::StrCat("void ", write, "(const google::protobuf::Message& message, JsonWriter& w) {"));
      code_.Line(absl::StrCat("const auto& m = static_cast<const ", CppType(reply), "&>(message);"));
      if (result.field().empty()) {
        code_.Line(absl::StrCat("Write", plan_.FindShape(reply, result.shape())->name, "(m, w);"));
      } else {
        ValuePlan value = FieldValue(*ResolvePath(reply, result.field()), result.shape());
        if (result.first()) value.container = Container::kAppend;
        value.item_flags = result.item_flags();
        EmitWriteValue(value, "m", &code_);
      }
      code_.Line("}");
    }
    return absl::StrCat("{", write, ", ", Quoted(result.constant()), ", ", result.first() ? Quoted(result.field()) : "{}", ", ",
                        result.none_status(), ", ", Quoted(result.none_text()), ", ", result.bare(), ", ",
                        Quoted(result.merge_parts() ? result.field() : ""), "}");
  }

  // The value of a field as its default (or the named) shape prints it.
  ValuePlan FieldValue(const FieldPath& path, const std::string& shape) {
    ValuePlan value;
    value.path = path;
    const FieldDescriptor* field = value.field();
    value.container = field->is_map() ? Container::kMap : field->is_repeated() ? Container::kList : Container::kOne;
    switch (value.element()->cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL: value.kind = ValueKind::kBool; break;
      case FieldDescriptor::CPPTYPE_STRING: value.kind = ValueKind::kString; break;
      case FieldDescriptor::CPPTYPE_FLOAT: value.kind = ValueKind::kFloat; break;
      case FieldDescriptor::CPPTYPE_DOUBLE: value.kind = ValueKind::kDouble; break;
      case FieldDescriptor::CPPTYPE_ENUM:
        value.kind = ValueKind::kEnum;
        value.words = plan_.FindWords(value.element()->enum_type());
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        value.kind = ValueKind::kShape;
        value.shape = plan_.FindShape(value.element()->message_type(), shape);
        break;
      default: value.kind = ValueKind::kInteger;
    }
    return value;
  }

  uint32_t Flag(const std::string& name) const { return 1u << plan_.flags.at(name); }

  std::string Route(const rules::Route& route, size_t index) {
    std::string name = absl::StrCat("kRoute", index);
    code_.Line(absl::StrCat("// ", route.method(), " ", route.path()));
    std::string first_rpc = !route.rpc().empty() ? route.rpc() : route.call_size() > 0 ? route.call(0).rpc() : "";
    const pb::MethodDescriptor* method = first_rpc.empty() ? nullptr : plan_.schema->FindMethod(first_rpc);
    const pb::Descriptor* request = method != nullptr ? method->input_type() : nullptr;
    const pb::Descriptor* reply = method != nullptr ? method->output_type() : nullptr;

    std::vector<std::string> params, variables;
    for (const std::string& set : route.params())
      for (const rules::Param& param : plan_.param_sets.at(set)->param())
        params.push_back(Param(param, request, absl::StrCat(name, "Param", params.size())));
    for (const rules::Param& param : route.param())
      params.push_back(Param(param, request, absl::StrCat(name, "Param", params.size())));
    bool has_scope = false;
    std::string scope = route.scope().empty() ? "collection_name" : route.scope();
    for (absl::string_view piece : absl::StrSplit(route.path(), '/')) {
      if (!absl::ConsumePrefix(&piece, "{") || !absl::ConsumeSuffix(&piece, "}")) continue;
      std::string variable(piece.substr(0, piece.find('=')));
      has_scope |= variable == scope;
      rules::Param param;
      param.set_name(variable);
      const bool sent = request != nullptr && route.operation().empty();
      if (sent) param.set_field(variable);
      for (const rules::Param& listed : plan_.api->variable())
        if (listed.name() == variable) {
          param = listed;
          if (sent && param.field().empty()) param.set_field(variable);
        }
      for (const rules::Param& listed : route.variable())
        if (listed.name() == variable) param = listed;
      variables.push_back(Param(param, request, absl::StrCat(name, "Variable", variables.size())));
    }
    std::string params_name = Array("ParamSpec", name + "Params", params);
    std::string variables_name = Array("ParamSpec", name + "Variables", variables);

    bool has_body = !route.body().empty() || route.reads_body();
    std::vector<std::string> calls;
    if (!route.rpc().empty()) calls.push_back(CallOf(route.rpc(), route.body(), "", "{}"));
    for (int i = 0; i < route.call_size(); ++i) {
      const rules::Call& call = route.call(i);
      has_body |= !call.body().empty();
      calls.push_back(CallOf(call.rpc(), call.body(), call.when_key(), Sets(call.set(), absl::StrCat(name, "Call", i, "Set"))));
    }
    // With several calls the route's own body is read for its faults only.
    std::string check_body = "nullptr";
    if (!route.body().empty() && route.call_size() > 0 && request != nullptr)
      if (const ShapePlan* shape = plan_.FindShape(request, route.body())) check_body = absl::StrCat("AnyRead", shape->name);
    std::string calls_name = Array("CallSpec", name + "Calls", calls);
    std::string sets = Sets(route.set(), name + "Set");
    std::string copies = Copies(route.copy(), name + "Copy");

    std::string follow_up = "nullptr";
    if (route.has_follow_up()) {
      const rules::FollowUp& rule = route.follow_up();
      const pb::MethodDescriptor* second = plan_.schema->FindMethod(rule.rpc());
      int equals = 0;
      if (second != nullptr)
        if (auto path = ResolvePath(second->output_type(), rule.field()); path && path->back()->enum_type() != nullptr)
          if (const auto* value = path->back()->enum_type()->FindValueByName(rule.equals())) equals = value->number();
      std::string copy = Copies(rule.copy(), name + "FollowUpCopy");
      code_.Line(absl::StrCat("const FollowUpSpec ", name, "FollowUp{", Quoted(rule.when_empty()), ", ",
                              CallOf(rule.rpc(), "", "", "{}"), ", ", copy, ", ", Flag(rule.flag()), "u, ",
                              Quoted(rule.field()), ", ", equals, "};"));
      follow_up = absl::StrCat("&", name, "FollowUp");
    }

    std::vector<std::string> shows;
    for (const rules::Show& show : route.show())
      shows.push_back(absl::StrCat("{", Flag(show.flag()), "u, ", Quoted(show.selector()), ", ", Quoted(show.off_when()), ", ",
                                   show.default_(), ", ", Quoted(show.needs()), "}"));
    std::string shows_name = Array("ShowSpec", name + "Show", shows);
    std::string result = Result(route.result(), reply, name);

    static const char* const kLocal[] = {"kText", "kReady", "kMetrics"};
    std::string local = "{}";
    if (route.has_local())
      local = absl::StrCat("{LocalSpec::Kind::", kLocal[route.local().kind()], ", ", route.local().status(), ", ",
                           Quoted(route.local().content_type()), ", ", Quoted(route.local().text()), ", ",
                           Quoted(route.local().otherwise()), ", ", Quoted(route.local().location()), "}");
    return absl::StrCat("{", Quoted(route.method()), ", ", Quoted(route.path()), ", Access::", kAccess[route.access()], ", ",
                        Quoted(has_scope ? scope : ""), ", ", local, ", ", Quoted(route.unavailable()), ", ", Quoted(route.group()), ", ", params_name, ", ",
                        variables_name, ", ", has_body, ", ", check_body, ", ", Quoted(route.body_path()), ", ", route.body_unlocated(), ", ",
                        sets, ", ", copies, ", ", calls_name, ", ",
                        route.operation().empty() ? "nullptr" : "Make" + route.operation(), ", ", Quoted(route.no_call()), ", ",
                        Quoted(route.when_empty().field()), ", ", Quoted(route.when_empty().result()), ", ", follow_up, ", ",
                        Quoted(route.background_unless()), ", ", result, ", ", shows_name, ", ", Quoted(route.item()), ", ",
                        route.beside_points(), ", {", Quoted(route.listed().field()), ", ",
                        Quoted(route.listed().collection()), "}}");
  }

  template <class MemberRules>
  std::string Members(const MemberRules& members, const std::string& name) {
    static const char* const kWhat[] = {"kText",      "kResult",      "kTime",      "kField",
                                        "kErrorText", "kErrorObject", "kErrorList", "kCode",
                                        "kInfo",      "kInfoNumber"};
    std::vector<std::string> elements;
    for (const rules::Member& member : members) {
      std::string write = "nullptr", holds = "nullptr";
      if (member.what() == rules::Member::FIELD)
        if (const ShapePlan* shape = MemberShape(member)) {
          write = absl::StrCat("AnyWrite", shape->name);
          holds = absl::StrCat(name, "Holds", elements.size());
          code_.Line(absl::StrCat("bool ", holds, "(const google::protobuf::Message& message) {"));
          code_.Line(absl::StrCat("[[maybe_unused]] const auto& m = static_cast<const ", CppType(shape->message), "&>(message);"));
          code_.Line(absl::StrCat("return ", HoldsSomething(*shape, "m"), ";"));
          code_.Line("}");
        }
      elements.push_back(absl::StrCat("{", Quoted(member.key()), ", MemberSpec::What::", kWhat[member.what()], ", ",
                                      Quoted(member.text()), ", ", write, ", ", holds, "}"));
    }
    return Array("MemberSpec", name, elements);
  }

  // The replies' field of that name decides which message is printed; it is the same in all of them.
  const ShapePlan* MemberShape(const rules::Member& member) const {
    for (const pb::Descriptor* message : plan_.schema->messages())
      if (const FieldDescriptor* field = message->FindFieldByName(member.text());
          field != nullptr && field->message_type() != nullptr && !field->is_repeated())
        return plan_.FindShape(field->message_type(), member.shape());
    return nullptr;
  }

  int StatusCode(const std::string& name) {
    static const char* const kCodes[] = {"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
                                         "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
                                         "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
                                         "UNAUTHENTICATED"};
    for (int i = 0; i < 17; ++i)
      if (name == kCodes[i]) return i;
    return -1;
  }

  std::string AccessOf(const rules::AccessRules& rule) {
    std::vector<std::string> parts;
    for (const std::string* text :
         {&rule.no_credential(), &rule.bad_credential(), &rule.payload_restriction(), &rule.twice(), &rule.bad_signature(),
          &rule.expired(), &rule.needs_global(), &rule.needs_global_write(), &rule.needs_collection(),
          &rule.needs_collection_write(), &rule.points_only()})
      parts.push_back(Quoted(*text));
    std::vector<std::string> names;
    for (const rules::CollectionField& name : rule.names())
      if (const pb::Descriptor* message = plan_.schema->FindMessage(name.message()))
        names.push_back(absl::StrCat("{Default", FlatName(message), ", ", Quoted(name.field()), ", Access::",
                                     kAccess[name.access()], "}"));
    parts.push_back(Array("CollectionFieldSpec", "kNamesCollections", names));
    const rules::ValueCheck& check = rule.value_check();
    parts.push_back(CallOf(check.rpc(), check.body(), "", "{}"));
    parts.push_back(Quoted(check.found()));
    parts.push_back(Quoted(check.failed()));
    return absl::StrCat("{", absl::StrJoin(parts, ", "), "}");
  }

  void EmitApi() {
    const rules::Api& api = *plan_.api;
    std::vector<std::string> errors, headers, suffixes;
    std::map<std::string, std::string> forms;
    for (const rules::FailureForm& form : api.form()) {
      const std::string name = absl::StrCat("kForm", forms.size());
      const std::string members = Members(form.member(), name + "Members");
      const std::string type = !form.content_type().empty() || form.member().empty() ? form.content_type() : "application/json";
      code_.Line(absl::StrCat("const FormSpec ", name, "{", members, ", ", Quoted(type), "};"));
      forms[form.name()] = "&" + name;
    }
    auto form_of = [&](const std::string& name) { return name.empty() ? "nullptr" : forms.at(name); };
    for (const rules::ErrorRow& row : api.error()) {
      std::vector<std::string> strips, parts;
      for (const std::string& part : row.contains()) parts.push_back(Quoted(part));
      const std::string contains = Array("std::string_view", absl::StrCat("kErrorContains", errors.size()), parts);
      for (const std::string& start : row.strip()) strips.push_back(Quoted(start));
      const std::string strip = Array("std::string_view", absl::StrCat("kErrorStrip", errors.size()), strips);
      errors.push_back(absl::StrCat("{", StatusCode(row.code()), ", ", Quoted(row.prefix()), ", ", Quoted(row.equals()), ", ",
                                    Quoted(row.metadata()), ", ", row.status(), ", ", strip, ", ",
                                    Quoted(row.prepend()), ", ", row.plain_text(), ", ", row.empty_content_type(), ", ",
                                    Quoted(row.retry_after()), ", ", row.ours(), ", ", Quoted(row.text()), ", ",
                                    contains, ", ", row.anonymous(), ", ", form_of(row.form()), ", ",
                                    Quoted(row.info_domain()), "}"));
    }
    for (const std::string& header : api.forward_header()) headers.push_back(Quoted(header));
    for (const std::string& suffix : api.forward_header_suffix()) suffixes.push_back(Quoted(suffix));
    std::vector<std::string> trusted, reads, prefixes;
    for (const std::string& prefix : api.forward_header_prefix()) prefixes.push_back(Quoted(prefix));
    for (const std::string& header : api.forward_header_trusted()) trusted.push_back(Quoted(header));
    for (const std::string& header : api.forward_header_read()) reads.push_back(Quoted(header));
    std::string reads_name = Array("std::string_view", "kForwardHeadersRead", reads);
    std::string trusted_name = Array("std::string_view", "kForwardHeadersTrusted", trusted);
    std::string prefixes_name = Array("std::string_view", "kForwardHeaderPrefixes", prefixes);
    std::string errors_name = Array("ErrorRow", "kErrors", errors);
    std::string headers_name = Array("std::string_view", "kForwardHeaders", headers);
    std::string suffixes_name = Array("std::string_view", "kForwardHeaderSuffixes", suffixes);
    std::string envelope = Members(api.envelope(), "kEnvelope");
    std::string accepted = Members(api.accepted(), "kAccepted");
    std::string failure = Members(api.failure(), "kFailure");
    std::string access = AccessOf(api.access());
    const rules::LocalErrors& local = api.local();
    std::vector<std::string> texts;
    for (const std::string* text :
         {&local.format(), &local.format_unlocated(), &local.validation_body(), &local.validation_query(),
          &local.validation_path(), &local.deserialize_query(), &local.deserialize_path(), &local.body_too_large(),
          &local.body_too_large_streamed(), &local.body_broken(), &local.unavailable(), &local.limit_min(), &local.limit_max(),
          &local.limit_both(), &local.length_min(), &local.length_max(), &local.length_both(), &local.length_exact(),
          &local.empty_body()})
      texts.push_back(Quoted(*text));
    texts.push_back(absl::StrCat(local.body_too_large_status() == 0 ? 400 : local.body_too_large_status()));
    const std::string head_texts =
        absl::StrCat("{", Quoted(local.no_route()), ", ", Quoted(local.wrong_method()), ", ",
                     Quoted(local.wrong_content_type()), ", ", Quoted(local.not_acceptable()), ", ", form_of(local.form()), "}");
    code_.Line();
    code_.Line("}  // namespace");
    code_.Line();
    code_.Line("const runtime::ApiSpec& ApiSpec() {");
    code_.Line(absl::StrCat("static const runtime::ApiSpec spec{", Quoted(api.name()), ", ", Quoted(api.version()), ", ",
                            Quoted(api.oldest_version()), ", kRoutes, ", envelope, ", ", accepted, ", ", failure, ", ",
                            errors_name, ", ", CallOf(api.credential_proof(), "", "", "{}"), ", ",
                            CallOf(api.health(), "", "", "{}"), ", ", Quoted(api.health_version_field()), ", ", headers_name,
                            ", ", suffixes_name, ", ", prefixes_name, ", ", trusted_name, ", ", reads_name, ", {", absl::StrJoin(texts, ", "),
                            "}, ", head_texts, ", ", Quoted(api.credential_param()), ", ",
                            Quoted(api.credential_scheme()), ", ", Real(api.default_timeout_seconds()), ", ", Real(api.timeout_slack_seconds()), ", ",
                            api.max_depth(), ", ", api.cors(), ", ", access, ", ",
                            api.json_style() == rules::Api::GO ? "runtime::JsonStyle::kGo" : "runtime::JsonStyle::kSerde", "};"));
    code_.Line("return spec;");
    code_.Line("}");
    code_.Line();
    code_.Line("std::span<const runtime::ShapeEntry> Shapes() { return kShapes; }");
  }

  void EmitShapes() {
    std::vector<std::string> entries;
    for (const auto& shape : plan_.shapes) {
      if (shape->inline_part) continue;
      std::vector<std::string> left_out;
      for (const auto& [field, reason] : shape->left_out)
        if (field->containing_type() == shape->message) left_out.push_back(Quoted(field->name()));
      std::string name = Array("std::string_view", absl::StrCat("kLeftOutOf", shape->name), left_out);
      entries.push_back(absl::StrCat("{", Quoted(shape->name), ", ", shape->is_default, ", Default", FlatName(shape->message),
                                     ", AnyRead", shape->name, ", AnyWrite", shape->name, ", ", name, "},"));
    }
    code_.Line("const ShapeEntry kShapes[] = {");
    for (const std::string& entry : entries) code_.Line(entry);
    code_.Line("};");
  }

  const Plan& plan_;
  Code& code_;
};

}  // namespace

std::string EmitApiHeader(const Plan& plan) {
  Code code;
  code.Line(absl::StrCat("// Generated by translator-gen from rules/", plan.api->name(), "/. Do not edit."));
  code.Line("#pragma once");
  code.Line();
  code.Line("#include \"runtime/route.h\"");
  code.Line();
  code.Line(absl::StrCat("namespace vecgate::translators::", plan.api->name(), " {"));
  code.Line();
  code.Line("// The whole REST API as data. Static storage.");
  code.Line("const runtime::ApiSpec& ApiSpec();");
  code.Line();
  code.Line("// Every shape of every message, default shapes included. Static storage.");
  code.Line("std::span<const runtime::ShapeEntry> Shapes();");
  code.Line();
  code.Line("}");
  return code.text();
}

std::string EmitApiSource(const Plan& plan) {
  Code code;
  code.Line(absl::StrCat("// Generated by translator-gen from rules/", plan.api->name(), "/. Do not edit."));
  code.Line(absl::StrCat("#include \"", plan.api->name(), "/api.h\""));
  code.Line();
  code.Line("#include \"runtime/generated.h\"");
  if (!plan.api->operations_header().empty()) code.Line(absl::StrCat("#include ", Quoted(plan.api->operations_header())));
  code.Line(absl::StrCat("#include \"", plan.api->name(), "/words.h\""));
  if (!plan.api->runtime_header().empty()) code.Line(absl::StrCat("#include ", Quoted(plan.api->runtime_header())));
  for (const pb::FileDescriptor* file : plan.schema->files())
    code.Line(plan.Emits(file)
                  ? absl::StrCat("#include \"", plan.api->name(), "/", Stem(file), ".translate.h\"")
                  : absl::StrCat("#include ", Quoted(absl::StrCat(absl::StripSuffix(file->name(), ".proto"), ".pb.h"))));
  // The health of a server may be asked by the standard method, which no API has in its own package.
  if (const pb::MethodDescriptor* health = plan.schema->FindMethod(plan.api->health()))
    if (!plan.schema->Contains(health->input_type()))
      code.Line(absl::StrCat("#include ", Quoted(absl::StrCat(absl::StripSuffix(health->file()->name(), ".proto"), ".pb.h"))));
  code.Line();
  code.Line(absl::StrCat("namespace vecgate::translators::", plan.api->name(), " {"));
  code.Line("namespace {");
  code.Line();
  code.Line("using namespace ::vecgate::runtime;  // NOLINT: generated code speaks the runtime's language");
  code.Line();
  ApiEmitter(plan, &code).Emit();
  code.Line();
  code.Line("}");
  return code.text();
}

}  // namespace vecgate::codegen
