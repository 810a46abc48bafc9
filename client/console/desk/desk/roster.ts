import type { Agent } from '#protocol'
import type { Client } from '../../../sdk/index.ts'
import type { Store } from '../../../sdk/store.ts'
import type { DeskState } from './desk.ts'

export interface Presence {
  setPresence(presence: Agent['presence'], capacity?: number): Promise<void>
  /** These mentions have been read. */
  readMentions(ids: string[]): Promise<void>
}

/** The agents, who of them is there, their teams, the labels, and what mentions this one. */
export function createRoster(client: Client<'agent'>, { get, set }: Store<DeskState>) {
  function put(agent: Agent) {
    const { agents } = get()
    const at = agents.findIndex(({ id }) => id === agent.id)
    set({ agents: at < 0 ? [...agents, agent] : agents.with(at, agent) })
  }

  const presence: Presence = {
    async setPresence(presence, capacity) {
      put((await client.call('presence:set', { presence, capacity })).agent)
    },
    async readMentions(notification_ids) {
      const { unread: mentions } = await client.call('notification:read', { notification_ids })
      set({ mentions })
    },
  }
  return {
    presence,
    /** Each holds from when it came: what changes next is told after it. */
    load: () =>
      Promise.all([
        client.call('presence:list', {}).then(set),
        client.call('team:list', {}).then(set),
        client.call('label:list', {}).then(set),
        client.call('notification:list', { page_size: 1 }).then(({ unread }) => set({ mentions: unread })),
      ]),
    stop: client.on('presence:changed', ({ agent }) => put(agent)),
  }
}
