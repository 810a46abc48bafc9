import { createHash } from 'node:crypto'
import { createGzip } from 'node:zlib'
import { OperationError, type Role, roleAtLeast } from '#protocol'
import type { PrivacySettings, privacyOperations } from '#protocol/identity/privacy'
import type { AuditEntry } from '#storage/identity/audit'
import type { ExportFile } from '#storage/identity/export'
import type { PrivacyStorage } from '#storage/identity/privacy'
import type { SettingStorage } from '#storage/platform/settings'
import { type TarFile, tarOf } from '../../../commands/tar.ts'
import {
  actorOf,
  type Call,
  type Caller,
  type FileAnswer,
  type Handlers,
  personOf,
  type Session,
} from '../../../core/call.ts'

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
  report(error: unknown): void
}

const settingName = 'privacy'
const defaults: PrivacySettings = {
  consent: { required: false, text: { zh: '', en: '' } },
  retention_days: { conversations: null, mail: 30, audit: 365 },
  mask_for_models: false,
}
/** A change made on another node is seen that much later. */
const settingsPollMs = 2000
const retainMs = 3_600_000

/** What people may ask of the data on them, and how long it is kept. */
export function privacyArea(deps: PrivacyDeps) {
  const { storage, settings } = deps
  let current = defaults

  async function read(): Promise<PrivacySettings> {
    current = { ...defaults, ...((await settings.read(settingName)) as Partial<PrivacySettings> | null) }
    return current
  }

  const handlers: Handlers<typeof privacyOperations> = {
    async 'privacy:consent'({ version }, call) {
      const wording = wordingOf(current)
      if (wording?.version !== version)
        throw new OperationError(
          'CONFLICT',
          'The consent text has changed; show the new one and ask again.',
          { consent: wording },
        )
      const visitor = call.caller.id === null ? await deps.newVisitor() : null
      const { caller } = visitor ?? call
      await storage.consent(caller.id!, version)
      return { consent: wording, token: visitor?.token ?? null }
    },

    async 'privacy:export'(_input, call) {
      return archiveOf(personOf(call).id, call)
    },

    async 'privacy:erase'(_input, call) {
      const { id } = personOf(call)
      // A visitor of whom nothing is held has nothing to lose.
      if ((await erase(id, null, call)) === 'last') throw lastOne()
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
      if (outcome === 'last') throw lastOne()
      return null
    },

    async 'privacy:settings'() {
      return { settings: await read() }
    },

    async 'privacy:set'(value, call) {
      await settings.write(settingName, () => value, actorOf(call))
      return { settings: await read() }
    },
  }

  /** Law S2: nobody reaches above the own role. */
  async function assertWithin(id: string, call: Call): Promise<void> {
    const person = await storage.findRole(id)
    if (!person) throw unknown()
    if (!roleAtLeast(personOf(call).role, person.role as Role))
      throw new OperationError('FORBIDDEN', 'This account is above your own role.')
  }

  async function archiveOf(id: string, call: Call): Promise<FileAnswer> {
    await deps.recordAudit({
      actor: actorOf(call),
      scope: 'privacy',
      action: 'privacy:export',
      subject: id,
    })
    const archive = createGzip()
    const pieces = tarOf(filesOf(storage.exportOf(id)))
    void (async () => {
      for await (const piece of pieces)
        if (!archive.write(piece)) await new Promise(resolve => archive.once('drain', resolve))
      archive.end()
    })().catch(error => archive.destroy(error))
    return { name: `parley-${id}.tar.gz`, mime: 'application/gzip', body: archive }
  }

  async function erase(id: string, reason: string | null, call: Call) {
    const result = await storage.erase(id, reason, actorOf(call))
    if (result.outcome !== 'erased') return result.outcome
    for (const conversationId of result.conversationIds) deps.abortReplies(conversationId)
    await deps.refreshRevocations()
    return result.outcome
  }

  /**
   * Before anything of a visitor comes in: undefined while no consent is asked for, so that then nothing waits.
   * @throws OperationError CONFLICT with the wording to agree to
   */
  function assertConsent({ id, role }: Caller): Promise<void> | undefined {
    const wording = wordingOf(current)
    if (!wording || roleAtLeast(role, 'agent')) return undefined
    const consent = id === null ? Promise.resolve(false) : storage.consented(id, wording.version)
    return consent.then(hasConsented => {
      if (!hasConsented)
        throw new OperationError('CONFLICT', 'The visitor has to give consent first.', { consent: wording })
    })
  }

  async function retain(): Promise<void> {
    const { retention_days } = await read()
    await storage.retain(retention_days)
    for (const prune of deps.prune) await prune()
  }

  const timers: NodeJS.Timeout[] = []
  async function start(): Promise<void> {
    await read()
    timers.push(
      setInterval(() => read().catch(() => {}), settingsPollMs),
      setInterval(() => retain().catch(deps.report), retainMs),
    )
    for (const timer of timers) timer.unref()
    retain().catch(deps.report)
  }

  return {
    handlers,
    start,
    retain,
    assertConsent,
    /** What a visitor is asked to agree to before the first message; null when nothing. */
    wording: () => wordingOf(current),
    masksForModels: () => current.mask_for_models,
    close: () => timers.forEach(clearInterval),
  }
}

function wordingOf({ consent: { required, text } }: PrivacySettings) {
  if (!required) return null
  return { version: createHash('sha256').update(JSON.stringify(text)).digest('base64url').slice(0, 16), text }
}

/** A file of JSON a piece, so that a long history is never held whole. */
async function* filesOf(files: ExportFile[]): AsyncGenerator<TarFile> {
  for (const { name, rows } of files) {
    let part = 0
    for await (const piece of rows) {
      const number = part++ === 0 ? '' : `-${part}`
      yield { name: `${name}${number}.json`, bytes: Buffer.from(`${JSON.stringify(piece, null, 1)}\n`) }
    }
  }
}

function unknown(): OperationError {
  return new OperationError('NOT_FOUND', 'No one has this id.')
}

function lastOne(): OperationError {
  return new OperationError('CONFLICT', 'At least one active super_admin must remain.')
}
