import type { Reference } from '#protocol'
import type { Slots } from '../../../sdk/index.ts'
import { createStore, type Store } from '../../../sdk/store.ts'

/** To the visitor, to colleagues, or in private to the assistant. */
export type Mode = 'reply' | 'note' | 'guide'

/** Words for the reply box that the agent has not written. */
export interface Offer {
  kind: 'draft' | 'translation'
  text: string
  /** What a draft was taken from. */
  references: Reference[] | null
}

interface Replaced {
  mode: Mode
  before: string
  after: string
  /** Null for what the agent chose from a list. */
  offer: Offer | null
}

interface WritingState {
  mode: Mode
  reply: string
  note: string
  guide: string
  /** Came while other words stood in the box: shown beside it. */
  offer: Offer | null
  /** The last words that took the place of others. */
  replaced: Replaced | null
}

/** What an agent is writing in one conversation, wherever they look meanwhile: kept over a reload, and the same in every tab. */
export interface Writing extends Store<WritingState> {
  setMode(mode: Mode): void
  /** What can no longer be said there is kept as a note. */
  moveToNote(mode: Mode): void
  /** By the agent's own hand. */
  type(mode: Mode, text: string): void
  /**
   * The one rule for words that others made: they take the place of exactly the words they were made of, and stand beside any
   * other. What they replaced comes back with one key.
   */
  offer(offer: Offer, madeOf: string): void
  /** The offered words, instead of those in the box or after them. */
  accept(isAppended?: boolean): void
  dismiss(): void
  /** Chosen from a list for the place where it was called. */
  insert(mode: Mode, text: string): void
  /** Whether the words in the box are ones that have replaced others. */
  canRestore(mode: Mode): boolean
  /** What stood there before; the words that replaced it are offered again. */
  restore(mode: Mode): void
  /** It has been sent. */
  clear(mode: Mode): void
  /** Another tab has written. */
  reread(): void
}

const blank: WritingState = {
  mode: 'reply',
  reply: '',
  note: '',
  guide: '',
  offer: null,
  replaced: null,
}

export function createWriting(slots: Slots, conversationId: string): Writing {
  const slot = `writing:${conversationId}`
  const read = (): WritingState => ({ ...blank, ...slots.read<WritingState>(slot) })
  const store = createStore(read())
  const { get } = store

  function set(change: Partial<WritingState>) {
    store.set(change)
    const isBlank = JSON.stringify(get()) === JSON.stringify(blank)
    slots.write(slot, isBlank ? null : get())
  }

  function put(mode: Mode, text: string, offer: Offer | null) {
    const replaced = { mode, before: get()[mode], after: text, offer }
    set({ [mode]: text, replaced, offer: mode === 'reply' ? null : get().offer })
  }

  function canRestore(mode: Mode): boolean {
    const { replaced } = get()
    return replaced?.mode === mode && replaced.after === get()[mode]
  }

  return {
    ...store,
    setMode: mode => set({ mode }),
    moveToNote(mode) {
      const { [mode]: text, note } = get()
      if (mode === 'guide' && text.trim()) set({ guide: '', note: note.trim() ? `${note}\n${text}` : text })
    },
    type: (mode, text) => set({ [mode]: text }),
    offer(offer, madeOf) {
      if (get().reply === madeOf) put('reply', offer.text, offer)
      else set({ offer })
    },
    accept(isAppended = false) {
      const { offer, reply } = get()
      if (offer) put('reply', isAppended ? `${reply.trimEnd()}\n\n${offer.text}` : offer.text, offer)
    },
    dismiss: () => set({ offer: null }),
    insert: (mode, text) => put(mode, text, null),
    canRestore,
    restore(mode) {
      const { replaced, offer } = get()
      if (!replaced || !canRestore(mode)) return
      set({ [mode]: replaced.before, replaced: null, offer: replaced.offer ?? offer })
    },
    clear(mode) {
      const { replaced } = get()
      set({
        [mode]: '',
        replaced: replaced?.mode === mode ? null : replaced,
        ...(mode === 'reply' && { offer: null }),
      })
    },
    reread() {
      const kept = read()
      if (JSON.stringify(kept) !== JSON.stringify(get())) store.set(kept)
    },
  }
}
