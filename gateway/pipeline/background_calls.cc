#include "pipeline/background_calls.h"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "base/log.h"

namespace vecgate::pipeline {

void BackgroundCalls::Start(Job job) {
  count_.fetch_add(1, std::memory_order_relaxed);
  boost::asio::co_spawn(executor_, Run(std::move(job)), [this](std::exception_ptr failure) {
    count_.fetch_sub(1, std::memory_order_release);
    if (failure) base::LogLine(base::LogLevel::kError, "background_call_lost");
  });
}

void BackgroundCalls::Cancel() {
  for (Running* running = first_; running != nullptr; running = running->next) running->cancel.Cancel();
}

base::Awaitable<void> BackgroundCalls::Run(Job job) {
  Running running;
  running.next = first_;
  if (first_ != nullptr) first_->previous = &running;
  first_ = &running;

  upstream::CallRequest request;
  request.method = job.call.spec->method;
  request.message = job.call.request;
  request.response = job.call.response;
  request.timeout = job.call.timeout;
  request.metadata = &job.metadata;
  request.access = job.access;
  request.own_timeout = true;  // nobody waits for it
  const runtime::CallOutcome outcome = co_await upstream_.Call(request, &running.cancel);

  (running.previous != nullptr ? running.previous->next : first_) = running.next;
  if (running.next != nullptr) running.next->previous = running.previous;
  base::LogLine line(outcome.code == 0 ? base::LogLevel::kInfo : base::LogLevel::kWarning, "background_call");
  line.Add("id", job.id).Add("route", job.endpoint).Add("code", outcome.code);
  if (outcome.code != 0) line.Add("fault", std::string_view(outcome.message).substr(0, 256));
}

}  // namespace vecgate::pipeline
