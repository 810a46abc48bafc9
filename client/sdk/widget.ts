import type { Handoff, Language, Message } from '#protocol'
import type { ErrorCode, Identity } from './types.ts'

/** One for every language, or one for each. */
export type Localized<T> = T | Partial<Record<Language, T>>

/** What a site hands to `Parley.init`. What it leaves out is as its owner has set it in the console. */
export interface WidgetSettings {
  /** Address of the server. Default: where the script came from. */
  url?: string
  /** Any BCP 47 tag. Default: the browser's. */
  language?: string
  context?: SiteContext
  /** A customer the site vouches for, signed by the site's server. */
  user?: Identity
  /** `auto` follows the system, `page` the `color-scheme` of the page. Default: auto. */
  theme?: 'light' | 'dark' | 'auto' | 'page'
  title?: Localized<string>
  /** The first line is a heading, what follows stands below it. */
  greeting?: Localized<string>
  /** Questions to begin with. */
  starters?: Localized<string[]>
  /** Of the launcher, buttons and own messages: `#0b6b5b`. */
  color?: string
  /** Address of a picture beside the title. */
  logo?: string
  /** `false`: only the page opens the chat. An element of the page, or a selector of some, takes the launcher's place. */
  launcher?: boolean | string | Element
  /** Default: right. */
  side?: 'left' | 'right'
  /** Pixels between the launcher and that side, and the bottom. Default: 20 each. */
  offset?: { x?: number; y?: number }
  zIndex?: number
}

/** Where on the site the visitor is: hints, taken as they come. */
export interface SiteContext {
  productId?: string | number | null
  skuId?: string | number | null
  /** Default: the address of the page, also after it changes without a reload. */
  url?: string | null
}

export interface WidgetEvents {
  ready: undefined
  open: undefined
  close: undefined
  /** Said by the visitor in this page, and stored. */
  sent: Message
  /** Said by the assistant, a person, or the system, and whole. */
  received: Message
  /** `received`, by its earlier name. */
  message: Message
  unread: { count: number }
  /** Who has the conversation is another; `agent` is the person in it. */
  handoff: { mode: 'ai' | 'queued' | 'human'; status: Handoff['status'] | null; agent: string | null }
  /** Of a talk with a person, 1 to 5; of an answer, -1 or 1. */
  rating: { of: 'talk' | 'answer'; rating: number }
  error: { code: WidgetErrorCode; message: string }
}

/** `LAZY_PART_MISSING`: people, files and consent cannot be shown, as the second file did not load. */
export type WidgetErrorCode = ErrorCode | 'IDENTITY_EMAIL' | 'LAZY_PART_MISSING'

/** `window.Parley`. */
export interface ParleyWidget {
  readonly isOpen: boolean
  /** Answers that came while the chat was closed. */
  readonly unread: number
  /** Again on the next page of a site that swaps pages: what it names is taken over, the rest stays. */
  init(settings?: WidgetSettings): void
  open(): void
  close(): void
  toggle(): void
  /** Opens the chat and says this in the visitor's name. */
  ask(text: string): void
  setLanguage(language: string): void
  setContext(context: SiteContext): void
  /** Returns the way out. A `ready` that has been is told at once. */
  on<E extends keyof WidgetEvents>(event: E, listener: (detail: WidgetEvents[E]) => void): () => void
  /** Forget the visitor and the conversation on this device, as at a log-out. */
  reset(): void
  destroy(): void
  /** Calls as data. Like any other, they wait for `init`. */
  push(...calls: WidgetCall[]): void
}

type Method = Exclude<keyof ParleyWidget, 'push' | 'isOpen' | 'unread'>
export type WidgetCall = { [M in Method]: [M, ...Parameters<ParleyWidget[M]>] }[Method]
