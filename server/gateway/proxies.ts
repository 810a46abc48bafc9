import { BlockList, isIPv6 } from 'node:net'
import { plainAddress } from '../address.ts'

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
  header: (name: 'x-forwarded-for' | 'x-forwarded-proto') => string | null | undefined,
) => Client

export function createProxies({ trusted, tls }: ProxyParts): ClientOf {
  const list = new BlockList()
  for (const range of trusted) {
    const [network = '', prefix] = range.split('/')
    const family = isIPv6(network) ? 'ipv6' : 'ipv4'
    list.addSubnet(network, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  const believed = (address: string) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

  return (address, header) => {
    const direct = plainAddress(address)
    if (trusted.length === 0 || !believed(direct)) return { address: direct, secure: tls }
    // Each proxy writes down whom it heard, on the right: the first from there that is none of ours.
    const chain = (header('x-forwarded-for') ?? '')
      .split(',')
      .map(entry => plainAddress(entry.trim()))
      .filter(entry => entry !== '')
    const client = chain.findLast(entry => !believed(entry)) ?? chain[0] ?? direct
    const scheme = header('x-forwarded-proto')?.split(',').at(-1)?.trim()
    return { address: client, secure: scheme === undefined ? tls : scheme === 'https' }
  }
}
