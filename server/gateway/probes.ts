import type { Metrics } from '../metrics.ts'
import type { HttpApp } from './http.ts'

export interface ProbeParts {
  metrics: Metrics
  /** Whether this node should be sent visitors. */
  ready(): Promise<boolean>
}

/** Asked from within the operator's own network, also where everything else is encrypted. */
export const probePaths: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

/** What staff need to get to their desk, however full this node is. */
export function isReserved(path: string): boolean {
  return probePaths.has(path) || /^\/(console|assets|api\/v1\/(auth|system))(\/|$)/.test(path)
}

/** What operators and tools ask, outside /api/v1: liveness, readiness, metrics. */
export function serveProbes(app: HttpApp, { metrics, ready }: ProbeParts): void {
  app.get('/healthz', context => context.json({ status: 'ok' }))
  app.get('/readyz', async context => {
    const fit = await ready()
    return context.json({ status: fit ? 'ready' : 'not ready' }, fit ? 200 : 503)
  })
  app.get('/metrics', async context => {
    return context.body(await metrics.registry.metrics(), 200, {
      'content-type': metrics.registry.contentType,
    })
  })
}
