#include "http/connection_facts.h"

#include <boost/asio/ip/tcp.hpp>
#include <cstring>
#include <utility>

#include "config/config.h"

namespace vecgate::http {

namespace asio = boost::asio;
using asio::ip::tcp;

ConnectionFacts FactsOf(const sockaddr& peer, size_t size, std::string_view listener) {
  ConnectionFacts facts;
  facts.listener = listener;
  if (peer.sa_family == AF_UNIX) {
    facts.peer = facts.peer_address = "unix";
    facts.unix_socket = facts.loopback = true;
    return facts;
  }
  tcp::endpoint endpoint;
  if ((peer.sa_family != AF_INET && peer.sa_family != AF_INET6) || size > endpoint.capacity()) return facts;
  std::memcpy(endpoint.data(), &peer, size);
  endpoint.resize(size);
  asio::ip::address address = endpoint.address();
  // How a socket for both families tells of the older one.
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  facts.peer_address = address.to_string();
  facts.peer = config::Endpoint{facts.peer_address, endpoint.port()}.ToString();
  facts.loopback = address.is_loopback();
  return facts;
}

}  // namespace vecgate::http
