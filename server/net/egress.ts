import { lookup as systemLookup } from 'node:dns'
import { Agent, type AgentOptions } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net'

/** The address is not one that may be called from here. Its message is for people. */
export class OutgoingRefused extends Error {
  readonly code = 'OUTGOING_REFUSED'

  constructor(reason: string) {
    super(reason)
    this.name = 'OutgoingRefused'
  }
}

/** Not of the public internet (IANA special-purpose registries): ours, our host's, our network's, or nobody's. */
const special = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special.addSubnet(network, prefix, 'ipv4')
/** Of IPv6 only what is given out as global unicast may be called, without the parts that wrap an IPv4 address or document. */
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')
const wrapped = new BlockList()
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  wrapped.addSubnet(network, prefix, 'ipv6')

/** Whether an IP address is one of the public internet. */
export function isPublic(address: string): boolean {
  if (!isIPv6(address)) return isIP(address) === 4 && !special.check(address, 'ipv4')
  const plain = address.split('%')[0]!
  return globalUnicast.check(plain, 'ipv6') && !wrapped.check(plain, 'ipv6')
}

export interface EgressParts {
  /** Origins that are called wherever they are: the operator named them. */
  allowed: readonly string[]
  lookup?: typeof systemLookup
}

export interface Egress {
  /**
   * Connects to where the server may call, and to nothing else: the address is checked as it is connected to, so that a
   * name cannot mean another one by then.
   * @param fresh on a connection of its own, which is closed afterwards
   * @throws OutgoingRefused
   */
  agentFor(url: string, fresh?: boolean): Agent
  close(): void
}

/** The one place that decides which addresses the server calls. Redirects are followed by nobody here. */
export function createEgress({ allowed, lookup = systemLookup }: EgressParts): Egress {
  const guarded: LookupFunction = (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '')
      const chosen = addresses.find(({ address }) => !isPublic(address))
      if (chosen || addresses.length === 0) return done(refused(host), '')
      if (options.all) return done(null, addresses)
      done(null, addresses[0]!.address, addresses[0]!.family)
    })
  }
  const agentsFor = (options: AgentOptions) => ({
    'http:': new Agent(options),
    'https:': new SecureAgent(options),
  })
  const agents = {
    free: agentsFor({ keepAlive: true }),
    freeOnce: agentsFor({ keepAlive: false }),
    guarded: agentsFor({ keepAlive: true, lookup: guarded }),
    guardedOnce: agentsFor({ keepAlive: false, lookup: guarded }),
  }

  return {
    agentFor(url, fresh = false) {
      const { protocol, hostname, origin, username, password } = new URL(url)
      if (protocol !== 'http:' && protocol !== 'https:')
        throw new OutgoingRefused('Only http and https addresses are called.')
      if (username || password) throw new OutgoingRefused('An address that is called carries no password.')
      if (allowed.includes(origin)) return agents[fresh ? 'freeOnce' : 'free'][protocol]
      // A literal address is never looked up; URL has brought every spelling of it into one.
      const literal = hostname.replace(/^\[|\]$/g, '')
      if (isIP(literal) && !isPublic(literal)) throw refused(literal)
      return agents[fresh ? 'guardedOnce' : 'guarded'][protocol]
    },
    close() {
      for (const kind of Object.values(agents)) for (const agent of Object.values(kind)) agent.destroy()
    },
  }
}

function refused(host: string): OutgoingRefused {
  return new OutgoingRefused(`${host} is no public address; the operator may allow it by OUTGOING_ALLOWED.`)
}
