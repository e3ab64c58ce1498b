/**
 * Counters and reservations in Redis. Each call is atomic. `open_counter` and `largest_output` decide
 * as `reserve.ts` does, with the same numbers (doubles). Numbers are written with `%.0f`, because
 * Lua's own format has only 14 digits.
 *
 * Keys, after the prefix in KEYS[1]: `:c:<counter>` is a counter (spent `s`, reserved `r`, window `w`,
 * end `e`), `:r:<id>` a reservation, `:x` the ids by their expiry, `:d:<id>` marks a settled request.
 */
export const COUNTER_SCRIPT = `
local prefix, operation, input = KEYS[1], ARGV[1], cjson.decode(ARGV[2])
local MINUTE = 60000
local HOUR = 3600
local DAY = 86400

local function whole(number) return string.format('%.0f', number) end

local function read_counter(key)
  local found = redis.call('HMGET', prefix .. ':c:' .. key, 's', 'r', 'w', 'e')
  if not found[1] then return nil end
  return { s = tonumber(found[1]), r = tonumber(found[2]), w = tonumber(found[3]), e = tonumber(found[4]) }
end

local function write_counter(key, c, window)
  local name = prefix .. ':c:' .. key
  redis.call('HSET', name, 's', whole(c.s), 'r', whole(c.r), 'w', whole(c.w), 'e', c.e and whole(c.e) or '')
  if window == 'minute' then
    redis.call('EXPIRE', name, HOUR)
  elseif window == 'calendar' then
    redis.call('EXPIRE', name, 40 * DAY + math.max(0, math.floor((c.e - input.now) / 1000)))
  end
end

local function copy(c) return { s = c.s, r = c.r, w = c.w, e = c.e } end

local function open_counter(counter, stored, now)
  if counter.window == 'minute' then
    if not stored or not stored.e or now >= stored.e then
      return { s = 0, r = 0, w = math.max(now, stored and stored.w + 1 or now), e = now + MINUTE }
    end
    local opened = copy(stored)
    if now < stored.e - 2 * MINUTE then opened.e = now + MINUTE end
    return opened
  end
  local opened = stored and copy(stored) or { s = 0, r = 0, w = 0 }
  if counter.window == 'calendar' then opened.e = counter.renewsAt end
  return opened
end

local function amount_of(demand, output)
  return math.ceil(demand.fixed + demand.perOutputToken * output)
end

local function largest_output(demand, c, wanted)
  local free = demand.limit - c.s - c.r
  if amount_of(demand, wanted) <= free then return wanted end
  if amount_of(demand, 0) > free or demand.perOutputToken <= 0 then return -1 end
  local output = math.floor((free - demand.fixed) / demand.perOutputToken)
  if amount_of(demand, output) <= free then return output end
  return output - 1
end

local function read_parts(id)
  local parts = {}
  local flat = redis.call('HGETALL', prefix .. ':r:' .. id)
  local fields = {}
  for index = 1, #flat, 2 do fields[flat[index]] = flat[index + 1] end
  for index = 1, tonumber(fields.count or '0') do
    parts[index] = {
      key = fields['key' .. index], metric = fields['metric' .. index],
      window = fields['window' .. index], w = tonumber(fields['w' .. index]),
      amount = tonumber(fields['amount' .. index])
    }
  end
  return parts, fields
end

local function raw(result, c)
  result[#result + 1] = c and whole(c.s) or ''
  result[#result + 1] = c and whole(c.r) or ''
  result[#result + 1] = c and whole(c.w) or ''
  result[#result + 1] = c and c.e and whole(c.e) or ''
end

local function missing_counters(counters)
  local missing = { 'missing' }
  for index, counter in ipairs(counters) do
    local name = prefix .. ':c:' .. counter.key
    if counter.durable and redis.call('EXISTS', name) == 0 then missing[#missing + 1] = tostring(index - 1) end
  end
  return #missing > 1 and missing or nil
end

local function write_reservation(reserved, output)
  local name = prefix .. ':r:' .. input.id
  local fields = { 'count', tostring(#reserved), 'output', whole(output), 'reservation', ARGV[3] }
  for index, part in ipairs(reserved) do
    local list = { 'key', part.key, 'metric', part.metric, 'window', part.window, 'w', whole(part.w), 'amount', whole(part.amount) }
    for place = 1, #list, 2 do
      fields[#fields + 1] = list[place] .. index
      fields[#fields + 1] = list[place + 1]
    end
  end
  redis.call('DEL', name)
  redis.call('HSET', name, unpack(fields))
  redis.call('ZADD', prefix .. ':x', input.expiresAt, input.id)
end

local function released_counters()
  local released, windows = {}, {}
  for _, part in ipairs((read_parts(input.id))) do
    local c = read_counter(part.key)
    if c and c.w == part.w then
      c.r = c.r - part.amount
      released[part.key], windows[part.key] = c, part.window
    end
  end
  return released, windows
end

local operations = {}

function operations.reserve()
  local missing = missing_counters(input.demands)
  if missing then return missing end
  local released, windows = released_counters()
  local output, rejected = input.wanted, nil
  for index, demand in ipairs(input.demands) do
    demand.stored = read_counter(demand.key)
    demand.counter = open_counter(demand, released[demand.key] or demand.stored, input.now)
    local largest = largest_output(demand, demand.counter, input.wanted)
    if largest < input.minimum and not rejected then rejected = index end
    output = math.min(output, largest)
  end
  if rejected then
    local result = { 'rejected', tostring(rejected - 1) }
    for _, demand in ipairs(input.demands) do raw(result, demand.stored) end
    return result
  end
  local result, parts = { 'reserved', whole(output) }, {}
  for key, c in pairs(released) do write_counter(key, c, windows[key]) end
  for index, demand in ipairs(input.demands) do
    local amount, c = amount_of(demand, output), demand.counter
    c.r = c.r + amount
    write_counter(demand.key, c, demand.window)
    parts[index] = { key = demand.key, metric = demand.metric, window = demand.window, w = c.w, amount = amount }
    raw(result, c)
  end
  write_reservation(parts, output)
  return result
end

local function used_of(metric, settlement, requests)
  if metric == 'requests' then return requests end
  if metric == 'tokens' then return settlement.tokens end
  if metric == 'cost' then return settlement.cost end
  return 0
end

local function settle_reservation(settlement)
  for _, part in ipairs((read_parts(settlement.id))) do
    local c = read_counter(part.key)
    if c and c.w == part.w then
      c.r = c.r - part.amount
      c.s = c.s + used_of(part.metric, settlement, part.amount)
      write_counter(part.key, c, part.window)
    end
  end
  redis.call('DEL', prefix .. ':r:' .. settlement.id)
  redis.call('ZREM', prefix .. ':x', settlement.id)
end

local function charge_counters(settlement)
  for _, counter in ipairs(settlement.charge) do
    local stored = read_counter(counter.key)
    if stored or not counter.durable then
      local c = open_counter(counter, stored, input.now)
      c.s = c.s + used_of(counter.metric, settlement, 1)
      write_counter(counter.key, c, counter.window)
    end
  end
end

function operations.settle()
  for _, settlement in ipairs(input.settlements) do
    local mark = prefix .. ':d:' .. settlement.id
    if redis.call('EXISTS', prefix .. ':r:' .. settlement.id) == 1 then
      settle_reservation(settlement)
      redis.call('SET', mark, '', 'EX', HOUR / 12)
    elseif #settlement.charge > 0 and redis.call('EXISTS', mark) == 0 then
      charge_counters(settlement)
      redis.call('SET', mark, '', 'EX', HOUR)
    end
  end
  return {}
end

local function describe(ids)
  local result = {}
  for index, id in ipairs(ids) do
    local found = redis.call('HMGET', prefix .. ':r:' .. id, 'reservation', 'output')
    result[#result + 1] = found[1] or ''
    result[#result + 1] = found[2] or ''
  end
  return result
end

function operations.describe() return describe(input.ids) end

function operations.expired()
  return describe(redis.call('ZRANGEBYSCORE', prefix .. ':x', '-inf', whole(input.now), 'LIMIT', 0, 100))
end

function operations.renew()
  for _, id in ipairs(input.ids) do
    local score = redis.call('ZSCORE', prefix .. ':x', id)
    if score and tonumber(score) < input.expiresAt then
      redis.call('ZADD', prefix .. ':x', whole(input.expiresAt), id)
    end
  end
  return {}
end

function operations.read()
  local missing = missing_counters(input.counters)
  if missing then return missing end
  local result = { 'found' }
  for _, counter in ipairs(input.counters) do raw(result, read_counter(counter.key)) end
  return result
end

function operations.seed()
  for _, counter in ipairs(input.counters) do
    if redis.call('EXISTS', prefix .. ':c:' .. counter.key) == 0 then
      write_counter(counter.key, { s = counter.spent, r = 0, w = 0, e = counter.renewsAt }, counter.window)
    end
  end
  return {}
end

return operations[operation]()
`
