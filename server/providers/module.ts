import type { Core } from '../core/open.ts'
import { createEgress } from '../net/egress.ts'
import { modelWithoutForeignAddresses } from './chat/addresses.ts'
import { maskedModel } from './chat/masked.ts'
import { createSumUp } from './chat/sum-up.ts'
import { createTranslate } from './chat/translate.ts'
import { createModels, operatorsOwn, watchModel } from './models.ts'

export interface ProvidersUses {
  /** Origins of the owner's pages: links to them may stand in an answer. */
  origins: ReadonlySet<string>
  /** Whether what visitors write is masked before a model sees it. */
  masksForModels(): boolean
}

export type Providers = ReturnType<typeof providersModule>

/** Models behind their guards: a model may be anybody's, and is told nothing and tells nothing that it should not. */
export function providersModule({ config, overrides, lifecycle, log }: Core, uses: ProvidersUses) {
  const egress = createEgress({ allowed: operatorsOwn(config) })
  lifecycle.add({ close: egress.close })
  const models = { ...createModels(config.llm, egress.agentFor), ...overrides.models }
  const { provider } = models.chat
  const watch = watchModel(models.chat, {
    problem: (reason, fields) =>
      log.warn({ provider, reason, ...fields }, 'the model fails; the built-in answerer answers'),
    recovered: failures => log.info({ provider, failures }, 'the model answers again'),
  })
  lifecycle.add({ close: watch.close })
  const chat =
    provider === models.builtin.provider
      ? models.chat
      : modelWithoutForeignAddresses(
          maskedModel(watch.model, uses.masksForModels),
          new Set([...uses.origins].map(origin => new URL(origin).host)),
        )
  const guarded = { ...models, chat }
  /** How long a model may send nothing. */
  const silenceMs = config.llmSilenceS * 1000
  const translator = createTranslate(guarded, silenceMs)
  return {
    ...guarded,
    silenceMs,
    sumUp: createSumUp(guarded, silenceMs),
    translate: translator.translate,
    check: watch.check,
    state: watch.state,
    features: () => ({ languages: ['zh' as const, 'en' as const], translation: translator.isThere }),
  }
}
