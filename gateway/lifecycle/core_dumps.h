// No memory of this process in a file: it holds credentials.
#pragma once

namespace vecgate::lifecycle {

// Neither core dumps nor a debugger of the same user from now on.
void ForbidCoreDumps();

}  // namespace vecgate::lifecycle
