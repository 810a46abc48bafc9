import type { Actor } from '#storage/identity/audit'
import type { SettingStorage } from '#storage/platform/settings'
import { repeat } from '../jobs/schedule.ts'
import type { Log } from '../observability/log.ts'

/** A change made on another node is seen that much later. */
const refreshMs = 2000

/** What administrators set under a name, as it was read last; what they have not set is as in `defaults`. */
export function createSetting<T extends object>(
  storage: SettingStorage,
  name: string,
  defaults: T,
  log: Log,
) {
  let current = defaults
  let stop: (() => Promise<void>) | undefined

  const complete = (stored: unknown): T => ({ ...defaults, ...(stored as Partial<T> | null) })

  async function refresh(): Promise<void> {
    current = complete(await storage.read(name))
  }

  return {
    current: () => current,
    refresh,
    /** What is not given stays. */
    async write(change: Partial<T>, actor: Actor): Promise<void> {
      await storage.write(name, before => ({ ...complete(before), ...change }), actor)
      await refresh()
    },
    async start(): Promise<void> {
      await refresh()
      stop ??= repeat(refresh, refreshMs, log)
    },
    close: async () => stop?.(),
  }
}
