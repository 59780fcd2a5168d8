#include "runtime/translation.h"

#include <algorithm>

#include "runtime/add_numbers.h"
#include "runtime/body.h"
#include "runtime/compiled_route.h"
#include "runtime/json_writer.h"
#include "runtime/operation.h"

namespace vecgate::runtime {
namespace pb = google::protobuf;
using Clock = std::chrono::steady_clock;

// Longer ones would overflow the deadline. A year is as good as for ever.
constexpr uint64_t kLongestTimeoutSeconds = 365 * 24 * 3600;

struct Translation::State {
  State(const Api& api, const CompiledRoute& route, pb::Arena* arena) : api(api), route(route), arena(arena) {}

  const Api& api;
  const CompiledRoute& route;
  pb::Arena* arena;
  Clock::time_point start;
  Step step;
  std::vector<ParamValue> variables;
  std::vector<ParamValue> params;
  double timeout_seconds = 0;
  std::vector<pb::Message*> requests;  // of the calls that apply, in order
  std::vector<const CallSpec*> calls;
  size_t next_call = 0;
  std::vector<const pb::Message*> earlier_replies;  // of the calls before the last
  std::vector<size_t> merged;          // items of the result that continue the one before
  bool following_up = false;
  pb::Message* first_reply = nullptr;
  Flags flags = 0;
  std::vector<Flags> item_flags;
  std::unique_ptr<Operation> operation;  // null: the rules say all

  double Elapsed() const { return std::chrono::duration<double>(Clock::now() - start).count(); }

  Step& Answer(Reply reply) {
    step.kind = Step::Kind::kReply;
    step.reply = std::move(reply);
    return step;
  }

  // A fault of the request, found here: nothing was asked, so no time is told.
  Step& Refuse(uint32_t status, std::string_view text) {
    return Answer(api.ErrorReply(status, text, Origin::kDownstream, 0.0));
  }

  Step& Call(const CallSpec& spec, pb::Message* request) {
    step.calls.clear();
    AddCall(spec, request);
    return step;
  }
  void AddCall(const CallSpec& spec, pb::Message* request) {
    step.kind = Step::Kind::kCall;
    UpstreamCall& call = step.calls.emplace_back();
    call.spec = &spec;
    call.request = request;
    call.response = spec.response()->New(arena);
    call.timeout = std::chrono::duration<double>(timeout_seconds);
  }

  // --- in ----------------------------------------------------------------------------------------------

  Step& Begin(const RequestView& request) {
    const ApiSpec& spec = api.spec();
    const auto path_fault = ReadVariables(spec, route.variables, request.path_variables, arena, &variables);
    if (path_fault && !path_fault->late) return Refuse(path_fault->status, path_fault->text);
    if (auto fault = ReadQuery(spec, route.params, request.query, arena, &params)) return Refuse(fault->status, fault->text);
    if (path_fault) return Answer(api.ErrorReply(path_fault->status, path_fault->text, Origin::kDownstream, Elapsed()));
    timeout_seconds = spec.default_timeout_seconds;
    for (const ParamValue& param : params)
      if (param.param->spec->deadline)
        timeout_seconds = static_cast<double>(std::min(param.number, kLongestTimeoutSeconds)) + spec.timeout_slack_seconds;
    if (route.spec.operation != nullptr) {
      operation = route.spec.operation(
          {api, route.spec, arena, variables, params, request.query, request.body, start});
      return Follow(operation->Begin());
    }
    if (auto fault = ReadRequests(request.body)) return Refuse(fault->status, fault->text);
    if (calls.empty()) return Refuse(400, route.spec.no_call);
    for (pb::Message* message : requests) {
      for (const ParamValue& value : variables) ApplyParam(value, message);
      for (const ParamValue& value : params) ApplyParam(value, message);
      for (const CompiledSet& set : route.set) SetFromText(message, set.field, set.value);
      for (const CompiledCopy& copy : route.copy) CopyField(*message, copy.from, message, copy.to);
    }
    if (!route.empty_field.empty() && route.empty_field.Size(*requests[0]) == 0)
      return Answer(Success([&](JsonWriter& w) { w.Raw(route.spec.empty_result); }, nullptr));
    FindFlags(*requests[0]);
    Step& first = Call(*calls[0], requests[0]);
    if (IsBackground()) {
      first.calls[0].background = true;
      first.reply = Accepted();
    }
    return first;
  }

  // --- operations --------------------------------------------------------------------------------------

  Step& Follow(Operation::Next next) {
    if (Reply* reply = std::get_if<Reply>(&next)) return Answer(std::move(*reply));
    if (auto* elsewhere = std::get_if<Operation::Elsewhere>(&next)) {
      Answer(std::move(elsewhere->otherwise));
      step.kind = Step::Kind::kElsewhere;
      return step;
    }
    step.calls.clear();
    for (Operation::Call& call : std::get<std::vector<Operation::Call>>(next)) {
      if (call.rest_path.empty()) {
        AddCall(*call.spec, call.request);
        continue;
      }
      step.kind = Step::Kind::kCall;
      step.calls.emplace_back().rest_path = std::move(call.rest_path);
      step.calls.back().timeout = std::chrono::duration<double>(timeout_seconds);
    }
    return step;
  }

  Step& Continue(CallOutcomes outcomes) {
    std::vector<Operation::Outcome> told(outcomes.size());
    for (size_t i = 0; i < outcomes.size(); ++i) told[i] = {std::move(outcomes[i]), step.calls[i].response};
    return Follow(operation->Resume(told));
  }

  std::optional<BodyFault> ReadRequests(std::string_view body) {
    if (!route.spec.has_body) {
      for (const CallSpec& call : route.spec.calls) {
        calls.push_back(&call);
        requests.push_back(call.request()->New(arena));
      }
      return std::nullopt;
    }
    return ReadBody(api, route.spec, body, [this](JsonReader& reader, const JsonValue& root) {
      calls.clear();
      requests.clear();
      if (route.spec.check_body != nullptr &&
          !route.spec.check_body(reader, root, route.spec.calls[0].request()->New(arena)))
        return false;
      // Its faults are found; the calls read the same body again.
      std::optional<JsonReader::UncheckedScope> unchecked;
      if (route.spec.check_body != nullptr) unchecked.emplace(reader);
      for (size_t i = 0; i < route.spec.calls.size(); ++i) {
        const CallSpec& call = route.spec.calls[i];
        JsonValue given;
        if (!call.when_key.empty() && (root.kind() != Kind::kObject || !root.Find(call.when_key, &given) || given.is_null()))
          continue;
        pb::Message* message = call.request()->New(arena);
        calls.push_back(&call);
        requests.push_back(message);
        if (call.read_body != nullptr && !call.read_body(reader, root, message)) return false;
        for (const CompiledSet& set : route.call_set[i]) SetFromText(message, set.field, set.value);
      }
      merged = reader.merged_items();
      return true;
    });
  }

  // --- what is shown -----------------------------------------------------------------------------------

  Flags FlagsOf(const pb::Message& message) const {
    Flags shown = 0;
    for (const CompiledShow& show : route.show) {
      if (!show.requires_field.empty() && show.requires_field.Find(message) == nullptr) continue;
      const pb::Message* selector = show.selector.empty() ? nullptr : show.selector.Find(message);
      bool on = show.spec->default_on;
      if (selector != nullptr) {
        const pb::FieldDescriptor* off = selector->GetDescriptor()->FindFieldByName(std::string(show.spec->off_when));
        const pb::Reflection* reflection = selector->GetReflection();
        on = off == nullptr || !reflection->HasField(*selector, off) || reflection->GetBool(*selector, off);
      }
      if (on) shown |= show.spec->flag;
    }
    return shown;
  }

  void FindFlags(const pb::Message& request) {
    if (route.item.empty()) {
      flags = FlagsOf(request);
      return;
    }
    const pb::Message* owner = route.item.Owner(request);
    if (owner == nullptr) return;
    int size = route.item.Size(request);
    for (int i = 0; i < size; ++i)
      item_flags.push_back(FlagsOf(owner->GetReflection()->GetRepeatedMessage(*owner, route.item.last(), i)));
  }

  // --- out ---------------------------------------------------------------------------------------------

  bool IsBackground() const {
    if (route.spec.background_unless.empty()) return false;
    for (const ParamValue& param : params)
      if (param.param->spec->name == route.spec.background_unless) return param.number == 0;
    return false;
  }

  Reply Accepted() const {
    Reply reply;
    reply.status = 202;
    reply.content_type = "application/json";
    JsonWriter writer(reply.body, api.spec().json_style);
    writer.StartObject();
    for (const MemberSpec& member : api.spec().accepted) {
      writer.Key(member.key);
      if (member.what == MemberSpec::What::kTime) writer.Double(Elapsed());
      else writer.String(member.text);
    }
    writer.EndObject();
    return reply;
  }

  template <class PrintResult>
  Reply Success(const PrintResult& print, const pb::Message* message) {
    Reply reply;
    reply.content_type = "application/json";
    JsonWriter writer(reply.body, api.spec().json_style);
    writer.set_flags(flags);
    writer.set_item_flags(item_flags);
    if (route.spec.result.bare) {
      print(writer);
      return reply;
    }
    writer.StartObject();
    std::span<const MemberSpec> members = api.spec().envelope;
    for (size_t i = 0; i < members.size(); ++i) {
      const MemberSpec& member = members[i];
      const pb::Message* field = nullptr;
      if (member.what == MemberSpec::What::kField) {
        if (message == nullptr || route.envelope[i].empty()) continue;
        field = route.envelope[i].Find(*message);
        if (field == nullptr || !member.holds(*field)) continue;
      }
      writer.Key(member.key);
      switch (member.what) {
        case MemberSpec::What::kText: writer.String(member.text); break;
        case MemberSpec::What::kTime: writer.Double(Elapsed()); break;
        case MemberSpec::What::kResult: print(writer); break;
        case MemberSpec::What::kField: member.write(*field, writer); break;
        default: writer.Null(); break;
      }
    }
    writer.EndObject();
    return reply;
  }

  Step& PrintReply(const pb::Message& message) {
    const ResultSpec& result = route.spec.result;
    if (!route.first_of.empty() && route.first_of.Size(message) == 0)
      return Answer(api.ErrorReply(result.none_status, WithVariables(result.none_text), Origin::kDownstream, Elapsed()));
    return Answer(Success(
        [&](JsonWriter& writer) {
          if (result.write != nullptr) result.write(message, writer);
          else writer.Raw(result.constant);
        },
        &message));
  }

  // {name} in a text is the path variable of that name as it was read.
  std::string WithVariables(std::string_view text) const {
    std::string filled(text);
    for (const ParamValue& value : variables) {
      std::string shown = value.text;
      if (value.message != nullptr && value.param->spec->write != nullptr) {
        OutputBuffer buffer;
        JsonWriter writer(buffer, api.spec().json_style);
        value.param->spec->write(*value.message, writer);
        shown = std::string(buffer.view());
        if (shown.size() >= 2 && shown.front() == '"') shown = shown.substr(1, shown.size() - 2);
      }
      std::string name = std::string("{") + std::string(value.param->spec->name) + "}";
      if (size_t at = filled.find(name); at != std::string::npos) filled.replace(at, name.size(), shown);
    }
    return filled;
  }

  Step& Resume(CallOutcomes outcomes) {
    if (operation != nullptr) return Continue(std::move(outcomes));
    if (outcomes[0].code != 0) return Answer(api.ErrorReply(outcomes[0], Elapsed()));
    if (step.calls[0].background) return Answer(Accepted());
    pb::Message* reply = step.calls[0].response;
    if (following_up) {
      if (const pb::Message* owner = route.follow_up_field.Owner(*reply);
          owner != nullptr &&
          owner->GetReflection()->GetEnumValue(*owner, route.follow_up_field.last()) == route.spec.follow_up->equals)
        flags |= route.spec.follow_up->flag;
      return PrintReply(*first_reply);
    }
    if (++next_call < calls.size()) {
      earlier_replies.push_back(reply);
      return Call(*calls[next_call], requests[next_call]);
    }
    AddEarlier(reply);
    if (route.spec.follow_up != nullptr) {
      if (route.follow_up_empty.Size(*reply) > 0) {
        flags |= route.spec.follow_up->flag;
      } else {
        const CallSpec& second = route.spec.follow_up->call;
        first_reply = reply;
        following_up = true;
        pb::Message* request = second.request()->New(arena);
        for (const CompiledCopy& copy : route.follow_up_copy) CopyField(*requests[0], copy.from, request, copy.to);
        return Call(second, request);
      }
    }
    DropMerged(reply);
    return PrintReply(*reply);
  }

  // The envelope tells what the whole request cost, so what it prints of several calls is added up.
  void AddEarlier(pb::Message* reply) const {
    for (const pb::Message* earlier : earlier_replies) {
      for (const FieldPath& path : route.envelope) {
        const pb::Message* cost = path.empty() ? nullptr : path.Find(*earlier);
        if (cost == nullptr) continue;
        pb::Message* owner = path.MutableOwner(reply);
        AddNumbers(*cost, owner->GetReflection()->MutableMessage(owner, path.last()));
      }
    }
  }

  // Items that one item of the request was split into are told as one: the last of them.
  void DropMerged(pb::Message* reply) {
    if (merged.empty() || route.merge_parts.empty()) return;
    const pb::FieldDescriptor* results = route.merge_parts.last();
    const pb::Reflection* reflection = reply->GetReflection();
    for (auto item = merged.rbegin(); item != merged.rend(); ++item) {
      int at = static_cast<int>(*item);
      int size = reflection->FieldSize(*reply, results);
      if (at >= size) continue;
      for (int i = at - 1; i + 1 < size; ++i) reflection->SwapElements(reply, results, i, i + 1);
      reflection->RemoveLast(reply, results);
    }
  }
};

Translation::Translation(const Api& api, const CompiledRoute& route, pb::Arena* arena)
    : state_(std::make_unique<State>(api, route, arena)) {}

Translation::~Translation() = default;

Step& Translation::Begin(const RequestView& request, Clock::time_point start) {
  state_->start = start;
  return state_->Begin(request);
}

Step& Translation::Resume(CallOutcomes outcomes) { return state_->Resume(std::move(outcomes)); }

const std::string* OperationContext::Text(std::string_view name) const {
  for (std::span<const ParamValue> values : {variables, params})
    for (const ParamValue& value : values)
      if (value.param->spec->name == name) return &value.text;
  return nullptr;
}

}  // namespace vecgate::runtime
