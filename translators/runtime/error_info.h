// What a failure says beside its text: the google.rpc.ErrorInfo that servers put into a status.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace vecgate::runtime {

// The trailer that has the status with its details, a google.rpc.Status.
inline constexpr std::string_view kDetailsTrailer = "grpc-status-details-bin";

struct ErrorInfo {
  std::string domain;  // who says it: "example.com/limits"
  std::map<std::string, std::string, std::less<>> metadata;
};

// The first ErrorInfo among the details; nullopt: there is none, or `status` is no google.rpc.Status.
std::optional<ErrorInfo> FindErrorInfo(std::string_view status);

}  // namespace vecgate::runtime
