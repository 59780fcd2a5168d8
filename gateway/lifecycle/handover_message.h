// Messages between a gateway and its successor over a Unix socket of packets (SOCK_SEQPACKET).
//
//   successor                     predecessor
//      connects ------------------->
//      <------------- one packet per socket: "socket\nNAME\nADDRESS", the descriptor with it
//      <------------- "end"
//      "serving" ------------------>  drains
//
// Whoever closes before "serving" leaves everything as it was.
#pragma once

#include <string>
#include <string_view>

#include "base/descriptor.h"

namespace vecgate::lifecycle {

inline constexpr std::string_view kEnd = "end";
inline constexpr std::string_view kServing = "serving";

// A packet, with a descriptor when that is not -1. False: see errno. Does not block on sockets that do not.
bool SendPacket(int socket, std::string_view text, int descriptor);

struct Packet {
  std::string text;  // empty: the end of the connection
  base::Descriptor descriptor;
};
// False: see errno.
bool ReceivePacket(int socket, Packet* packet);

}  // namespace vecgate::lifecycle
