#include "lifecycle/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace vecgate::lifecycle {

void ForbidCoreDumps() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  // A handler named in core_pattern is not bound by the limit, but by this.
  prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace vecgate::lifecycle
