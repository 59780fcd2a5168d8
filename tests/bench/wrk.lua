-- The same request again and again. wrk -s wrk.lua URL -- METHOD BODY_FILE
-- Ends with one line of JSON; times are in microseconds.

function init(arguments)
  local file = assert(io.open(arguments[2], "rb"))
  wrk.method = arguments[1]
  wrk.body = file:read("*a")
  wrk.headers["Content-Type"] = "application/json"
  file:close()
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "bytes": %.0f, "failed": %d, "p50_us": %.1f, "p99_us": %.1f}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status,
    latency:percentile(50), latency:percentile(99)))
end
