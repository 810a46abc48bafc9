import { Gauge } from 'prom-client'
import type { Metrics } from './metrics.ts'

export interface FigureSources {
  version: string
  /** People on this node's mirror of the queue, which all nodes share. */
  queue(): { pending: number; active: number; online_agents: number; longest_wait_ms: number }
  /** Mail that waits to be sent, and what was given up within a day. */
  mail(): Promise<{ queued: number; failed: number }>
  model(): { problem: string | null }
}

/** What an owner asks of the figures: who waits and how long, who is there to answer, what did not go out. */
export function registerFigures({ watch, registry }: Metrics, sources: FigureSources): void {
  new Gauge({
    name: 'parley_info',
    help: 'Always 1; the label says which version this node runs',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: sources.version }, 1)
  watch('parley_handoffs_waiting', 'Visitors who wait for a person', () => sources.queue().pending)
  watch('parley_handoffs_active', 'Conversations that a person has', () => sources.queue().active)
  watch(
    'parley_handoff_longest_wait_seconds',
    'How long the visitor who has waited longest has done so; 0 where nobody waits',
    () => sources.queue().longest_wait_ms / 1000,
  )
  watch('parley_agents_online', 'Agents who are there to answer', () => sources.queue().online_agents)
  watch('parley_mail_queued', 'Mail that waits to be sent', async () => (await sources.mail()).queued)
  watch('parley_mail_failed', 'Mail given up within the last day', async () => (await sources.mail()).failed)
  watch('parley_model_up', 'Whether the configured model answered when last asked: 1 or 0', () =>
    Number(sources.model().problem === null),
  )
}
