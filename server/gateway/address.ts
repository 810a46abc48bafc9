import { BlockList, isIP, isIPv6 } from 'node:net'

/** @param networks addresses, or networks as `address/prefix` */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address, prefix] = network.split('/') as [string, string?]
    if (prefix === undefined) list.addAddress(address, familyOf(address))
    else list.addSubnet(address, Number(prefix), familyOf(address))
  }
  return list
}

/**
 * Whose call it is, where balancers stand in front: going back through `X-Forwarded-For`, the first address that is none
 * of theirs. What anybody else forwards is not believed.
 * @param peer who opened the connection
 */
export function callerAddress(
  peer: string,
  forwarded: string | null | undefined,
  balancers: BlockList,
): string {
  const before = forwarded?.split(',').map(hop => hop.trim()) ?? []
  let caller = peer
  for (const hop of [peer, ...before.reverse()]) {
    if (!isIP(hop)) break
    caller = hop
    if (!balancers.check(hop, familyOf(hop))) break
  }
  return caller
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
