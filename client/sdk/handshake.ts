import type { protocolVersion } from '#protocol'
import type { Person } from './person.ts'
import type { Slots } from './storage.ts'
import type { Tokens } from './tokens.ts'
import type { ClientOptions, Identity, Session } from './types.ts'

const protocol: typeof protocolVersion = 1

export interface IdentityParts {
  tokens: Tokens
  person: Person
  device: Slots
}

/** What is said of whoever this speaks for when a connection begins, and what the server makes of it. */
export interface Handshake {
  /** As it was said last; none where no connection has come about. */
  readonly sent: { token: string | undefined; identity: Identity | undefined } | undefined
  write(answer: (said: object) => void): void
  /** The site's word has run out: it is not said again. */
  spend(word: Identity): void
  learn(session: Session): void
}

export function createHandshake(
  options: ClientOptions,
  { tokens, person, device }: IdentityParts,
): Handshake {
  let sent: Handshake['sent']
  let spent: Identity | undefined
  /** Of the database, as far as the server tells it. */
  let life: string | null = null

  /** The database was put back to an earlier state: whoever is nobody there any more is still the same person here. */
  function isAnotherLife({ incarnation }: Session): boolean {
    const known = life ?? device.read<string>('life')
    life = incarnation ?? known
    if (incarnation && incarnation !== device.read('life')) device.write('life', incarnation)
    return known !== null && life !== known
  }

  return {
    get sent() {
      return sent
    },
    write(answer) {
      const { language, context } = options
      const identity = options.identity === spent ? undefined : options.identity
      const said = { protocol, token: tokens.access() ?? undefined, language, context, identity }
      sent = said
      answer(said)
    },
    spend(word) {
      spent = word
    },
    learn(session) {
      tokens.keep(session.token)
      const { user, id } = session.session
      const site = sent?.identity?.id ?? null
      const whose = user ? { id: user.id, isGuest: false, site } : { id, isGuest: true, site: null }
      person.become(whose, isAnotherLife(session))
    },
  }
}
