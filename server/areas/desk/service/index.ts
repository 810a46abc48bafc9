import * as v from 'valibot'
import { invalid, OperationError, type Role, roleAtLeast, toPage } from '#protocol'
import { statisticsMaxDays } from '#protocol/core/limits'
import type { Statistics } from '#protocol/core/statistics'
import {
  type Settings,
  type SettingsChange,
  type serviceOperations,
  settings as settingsSchema,
  type Team,
} from '#protocol/desk/service'
import type { Scope } from '#storage/chat/scope'
import type { ServiceStorage } from '#storage/desk/service'
import { scopeOf } from '../../../core/access.ts'
import { actorOf, type Handlers } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { addDays, daysBetween, lastDays, timeZoneOf } from '../../../core/time-zone.ts'
import { repeat } from '../../../jobs/schedule.ts'
import type { Log } from '../../../observability/log.ts'
import { type ContactDeps, contactHandlers } from './contacts.ts'
import { createFacts } from './facts.ts'

export interface ServiceDeps extends ContactDeps {
  storage: ServiceStorage
  counts(): { pending: number; active: number; online_agents: number }
  /** Tells every node, this one too, that settings or teams have changed. */
  publishSettings(): void
  /** How the desk is run until an administrator says otherwise. */
  defaults: Settings
  /** Greetings and thanks: no source is needed for the answer. */
  isSmallTalk(text: string): boolean
  clock(): number
  log: Log
}

const refreshMs = 5000

/** How the desk is run: settings, teams, figures, and the addresses that visitors leave. */
export function serviceArea(deps: ServiceDeps) {
  const { storage, defaults } = deps
  let settings = defaults
  let teams: readonly Team[] = []
  const facts = createFacts(deps)

  /** Reads settings and teams again. */
  async function refresh(): Promise<void> {
    const [stored, all] = await Promise.all([storage.settings(), storage.teams()])
    settings = { ...defaults, ...stored }
    teams = all
  }

  /** Another node's word of a change may be lost. */
  const stop = repeat(refresh, refreshMs, deps.log)

  async function applyChange(): Promise<void> {
    await refresh()
    deps.publishSettings()
  }

  /** How the desk does, now and over the last days. */
  async function figuresOf(period: number | Range): Promise<Statistics> {
    const time_zone = timeZoneOf(settings)
    const days =
      typeof period === 'number'
        ? { days: lastDays(time_zone, period, deps.clock()), end: null }
        : daysOfRange(time_zone, period)
    const { longest_wait_ms, ...figures } = await storage.statistics(days, facts.isResolved)
    return { now: { ...deps.counts(), longest_wait_ms }, time_zone, ...figures }
  }

  const handlers: Handlers<typeof serviceOperations> = {
    async 'handoff:settings'() {
      await refresh()
      return { settings }
    },

    async 'handoff:configure'(change, call) {
      await storage.configure(stored => withChange({ ...defaults, ...stored }, change), actorOf(call))
      await applyChange()
      return { settings }
    },

    'handoff:statistics'({ days, from, to }) {
      if (from === undefined && to === undefined) return figuresOf(days)
      if (from === undefined) throw invalid('from', 'is required with `to`')
      if (to === undefined) throw invalid('to', 'is required with `from`')
      return figuresOf({ from, to })
    },

    async 'feedback:list'(query, { caller }) {
      const { items, total } = await storage.feedback({ ...query, scope: scopeOf(caller) })
      return toPage(items, total, query)
    },

    ...contactHandlers(deps, () => settings),

    async 'team:list'() {
      await refresh()
      return { teams: [...teams] }
    },

    async 'team:save'({ team_id, name, members }, call) {
      const input = { id: team_id ?? newId(), name, members }
      const team = await storage.saveTeam(input, team_id === undefined, actorOf(call))
      if (team === null) throw noSuchTeam()
      if (team === false) throw new OperationError('CONFLICT', 'A team with this name already exists.')
      await applyChange()
      return { team }
    },

    async 'team:delete'({ team_id }, call) {
      if (!(await storage.removeTeam(team_id, actorOf(call)))) throw noSuchTeam()
      await applyChange()
      return null
    },
  }

  return {
    handlers,
    refresh,
    facts,
    close: stop,
    settings: (): Settings => settings,
    team: (id: string) => teams.find(team => team.id === id) ?? null,
    /** Which conversations one of the staff sees; null: all of them. */
    scopeOf: ({ id, role }: { id: string; role: Role }) => findScope({ id, role }, settings, teams),
    teamsOf: (personId: string) => findTeams(personId, teams),
    figuresOf,
    /** Whose days the figures count. */
    timeZone: () => timeZoneOf(settings),
  }
}

/** From one day to another, both included. */
interface Range {
  from: string
  to: string
}

/** @throws OperationError VALIDATION_ERROR where it is empty or too long */
function daysOfRange(timeZone: string, { from, to }: Range) {
  // Asked before they are made: there may be a thousand years of them.
  const count = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1
  if (!(count >= 1)) throw invalid('to', 'must not be before `from`')
  if (count > statisticsMaxDays) throw invalid('to', `must be within ${statisticsMaxDays} days of \`from\``)
  const days = daysBetween(timeZone, from, addDays(to, 1))
  return { days: days.slice(0, -1), end: days.at(-1)!.start }
}

/** Leads and administrators see everything. */
function findScope(
  { id, role }: { id: string; role: Role },
  { visibility, leads }: Settings,
  teams: readonly Team[],
): Scope | null {
  if (visibility === 'all' || leads.includes(id) || roleAtLeast(role, 'admin')) return null
  const own = visibility === 'team' ? findTeams(id, teams) : { teamIds: [], colleagueIds: [] }
  return { personId: id, visibility, ...own }
}

/** The teams somebody is of, and who is there with them. */
function findTeams(personId: string, teams: readonly Team[]) {
  const own = teams.filter(({ members }) => members.includes(personId))
  return { teamIds: own.map(({ id }) => id), colleagueIds: own.flatMap(({ members }) => members) }
}

/** The settings that `change` touches, whole and valid. @throws OperationError VALIDATION_ERROR where they do not fit together */
function withChange(before: Settings, change: SettingsChange): Partial<Settings> {
  const names = Object.keys(change) as (keyof Settings)[]
  const after = Object.fromEntries(names.map(name => [name, merged(before[name], change[name])]))
  const { success, output, issues } = v.safeParse(v.partial(settingsSchema), after)
  if (success) return output
  throw invalid(v.getDotPath(issues[0]) ?? '', issues[0].message)
}

/** A group keeps what the change does not name; a list, and what is no group, is replaced. */
function merged(before: unknown, change: unknown): unknown {
  if (!isGroup(before) || !isGroup(change)) return change
  const changed = Object.entries(change).filter(([, value]) => value !== undefined)
  return {
    ...before,
    ...Object.fromEntries(changed.map(([name, value]) => [name, merged(before[name], value)])),
  }
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function noSuchTeam(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such team.')
}
