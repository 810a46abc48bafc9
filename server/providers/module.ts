import { distributionStorage } from '#storage/models/distribution'
import { providerStorage } from '#storage/models/provider'
import { settingStorage } from '#storage/platform/settings'
import type { Core } from '../core/open.ts'
import { createSetting } from '../core/setting.ts'
import { createEgress } from '../net/egress.ts'
import { modelWithoutForeignAddresses } from './chat/addresses.ts'
import { budgetedModel, type Meter, type Reserve, type ReserveSound } from './chat/budgeted.ts'
import { maskedModel } from './chat/masked.ts'
import { createSumUp } from './chat/sum-up.ts'
import { createTranslate } from './chat/translate.ts'
import { type ChatModel, ModelError } from './model.ts'
import { createModels, operatorsOwn, watchModel } from './models.ts'
import { createRegistry } from './registry.ts'
import { budgetedSynthesizer, budgetedTranscriber } from './speech/budgeted.ts'
import { createChosenSpeech } from './speech/chosen.ts'
import { createSpeech } from './speech/create.ts'
import { findEspeak } from './speech/espeak.ts'
import { voiceDefaults } from './speech/settings.ts'

export interface ProvidersUses {
  /** Origins of the owner's pages: links to them may stand in an answer. */
  origins: ReadonlySet<string>
  /** Whether what visitors write is masked before a model sees it. */
  masksForModels(): boolean
}

export type Providers = ReturnType<typeof providersModule>

/** Models behind their guards: a model may be anybody's, and is told nothing and tells nothing that it should not. */
export function providersModule(
  { config, overrides, lifecycle, log, database, sealer }: Core,
  uses: ProvidersUses,
) {
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
  const ownHosts = new Set([...uses.origins].map(origin => new URL(origin).host))
  let reserve: Reserve = async () => null
  let reserveSound: ReserveSound = async () => null
  let meter: Meter = () => {}
  const accounts = {
    reserve: (...call: Parameters<ReserveSound>) => reserveSound(...call),
    meter: (...call: Parameters<Meter>) => meter(...call),
  }
  const guard = (model: ChatModel) => {
    const budgeted = budgetedModel(model, {
      reserve: (...call) => reserve(...call),
      meter: (...call) => meter(...call),
    })
    return modelWithoutForeignAddresses(maskedModel(budgeted, uses.masksForModels), ownHosts)
  }
  const chat = provider === models.builtin.provider ? models.chat : guard(watch.model)
  const registry = createRegistry({
    storage: providerStorage(database),
    distributions: distributionStorage(database),
    openKey: ({ id, api_key }) => api_key && sealer.open(api_key, `providers.api_key:${id}`),
    agentFor: egress.agentFor,
    guard,
    environment: chat.provider === models.builtin.provider ? null : chat,
    log,
  })
  const voice = createSetting(settingStorage(database), 'voice', voiceDefaults, log)
  lifecycle.add({ start: voice.start, close: voice.close })
  const speech = createChosenSpeech({
    settings: voice.current,
    environment: { ...createSpeech(config, egress.agentFor), ...overrides.speech },
    registry,
    espeakPath: findEspeak(),
    agentFor: egress.agentFor,
    guard: {
      transcriber: transcriber => budgetedTranscriber(transcriber, accounts),
      synthesizer: synthesizer => budgetedSynthesizer(synthesizer, accounts),
    },
  })
  /** How long a model may send nothing. */
  const silenceMs = config.llmSilenceS * 1000
  const shopChat = firstOf(() => registry.modelsFor({}, null), models.builtin)
  const translator = createTranslate(shopChat, silenceMs)
  return {
    builtin: models.builtin,
    embedding: models.embedding,
    speech: { ...speech, settings: voice },
    speechModels: speech.paidModels,
    registry,
    modelsFor: registry.modelsFor,
    agentFor: egress.agentFor,
    silenceMs,
    sumUp: createSumUp(shopChat, silenceMs),
    translate: translator.translate,
    /** Whatever is asked from then on is reserved so before. */
    reserveBy(next: Reserve, nextSound: ReserveSound): void {
      reserve = next
      reserveSound = nextSound
    },
    /** And entered so after. */
    meterBy(next: Meter): void {
      meter = next
    },
    check: watch.check,
    state: watch.state,
    features: () => ({ languages: ['zh' as const, 'en' as const], translation: translator.isThere() }),
  }
}

/** The first that answers, as one model; the built-in one where there is none. */
function firstOf(list: () => ChatModel[], builtin: ChatModel): ChatModel {
  const first = () => list()[0] ?? builtin
  return {
    get provider() {
      return first().provider
    },
    get model() {
      return first().model
    },
    check: signal => first().check(signal),
    async answer(request, onText, signal) {
      let hasBegun = false
      const onFirst = (text: string) => {
        hasBegun = true
        onText(text)
      }
      const models = list()
      for (const model of models) {
        try {
          return await model.answer(request, onFirst, signal)
        } catch (error) {
          if (hasBegun || !(error instanceof ModelError) || model === models.at(-1)) throw error
        }
      }
      return builtin.answer(request, onText, signal)
    },
  }
}
