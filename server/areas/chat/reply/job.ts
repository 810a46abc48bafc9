import type { Code, EventPayload, Usage } from '#protocol'
import type { StoredMessage } from '#storage/chat/message'
import { type AnswerCache, replay } from '../../../answering/cache/cache.ts'
import { answerKey } from '../../../answering/cache/key.ts'
import { isCurated } from '../../../answering/curated/answer.ts'
import type { Evidence, Question } from '../../../answering/retrieval/evidence.ts'
import { visitorSentence } from '../../../core/visitor-errors.ts'
import { estimateUse } from '../../../providers/estimate.ts'
import {
  AnswerCut,
  BudgetReached,
  type ChatModel,
  type ChatRequest,
  ModelError,
  type TokenCount,
} from '../../../providers/model.ts'
import type { ModelChoice } from '../../../providers/registry.ts'
import type { CommandingMessage } from '../memory/ports.ts'
import { Delivery } from './delivery.ts'
import { type CitationFilter, generateWith, type ReplyContext, type Timings } from './generate.ts'

export interface JobParts {
  /** Those that may answer, one after the other for as long as none has begun; empty where none is configured. */
  modelsFor(choice: ModelChoice, personId: string | null): ChatModel[]
  /** Writes instead when all of them fail before their first word (law R5). */
  builtin: ChatModel
  timings: Timings
  /** Whether it becomes a message. */
  isStored: boolean
  read(): Promise<ReplyContext>
  /** Does what the person asks of the assistant's memory in words: the sentence on it, and what they ask besides; null where it is nothing. */
  followCommands(message: CommandingMessage): Promise<{ sentence: string; rest: string } | null>
  /** Empties what is stored of the answer, for its readers too. */
  startOver(): Promise<void>
  retrieve(question: Question): Promise<Evidence[]>
  /** What is remembered of the person and may help; nothing where they do not let it be used. */
  recall(personId: string, question: string): Promise<{ id: string; content: string }[]>
  /** What staff have told the assistant about the conversation in private, oldest first. */
  readGuidance(conversationId: string): Promise<string[]>
  filter(evidence: Evidence[], question: Question): CitationFilter
  emitDelta(payload: EventPayload<'reply:delta'>): void
  emitProgress(payload: EventPayload<'reply:progress'>): void
  backlog(conversationId: string): number
  onFirstText(seconds: number): void
  /** What models of the shop answered to the same; null where the model is asked each time. */
  answers: AnswerCache | null
  /** What a call of a model cost; nulls where it has no price. */
  priced(model: ChatModel, tokens: TokenCount): Pick<Usage, 'cost' | 'currency'>
}

/** How an answer ended: the fields its message is revised by. */
export type Ending = Pick<
  StoredMessage,
  'content' | 'status' | 'references' | 'usage' | 'memories_used' | 'degraded' | 'error'
>

export class Stopped extends Error {}
/** The database says that this answer is no longer ours: ended or taken over elsewhere. */
export class LeaseLost extends Error {}

/** One answer being written. It outlives the socket that asked for it (law R1). */
export class ReplyJob {
  readonly reply: StoredMessage
  readonly delivery: Delivery
  /** The conversation's, as long as nobody took it over (law O1). */
  epoch: number
  /** Hear every delta besides the sockets. */
  readonly listeners = new Set<(offset: number, text: string) => void>()
  /** Of the call that asked for it, once that is read. */
  requestId: string | null = null
  readonly #parts: JobParts
  readonly #abort = new AbortController()
  readonly #started = performance.now()
  #firstText: number | null = null
  #filter: CitationFilter | undefined
  /** What was done besides, to be said after the answer. */
  #notice: string | null = null
  #memories: { id: string; content: string }[] = []
  #guidance: string[] = []
  #asked: { model: ChatModel; request: ChatRequest } | undefined
  /** What it answers, once read. */
  context: ReplyContext | null = null

  constructor(reply: StoredMessage, parts: JobParts) {
    this.reply = reply
    this.epoch = reply.epoch
    this.#parts = parts
    const { id: message_id, conversation_id } = reply
    this.delivery = new Delivery({
      send: (offset, text) => {
        parts.emitDelta({ conversation_id, message_id, epoch: this.epoch, offset, text })
        for (const onText of this.listeners) onText(offset, text)
      },
      backlog: () => parts.backlog(conversation_id),
      startOver: parts.startOver,
      shown: reply.content,
    })
  }

  /** Nothing more goes out until the delivery is resumed. @returns what readers were given */
  pause(): Pick<Ending, 'content' | 'references' | 'usage'> {
    this.delivery.pause()
    return {
      content: this.delivery.sent,
      references: this.#filter?.references() ?? [],
      usage: this.#usageSoFar(),
    }
  }

  abort(reason: Stopped | LeaseLost): void {
    this.#abort.abort(reason)
  }

  /** Writes to the end, whatever it is. @throws Lost when the answer is no longer ours */
  async write(): Promise<Ending> {
    const { signal } = this.#abort
    try {
      this.#progress('retrieving')
      const context = await this.#unlessAborted(this.#parts.read())
      this.requestId = context.requestId
      this.context = context
      const question = await this.#followCommands(context)
      if (question === null) return this.#end({ status: 'complete' })
      const [evidence] = await this.#unlessAborted(
        Promise.all([this.#parts.retrieve(question), this.#readForModel(context, question)]),
      )
      this.#progress('thinking')
      return await this.#answer({ ...context, question }, evidence)
    } catch (error) {
      if (signal.reason instanceof LeaseLost) throw signal.reason
      if (signal.reason instanceof Stopped) return this.#end({ status: 'stopped' })
      return this.#fail(error)
    }
  }

  /** Only a model is given memories, and what staff have told it: the built-in answerer quotes sources alone. */
  async #readForModel({ choice, personId }: ReplyContext, { text }: Question): Promise<void> {
    const { modelsFor, recall, readGuidance } = this.#parts
    if (modelsFor(choice, personId).length === 0) return
    const [guidance, memories] = await Promise.all([
      readGuidance(this.reply.conversation_id),
      personId ? recall(personId, text) : [],
    ])
    this.#guidance = guidance
    this.#memories = memories
  }

  /** @returns what is left to be answered; null where nothing is */
  async #followCommands({ messages, question, personId, requestId }: ReplyContext): Promise<Question | null> {
    const newest = messages.findLast(message => message.role === 'user')
    if (!newest || !personId) return question
    const { id, conversation_id: conversationId } = newest
    const { text, language } = question
    const message = { id, conversationId, personId, text, language, requestId }
    const followed = await this.#unlessAborted(this.#parts.followCommands(message))
    if (!followed) return question
    this.#notice = followed.sentence
    if (followed.rest !== '') return { ...question, text: followed.rest }
    this.#add(followed.sentence)
    return null
  }

  async #answer(context: ReplyContext, evidence: Evidence[]): Promise<Ending> {
    const { modelsFor, builtin } = this.#parts
    // What a person of the shop wrote goes out as it stands.
    const models = isCurated(evidence) ? [] : modelsFor(context.choice, context.personId)
    let refusal: BudgetReached | null = null
    for (const model of models) {
      try {
        return await this.#answerWith(model, context, evidence)
      } catch (error) {
        if (!(error instanceof ModelError) || !this.delivery.isEmpty) throw error
        if (error instanceof BudgetReached && error.refuses) refusal = error
      }
    }
    if (refusal) throw refusal
    const ending = await this.#answerWith(builtin, context, evidence)
    return models.length > 0 ? { ...ending, degraded: true } : ending
  }

  async #answerWith(model: ChatModel, context: ReplyContext, evidence: Evidence[]): Promise<Ending> {
    const { question, history } = context
    const payer = { person_id: context.askedBy, message_id: this.#parts.isStored ? this.reply.id : null }
    const isBuiltin = model === this.#parts.builtin
    const memories = isBuiltin ? [] : this.#memories.map(({ content }) => content)
    const guidance = isBuiltin ? [] : this.#guidance
    const request = { question, history, evidence, memories, guidance, payer }
    let filter = this.#parts.filter(evidence, question)
    this.#filter = filter
    this.#asked = { model, request }
    const { answers } = this.#parts
    const key = answers && this.#cacheKey(model, context, request)
    const known = key && (await this.#unlessAborted(answers.find(key)))
    let written = ''
    try {
      const tokens = await generateWith(known === null ? model : replay(model, known), request, {
        onText: text => {
          const cleaned = clean(text)
          written += cleaned
          this.#add(filter.push(cleaned))
        },
        onRetract: () => {
          written = ''
          filter = this.#parts.filter(evidence, question)
          this.#filter = filter
          this.delivery.restart()
          this.#progress('thinking')
        },
        signal: this.#abort.signal,
        timings: this.#parts.timings,
      })
      this.#add(filter.end())
      await this.delivery.startedOver
      if (this.delivery.text.trim() === '') throw new ModelError('The model gave an empty answer.')
      if (this.#notice) this.#add(`\n\n${this.#notice}`)
      const references = filter.references()
      // An answer that rests on no source is not worth giving again.
      if (key && known === null && references.length > 0) answers.save(key, written)
      const usage = { ...this.#usage(model, tokens), cached: known !== null }
      return this.#end({ status: 'complete', references, usage })
    } catch (error) {
      const { aborted, reason } = this.#abort.signal
      if (reason instanceof LeaseLost) throw error
      // What waited for the end of its sentence was written too.
      if (!aborted && (error instanceof AnswerCut || !this.delivery.isEmpty)) this.#add(filter.end(false))
      if (this.delivery.isEmpty) throw error
      await this.delivery.startedOver
      const references = filter.references()
      if (aborted) return this.#end({ status: 'stopped', references, usage: this.#usageSoFar() })
      const tokens = error instanceof AnswerCut ? error.tokens : null
      const usage = tokens ? this.#usage(model, tokens) : this.#usageSoFar()
      return { ...this.#fail(error, references), usage }
    }
  }

  /** Null where the answer is this person's own: of a provider they chose, with a note, or a draft that somebody reads first. */
  #cacheKey(model: ChatModel, { choice, isRegenerated }: ReplyContext, request: ChatRequest): string | null {
    const isShared =
      this.#parts.isStored &&
      !isRegenerated &&
      !choice.provider_id &&
      !this.#notice &&
      model !== this.#parts.builtin
    return isShared ? answerKey(model, request) : null
  }

  #add(text: string): void {
    if (text === '') return
    if (this.#firstText === null) {
      this.#firstText = performance.now() - this.#started
      this.#parts.onFirstText(this.#firstText / 1000)
      this.#progress('writing')
    }
    this.delivery.add(text)
  }

  #fail(error: unknown, references: Ending['references'] = []): Ending {
    const code = codeOf(error)
    const message = visitorSentence(code, this.context?.question.language ?? null)
    const reason = error instanceof ModelError ? error.message : 'The answer could not be written.'
    return this.#end({ status: 'failed', references, error: { code, message, reason } })
  }

  #end(ending: Partial<Ending> & Pick<Ending, 'status'>): Ending {
    this.delivery.end(ending.status === 'complete')
    return {
      content: this.delivery.text,
      references: [],
      usage: null,
      memories_used: this.#memoriesUsed(),
      degraded: false,
      error: null,
      ...ending,
    }
  }

  /** Those that the model was given which wrote what there is. */
  #memoriesUsed(): string[] {
    const wasGiven = this.delivery.text !== '' && (this.#asked?.request.memories ?? []).length > 0
    return wasGiven ? this.#memories.map(({ id }) => id) : []
  }

  /** What is not counted by the host, since it was not let come to its end. */
  #usageSoFar(): Usage | null {
    if (!this.#asked) return null
    const { model, request } = this.#asked
    return this.#usage(model, estimateUse(request, this.delivery.text))
  }

  #usage(model: ChatModel, tokens: TokenCount): Usage {
    return {
      provider_id: model.provider,
      model: model.model,
      ...tokens,
      total_tokens: tokens.prompt_tokens + tokens.completion_tokens,
      ...this.#parts.priced(model, tokens),
      cached: false,
      first_token_ms: this.#firstText === null ? null : Math.round(this.#firstText),
      duration_ms: Math.round(performance.now() - this.#started),
    }
  }

  #progress(phase: EventPayload<'reply:progress'>['phase']): void {
    this.#parts.emitProgress({
      conversation_id: this.reply.conversation_id,
      message_id: this.reply.id,
      phase,
    })
  }

  /** What cannot be aborted is left behind. */
  #unlessAborted<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#abort
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const onAbort = () => reject(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
    })
  }
}

function codeOf(error: unknown): Code {
  if (error instanceof BudgetReached) return 'INSUFFICIENT_QUOTA'
  if (error instanceof AnswerCut) return 'AI_API_ERROR'
  return error instanceof ModelError ? 'AI_SERVICE_ERROR' : 'INTERNAL_ERROR'
}

/** PostgreSQL cannot hold a NUL. */
function clean(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text
}
