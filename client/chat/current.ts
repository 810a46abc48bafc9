import type { Attachment } from '#protocol'
import { type Client, type ConversationStore, createKey } from '../sdk/index.ts'
import { createStore, type Store } from '../sdk/store.ts'
import { basePath } from '../ui/base-path.ts'
import { createFiles, type Files } from '../ui/files.ts'
import { leafBeside, parentOf } from './branches.ts'
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
  /** The end of the branch that is shown; null for the newest. */
  leaf: string | null
}

/** The conversation that is shown, which the address of the page names. */
export interface Current extends Store<CurrentState> {
  /** @param id null for a new one */
  enter(id: string | null): void
  /** Begins the conversation where there is none yet. @throws ParleyError where that failed */
  send(content: string, attachments: Attachment[]): Promise<void>
  /** Asks otherwise what was asked there: another branch. @throws ParleyError */
  askAgain(messageId: string, content: string): Promise<void>
  /** One more answer, by this model where one is named. @throws ParleyError */
  regenerate(messageId: string, choice?: ModelChoice): Promise<void>
  /** Shows the version before or after. */
  leaf(messageId: string, step: -1 | 1): void
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
  const store = createStore<CurrentState>({ ...begun(null), choice: standard, leaf: null })
  const { get, set } = store
  /** The same for each attempt to begin it. */
  let birthKey = createKey()
  let stopFollowing = follow(get().conversation)

  function begun(id: string | null): Omit<CurrentState, 'choice' | 'leaf'> {
    const conversation = id === null ? null : client.conversation({ id })
    void conversation?.open()
    return { id, conversation, files: createFiles(client as never, client.slots, `files:${id ?? 'new'}`) }
  }

  /** The list shows what becomes of it. */
  function follow(conversation: ConversationStore | null) {
    let last: unknown = null
    let newest: string | undefined
    const leave = conversation?.subscribe(({ conversation: now, messages }) => {
      if (messages.at(-1)?.id !== newest) set({ leaf: null })
      newest = messages.at(-1)?.id
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
    set({ ...begun(id), choice: standard, leaf: null })
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

  const { say, ...branching } = createBranching(client, store)

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
      const { conversation: known, leaf, files } = get()
      if (known && leaf) return say(content, leaf, attachments)
      if (known) return void known.send(content, attachments)
      const id = await begin()
      const conversation = client.conversation({ id })
      void conversation.open()
      conversation.send(content, attachments)
      // Whoever went elsewhere meanwhile stays there.
      if (get().files !== files) return
      birthKey = createKey()
      history.pushState(null, '', `${root}/${id}`)
      set({ id, conversation, leaf: null })
      stopFollowing = follow(conversation)
    },
    ...branching,
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

/** Other versions of what was asked and answered. */
function createBranching(client: Client<'visitor'>, { get, set }: Store<CurrentState>) {
  const messages = () => get().conversation?.get().messages ?? []

  async function say(content: string, parent_id: string | null, attachments: Attachment[] = []) {
    await client.call('message:send', {
      conversation_id: get().id!,
      key: createKey(),
      content,
      attachments: attachments.map(({ id }) => id),
      parent_id,
    })
  }

  return {
    say,
    askAgain: (messageId: string, content: string) => say(content, parentOf(messages(), messageId)),
    async regenerate(message_id: string, { provider_id, model }: ModelChoice = standard) {
      const choice = provider_id && model ? { provider_id, model } : {}
      await client.call('reply:regenerate', { message_id, key: createKey(), ...choice })
    },
    leaf(messageId: string, step: -1 | 1) {
      const leaf = leafBeside(messages(), messageId, step)
      if (leaf) set({ leaf: leaf === messages().at(-1)?.id ? null : leaf })
    },
  }
}
