// HTTP statuses as a fixed set of labels.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace vecgate::metrics {

// Statuses with a series of their own; any other counts as the first of its class.
inline constexpr std::array<uint16_t, 32> kStatuses = {200, 201, 202, 204, 206, 207, 300, 304, 400, 401, 403,
                                                       404, 405, 406, 408, 409, 411, 413, 415, 416, 422, 425,
                                                       429, 431, 499, 500, 501, 502, 503, 504, 505, 507};
// Index into kStatuses.
size_t StatusSlot(uint32_t status);

}  // namespace vecgate::metrics
