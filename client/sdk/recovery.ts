import type { Socket } from 'socket.io-client'
import { retryAfter } from './error.ts'
import type { Handshake, IdentityParts } from './handshake.ts'
import type { Link } from './link.ts'
import { createRefusals } from './refusals.ts'
import type { Store } from './store.ts'
import type { ClientOptions, ConnectionState, Identity } from './types.ts'

/** The server does not know any more who this is. */
export const identityLost = ['UNAUTHORIZED', 'TOKEN_EXPIRED']
/** Trying again leads nowhere. */
export const final = ['CLIENT_TOO_OLD', 'FORBIDDEN', 'VALIDATION_ERROR']

/** What is done about a connection that did not come about. */
export interface Recovery {
  /** By the server, with the code and the details that it gave. */
  refused(code: string, details: unknown): void
  /** Finds out why there was never a connection, and says it. */
  explain(): void
  stop(): void
}

export interface RecoveryParts extends IdentityParts {
  options: ClientOptions
  handshake: Handshake
  link: Link
  socket: Socket
  state: Store<ConnectionState>
}

export function createRecovery({
  options,
  handshake,
  link,
  socket,
  state,
  ...parts
}: RecoveryParts): Recovery {
  const { tokens, person, device } = parts
  const refusals = globalThis.document && createRefusals(options.url)

  function refused(code: string, details: unknown) {
    const word = handshake.sent?.identity
    if (final.includes(code)) link.end(code)
    else if (word && (details as { expired?: unknown } | undefined)?.expired) spendWord(word)
    else if (identityLost.includes(code)) void regain(code)
    else link.retry(retryAfter(details))
  }

  /** The token that the site's word has led to still holds; that of another customer is nothing to go on with. */
  function spendWord(word: Identity) {
    const known = person.site()
    if (known !== null && known !== word.id) return link.end('TOKEN_EXPIRED')
    handshake.spend(word)
    socket.disconnect()
    link.open()
  }

  /** Another tab may have a newer token, or this one can be renewed; else a visitor begins as a stranger. */
  async function regain(code: string) {
    link.pause()
    const token = handshake.sent?.token
    const isHopeful = await tokens.regain(token ?? null)
    if (state.get().status === 'ended') return
    if (!isHopeful) {
      if (options.namespace !== 'visitor' || !token || options.identity) return link.end(code)
      tokens.keep(null)
    }
    link.retry()
  }

  /** Said only where there has never been a connection: anything else is the network. */
  async function explain() {
    if (!refusals || state.get().session) return
    const code = await refusals.find()
    if (state.get().status !== 'reconnecting') return
    if (code === 'ORIGIN_NOT_ALLOWED' || code === 'BLOCKED_BY_POLICY') link.end(code)
    else if (device.read('life') === null) state.set({ code })
  }

  return { refused, explain: () => void explain(), stop: () => refusals?.stop() }
}
