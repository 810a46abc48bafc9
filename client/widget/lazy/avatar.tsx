import type { Message } from '#protocol'
import { baseOf } from '../../sdk/address.ts'
import { initials } from '../../ui/avatar.tsx'
import type { Author } from '../core/context.ts'
import { useState } from '../core/shared.ts'
import { useLazy } from './words.ts'

interface Props {
  /** Who has the conversation, and may have a picture. */
  agent: Author | null
  author: Message['author']
  size?: number
}

/** A picture of whoever writes, or the initials where there is none or it does not load. */
export function Avatar({ agent, author, size = 22 }: Props) {
  const { model } = useLazy()
  const address =
    agent && agent.id === author?.id ? pictureAddress(agent.avatar_url, model.client.access.url) : null
  const [broken, setBroken] = useState<string | null>(null)
  return (
    <span class="face" style={{ '--size': `${size}px` }} aria-hidden="true">
      {address && address !== broken ? (
        <img src={address} alt="" referrerpolicy="no-referrer" onError={() => setBroken(address)} />
      ) : (
        initials(author?.name ?? '')
      )}
    </span>
  )
}

/** Of the server's own, or a web address: anything else is no picture. */
function pictureAddress(avatar: string | null, server: string): string | null {
  if (!avatar) return null
  const { href, protocol } = new URL(avatar.startsWith('/') ? baseOf(server) + avatar : avatar, server)
  return /^https?:$/.test(protocol) ? href : null
}
