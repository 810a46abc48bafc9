import { BlockList, isIPv6 } from 'node:net'
import { plainAddress } from '../net/address.ts'
import {
  type Chain,
  type ForwardedHeader,
  readForwarded,
  readForwardedFor,
  readScheme,
} from '../net/forwarded.ts'

/** Who really calls, and whether nobody could read along on the way. */
export interface Client {
  address: string
  secure: boolean
}

export interface ProxyParts {
  /** Addresses and networks (`10.0.0.0/8`) of proxies that are believed; nobody else names another address than the own. */
  trusted: readonly string[]
  /** Our own listener is encrypted. */
  tls: boolean
}

export type ClientOf = (
  address: string,
  header: (name: ForwardedHeader) => string | null | undefined,
) => Client

export function createProxies({ trusted, tls }: ProxyParts): ClientOf {
  const list = new BlockList()
  for (const range of trusted) {
    const [network = '', prefix] = range.split('/')
    const family = isIPv6(network) ? 'ipv6' : 'ipv4'
    list.addSubnet(network, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  const believed = (address: string) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

  /** Each proxy writes down whom it heard, on the right: the first from there that is none of ours. */
  function clientIn(chain: Chain, direct: string): string {
    let nearest = direct
    for (const address of chain.toReversed()) {
      // What is no address is not guessed at: whoever it was came by the proxy before it.
      if (address === null) return nearest
      nearest = address
      if (!believed(address)) return address
    }
    return nearest
  }

  return (address, header) => {
    const direct = plainAddress(address)
    if (trusted.length === 0 || !believed(direct)) return { address: direct, secure: tls }
    const read = (name: ForwardedHeader) => header(name) || null
    const [forwardedFor, forwarded, realIp] = [read('x-forwarded-for'), read('forwarded'), read('x-real-ip')]
    const named = new Set<string>()
    if (forwardedFor) named.add(clientIn(readForwardedFor(forwardedFor), direct))
    if (forwarded) named.add(clientIn(readForwarded(forwarded), direct))
    // It names one hop only: within a chain of ours, that is another of ours.
    const hop = realIp && clientIn(readForwardedFor(realIp).slice(-1), direct)
    if (hop && !(named.size > 0 && believed(hop))) named.add(hop)
    // Headers that contradict each other: one of them was passed on from the caller, and nobody can tell which.
    const client = named.size === 1 ? [...named][0]! : direct
    const scheme =
      read('x-forwarded-proto')?.split(',').at(-1)?.trim() ?? (forwarded ? readScheme(forwarded) : null)
    return { address: client, secure: scheme === null ? tls : scheme === 'https' }
  }
}
