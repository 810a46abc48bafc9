import { setTimeout } from 'node:timers/promises'
import { DatabaseUnavailable } from '#storage/engine/transaction'
import type { Moment } from '#storage/models/budget'
import type {
  AbandonedCall,
  BudgetVerdict,
  PlannedCall,
  ReservationStorage,
} from '#storage/models/reservation'
import { estimateTokens } from '../../../answering/prompt/history.ts'
import { newId } from '../../../core/ids.ts'
import type { Log } from '../../../observability/log.ts'
import type { Reservation, Reserve, ReserveSound } from '../../../providers/chat/budgeted.ts'
import { estimateMaxUse } from '../../../providers/estimate.ts'
import { BudgetReached, type ChatModel, type Payer, type TokenCount } from '../../../providers/model.ts'

type AskedModel = Pick<ChatModel, 'provider' | 'model' | 'hostUrl'>

export interface ReserveDeps {
  reservations: ReservationStorage
  /** As an exact decimal; nulls where the model has no price. */
  exactCost(model: AskedModel, tokens: TokenCount): { cost: string | null; currency: string | null }
  /** Where a provider is asked; undefined where it costs nothing. */
  hostUrlOf(providerId: string): string | undefined
  /** Whether there is any budget. */
  isBounded(): boolean
  moment(): Moment
  log: Log
}

/** The longest answer that is asked for within a budget, where the provider's settings say nothing. */
const defaultMaxTokens = 4096
/** Between two attempts while the database is away. */
const databaseRetryMs = 1000
const settleMax = 100

const nothing: TokenCount = { prompt_tokens: 0, completion_tokens: 0 }

/** Takes calls of models out of their budgets before they are made, and counts what they used after. */
export function reserveCalls(deps: ReserveDeps) {
  const { reservations, moment, log } = deps
  /** Ended, and not counted yet. */
  const unsettled = new Map<string, () => Promise<void>>()

  const reserve: Reserve = async (model, request, signal) => {
    if (!deps.isBounded()) return null
    const maxTokens = model.maxTokens ?? defaultMaxTokens
    const maxUse = estimateMaxUse(request, maxTokens)
    const settleCall = await reserveUse(model, maxUse, request.payer, signal)
    return settleCall && ({ maxTokens, settle: settleCall } satisfies Reservation)
  }

  const reserveSound: ReserveSound = async (model, maxUse, payer, signal) => {
    if (!deps.isBounded()) return null
    const settleCall = await reserveUse(model, maxUse, payer, signal)
    return settleCall && { settle: settleCall }
  }

  /** @returns what counts the call once it has ended; null where no budget counts it. @throws BudgetReached */
  async function reserveUse(
    model: AskedModel,
    maxUse: TokenCount,
    payer: Payer | undefined,
    signal: AbortSignal,
  ): Promise<((tokens: TokenCount | null) => void) | null> {
    const call = {
      person_id: payer?.person_id ?? null,
      message_id: payer?.message_id ?? null,
      provider_id: model.provider,
      model: model.model,
      prompt_tokens: maxUse.prompt_tokens,
      ...amountOf(model, maxUse),
    }
    const { id, verdicts } = await reserveUntilAvailable(call, model, signal)
    if (verdicts.length === 0) return null
    const full = verdicts.filter(({ fits }) => !fits)
    if (full.length > 0) throw reached(full)
    return tokens => settle(id, model, tokens)
  }

  /** What may have been reserved although the database did not say so in time is let go. */
  async function reserveUntilAvailable(
    call: Omit<PlannedCall, 'id'>,
    model: AskedModel,
    signal: AbortSignal,
  ): Promise<{ id: string; verdicts: BudgetVerdict[] }> {
    for (;;) {
      const id = newId()
      try {
        return { id, verdicts: await reservations.reserve({ id, ...call }, moment()) }
      } catch (error) {
        settle(id, model, null)
        if (!(error instanceof DatabaseUnavailable) || signal.aborted) throw error
        await setTimeout(databaseRetryMs, undefined, { signal }).catch(() => {})
      }
    }
  }

  function settle(id: string, model: AskedModel, tokens: TokenCount | null): void {
    unsettled.set(id, () => reservations.settle({ id, ...amountOf(model, tokens ?? nothing) }))
    void settleOne(id)
  }

  /** What cannot be counted now is counted by the next round. */
  async function settleOne(id: string): Promise<void> {
    try {
      await unsettled.get(id)?.()
      unsettled.delete(id)
    } catch (error) {
      log.warn({ error }, 'what a call of a model has used is not counted yet')
    }
  }

  function amountOf(model: AskedModel, tokens: TokenCount) {
    return { tokens: tokens.prompt_tokens + tokens.completion_tokens, ...deps.exactCost(model, tokens) }
  }

  /** Counts what could not be counted before, and the calls of nodes that have died, by what is stored of their answers. */
  async function settleLeft(): Promise<void> {
    for (const id of unsettled.keys()) await settleOne(id)
    if (!deps.isBounded()) return
    for (const call of await reservations.abandoned(settleMax)) {
      const { provider_id: provider, model } = call
      const amount = amountOf({ provider, model, hostUrl: deps.hostUrlOf(provider) }, knownUse(call))
      await reservations.settle({ id: call.call_id, ...amount })
    }
  }

  return {
    reserve,
    reserveSound,
    settleLeft,
    async close(): Promise<void> {
      for (const id of unsettled.keys()) await settleOne(id)
    },
  }
}

function reached(full: BudgetVerdict[]): BudgetReached {
  const [{ scope, period }] = full as [BudgetVerdict]
  const when = { day: 'today', month: 'this month' }[period]
  return new BudgetReached(
    `The ${scope} budget for ${when} has no room for another answer.`,
    full.some(({ at_limit }) => at_limit === 'refuse'),
  )
}

/** Where the answer had begun, what is stored of it was written and its prompt was read. */
function knownUse({ content, usage, prompt_tokens }: AbandonedCall): TokenCount {
  if (usage) return usage
  if (!content) return nothing
  return { prompt_tokens, completion_tokens: Math.round(estimateTokens(content)) }
}
