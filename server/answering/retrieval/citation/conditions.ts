import type { Term } from '../lexicon/meanings.ts'
import { qualifiers } from '../lexicon/qualifiers.ts'
import { type Fact, hasFigure, type Licence } from './facts.ts'
import type { Statement } from './statement.ts'
import { han } from './words.ts'

/** A clause and its condition speak of one thing. */
export function withConditions(clauses: readonly Statement[]): Statement[][] {
  const groups: Statement[][] = []
  let leads = false
  for (const clause of clauses) {
    const isCondition = clause.text.search(qualifiers.condition) === 0
    const last = groups.at(-1)
    if (last && (isCondition || leads)) last.push(clause)
    else groups.push([clause])
    leads = isCondition && !leads && last === undefined
  }
  return groups
}

/** A part of a fact that is a condition must share this much more to be what a clause without one speaks of. */
const conditionMargin = 3

/** The part of a fact that speaks of the same as a clause, and whether it says the opposite. */
export function pairedPart(clause: Statement, fact: Fact): { index: number; isOpposite: boolean } {
  let greatest = -1
  const paired = { index: 0, isOpposite: false }
  const claimed = signsOf(clause.terms)
  const isConditional = clause.text.search(qualifiers.condition) === 0
  for (const [index, part] of fact.clauses.entries()) {
    const known = signsOf(part.terms)
    let shared = 0
    let flips = 0
    let flipped = -1
    for (const [id, { signs, weight, start }] of claimed) {
      const other = known.get(id)?.signs ?? (han.test(id) && part.text.includes(id) ? 1 : 0)
      if (other === 0) continue
      shared += weight
      if (signs + other !== 3 || start === flipped || id === '=allow') continue
      flips++
      flipped = start
    }
    if (qualifiers.elliptic.test(part.text)) shared -= 0.5
    // What holds comes before on what condition.
    if (shared > 0 && !isConditional && part.text.search(qualifiers.condition) !== 0)
      shared += conditionMargin
    shared += clause.figures.filter(figure => hasFigure(part.figures, figure)).length
    const opposite = (Number(part.isDenied !== clause.isDenied) + flips) % 2 === 1
    if (shared > greatest || (shared === greatest && !opposite)) {
      greatest = shared
      Object.assign(paired, { index, isOpposite: opposite })
    }
  }
  return paired
}

interface Signs {
  signs: number
  weight: number
  start: number
}

/** By meaning: 1 as said, 2 as denied, 3 both, which tells nothing. */
function signsOf(terms: readonly Term[]): Map<string, Signs> {
  const found = new Map<string, Signs>()
  for (const { id, isDenied, isCarrying, start } of terms)
    found.set(id, {
      signs: (found.get(id)?.signs ?? 0) | (isDenied ? 2 : 1),
      weight: isCarrying ? 0.2 : 1,
      start,
    })
  return found
}

/** A sentence names a condition that says at least this much of it. */
const conditionShare = 0.35

/** Whether the fact holds on a condition that the sentence says nothing of. */
export function dropsCondition(fact: Fact, clause: Statement, claim: Statement): boolean {
  const restriction = fact.restrictions[pairedPart(clause, fact).index] ?? null
  return [fact.condition, restriction].some(condition => condition !== null && !names(claim, condition))
}

function names(claim: Statement, condition: Licence): boolean {
  if (claim.figures.some(figure => hasFigure(condition.figures, figure))) return true
  const ids = new Set(claim.terms.map(({ id }) => id))
  const known = [...condition.ids.keys()]
  const named = known.filter(id => ids.has(id) || (han.test(id) && claim.text.includes(id)))
  return known.length + condition.figures.length === 0 || named.length > known.length * conditionShare
}
