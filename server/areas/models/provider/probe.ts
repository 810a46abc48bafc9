import { invalid, OperationError } from '#protocol'
import { wholeAnswer } from '../../../providers/chat/whole.ts'
import { faultOf } from '../../../providers/fault.ts'
import { type ChatModel, ModelError } from '../../../providers/model.ts'
import { defaultModelOf } from '../../../providers/registry.ts'
import { findManaged, type ProviderDeps, type ProviderHandlers } from './deps.ts'

/** A test is waited for by a person. */
const probeMs = 20_000

const question = {
  question: { text: 'Are you there?', earlier: [], language: 'en', context: {} },
  history: [],
  evidence: [],
  instructions: 'Answer with the one word OK.',
} satisfies Parameters<ChatModel['answer']>[0]

/** Asks a provider itself, without anything that stands in between for visitors. */
export function probeHandlers(deps: ProviderDeps) {
  const { registry, silenceMs } = deps

  return {
    async 'provider:test'({ provider_id }, call) {
      const row = await findManaged(deps, provider_id, call)
      const name = defaultModelOf(row)
      if (name === undefined) throw invalid('config.model', 'is needed for a test')
      const started = performance.now()
      const signal = AbortSignal.any([call.signal, AbortSignal.timeout(probeMs)])
      try {
        const text = await wholeAnswer(registry.connect(row, name), question, {
          lengthMax: 200,
          silenceMs: Math.min(silenceMs, probeMs),
          signal,
        })
        if (text === null) throw new ModelError('The model gave an empty answer.')
        return { ok: true, fault: null, problem: null, duration_ms: Math.round(performance.now() - started) }
      } catch (error) {
        return {
          ok: false,
          fault: faultOf(error),
          problem: error instanceof ModelError ? error.message : null,
          duration_ms: Math.round(performance.now() - started),
        }
      }
    },

    async 'provider:models'({ provider_id }, call) {
      const row = await findManaged(deps, provider_id, call)
      const signal = AbortSignal.any([call.signal, AbortSignal.timeout(probeMs)])
      try {
        const names = await registry.connect(row, defaultModelOf(row) ?? '').list!(signal)
        return { models: [...new Set(names)].map(id => ({ id, name: id })) }
      } catch (error) {
        if (!(error instanceof ModelError) && !signal.aborted) throw error
        throw new OperationError('PROVIDER_ERROR', (error as Error).message, { fault: faultOf(error) })
      }
    },
  } satisfies Partial<ProviderHandlers>
}
