import type { Person } from './cast.ts'

/** A conversation while it is played. */
export interface Scene {
  /** The conversation's. */
  id: string
  visitor: Person
  agent: Person
  colleague: Person
  /** Who accepted last. */
  owner: Person
  /** What staff said. */
  spoken: string[]
  /** The visitor's newest message. */
  questionId: string
  handoffId: string
}
