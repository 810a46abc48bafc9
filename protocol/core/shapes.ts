import * as v from 'valibot'
import { normalizeCode, normalizeEmail, normalizeMailbox, normalizePhone } from './normalize.ts'
import { cleanPageAddress } from './page-address.ts'

/** UUIDv7 where the server makes it; any UUID is accepted. */
export const id = v.pipe(v.string(), v.uuid('must be a UUID'), v.toLowerCase())
export const time = v.pipe(v.string(), v.isoTimestamp(), v.description('ISO 8601, UTC'))
export const incarnation = v.pipe(
  v.string(),
  v.description(
    'Names this life of the database. Once it is another (a backup was put back), or `seq` is below the `since_seq` that ' +
      'was asked, a client drops what it knows, opens anew, and sends what was not stored',
  ),
)
export const seq = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))
export const key = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9:_-]{1,128}$/, 'must be 1 to 128 characters of A-Z a-z 0-9 : _ -'),
  v.description('Made by the client; a repeat with the same input answers with the first result'),
)
export const language = v.picklist(['zh', 'en'])
export type Language = v.InferOutput<typeof language>

/** A language as pages give it: a BCP 47 tag, taken by its first part. What is not spoken here is left out, never refused. */
export const languageHint = v.optional(
  v.pipe(
    v.fallback(v.nullable(v.string()), null),
    v.transform((tag): Language | undefined => {
      const [first] = (tag ?? '').trim().toLowerCase().split(/[-_]/, 1)
      return language.options.find(known => known === first)
    }),
  ),
)

/** Text a person writes: no NUL (PostgreSQL cannot hold it), lone surrogates replaced as UTF-8 would. `max` in UTF-16 code units. */
export function text(max: number, min = 1) {
  return v.pipe(
    v.string(),
    v.maxLength(max, `must have at most ${max} characters`),
    v.check(value => !value.includes('\0'), 'must not contain a NUL character'),
    v.check(value => value.trim().length >= min, 'must not be empty'),
    v.transform(value => value.toWellFormed()),
  )
}

/** An address that mail goes to. */
export const mailbox = v.pipe(
  v.string(),
  v.maxLength(512, 'must have at most 254 characters'),
  v.check(value => normalizeMailbox(value) !== null, 'must be an e-mail address'),
  v.transform(value => normalizeMailbox(value) ?? value),
)

/** Somebody's address, in the one form by which people are known. */
export const email = v.pipe(
  v.string(),
  v.maxLength(512, 'must have at most 254 characters'),
  v.check(value => normalizeEmail(value) !== null, 'must be an e-mail address'),
  v.transform(value => normalizeEmail(value) ?? value),
)

/** A time zone, by name or as an offset. */
export const timeZone = v.pipe(
  v.string(),
  v.maxLength(64),
  v.check(isTimeZone, 'must be a time zone like Europe/Berlin'),
)

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}

/** Of a site, a service or a picture; `max` in UTF-16 code units. */
export function webAddress(max: number) {
  return v.pipe(
    v.string(),
    v.maxLength(max),
    v.check(isWebAddress, 'must be an http or https address without a password'),
  )
}

function isWebAddress(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, username, password } = new URL(value)
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
}

/** A telephone number as it is dialled. */
export const phone = v.pipe(
  v.string(),
  v.maxLength(64, 'must have at most 64 characters'),
  v.check(value => normalizePhone(value) !== null, 'must be a phone number'),
  v.transform(value => normalizePhone(value) ?? value),
)

/** A code out of a mail or an app, however it was typed. */
export const typedCode = v.pipe(
  v.string(),
  v.maxLength(64, 'must have at most 64 characters'),
  v.transform(normalizeCode),
  v.minLength(1, 'must not be empty'),
)

/** The shop's own product id. */
export const productId = text(128)

/** Where on the shop's site the visitor is. Data, never an instruction (law A4). */
export const pageContext = v.object({
  product_id: v.optional(v.string()),
  sku_id: v.optional(v.string()),
  url: v.optional(v.string()),
})
export type PageContext = v.InferOutput<typeof pageContext>

const hint = v.optional(v.fallback(v.nullable(v.union([v.string(), v.number()])), null))

/** The same as pages give it: a hint, which is cleaned and never refused. */
export const pageHints = v.pipe(
  v.fallback(v.object({ product_id: hint, sku_id: hint, url: hint }), {}),
  v.transform(({ product_id, sku_id, url }): PageContext => {
    const hints = { product_id: idHint(product_id), sku_id: idHint(sku_id), url: addressHint(url) }
    return Object.fromEntries(Object.entries(hints).filter(([, value]) => value !== undefined))
  }),
)

type Hint = string | number | null | undefined

/** One that is cut would name another product. */
function idHint(value: Hint): string | undefined {
  const id = String(value ?? '')
    .replace(/\p{Cc}/gu, '')
    .trim()
    .toWellFormed()
  return id !== '' && id.length <= 128 ? id : undefined
}

function addressHint(value: Hint): string | undefined {
  return cleanPageAddress(String(value ?? '')) || undefined
}

export const metadata = v.pipe(
  v.record(text(64), v.union([text(1024, 0), v.pipe(v.number(), v.finite()), v.boolean(), v.null()])),
  v.check(value => Object.keys(value).length <= 32, 'must have at most 32 keys'),
)

export { type Page, page, paging, toPage } from './page.ts'

export const author = v.object({ id, name: v.nullable(v.string()) })

export const avatarUrl = v.pipe(
  v.nullable(v.string()),
  v.description('A web address, or a path below the address of the server'),
)

export const agent = v.object({
  id,
  name: v.nullable(v.string()),
  avatar_url: avatarUrl,
  presence: v.picklist(['online', 'away', 'offline']),
  capacity: v.number(),
  active_count: v.number(),
})
export type Agent = v.InferOutput<typeof agent>

export const reference = v.object({
  number: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(1),
    v.description('Issued by the server, in order of first use in the answer'),
  ),
  source: v.picklist(['document', 'product', 'upload', 'article']),
  source_id: v.string(),
  title: v.string(),
  url: v.nullable(v.string()),
  quote: v.pipe(v.string(), v.description('The passage of the source that supports the sentence')),
  score: v.number(),
  updated_at: time,
})
export type Reference = v.InferOutput<typeof reference>

export const usage = v.object({
  provider_id: v.nullable(v.string()),
  model: v.string(),
  prompt_tokens: v.number(),
  cached_tokens: v.pipe(v.optional(v.number()), v.description('Of the prompt tokens')),
  completion_tokens: v.number(),
  estimated: v.pipe(v.optional(v.boolean()), v.description('The provider did not say: counted here')),
  total_tokens: v.number(),
  cost: v.nullable(v.number()),
  currency: v.nullable(v.string()),
  cached: v.boolean(),
  first_token_ms: v.nullable(v.number()),
  duration_ms: v.number(),
})
export type Usage = v.InferOutput<typeof usage>

export const attachment = v.object({
  id,
  name: v.string(),
  mime: v.string(),
  bytes: v.number(),
  extracted: v.boolean(),
})
export type Attachment = v.InferOutput<typeof attachment>

export const messageStatus = v.picklist(['complete', 'streaming', 'stopped', 'failed'])

export const message = v.object({
  id,
  conversation_id: id,
  seq: v.pipe(seq, v.description('That of its creation')),
  role: v.picklist(['user', 'assistant', 'agent', 'system']),
  content: v.string(),
  status: messageStatus,
  key: v.pipe(v.nullable(v.string()), v.description('Shown to its author')),
  author: v.nullable(author),
  in_reply_to: v.nullable(id),
  branch: v.pipe(
    v.optional(v.nullable(v.object({ parent_id: v.nullable(id) }))),
    v.description('What it follows, where that is not the message before it: null for nothing'),
  ),
  attachments: v.array(attachment),
  references: v.array(reference),
  usage: v.pipe(v.nullable(usage), v.description('Shown to staff')),
  memories_used: v.array(v.string()),
  degraded: v.pipe(
    v.boolean(),
    v.description('Answered without the configured model because it failed (law R5)'),
  ),
  error: v.nullable(
    v.object({
      code: v.string(),
      message: v.string(),
      reason: v.optional(
        v.pipe(v.string(), v.description('For staff: what the provider or the server said')),
      ),
    }),
  ),
  feedback: v.nullable(v.picklist([-1, 1])),
  feedback_comment: v.pipe(
    v.optional(v.nullable(v.string())),
    v.description("The visitor's words with it; shown to staff"),
  ),
  voice: v.pipe(
    v.optional(v.nullable(v.object({ stream_id: id, duration_ms: v.number() }))),
    v.description('It was said by voice'),
  ),
  edited_at: v.pipe(v.optional(v.nullable(time)), v.description('When its author corrected it last')),
  /** Its words are gone, taken back by its author or removed by an administrator. */
  removed: v.optional(v.nullable(v.picklist(['retracted', 'redacted']))),
  heard_text: v.pipe(
    v.optional(v.nullable(v.string())),
    v.description(
      'What of it was heard before its sound was stopped; null where it was not spoken, or to its end',
    ),
  ),
  action: v.pipe(
    v.nullable(v.picklist(['handoff'])),
    v.description('What the reader may do about it: a person is offered'),
  ),
  created_at: time,
  updated_at: time,
})
export type Message = v.InferOutput<typeof message>

/** Who asks: by name, else by what they sign in with, else by the address they left. */
export const visitor = v.object({ id, name: v.nullable(v.string()), signed_in: v.boolean() })
export type Visitor = v.InferOutput<typeof visitor>

export const conversation = v.object({
  id,
  title: v.nullable(v.string()),
  visitor: v.optional(
    v.pipe(visitor, v.description('Shown to staff where a conversation is read or listed')),
  ),
  mode: v.picklist(['ai', 'queued', 'human']),
  status: v.picklist(['open', 'closed']),
  language,
  context: pageContext,
  provider_id: v.nullable(v.string()),
  model: v.nullable(v.string()),
  metadata: v.record(v.string(), v.unknown()),
  seq: v.pipe(seq, v.description('That of its newest durable event')),
  epoch: v.pipe(v.number(), v.description('Rises at each change of owner (law O1)')),
  agent: v.nullable(agent),
  snoozed: v.optional(v.nullable(v.object({ at: time, until: v.nullable(time) }))),
  pinned: v.optional(v.pipe(v.boolean(), v.description('This and the next two are shown to whose it is'))),
  archived: v.optional(v.boolean()),
  tags: v.optional(v.array(v.string())),
  message_count: v.number(),
  last_message_at: v.nullable(time),
  created_at: time,
  updated_at: time,
})
export type Conversation = v.InferOutput<typeof conversation>

export const product = v.object({
  id: v.string(),
  name: v.string(),
  category: v.nullable(v.string()),
  url: v.nullable(v.string()),
  short_description: v.string(),
  price: v.nullable(v.number()),
  currency: v.nullable(v.string()),
  specs: v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()])),
  score: v.optional(v.number()),
  updated_at: time,
})
export type Product = v.InferOutput<typeof product>

export const handoffStatus = v.picklist(['pending', 'active', 'resolved', 'cancelled', 'timeout'])
/** Lowest first. */
export const priorities = ['low', 'normal', 'high', 'urgent'] as const
export const priority = v.picklist(priorities)

/** What is counted while somebody waits: to the first word of a person, to each further one, to the end. */
export const slaClock = v.picklist(['first_response', 'next_response', 'resolution'])

export const handoff = v.object({
  id,
  conversation_id: id,
  status: handoffStatus,
  cause: v.pipe(v.picklist(['request', 'question', 'takeover']), v.description('Switch, words, or unasked')),
  reason: v.nullable(v.string()),
  summary: v.pipe(v.nullable(v.string()), v.description('Shown to staff')),
  priority: v.pipe(v.nullable(priority), v.description('Shown to staff')),
  team: v.pipe(v.nullable(v.object({ id, name: v.string() })), v.description('Shown to staff')),
  queue_position: v.pipe(v.nullable(v.number()), v.description('From 1, while pending')),
  estimated_wait_ms: v.pipe(
    v.nullable(v.number()),
    v.description(
      'From recent handling times and present capacity; null where there is nothing to estimate from',
    ),
  ),
  agent: v.nullable(agent),
  tags: v.pipe(v.array(v.string()), v.description('Shown to staff')),
  note: v.pipe(v.nullable(v.string()), v.description("The agent's at completion; shown to staff")),
  rating: v.pipe(v.nullable(v.number()), v.description("The visitor's, 1 to 5")),
  rating_comment: v.pipe(
    v.optional(v.nullable(v.string())),
    v.description("The visitor's words with it; shown to staff"),
  ),
  overdue: v.pipe(
    v.optional(v.array(slaClock)),
    v.description('Which thresholds of the settings have passed and still hold; shown to staff'),
  ),
  clocks: v.pipe(
    v.optional(
      v.array(
        v.object({
          clock: slaClock,
          due_at: v.pipe(v.nullable(time), v.description('null while it rests: the visitor is to write')),
          pauses: v.pipe(
            v.array(v.object({ from: time, to: time })),
            v.description('When it does not run, from its beginning until then: out of hours'),
          ),
        }),
      ),
    ),
    v.description(
      'Thresholds of the settings that have not passed, where handoffs are listed; shown to staff',
    ),
  ),
  created_at: time,
  queued_at: v.pipe(time, v.description('When its present or last wait began')),
  accepted_at: v.nullable(time),
  ended_at: v.nullable(time),
})
export type Handoff = v.InferOutput<typeof handoff>

/** Of money, by its ISO 4217 code. */
export const currency = v.pipe(
  v.string(),
  v.trim(),
  v.toUpperCase(),
  v.regex(/^[A-Z]{3}$/, 'must be a code like USD'),
)
