import type { DistributionStorage } from '#storage/models/distribution'
import type { ProviderRow, ProviderStorage } from '#storage/models/provider'
import type { Log } from '../observability/log.ts'
import { createAnthropicModel } from './anthropic.ts'
import type { ChatModel, ModelError } from './model.ts'
import { observeCalls } from './models.ts'
import { createOllamaModel } from './ollama.ts'
import { createOpenAIModel, officialOpenaiUrl } from './openai.ts'
import type { AgentFor } from './stream.ts'

export interface RegistryParts {
  storage: Pick<ProviderStorage, 'all'>
  distributions: Pick<DistributionStorage, 'all'>
  /** Opens the sealed key of a row. */
  openKey(row: Pick<ProviderRow, 'id' | 'api_key'>): string | null
  agentFor: AgentFor
  /** What stands around every model that answers people. */
  guard(model: ChatModel): ChatModel
  /** The installation's own, which the environment names; null where it names none. */
  environment: ChatModel | null
  log: Log
}

/** Which provider and model a question wants. */
export interface ModelChoice {
  provider_id?: string | null
  model?: string | null
}

export type Registry = ReturnType<typeof createRegistry>

/** Failures in a row after which a provider is not asked for a while: others answer without waiting for it. */
const breakerFailures = 3
const breakerMs = 30_000

interface Entry {
  row: ProviderRow
  models: Map<string, ChatModel>
  failures: number
  /** In milliseconds of `performance.now()`. */
  restsUntil: number
  problem: string | null
}

/** The providers of models, as this node knows them, and who may ask which. */
export function createRegistry(parts: RegistryParts) {
  const { storage, guard, environment, log } = parts
  let entries = new Map<string, Entry>()
  let distributions = new Set<string>()

  async function refresh(): Promise<void> {
    const [rows, given] = await Promise.all([storage.all(), parts.distributions.all()])
    entries = new Map(
      rows.map(row => {
        const known = entries.get(row.id)
        return [row.id, known?.row.updated_at === row.updated_at ? known : openEntry(row)]
      }),
    )
    distributions = new Set(given.map(({ provider_id, user_id }) => `${provider_id} ${user_id}`))
  }

  /** Asks the provider itself: nothing stands in between. */
  const connect = (row: ProviderRow, model: string) => connectTo(row, model, parts)

  /** One of its models, made when it is first asked. */
  function modelOf(entry: Entry, name: string): ChatModel {
    const made = entry.models.get(name) ?? guard(watched(entry, connect(entry.row, name), log))
    entry.models.set(name, made)
    return made
  }

  /** Of the own, and of the organization's those that were given to them. */
  function mayAsk(row: ProviderRow, personId: string): boolean {
    return row.scope === 'personal' ? row.created_by === personId : distributions.has(`${row.id} ${personId}`)
  }

  const shopEntries = () => [...entries.values()].filter(isForShop)

  /** Those that answer for the shop, in their order; who failed lately comes last. */
  function shopModels(): ChatModel[] {
    const now = performance.now()
    const inUse = shopEntries()
    const rested = inUse.filter(({ restsUntil }) => restsUntil <= now)
    const resting = inUse.filter(entry => !rested.includes(entry))
    const models = (list: Entry[]) =>
      list.flatMap(entry => {
        const name = defaultModelOf(entry.row)
        return name === undefined ? [] : [modelOf(entry, name)]
      })
    return [...models(rested), ...(environment ? [environment] : []), ...models(resting)]
  }

  return {
    refresh,
    mayAsk,
    connect,
    /** Opens the key of one. */
    keyOf: parts.openKey,
    find: (id: string): ProviderRow | undefined => entries.get(id)?.row,
    problemOf: (id: string): string | null => entries.get(id)?.problem ?? null,

    /**
     * The models to be asked for an answer, one after the other for as long as none has begun: the one that was chosen, then
     * those of the shop. Empty where there is none: then the built-in answerer writes.
     */
    modelsFor(choice: ModelChoice, personId: string | null): ChatModel[] {
      const shop = shopModels()
      const entry = choice.provider_id ? entries.get(choice.provider_id) : undefined
      const isAllowed =
        entry?.row.is_active &&
        (entry.row.priority !== null || (personId !== null && mayAsk(entry.row, personId)))
      const name = entry && (choice.model ?? defaultModelOf(entry.row))
      if (!isAllowed || name === undefined) return shop
      const chosen = modelOf(entry!, name)
      return [chosen, ...shop.filter(model => model !== chosen)]
    },

    /** Those that answer for the shop and are switched on, in their order, and what went wrong when they were asked last. */
    shopProviders: () => shopEntries().map(stateOf),

    /** All that may be asked, and where they are paid for. */
    models(): Pick<ChatModel, 'provider' | 'model' | 'hostUrl'>[] {
      const own = [...entries.values()]
        .filter(({ row }) => row.is_active)
        .flatMap(({ row }) =>
          modelsOf(row).map(model => ({ provider: row.id, model, hostUrl: hostUrlOf(row) })),
        )
      return [...(environment ? [environment] : []), ...own]
    },

    /** Where a provider is asked; undefined where it costs nothing. */
    hostUrlOf(providerId: string): string | undefined {
      const row = entries.get(providerId)?.row
      if (row) return hostUrlOf(row)
      return environment?.provider === providerId ? environment.hostUrl : undefined
    },
  }
}

function openEntry(row: ProviderRow): Entry {
  return { row, models: new Map(), failures: 0, restsUntil: 0, problem: null }
}

function isForShop({ row }: Entry): boolean {
  return row.scope === 'organization' && row.is_active && row.priority !== null
}

function stateOf({ row, problem }: Entry): { name: string; model: string; problem: string | null } {
  return { name: row.name, model: defaultModelOf(row) ?? '', problem }
}

function hostUrlOf({ provider_type, api_base_url }: ProviderRow): string | undefined {
  return provider_type === 'ollama' ? undefined : api_base_url
}

function connectTo(
  row: ProviderRow,
  model: string,
  { openKey, agentFor }: Pick<RegistryParts, 'openKey' | 'agentFor'>,
): ChatModel {
  const apiKey = openKey(row)
  const { provider_type, api_base_url: baseUrl, config: settings } = row
  if (provider_type === 'ollama') return createOllamaModel({ host: baseUrl, model, settings, agentFor })
  if (provider_type === 'anthropic')
    return createAnthropicModel({ baseUrl, apiKey, model, settings, agentFor })
  return createOpenAIModel({
    baseUrl,
    apiKey,
    model,
    settings,
    isAzure: provider_type === 'azure',
    isOfficial: provider_type === 'openai' && baseUrl === officialOpenaiUrl,
    agentFor,
  })
}

function watched(entry: Entry, model: ChatModel, log: Log): ChatModel {
  const observed = observeCalls(model, {
    succeeded: () => Object.assign(entry, { failures: 0, restsUntil: 0, problem: null }),
    failed: error => noteFailure(entry, error, log),
  })
  return { ...observed, provider: entry.row.id }
}

function noteFailure(entry: Entry, error: ModelError, log: Log): void {
  entry.failures += 1
  entry.problem = error.message
  if (entry.failures < breakerFailures) return
  entry.restsUntil = performance.now() + breakerMs
  log.warn({ provider_id: entry.row.id, error }, 'a provider fails; others answer for a while')
}

function modelsOf({ config: { model, models = [] } }: ProviderRow): string[] {
  return [...new Set([...(model ? [model] : []), ...models])]
}

/** What is asked where nobody chose another. */
export function defaultModelOf({ config }: ProviderRow): string | undefined {
  return config.model ?? config.models?.[0]
}
