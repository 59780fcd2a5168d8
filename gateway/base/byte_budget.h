// Where bytes that are to be held are accounted for.
#pragma once

#include <cstdint>

namespace vecgate::base {

class ByteBudget {
 public:
  virtual ~ByteBudget() = default;
  // False: there is no room for so many more, and none was taken.
  virtual bool Take(uint64_t bytes) = 0;
};

}  // namespace vecgate::base
