import { conversationNotFound, OperationError, toPage } from '#protocol'
import type { Contact, Settings, serviceOperations, Team } from '#protocol/service'
import type { Head } from '#storage/conversation'
import type { ServiceStorage } from '#storage/service'
import type { Handlers } from '../../call.ts'
import { newId } from '../../ids.ts'
import type { Log } from '../../log.ts'
import { repeat } from '../../repeat.ts'
import { assertMayRead } from '../access.ts'
import { defaults } from './defaults.ts'

export interface ServiceDeps {
  storage: ServiceStorage
  findHead(conversationId: string): Promise<Head | null>
  counts(): { pending: number; active: number; online_agents: number }
  /** Tells every node, this one too, that settings or teams have changed. */
  changed(): void
  /** An address was left: somebody may want a mail about it. */
  contactLeft(contact: Contact): void
  log: Log
}

const refreshMs = 5000

/** How the desk is run: settings, teams, figures, and the addresses that visitors leave. */
export function serviceArea(deps: ServiceDeps) {
  const { storage } = deps
  let settings = defaults
  let teams: readonly Team[] = []

  /** Reads settings and teams again. */
  async function refresh(): Promise<void> {
    const [stored, all] = await Promise.all([storage.settings(), storage.teams()])
    settings = { ...defaults, ...stored }
    teams = all
  }

  /** Another node's word of a change may be lost. */
  const stop = repeat(refresh, refreshMs, deps.log)

  async function changed(): Promise<void> {
    await refresh()
    deps.changed()
  }

  const handlers: Handlers<typeof serviceOperations> = {
    async 'handoff:settings'() {
      await refresh()
      return { settings }
    },

    async 'handoff:configure'(given) {
      await storage.configure(given)
      await changed()
      return { settings }
    },

    async 'handoff:statistics'({ days }) {
      const { longest_wait_ms, ...figures } = await storage.statistics(days)
      return { now: { ...deps.counts(), longest_wait_ms }, ...figures }
    },

    async 'handoff:contact'({ conversation_id, email, phone, message }, call) {
      const head = await deps.findHead(conversation_id)
      if (!head) throw conversationNotFound()
      assertMayRead(head, call.caller)
      const contact = await storage.leaveContact({
        id: newId(),
        conversation_id,
        email: email ?? null,
        phone: phone ?? null,
        message: message ?? null,
      })
      deps.contactLeft(contact)
      return { contact }
    },

    async 'contact:list'(query) {
      const { items, total } = await storage.contacts(query)
      return toPage(items, total, query)
    },

    async 'contact:settle'({ contact_id, done }) {
      const contact = await storage.settleContact(contact_id, done)
      if (!contact) throw new OperationError('NOT_FOUND', 'There is no such address.')
      return { contact }
    },

    async 'team:list'() {
      await refresh()
      return { teams: [...teams] }
    },

    async 'team:save'({ team_id, name, members }) {
      const team = await storage.saveTeam({ id: team_id ?? newId(), name, members }, team_id === undefined)
      if (team === null) throw noSuchTeam()
      if (team === false) throw new OperationError('CONFLICT', 'Another team has this name.')
      await changed()
      return { team }
    },

    async 'team:delete'({ team_id }) {
      if (!(await storage.removeTeam(team_id))) throw noSuchTeam()
      await changed()
      return null
    },
  }

  return {
    handlers,
    refresh,
    close: stop,
    settings: (): Settings => settings,
    team: (id: string) => teams.find(team => team.id === id) ?? null,
  }
}

function noSuchTeam(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such team.')
}
