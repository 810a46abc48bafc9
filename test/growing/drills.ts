import { passed, until } from '../faults/wait.ts'
import type { BalancerName, House } from './house.ts'

export interface Drill {
  name: string
  what: string
  /** Where it can be done; everywhere without. */
  behind?: BalancerName[]
  act(house: House): Promise<void>
}

/** Longer than any lease: of an agent's sockets 8 s, of an answer 5 s, of a node 3 s. */
const awayMs = 12_000
const both: BalancerName[] = ['haproxy', 'nginx']

/** What OPERATING.md says of nodes, PostgreSQL, Redis, balancers and certificates. */
export const drills: Drill[] = [
  { name: 'calm', what: 'nothing, for 10 s', act: () => passed(10_000) },
  {
    name: 'rolling',
    what: 'SIGTERM to one node after the other, each started again',
    behind: both,
    async act(house) {
      for (const index of [0, 1]) {
        await house.end(index, 'SIGTERM')
        await house.start(index)
        await passed(3000)
      }
    },
  },
  {
    name: 'kill',
    what: 'kill -9 of a node while answers stream, started again after 5 s',
    behind: both,
    async act(house) {
      await house.end(0, 'SIGKILL')
      await passed(5000)
      await house.start(0)
    },
  },
  {
    name: 'freeze',
    what: `SIGSTOP to a node for ${awayMs / 1000} s`,
    behind: both,
    async act(house) {
      house.nodes[0]!.pause()
      await passed(awayMs)
      house.nodes[0]!.resume()
    },
  },
  {
    name: 'database',
    what: `PostgreSQL refuses for ${awayMs / 1000} s`,
    async act(house) {
      house.database.refuse()
      await passed(awayMs)
      house.database.heal()
    },
  },
  {
    name: 'silent-database',
    what: `PostgreSQL says nothing for ${awayMs / 1000} s`,
    async act(house) {
      house.database.change({ stalled: true })
      await passed(awayMs)
      house.database.heal()
    },
  },
  {
    name: 'redis',
    what: `Redis refuses for ${awayMs / 1000} s`,
    behind: both,
    async act(house) {
      house.redis.refuse()
      await passed(awayMs)
      house.redis.heal()
    },
  },
  {
    name: 'out',
    what: 'the balancer takes a node out for 8 s (HAProxy: maint and sessions cut; nginx: down, reloaded)',
    behind: both,
    async act(house) {
      await house.balancer.takeOut(0, true)
      await passed(8000)
      await house.balancer.takeOut(0, false)
    },
  },
  {
    name: 'certificate',
    what: 'certificate renewed, balancer reloaded (alone: node reads it by itself)',
    async act(house) {
      const before = await house.fingerprint()
      house.renew()
      await house.balancer.reload()
      await until('the renewed certificate', async () => (await house.fingerprint()) !== before, 60_000)
    },
  },
]
