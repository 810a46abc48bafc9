import type { Term } from '../lexicon/meanings.ts'
import { type Fact, hasFigure, type Source } from './facts.ts'
import { type Figure, isComparable, saysFigure } from './figures.ts'
import type { Statement } from './statement.ts'

/** Cells of the same row, or of the same product, that the clause names as well, by their numbers or their labels; null where its numbers are not the fact's. */
export function cellsBeside(clause: Statement, fact: Fact, source: Source): Fact[] | null {
  if (!fact.label) return []
  const others = clause.figures.filter(figure => !hasFigure(fact.own.figures, figure))
  if (
    others.length > 0 &&
    others.length === clause.figures.length &&
    !others.every(figure => hasFigure(outer(fact, source), figure))
  )
    return null
  const row = source.facts.filter(({ row, label }) => row === fact.row && label !== null)
  const named = namedIn(row, clause)
  const isOwn = others.length < clause.figures.length || named.includes(fact)
  return row.filter(
    other =>
      other !== fact &&
      (others.some(figure => hasFigure(other.own.figures, figure)) ||
        (isOwn && other.label!.plain !== fact.label!.plain && named.includes(other))),
  )
}

/** Cells of a row that a clause names and says the value of: "color Black, Navy". */
function namedIn(row: readonly Fact[], { terms, isDenied }: Statement): Fact[] {
  const labels = terms.map(({ id, isCarrying }) =>
    row.filter(({ label }) => label!.ids.has(id) && (!isCarrying || label!.ids.size === 1)),
  )
  return [...new Set(labels.flat())].filter(cell => {
    if (cell.isMark || cell.condition || cell.clauses.some(part => part.isDenied !== isDenied)) return false
    let isBehind = false
    let says = false
    for (const [at, term] of terms.entries()) {
      // Up to the label of the next.
      if (labels[at]!.length > 0) isBehind = labels[at]!.includes(cell)
      else if (!isBehind) continue
      else if (saysTerm(cell, term)) says = true
      else if (row.some(other => saysTerm(other, term))) return false
    }
    return says
  })
}

function saysTerm({ own }: Fact, { id, isDenied }: Term): boolean {
  return ((own.ids.get(id) ?? 0) & (isDenied ? 2 : 1)) > 0
}

/** The numbers around a fact. */
function outer({ label, key }: Fact, { context }: Source): Figure[] {
  return [label, key, context].flatMap(each => each?.figures ?? [])
}

/** "256 GB of RAM" where the source has 8 GB RAM and 256 GB SSD: a word beside the number is said of another of its kind. */
export function isTiedToOther(claim: Figure, figures: readonly Figure[]): boolean {
  const kin = figures.filter(figure => isComparable(figure, claim))
  if (kin.length < 2) return false
  for (const term of claim.about) {
    const tied = kin.filter(figure => figure.about.has(term))
    if (tied.length > 0 && !tied.some(figure => saysFigure(figure, claim))) return true
  }
  return false
}

/** "UK 11" where 11 is the US size in the row of UK 10: what is said of it is said of others of its kind only. */
export function isOfOthers(claim: Figure, figures: readonly Figure[]): boolean {
  const tied = figures.filter(
    figure => isComparable(figure, claim) && [...claim.about].some(term => figure.about.has(term)),
  )
  return tied.length > 0 && !hasFigure(tied, claim)
}
