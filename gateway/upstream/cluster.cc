#include "upstream/cluster.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <optional>
#include <set>
#include <utility>

#include "base/log.h"
#include "base/text.h"

namespace vecgate::upstream {
namespace {

namespace asio = boost::asio;
using base::Awaitable;
using base::kAsTuple;
using boost::system::error_code;

// How often ages and names are looked at.
constexpr std::chrono::milliseconds kTick{250};
// Names are resolved again no sooner than that, however ill their addresses are.
constexpr std::chrono::seconds kSoonest{1};

struct HostPort {
  std::string host;  // without brackets
  std::string port;
};

HostPort SplitAddress(std::string_view address) {
  const size_t colon = address.rfind(':');
  std::string_view host = address.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return {std::string(host), std::string(address.substr(colon + 1))};
}

std::string Literal(const asio::ip::address& address, std::string_view port) {
  const std::string text = address.to_string();
  return address.is_v6() ? base::Concat("[", text, "]:", port) : base::Concat(text, ":", port);
}

// The address itself when it is none that has to be resolved.
std::optional<std::string> AsLiteral(std::string_view address) {
  const HostPort parts = SplitAddress(address);
  error_code error;
  const asio::ip::address parsed = asio::ip::make_address(parts.host, error);
  if (error) return std::nullopt;
  return Literal(parsed, parts.port);
}

template <typename Results>
std::vector<std::string> AddressesOf(const Results& results, std::string_view port) {
  std::set<std::string> by_family[2];  // sorted: the resolver's order changes from time to time
  for (const auto& result : results) {
    const asio::ip::address address = result.endpoint().address();
    by_family[address.is_v6() ? 1 : 0].insert(Literal(address, port));
  }
  const std::set<std::string>& chosen = by_family[0].empty() ? by_family[1] : by_family[0];
  return {chosen.begin(), chosen.end()};
}

void RethrowOnEnd(std::exception_ptr failure) {
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

Cluster::Cluster(asio::io_context& control, const runtime::ApiSpec& api, size_t threads,
                 std::shared_ptr<const Plan> plan)
    : control_(control),
      api_(api),
      threads_(threads),
      counts_(std::make_unique<Counts[]>(threads)),
      completions_(threads),
      plan_(std::move(plan)),
      timer_(control),
      resolver_(control),
      members_(std::make_shared<const Members>(Members{plan_, {}})) {
  for (const std::string& address : plan_->upstream.addresses) {
    if (AsLiteral(address).has_value()) continue;
    const HostPort parts = SplitAddress(address);
    error_code error;
    const auto results = resolver_.resolve(parts.host, parts.port, error);
    Resolved(address, error, results.empty() ? std::vector<std::string>() : AddressesOf(results, parts.port));
  }
  resolve_at_ = Clock::now() + (names_.empty() ? Clock::duration(kSoonest) : plan_->upstream.resolve_every);
  Publish(Places(), false);
}

Cluster::~Cluster() = default;

void Cluster::Start() {
  started_ = true;
  Publish(Places(), false);
  asio::co_spawn(control_, Keep(), &RethrowOnEnd);
}

void Cluster::Stop() {
  stopped_ = true;
  timer_.cancel();
  resolver_.cancel();
  for (const auto& [address, monitor] : monitors_) monitor->Stop();
  monitors_.clear();
  warming_.clear();
}

void Cluster::Adopt(std::shared_ptr<const Plan> plan) {
  const bool renew = plan->connecting != plan_->connecting;
  plan_ = std::move(plan);
  std::erase_if(names_, [this](const auto& name) {
    const std::vector<std::string>& addresses = plan_->upstream.addresses;
    return std::find(addresses.begin(), addresses.end(), name.first) == addresses.end();
  });
  resolve_at_ = Clock::now();
  Publish(Places(), renew);
}

uint64_t Cluster::Total(metrics::Cell Counts::*count) const {
  uint64_t sum = 0;
  for (size_t i = 0; i < threads_; ++i) sum += (counts_[i].*count).value();
  return sum;
}

bool Cluster::ready() const {
  const std::shared_ptr<const Members> now = members();
  return std::any_of(now->list.begin(), now->list.end(),
                     [](const Member& member) { return member.endpoint->health() == Health::kWell; });
}

Awaitable<void> Cluster::Keep() {
  while (!stopped_) {
    timer_.expires_after(kTick);
    co_await timer_.async_wait(kAsTuple);
    if (stopped_) break;
    const auto now = Clock::now();
    const bool soon = SomeNamedIsIll() && now + plan_->upstream.resolve_every - kSoonest >= resolve_at_;
    if (now >= resolve_at_ || soon) co_await ResolveNames();
    if (stopped_) break;
    RenewOld(now);
  }
}

Awaitable<void> Cluster::ResolveNames() {
  // The plan may change meanwhile.
  const std::vector<std::string> addresses = plan_->upstream.addresses;
  bool all = true;
  for (const std::string& address : addresses) {
    if (AsLiteral(address).has_value()) continue;
    const HostPort parts = SplitAddress(address);
    const auto [error, results] = co_await resolver_.async_resolve(parts.host, parts.port, kAsTuple);
    if (stopped_) co_return;
    all &= Resolved(address, error, results.empty() ? std::vector<std::string>() : AddressesOf(results, parts.port));
  }
  resolve_at_ = Clock::now() + (all ? Clock::duration(plan_->upstream.resolve_every) : Clock::duration(kSoonest));
  Publish(Places(), false);
}

bool Cluster::Resolved(const std::string& name, error_code error, std::vector<std::string> addresses) {
  if (!error && !addresses.empty()) {
    unresolved_.erase(name);
    names_[name] = std::move(addresses);
    return true;
  }
  if (unresolved_.insert(name).second) {
    base::LogLine(base::LogLevel::kWarning, "upstream_unresolved").Add("name", name).Add("error", error.message());
  }
  return false;
}

std::vector<Place> Cluster::Places() const {
  std::vector<Place> places;
  const auto add = [&places](const std::string& literal, const std::string& authority) {
    const bool known = std::any_of(places.begin(), places.end(),
                                   [&literal](const Place& place) { return place.address == literal; });
    if (!known) places.push_back({literal, authority});
  };
  for (const std::string& address : plan_->upstream.addresses) {
    if (const auto literal = AsLiteral(address); literal.has_value()) {
      add(*literal, address);
    } else if (const auto found = names_.find(address); found != names_.end()) {
      for (const std::string& each : found->second) add(each, address);
    }
  }
  return places;
}

void Cluster::Publish(const std::vector<Place>& places, bool renew) {
  const std::shared_ptr<const Members> before = members();
  std::vector<Member> list;
  for (const Place& place : places) {
    Member member;
    for (const Member& known : before->list) {
      if (known.endpoint->place() == place) member = known;
    }
    if (member.endpoint == nullptr) member.endpoint = std::make_shared<Endpoint>(place, threads_);
    if (member.channels == nullptr || renew) member.channels = std::make_shared<const Channels>(*plan_, place, completions_);
    list.push_back(std::move(member));
  }
  if (renew) warming_.clear();
  Install(std::move(list));
}

void Cluster::Install(std::vector<Member> list) {
  const auto same = [](const Member& a, const Member& b) {
    return a.endpoint == b.endpoint && a.channels == b.channels;
  };
  std::shared_ptr<const Members> members = members_.Get();
  if (members->plan != plan_ ||
      !std::equal(list.begin(), list.end(), members->list.begin(), members->list.end(), same)) {
    members = std::make_shared<const Members>(Members{plan_, std::move(list)});
    members_.Set(members);
  }
  if (!started_ || stopped_) return;
  std::map<std::string, std::shared_ptr<HealthMonitor>> monitors;
  for (const Member& member : members->list) {
    std::shared_ptr<HealthMonitor>& monitor = monitors[member.endpoint->address()];
    const auto known = monitors_.find(member.endpoint->address());
    if (known != monitors_.end() && &known->second->endpoint() == member.endpoint.get()) {
      monitor = known->second;
      monitors_.erase(known);
      monitor->Use(plan_, member.channels);
      continue;
    }
    monitor = std::make_shared<HealthMonitor>(control_, api_, member.endpoint, plan_, member.channels);
    // Runs on after it is replaced, until its last question has ended.
    asio::co_spawn(control_, monitor->Run(), [monitor](std::exception_ptr failure) { RethrowOnEnd(failure); });
  }
  for (const auto& [address, monitor] : monitors_) monitor->Stop();
  monitors_ = std::move(monitors);
}

// Connections that are old enough are replaced by new ones as soon as those are there; what runs on the old ones ends
// there.
void Cluster::RenewOld(Clock::time_point now) {
  const auto most = plan_->upstream.max_connection_age;
  if (most.count() == 0) return;
  std::vector<Member> list = members()->list;
  for (Member& member : list) {
    const auto warming = warming_.find(member.endpoint.get());
    if (warming != warming_.end()) {
      if (!warming->second->Warm()) continue;
      member.channels = std::move(warming->second);
      warming_.erase(warming);
    } else if (now - member.channels->opened() >= most) {
      auto channels = std::make_shared<const Channels>(*plan_, member.endpoint->place(), completions_);
      channels->Warm();
      warming_.emplace(member.endpoint.get(), std::move(channels));
    }
  }
  // Those of addresses that are gone.
  std::erase_if(warming_, [&list](const auto& entry) {
    return std::none_of(list.begin(), list.end(),
                        [&entry](const Member& member) { return member.endpoint.get() == entry.first; });
  });
  Install(std::move(list));
}

bool Cluster::SomeNamedIsIll() const {
  const std::shared_ptr<const Members> now = members();
  return std::any_of(now->list.begin(), now->list.end(), [](const Member& member) {
    return member.endpoint->health() == Health::kIll && !AsLiteral(member.endpoint->place().authority).has_value();
  });
}

}  // namespace vecgate::upstream
