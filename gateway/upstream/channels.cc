#include "upstream/channels.h"

#include <absl/status/status.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/text.h"

namespace vecgate::upstream {
namespace {

absl::Status ReadFile(const std::string& path, std::string* out) {
  if (path.empty()) return absl::OkStatus();
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (file) text << file.rdbuf();
  if (!file || text.str().empty()) {
    return absl::NotFoundError(base::Concat("upstream.tls: cannot read ", path, ": ", std::strerror(errno)));
  }
  *out = text.str();
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(const config::Tls& tls) {
  if (!tls.enabled) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  for (const absl::Status& status : {ReadFile(tls.ca, &options.pem_root_certs),
                                     ReadFile(tls.certificate, &options.pem_cert_chain),
                                     ReadFile(tls.key, &options.pem_private_key)}) {
    if (!status.ok()) return status;
  }
  return grpc::SslCredentials(options);
}

grpc::ChannelArguments Arguments(const config::Upstream& upstream) {
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix("vecgate");
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, static_cast<int>(upstream.max_metadata_bytes));
  // Channels to one address would share a connection otherwise.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // The database is where the configuration says, whatever proxy the environment names.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  if (upstream.keepalive.count() > 0) {
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(upstream.keepalive.count()));
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  }
  // A database that restarts is back within seconds; do not wait longer for it.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);  // also the time a connection attempt may take
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  if (upstream.addresses.size() > 1) arguments.SetLoadBalancingPolicyName("round_robin");
  if (!upstream.tls.server_name.empty()) arguments.SetSslTargetNameOverride(upstream.tls.server_name);
  return arguments;
}

}  // namespace

std::string TargetOf(const std::vector<std::string>& addresses) {
  if (addresses.size() == 1) return addresses[0];
  return base::Concat(addresses[0].front() == '[' ? "ipv6:" : "ipv4:", base::Join(addresses, ","));
}

absl::StatusOr<std::vector<std::shared_ptr<grpc::Channel>>> OpenChannels(const config::Upstream& upstream,
                                                                         size_t count) {
  absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> credentials = Credentials(upstream.tls);
  if (!credentials.ok()) return credentials.status();
  const std::string target = TargetOf(upstream.addresses);
  const grpc::ChannelArguments arguments = Arguments(upstream);
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (size_t i = 0; i < count; ++i) channels.push_back(grpc::CreateCustomChannel(target, *credentials, arguments));
  return channels;
}

}  // namespace vecgate::upstream
