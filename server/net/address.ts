import { isIPv4, isIPv6 } from 'node:net'

/** One form for each IP address: without zone, IPv4 in IPv6 as itself. Null for anything else. */
export function normalAddress(text: string): string | null {
  if (isIPv4(text)) return text
  if (!isIPv6(text)) return null
  // The URL standard writes IPv6 in the one form of RFC 5952.
  const address = new URL(`http://[${text.split('%')[0]}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(address)
  if (!mapped) return address
  return mapped
    .slice(1)
    .map(group => Number.parseInt(group, 16))
    .map(bits => `${bits >> 8}.${bits & 255}`)
    .join('.')
}

/** An IPv4 address that came in as IPv6 is itself again. */
export function plainAddress(address: string): string {
  return normalAddress(address) ?? address
}

/** What limits count as one place: an IPv4 address, or the 64 leading bits of an IPv6 one, which a household has all of. */
export function networkOf(text: string): string {
  const address = plainAddress(text)
  if (!isIPv6(address)) return address
  const [head = '', tail = ''] = address.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const zeros = address.includes('::') ? Array(8 - left.length - right.length).fill('0') : []
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`
}
