/** How people of one language speak of themselves. Patterns are of a single clause, lower case, without its closing mark. */
export interface MemoryLexicon {
  /** Where one clause ends and another of the speaker begins, besides marks. */
  clauseBreak: RegExp
  /** Words before a clause that add nothing ("by the way"). */
  opener: RegExp
  /** A clause that asks the reader to agree to the one before ("right?"): so that one is no statement. */
  tag: RegExp
  /** It asks, supposes, or tells of what was. */
  notStated: RegExp
  /** It holds for now only. */
  passing: RegExp
  /** What says what about the speaker, the first that fits; `subject` from the groups `slot` and `value`. */
  statements: readonly StatementPattern[]
  /** The speaker is named. */
  firstPerson: RegExp
  /** Somebody else of whom something is said. */
  others: RegExp
  commands: CommandPatterns
  /** By subject: the words people ask by when it helps to know it. */
  cues: Readonly<Record<string, string>>
}

export interface StatementPattern {
  pattern: RegExp
  /** Stands for itself, or with `:value` after it the last word of the value, or with `:slot` the name of what is stated. */
  subject: string
}

/** Whole sentences, lower case; the group `fact` is what they are about. */
export interface CommandPatterns {
  remember: RegExp
  forget: RegExp
  forgetAll: RegExp
  switchOn: RegExp
  switchOff: RegExp
}
