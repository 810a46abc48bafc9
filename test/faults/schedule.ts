import type { Random } from './random.ts'

export type Wired =
  | 'reset'
  | 'stall'
  | 'slice'
  | 'latency'
  | 'bandwidth'
  | 'half_near'
  | 'half_far'
  | 'vanish'
  | 'refuse'

/** One thing that goes wrong, for how long, and to whom. */
export type Fault =
  | { on: 'line'; tab: number; how: Wired; ms: number }
  | { on: 'database' | 'model' | 'redis'; how: Wired; ms: number }
  | { on: 'node'; index: number; how: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'; ms: number }
  /** Everything stored is as it was `ms` ago. */
  | { on: 'restore'; how: 'restore'; ms: number }

/** A fault strikes once so many more things have happened, or when nothing happens any more. */
export interface Step {
  afterEntries: number
  patienceMs: number
  fault: Fault
}

export type Act = 'ask' | 'ask twice' | 'retitle' | 'stop' | 'read'

export interface Plan {
  /** Visitors, each with their tabs: what it is built with, which node it is on, and what is done in it. */
  visitors: { tabs: { kind: 'sdk' | 'plain'; node: number; acts: { act: Act; pauseMs: number }[] }[] }[]
  steps: Step[]
}

export interface PlanOptions {
  nodes: number
  /** Whether the database has a wire of its own, and a restart is cheap. */
  database: boolean
  /** Take this fault in, besides what the seed decides. */
  rare?: Rare | null
}

/** What takes long: each strikes few schedules, unless it is asked for. */
const striking = ['away', 'still', 'restore'] as const
/** `ends` strikes nothing: every answer ends in a way of its own. */
export const rares = [...striking, 'ends'] as const
export type Rare = (typeof rares)[number]

/** Everything a seed decides, before anything runs. */
export function planSchedule(random: Random, { nodes, database, rare }: PlanOptions): Plan {
  const visitors = Array.from({ length: random.whole(1, 3) }, (_, index) => ({
    tabs: tabsOf(random.branch(`visitor ${index}`), nodes),
  }))
  const tabs = visitors.reduce((total, visitor) => total + visitor.tabs.length, 0)
  const faults = random.branch('faults')
  const kills = faults.chance(database ? 0.5 : 0.35) ? 1 : 0
  const steps = Array.from({ length: faults.whole(4, 10) }, () => ({
    afterEntries: faults.whole(2, 60),
    patienceMs: faults.whole(100, 700),
    fault: wireFault(faults, { tabs, database, redis: nodes > 1 }),
  }))
  for (let kill = 0; kill < kills * nodes; kill++) {
    steps[faults.whole(0, steps.length - 1)]!.fault = nodeFault(faults, kill % nodes)
  }
  const chosen = rare ?? pickRare(random.branch('rare'))
  if (chosen && chosen !== 'ends' && (database || chosen === 'still'))
    steps.push({
      afterEntries: 20,
      patienceMs: 300,
      fault: rareFault(random.branch('rare fault'), chosen, nodes),
    })
  return { visitors, steps }
}

const rareShare = 0.04

function pickRare(random: Random): Rare | null {
  return random.chance(rareShare) ? random.pick(striking) : null
}

/** Longer than the leases of agents (8 s), answers (5 s) and nodes (3 s). */
function rareFault(random: Random, rare: Exclude<Rare, 'ends'>, nodes: number): Fault {
  const ms = random.whole(8500, 12_000)
  if (rare === 'away') return { on: 'database', how: random.pick(['stall', 'refuse']), ms }
  if (rare === 'still') return { on: 'node', index: random.whole(0, nodes - 1), how: 'SIGSTOP', ms }
  return { on: 'restore', how: 'restore', ms: random.whole(200, 1500) }
}

function tabsOf(random: Random, nodes: number): Plan['visitors'][number]['tabs'] {
  return Array.from({ length: random.whole(1, 3) }, (_, index) => ({
    kind: index === 0 ? random.pick(['sdk', 'plain'] as const) : index === 1 ? 'plain' : 'sdk',
    node: random.whole(0, nodes - 1),
    acts: Array.from({ length: random.whole(4, 8) }, () => ({
      act: random.weighted<Act>({ ask: 45, 'ask twice': 10, retitle: 15, stop: 15, read: 10 }),
      pauseMs: random.whole(0, 250),
    })),
  }))
}

const onLine = {
  reset: 30,
  stall: 15,
  slice: 10,
  latency: 10,
  bandwidth: 5,
  half_near: 8,
  half_far: 8,
  vanish: 8,
  refuse: 6,
}
const onDatabase = {
  reset: 35,
  stall: 20,
  slice: 5,
  latency: 15,
  bandwidth: 5,
  half_near: 5,
  half_far: 5,
  refuse: 10,
}
const onModel = { reset: 30, stall: 20, slice: 20, latency: 10, half_near: 10, half_far: 10 }
const onRedis = { reset: 35, stall: 25, slice: 5, latency: 10, refuse: 15 }

function wireFault(random: Random, has: { tabs: number; database: boolean; redis: boolean }): Fault {
  const ms = random.whole(0, 5) === 0 ? random.whole(1500, 4000) : random.whole(20, 900)
  const on = random.weighted({
    line: 50,
    model: 10,
    database: has.database ? 30 : 0,
    redis: has.redis ? 15 : 0,
  })
  switch (on) {
    case 'line':
      return { on, tab: random.whole(0, has.tabs - 1), how: random.weighted<Wired>(onLine as never), ms }
    case 'model':
      return { on, how: random.weighted<Wired>(onModel as never), ms }
    case 'redis':
      return { on, how: random.weighted<Wired>(onRedis as never), ms }
    case 'database':
      return { on, how: random.weighted<Wired>(onDatabase as never), ms }
  }
}

function nodeFault(random: Random, index: number): Fault {
  const how = random.weighted({ SIGKILL: 50, SIGSTOP: 30, SIGTERM: 20 })
  return { on: 'node', index, how, ms: random.whole(200, 2500) }
}

export function describeFault(fault: Fault): string {
  const whom =
    fault.on === 'line' ? `line ${fault.tab}` : fault.on === 'node' ? `node ${fault.index}` : fault.on
  return `${fault.how} on ${whom} for ${fault.ms} ms`
}
