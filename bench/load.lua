-- What wrk sends: requests drawn at random from a file of them, one a line: method,
-- path and body, with tabs between. Its arguments are the file and a seed.
local requests = {}

function init(arguments)
  math.randomseed(tonumber(arguments[2]))
  for line in io.lines(arguments[1]) do
    local method, path, body = line:match("^(%S+)\t(%S+)\t(.*)$")
    if body == "" then body = nil end
    requests[#requests + 1] = wrk.format(method, path, nil, body)
  end
end

function request()
  return requests[math.random(#requests)]
end

-- One line of numbers: requests, microseconds, bytes, errors, and the 50th and 99th
-- percentile of latency in microseconds.
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("result %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
