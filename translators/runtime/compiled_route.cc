#include "runtime/compiled_route.h"

namespace vecgate::runtime {
namespace pb = google::protobuf;

CompiledRoute::CompiledRoute(const ApiSpec& api_spec, const RouteSpec& route) : api(api_spec), spec(route) {
  const pb::Descriptor* request = route.calls.empty() ? nullptr : route.calls[0].request()->GetDescriptor();
  const pb::Descriptor* reply = route.calls.empty() ? nullptr : route.calls[0].response()->GetDescriptor();
  auto field = [](const pb::Descriptor* message, std::string_view path) {
    return message == nullptr || path.empty() ? FieldPath() : FieldPath(message, path);
  };
  for (const ParamSpec& param : route.variables) variables.push_back({&param, field(request, param.field)});
  for (const ParamSpec& param : route.params) params.push_back({&param, field(request, param.field)});
  for (const SetSpec& one : route.set) set.push_back({field(request, one.field), one.value});
  for (const CallSpec& call : route.calls) {
    call_set.emplace_back();
    for (const SetSpec& one : call.set)
      call_set.back().push_back({field(call.request()->GetDescriptor(), one.field), one.value});
  }
  for (const CopySpec& one : route.copy) copy.push_back({field(request, one.from), field(request, one.to)});
  empty_field = field(request, route.empty_field);
  item = field(request, route.item);
  const pb::Descriptor* shown = item.empty() ? request : item.last()->message_type();
  for (const ShowSpec& one : route.show)
    show.push_back({&one, field(shown, one.selector), field(shown, one.requires_field)});
  first_of = field(reply, route.result.first_of);
  merge_parts = field(reply, route.result.merge_parts);
  if (route.follow_up != nullptr) {
    const FollowUpSpec& follow_up = *route.follow_up;
    follow_up_empty = field(reply, follow_up.when_empty);
    const pb::Descriptor* second = follow_up.call.request()->GetDescriptor();
    for (const CopySpec& one : follow_up.copy) follow_up_copy.push_back({field(request, one.from), field(second, one.to)});
    follow_up_field = field(follow_up.call.response()->GetDescriptor(), follow_up.field);
  }
  for (const MemberSpec& member : api_spec.envelope) {
    bool has = member.what == MemberSpec::What::kField && reply != nullptr &&
               reply->FindFieldByName(std::string(member.text)) != nullptr;
    envelope.push_back(has ? FieldPath(reply, member.text) : FieldPath());
  }
}

const RouteSpec& SpecOf(const CompiledRoute& route) { return route.spec; }

}  // namespace vecgate::runtime
