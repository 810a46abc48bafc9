import type { Attachment } from '#protocol'
import { type Client, type ConversationStore, createKey } from '../sdk/index.ts'
import { createStore, type Store } from '../sdk/store.ts'
import { basePath } from '../ui/base-path.ts'
import { createFiles, type Files } from '../ui/files.ts'
import type { Conversations } from './conversations.ts'

/** Which provider and model answer; nulls leave it to the installation. */
export interface ModelChoice {
  provider_id: string | null
  model: string | null
}

interface CurrentState {
  /** Null for one that is begun by its first question. */
  id: string | null
  conversation: ConversationStore | null
  /** Picked for the next message. */
  files: Files
  choice: ModelChoice
}

/** The conversation that is shown, which the address of the page names. */
export interface Current extends Store<CurrentState> {
  /** @param id null for a new one */
  enter(id: string | null): void
  /** Begins the conversation where there is none yet. @throws ParleyError where that failed */
  send(content: string, attachments: Attachment[]): Promise<void>
  /** @throws ParleyError */
  choose(choice: ModelChoice): Promise<void>
  close(): void
}

const root = `${basePath}/chat`
const standard: ModelChoice = { provider_id: null, model: null }

function idInAddress(): string | null {
  return /^\/([\da-f-]{36})$/.exec(location.pathname.slice(root.length))?.[1] ?? null
}

export function createCurrent(client: Client<'visitor'>, conversations: Conversations): Current {
  const store = createStore<CurrentState>({ ...begun(null), choice: standard })
  const { get, set } = store
  /** The same for each attempt to begin it. */
  let birthKey = createKey()
  let stopFollowing = follow(get().conversation)

  function begun(id: string | null): Omit<CurrentState, 'choice'> {
    const conversation = id === null ? null : client.conversation({ id })
    void conversation?.open()
    return { id, conversation, files: createFiles(client as never, client.slots, `files:${id ?? 'new'}`) }
  }

  /** The list shows what becomes of it. */
  function follow(conversation: ConversationStore | null) {
    let last: unknown = null
    const leave = conversation?.subscribe(({ conversation: now }) => {
      if (!now || now === last) return
      last = now
      const { provider_id, model } = now
      set({ choice: { provider_id, model } })
      if (now.message_count > 0) conversations.put(now)
    })
    return () => leave?.()
  }

  function replace(id: string | null) {
    stopFollowing()
    get().conversation?.close()
    get().files.stop()
    birthKey = createKey()
    set({ ...begun(id), choice: standard })
    stopFollowing = follow(get().conversation)
  }

  function onPopState() {
    if (idInAddress() !== get().id) replace(idInAddress())
  }

  /** None is left empty: it is made with its first question. @returns its id */
  async function begin(): Promise<string> {
    const { choice } = get()
    const input = { new: true, key: birthKey, language: client.language, auto_title: true }
    const { conversation } = await client.call('conversation:open', input)
    if (choice.provider_id)
      await client.call('conversation:update', { conversation_id: conversation.id, ...choice })
    return conversation.id
  }

  if (idInAddress()) replace(idInAddress())
  addEventListener('popstate', onPopState)

  return {
    ...store,
    enter(id) {
      if (id === get().id && id !== null) return
      history.pushState(null, '', id === null ? root : `${root}/${id}`)
      replace(id)
    },
    async send(content, attachments) {
      const known = get().conversation
      if (known) return void known.send(content, attachments)
      const { files } = get()
      const id = await begin()
      const conversation = client.conversation({ id })
      void conversation.open()
      conversation.send(content, attachments)
      // Whoever went elsewhere meanwhile stays there.
      if (get().files !== files) return
      birthKey = createKey()
      history.pushState(null, '', `${root}/${id}`)
      set({ id, conversation })
      stopFollowing = follow(conversation)
    },
    async choose(choice) {
      const { id } = get()
      if (id) await conversations.update(id, { ...choice })
      set({ choice })
    },
    close() {
      removeEventListener('popstate', onPopState)
      stopFollowing()
      get().conversation?.close()
      get().files.stop()
    },
  }
}
