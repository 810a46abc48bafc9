import type { PassageSource, Place, RankedPassage, TermFigures } from '#storage/shop/knowledge'
import type { Rarity } from '../../../answering/retrieval/evidence.ts'
import {
  inverseFrequency,
  type QueryTerms,
  queryTerms,
  withSynonyms,
} from '../../../answering/retrieval/ranking/bm25.ts'
import { fuse } from '../../../answering/retrieval/ranking/fusion.ts'
import type { KnowledgeDeps } from './deps.ts'
import { createMeaningRanking, fusionDepth } from './meaning.ts'
import type { createValidity } from './validity.ts'

export interface PassageHit {
  source_id: string
  ordinal: number
  title: string
  url: string | null
  text: string
  language: string | null
  /** 0..1, falling along the list: how well the passage answers. */
  score: number
  /** 0..1: by its words alone, and by its meaning; null where that was not compared. */
  words: number
  meaning: number | null
  /** The asked terms that it has. */
  matched: readonly number[]
  /** 0..1: the share of the question's informative words that the passage has, each counted by its rarity. */
  coverage: number
  updated_at: string
  place: Place | null
  /** Of the query's terms in all that was searched. */
  rarity: Rarity
}

export interface PassageSearch {
  query: string
  source: PassageSource
  limit: number
  /** Only these products' or documents' passages. */
  ids?: string[]
  /** Whether other words for what the query says count as well. */
  synonyms?: boolean
}

/** A search whose terms are made already. */
export interface TermSearch {
  terms: QueryTerms
  /** What is embedded when there is a model. */
  text: string
  source: PassageSource
  limit: number
  ids?: string[]
}

interface ValidSearch extends TermSearch {
  /** Documents that are not valid now. */
  excludedIds: readonly string[]
}

/** Where most of what there is speaks of one thing its words are common, and their score is small: what they cover still counts. */
const coverageFactor = 0.5
/** A word that stands everywhere still weighs this share of one that stands in a single passage. */
const commonShare = 0.35
/** How many passages of the rarest terms are scored. Every term counts for the score, these decide who is looked at. */
const candidateBudget = 5000
/** The terms of a question beyond these add cost, not meaning. */
const queryTermsMax = 256

export function createSearch(
  { storage, embedding, warn }: KnowledgeDeps,
  validity: Pick<ReturnType<typeof createValidity>, 'excluded'>,
) {
  const rankByMeaning = createMeaningRanking({ storage, embedding, warn })

  /** Of documents, those that are valid now. */
  async function search(input: TermSearch): Promise<PassageHit[]> {
    const request = { ...input, excludedIds: input.source === 'document' ? await validity.excluded() : [] }
    const terms = new Map([...request.terms].slice(0, queryTermsMax))
    const figures = await storage.passages.termFigures(request.source, [...terms.keys()])
    if (figures.passages === 0) return []
    const [lexical, nearest] = await Promise.all([
      rankByWords(request, terms, figures),
      rankByMeaning(request),
    ])
    const similarity = new Map(nearest.map(each => [each.id, each.similarity]))
    const passages =
      nearest.length > 0 ? await merge(request, { lexical, terms, figures, similarity }) : lexical
    const mass = coverageMass(terms, figures)
    const matching = new Map([...figures.matching].filter(([term]) => terms.has(term)))
    const rarity = { passages: figures.passages, matching }
    let last = 1
    return passages.slice(0, request.limit).map(({ id, score, matched, ...passage }) => {
      const coverage = Math.min(1, mass.of(matched) / mass.all)
      const words = byWords(score / mass.blended)
      const meaning = nearest.length > 0 ? byMeaning(similarity.get(id)) : null
      last = Math.min(last, Math.max(words, meaning ?? 0, coverage * coverageFactor))
      return { ...passage, score: last, words, meaning, matched, coverage, rarity }
    })
  }

  async function rankByWords(
    { limit, ids, excludedIds }: ValidSearch,
    terms: QueryTerms,
    figures: TermFigures,
  ): Promise<RankedPassage[]> {
    const weights = queryWeights(terms, figures)
    if (weights.size === 0) return []
    const ranked = await storage.passages.rank({
      corpusId: figures.corpusId,
      weights,
      limit: embedding ? Math.max(limit, fusionDepth) : limit,
      excludedIds,
      ...(ids ? { sourceIds: ids } : { candidates: candidates(terms, figures) }),
    })
    return ranked.filter(passage => passage.score > 0)
  }

  /** Both rankings as one, with the words' score of those that only the meaning found. */
  async function merge(
    { limit, excludedIds }: ValidSearch,
    {
      lexical,
      terms,
      figures,
      similarity,
    }: {
      lexical: RankedPassage[]
      terms: QueryTerms
      figures: TermFigures
      similarity: Map<string, number>
    },
  ): Promise<RankedPassage[]> {
    const ids = fuse([lexical.map(passage => passage.id), [...similarity.keys()]]).slice(
      0,
      excludedIds.length > 0 ? undefined : limit,
    )
    const found = new Map(lexical.map(passage => [passage.id, passage]))
    const others = ids.filter(id => !found.has(id))
    if (others.length > 0) {
      const rows = await storage.passages.rank({
        corpusId: figures.corpusId,
        weights: queryWeights(terms, figures),
        limit: others.length,
        passageIds: others,
        excludedIds,
      })
      for (const row of rows) found.set(row.id, row)
    }
    return ids.flatMap(id => found.get(id) ?? [])
  }

  return {
    search,
    searchPassages({ query, synonyms, ...rest }: PassageSearch): Promise<PassageHit[]> {
      const terms = queryTerms(rest.source, query)
      return search({
        ...rest,
        text: query,
        terms: synonyms ? withSynonyms(rest.source, query, terms) : terms,
      })
    },
  }
}

function queryWeights(terms: QueryTerms, { passages, matching }: TermFigures): Map<number, number> {
  const weights = new Map<number, number>()
  for (const [term, { weight }] of terms) {
    const count = matching.get(term)
    if (count) weights.set(term, weight * inverseFrequency(passages, count))
  }
  return weights
}

/** The rarest informative terms that together stay within the budget, at least one; function words only where there is nothing else. */
function candidates(terms: QueryTerms, { matching }: TermFigures): number[] {
  const known = [...terms].filter(([term]) => matching.has(term))
  const informative = known.filter(([, term]) => term.informative)
  const rarestFirst = (informative.length > 0 ? informative : known)
    .map(([term]) => ({ term, passages: matching.get(term)! }))
    .sort((a, b) => a.passages - b.passages)
  const chosen: number[] = []
  let sum = 0
  for (const { term, passages } of rarestFirst) {
    sum += passages
    if (chosen.length > 0 && sum > candidateBudget) break
    chosen.push(term)
  }
  return chosen
}

/**
 * What full coverage of the question weighs, and what full agreement with everything it was blended with does. A word of
 * the question that no passage has weighs as much as one that a single passage has.
 */
function coverageMass(terms: QueryTerms, { passages, matching }: TermFigures) {
  const ownTerms = [...terms].filter(([, term]) => term.isOwn)
  const informative = ownTerms.filter(([, term]) => term.informative)
  const known = new Map(matching)
  for (const [term, { standsFor = [] }] of terms)
    for (const each of standsFor) known.set(each, Math.max(known.get(each) ?? 0, matching.get(term) ?? 0))
  const least = commonShare * inverseFrequency(passages, 1)
  const weighed = new Map(
    (informative.length > 0 ? informative : ownTerms).map(([term]) => [
      term,
      Math.max(least, inverseFrequency(passages, known.get(term) || 1)),
    ]),
  )
  const blended = [...terms].map(([term, { isOwn, weight, standsFor }]) =>
    isOwn || standsFor || !matching.has(term) ? 0 : weight * inverseFrequency(passages, matching.get(term)!),
  )
  const sum = (weights: Iterable<number>) => [...weights].reduce((total, each) => total + each, 0)
  const all = Math.max(Number.EPSILON, sum(weighed.values()))
  return {
    all,
    blended: all + sum(blended),
    of(matched: number[]): number {
      const covered = new Set(matched.flatMap(term => terms.get(term)?.standsFor ?? term))
      return sum([...covered].map(term => weighed.get(term) ?? 0))
    },
  }
}

/** `ratio` is 1 where every informative word occurs once in a passage of mean length; at most k1 + 1. */
function byWords(ratio: number): number {
  return Math.tanh(ratio / 1.5)
}

/** Cosines of common embedding models: unrelated texts stay below 0.35, good answers reach 0.8. */
function byMeaning(similarity: number | undefined): number {
  return similarity === undefined ? 0 : Math.min(1, Math.max(0, (similarity - 0.35) / 0.45))
}
