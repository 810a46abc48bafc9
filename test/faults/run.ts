import { createAnswers } from './answers.ts'
import { History } from './history.ts'
import { checkLaws } from './laws.ts'
import { openPlainTab } from './plain-tab.ts'
import { createRandom, type Random } from './random.ts'
import { type Recorded, readReasons, readRecord } from './record.ts'
import { describeFault, type Plan, planSchedule, type Rare, type Step } from './schedule.ts'
import { openSdkTab } from './sdk-tab.ts'
import { strike } from './strike.ts'
import type { Tab, TabOptions } from './tab.ts'
import { passed, until, withDeadline } from './wait.ts'
import { startWorld, type World } from './world.ts'

export interface Verdict {
  seed: number
  /** Empty when every law held. */
  violations: string[]
  /** What was done and what went wrong, in order. */
  diary: string[]
  writes: number
  acknowledged: number
  events: number
  faults: number
}

/** Every write of a tab is over by then, whatever happened to its wire. */
const actingMs = 90_000
const quietMs = 45_000
/** Keeps a log shorter than what one opening replays. */
const actsMax = 30
const readsMax = 5
/** Of answers that end in a way of their own. */
const strangeShare = 0.3

/** One seeded schedule from an empty server to the verdict. */
export async function runSchedule(
  seed: number,
  { nodes = 1, rare = null }: { nodes?: number; rare?: Rare | null } = {},
): Promise<Verdict> {
  const random = createRandom(seed)
  const answers = createAnswers(random.branch('answers'), rare === 'ends' ? 1 : strangeShare)
  const world = await startWorld({ nodes, answers, random })
  const plan = planSchedule(random.branch('plan'), {
    nodes,
    database: world.database !== null,
    rare,
  })
  const history = new History()
  const tabs: Tab[] = []
  let records = new Map<string, Recorded>()
  try {
    await openTabs({ world, plan, history, random, tabs, leak: answers.leak })
    const struck = new AbortController()
    const acting = actAll(plan, tabs, struck.signal)
    await strikeAll(world, plan.steps, history)
    struck.abort()
    world.heal()
    history.healed()
    for (const tab of tabs) tab.hurry()
    await withDeadline('the tabs to end their writes', acting, actingMs)
    records = await quiet(world, tabs, history)
  } catch (error) {
    history.blame((error as Error).message)
    records = await readAll(world, tabs).catch(() => records)
  }
  const lawful = records.size > 0 || tabs.length === 0
  const reasons = history.takenBack.length > 0 ? await readReasons(world.url(0), records.keys()) : new Map()
  if (lawful) records = await readLast(world, tabs).catch(() => records)
  const killed = plan.steps.some(({ fault }) => fault.how === 'SIGKILL')
  const violations = lawful
    ? checkLaws({ history, tabs, records, reasons, answers, nodes, killed })
    : history.violations
  violations.push(...world.wrongEnds())
  for (const tab of tabs) tab.close()
  await world.close()
  const acknowledged = history.invocations.filter(({ outcome }) => outcome === 'acknowledged').length
  const events = [...records.values()].reduce((total, record) => total + record.events.length, 0)
  const { diary } = history
  return {
    seed,
    violations,
    diary,
    writes: history.invocations.length,
    acknowledged,
    events,
    faults: plan.steps.length,
  }
}

interface Opening {
  world: World
  plan: Plan
  history: History
  random: Random
  tabs: Tab[]
  leak: TabOptions['leak']
}

/** A visitor's first tab makes the conversation, the others join it. */
async function openTabs({ world, plan, history, random, tabs, leak }: Opening): Promise<void> {
  for (const [index, visitor] of plan.visitors.entries()) {
    let joins: { token: string; conversationId: string } | undefined
    for (const [place, { kind, node }] of visitor.tabs.entries()) {
      const line = await world.line(node)
      const name = `v${index}t${place}-${kind}`
      const open = kind === 'sdk' ? openSdkTab : openPlainTab
      const url = `http://127.0.0.1:${line.port}`
      const tab = await open({
        name,
        url,
        history,
        leak,
        random: random.branch(name),
        nodes: world.nodes.length,
        joins,
      })
      tabs.push(tab)
      joins ??= { token: tab.token(), conversationId: tab.conversationId() }
      history.note(`${name} is on line ${tabs.length - 1} to node ${node}`)
    }
  }
}

/** The acts of each tab, over and over while faults strike; once through at least. */
function actAll({ visitors }: Plan, tabs: Tab[], struck: AbortSignal): Promise<unknown> {
  const acts = visitors.flatMap(visitor => visitor.tabs.map(tab => tab.acts))
  const acting = tabs.map(async (tab, index) => {
    const own = acts[index]!
    for (let count = 0; count < own.length || (!struck.aborted && count < actsMax); count++) {
      const { act, pauseMs } = own[count % own.length]!
      await passed(pauseMs)
      const mark = `${tab.name} ${count}`
      if (act === 'ask') await tab.ask(`Question ${mark}`)
      else if (act === 'ask twice') await Promise.all([tab.ask(`First ${mark}`), tab.ask(`Second ${mark}`)])
      else if (act === 'retitle') await tab.retitle(`Title ${mark}`)
      else if (act === 'stop') await tab.stop()
      else await tab.read()
    }
  })
  return Promise.all(acting)
}

async function strikeAll(world: World, steps: Step[], history: History): Promise<void> {
  for (const { afterEntries, patienceMs, fault } of steps) {
    const due = history.entries + afterEntries
    await until('the next fault', () => history.entries >= due, patienceMs).catch(() => {})
    history.note(describeFault(fault))
    await strike(world, fault, history)
  }
}

/** Everything has come to rest: no answer is being written, and every tab is where the log ends. */
async function quiet(world: World, tabs: Tab[], history: History): Promise<Map<string, Recorded>> {
  for (const index of world.nodes.keys()) await world.ready(index)
  let records = new Map<string, Recorded>()
  let unrest = ''
  await until(
    () => `quiet: ${unrest}`,
    async () => {
      try {
        records = await readAll(world, tabs)
        unrest = findUnrest(records, tabs)
      } catch (error) {
        unrest = (error as Error).message
      }
      return unrest === ''
    },
    quietMs,
  ).catch(error => history.blame((error as Error).message))
  return records
}

/** What is judged: read again where a tab was told of more meanwhile, such as the offer of a person behind an answer. */
async function readLast(world: World, tabs: Tab[]): Promise<Map<string, Recorded>> {
  for (let attempt = 0; ; attempt++) {
    const records = await readAll(world, tabs)
    const isBehind = tabs.some(tab => tab.view().seq > records.get(tab.conversationId())!.events.length)
    if (!isBehind || attempt === readsMax) return records
  }
}

function findUnrest(records: Map<string, Recorded>, tabs: Tab[]): string {
  for (const { messages, events } of records.values()) {
    const writing = messages.find(({ status }) => status === 'streaming')
    if (writing) return `the answer ${writing.seq} of ${events.length} is being written`
  }
  for (const tab of tabs) {
    const { events } = records.get(tab.conversationId())!
    if (tab.busy()) return `${tab.name} is busy`
    if (tab.view().seq !== events.length) return `${tab.name} is at ${tab.view().seq} of ${events.length}`
  }
  return ''
}

async function readAll(world: World, tabs: Tab[]): Promise<Map<string, Recorded>> {
  const owners = new Map(tabs.map(tab => [tab.conversationId(), tab.token()]))
  const records = new Map<string, Recorded>()
  for (const [conversationId, token] of owners)
    records.set(conversationId, await readRecord(world.url(0), { token, conversationId }))
  return records
}
