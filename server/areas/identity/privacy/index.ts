import { OperationError, type Role, roleAtLeast } from '#protocol'
import type { privacyOperations } from '#protocol/identity/privacy'
import type { AuditEntry } from '#storage/identity/audit'
import type { PrivacyStorage } from '#storage/identity/privacy'
import type { SettingStorage } from '#storage/platform/settings'
import { actorOf, type Call, type Handlers, personOf, type Session } from '../../../core/call.ts'
import { lastSuperAdmin } from '../../../core/refusals.ts'
import type { Log } from '../../../observability/log.ts'
import { createArchiver } from './archive.ts'
import { createConsent } from './consent.ts'
import { createSettings } from './settings.ts'

export interface PrivacyDeps {
  storage: PrivacyStorage
  settings: SettingStorage
  recordAudit(entry: AuditEntry): Promise<void>
  newVisitor(): Promise<Session>
  /** Tokens were taken back: open connections hear of it now rather than at the next look. */
  refreshRevocations(): Promise<void>
  /** The conversation is gone: whoever writes in it stops. */
  abortReplies(conversationId: string): void
  /** Each removes what is only kept for a while: codes, files that nobody attached. */
  prune: (() => Promise<unknown>)[]
  log: Log
}

const retainMs = 3_600_000

/** What people may ask of the data on them, and how long it is kept. */
export function privacyArea(deps: PrivacyDeps) {
  const { storage } = deps
  const settings = createSettings(deps.settings, deps.log)
  const archiveOf = createArchiver(deps)
  const consent = createConsent(deps, settings)

  const handlers: Handlers<typeof privacyOperations> = {
    'privacy:consent': consent.handler,

    async 'privacy:export'(_input, call) {
      return archiveOf(personOf(call).id, call)
    },

    async 'privacy:erase'(_input, call) {
      const { id } = personOf(call)
      // A visitor of whom nothing is held has nothing to lose.
      if ((await erase(id, null, call)) === 'last') throw lastSuperAdmin()
      return null
    },

    async 'privacy:find_people'({ search }) {
      return { people: await storage.findPeople(search) }
    },

    async 'privacy:export_person'({ id }, call) {
      await assertWithin(id, call)
      return archiveOf(id, call)
    },

    async 'privacy:erase_person'({ id, reason }, call) {
      await assertWithin(id, call)
      const outcome = await erase(id, reason, call)
      if (outcome === 'unknown') throw unknown()
      if (outcome === 'last') throw lastSuperAdmin()
      return null
    },

    async 'privacy:settings'() {
      await settings.refresh()
      return { settings: settings.current() }
    },

    async 'privacy:set'(value, call) {
      await settings.write(value, actorOf(call))
      return { settings: settings.current() }
    },
  }

  /** Law S2: nobody reaches above the own role. */
  async function assertWithin(id: string, call: Call): Promise<void> {
    const person = await storage.findRole(id)
    if (!person) throw unknown()
    if (!roleAtLeast(personOf(call).role, person.role as Role))
      throw new OperationError('FORBIDDEN', 'This account is above your own role.')
  }

  async function erase(id: string, reason: string | null, call: Call) {
    const result = await storage.erase(id, reason, actorOf(call))
    if (result.outcome !== 'erased') return result.outcome
    for (const conversationId of result.conversationIds) deps.abortReplies(conversationId)
    await deps.refreshRevocations()
    return result.outcome
  }

  async function retain(): Promise<void> {
    await settings.refresh()
    await storage.retain(settings.current().retention_days)
    for (const prune of deps.prune) await prune()
  }

  const retainOrWarn = () => retain().catch(error => deps.log.warn({ error }, 'retention could not be kept'))

  let timer: NodeJS.Timeout | undefined
  async function start(): Promise<void> {
    await settings.start()
    timer = setInterval(retainOrWarn, retainMs)
    timer.unref()
    void retainOrWarn()
  }

  return {
    handlers,
    start,
    retain,
    assertConsent: consent.assertConsent,
    wording: settings.wording,
    masksForModels: settings.masksForModels,
    close() {
      clearInterval(timer)
      return settings.close()
    },
  }
}

function unknown(): OperationError {
  return new OperationError('NOT_FOUND', 'No one has this id.')
}
