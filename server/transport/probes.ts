import type { Context } from 'hono'
import type { DatabaseState } from '#storage/engine/health'
import type { Metrics } from '../observability/metrics.ts'
import type { HttpApp } from './http.ts'

export interface ProbeParts {
  /** Whether this node gives its clients to others. */
  isDraining(): boolean
  databaseState(): Promise<DatabaseState>
}

/** Asked from within the operator's own network, also where everything else is encrypted. */
export const probePaths: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

/** What staff need to get to their desk, however full this node is. */
export function isReserved(path: string): boolean {
  return probePaths.has(path) || /^\/(console|assets|api\/v1\/(auth|system))(\/|$)/.test(path)
}

/**
 * Whether the process lives, and whether it should be sent visitors. Without its database it should: it has the pages and
 * the widget, and says that it is briefly unavailable, where with no node left nobody would say anything. `?strict` is for
 * who has something better to send them to.
 */
export function serveProbes(app: HttpApp, { isDraining, databaseState }: ProbeParts): void {
  const methods = ['GET', 'OPTIONS']
  app.on(methods, '/healthz', context => context.json({ status: 'ok' }))

  async function readiness(context: Context): Promise<Response> {
    const database = await databaseState()
    const status = isDraining() ? 'draining' : 'ready'
    const isFit = status === 'ready' && (database === 'ok' || context.req.query('strict') === undefined)
    return context.json({ status, database }, isFit ? 200 : 503)
  }
  app.on(methods, '/readyz', readiness)
  // HAProxy's `option httpchk` asks this where it is told nothing else.
  app.options('/', readiness)
}

export function serveMetrics(app: HttpApp, { registry }: Metrics): void {
  app.get('/metrics', async context =>
    context.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  )
}
