/** The connection of a request. */
export interface Connection {
  /** Address of the other end; `undefined` where the runtime does not report it. */
  peer: string | undefined
  header(name: string): string | undefined
}

/** Returns the address of a request's client, which identifies clients without keys. */
export type ClientAddress = (connection: Connection) => string

/** Value for Workers, where the peer is Cloudflare, which sets `cf-connecting-ip` itself. */
const CLOUDFLARE = 'cloudflare'

/** Characters of a forwarding header that are read, from its end, where proxies append. */
const MAX_HEADER_LENGTH = 1_024

/**
 * Creates the function that finds a client's address. Forwarding headers count only when the peer is
 * a trusted proxy, because any client can send them. IPv6 addresses are grouped by /64, because one
 * household or server usually has a whole /64.
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const networks = trustedProxies.flatMap((text) => parseNetwork(text) ?? [])
  const trustsCloudflare = trustedProxies.includes(CLOUDFLARE)
  const isTrusted = (address: string) => {
    const bytes = parseAddress(address)
    return bytes !== undefined && networks.some((network) => contains(network, bytes))
  }
  let last = { peer: '', group: '' }
  return ({ peer, header }) => {
    if (peer === undefined) {
      return trustsCloudflare ? groupOf(header('cf-connecting-ip') ?? '') : ''
    }
    if (networks.length === 0) {
      // Most requests come from the same address as the one before.
      if (peer !== last.peer) last = { peer, group: groupOf(peer) }
      return last.group
    }
    if (!isTrusted(peer)) return groupOf(peer)
    const forwarded = header('x-forwarded-for')?.slice(-MAX_HEADER_LENGTH).split(',') ?? []
    const hops = forwarded.map((hop) => hop.trim()).reverse()
    return groupOf(hops.find((hop) => !isTrusted(hop)) ?? peer)
  }
}

/** Whether a text is valid in `access.trustedProxies`: an address, a network or `cloudflare`. */
export function isTrustedProxy(text: string): boolean {
  return text === CLOUDFLARE || parseNetwork(text) !== undefined
}

/** Whether an address is in a network such as `10.0.0.0/8`. */
export function isInNetwork(address: string, network: string): boolean {
  const [bytes, parsed] = [parseAddress(address), parseNetwork(network)]
  return bytes !== undefined && parsed !== undefined && contains(parsed, bytes)
}

/** Returns IPv4 addresses unchanged, IPv6 addresses as their /64, and '' for anything else. */
function groupOf(address: string): string {
  const bytes = parseAddress(address)
  if (bytes === undefined) return ''
  if (isMappedV4(bytes)) return bytes.slice(12).join('.')
  const groups = [0, 2, 4, 6].map((at) => ((bytes[at] ?? 0) << 8 | (bytes[at + 1] ?? 0)))
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`
}

/** A network: an address of 16 bytes, IPv4 as `::ffff:a.b.c.d`, and the length of its prefix. */
interface Network {
  address: readonly number[]
  bits: number
}

function parseNetwork(text: string): Network | undefined {
  const [host = '', prefix, ...rest] = text.split('/')
  const address = parseAddress(host)
  if (address === undefined || rest.length > 0) return undefined
  const offset = host.includes(':') ? 0 : 96
  if (prefix === undefined) return { address, bits: 128 }
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) + offset : NaN
  return bits <= 128 ? { address, bits } : undefined
}

function contains({ address, bits }: Network, other: readonly number[]): boolean {
  return address.every((byte, index) => {
    const rest = Math.min(8, Math.max(0, bits - index * 8))
    const mask = (0xff << (8 - rest)) & 0xff
    return (byte & mask) === ((other[index] ?? 0) & mask)
  })
}

function isMappedV4(bytes: readonly number[]): boolean {
  return bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
}

/** Parses an address. Ignores brackets, a zone such as `%eth0`, and a port. */
function parseAddress(text: string): readonly number[] | undefined {
  const bare = text.replace(/^\[([^\]]*)\](:\d+)?$/, '$1').split('%')[0] ?? ''
  const v4 = parseV4(bare.split(':').length === 2 ? bare.split(':')[0] ?? '' : bare)
  if (v4 !== undefined) return [...Array<number>(10).fill(0), 0xff, 0xff, ...v4]
  return bare.length <= 45 ? parseV6(bare) : undefined
}

function parseV4(text: string): readonly number[] | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined
  const bytes = text.split('.').map(Number)
  return bytes.every((byte) => byte <= 255) ? bytes : undefined
}

function parseV6(text: string): readonly number[] | undefined {
  const halves = text.split('::')
  if (!text.includes(':') || halves.length > 2) return undefined
  const [before, after] = halves.map(parseGroups)
  if (before === undefined) return undefined
  if (halves.length === 1) return before.length === 16 ? before : undefined
  if (after === undefined || before.length + after.length > 14) return undefined
  return [...before, ...Array<number>(16 - before.length - after.length).fill(0), ...after]
}

/** Parses groups such as `2001:db8`, of which the last may be an IPv4 address. */
function parseGroups(text: string): readonly number[] | undefined {
  if (text === '') return []
  const bytes = text.split(':').map((group, index, groups) => {
    const v4 = index === groups.length - 1 ? parseV4(group) : undefined
    if (v4 !== undefined) return v4
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined
    const number = parseInt(group, 16)
    return [number >> 8, number & 0xff]
  })
  return bytes.every((group) => group !== undefined) ? bytes.flat() : undefined
}
