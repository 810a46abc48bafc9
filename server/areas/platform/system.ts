import { protocolVersion, roleAtLeast } from '#protocol'
import type { systemOperations } from '#protocol/platform/system'
import type { DatabaseState } from '#storage/engine/health'
import type { Handlers } from '../../core/call.ts'

export interface SystemDeps {
  version: string
  database: 'embedded' | 'postgres'
  databaseState(): Promise<DatabaseState>
  attachments(): Promise<{ bytes: number; max_bytes: number }>
  /** The configured model, and what is wrong with it, as of its last check. */
  model(): { provider: string; model: string; problem: string | null }
}

export function systemArea(deps: SystemDeps) {
  const started = performance.now()

  const handlers: Handlers<typeof systemOperations> = {
    async 'system:health'(_input, { caller }) {
      const state = await deps.databaseState()
      const database = { kind: deps.database, ok: state === 'ok', state }
      const { provider, model, problem } = deps.model()
      return {
        status: database.ok && problem === null ? 'ok' : 'degraded',
        version: deps.version,
        protocol: protocolVersion,
        uptime_ms: Math.round(performance.now() - started),
        database,
        model: { provider, model, ok: problem === null },
        ...(roleAtLeast(caller.role, 'admin') && database.ok && { attachments: await deps.attachments() }),
      }
    },

    async 'system:ping'() {
      return null
    },
  }

  return { handlers }
}
