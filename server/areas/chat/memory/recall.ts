import type { FoundMemory } from '#storage/chat/memory-search'
import { termsOf } from '../../../answering/memory/terms.ts'
import { estimateTokens } from '../../../answering/prompt/history.ts'
import type { MemoryDeps } from './index.ts'

/** What an answer is given of what is remembered. */
export interface RecalledMemory {
  id: string
  content: string
}

/** Of a prompt, what is around them included. Models count up to a quarter more. */
const memoryTokens = 300
const tokensAround = 4
/** One that fits so much less than the best says nothing to the question. */
const leastShare = 0.35
const dayMs = 24 * 3600 * 1000
/** How long it takes until age counts for most of what it can. */
const freshDays = 90

/** Finds what is remembered of somebody and may help with a question: by its words, its age and how often it helped. */
export function createRecall({ storage, clock, log }: MemoryDeps) {
  return async function recall(personId: string, question: string): Promise<RecalledMemory[]> {
    const terms = termsOf(question)
    if (terms.length === 0) return []
    try {
      const { memories, top_k } = await storage.search(personId, terms)
      return withinTokens(ranked(memories, clock()).slice(0, top_k))
    } catch (error) {
      log.warn({ error }, 'memories could not be searched; the answer is written without')
      return []
    }
  }
}

function ranked(memories: FoundMemory[], now: number): FoundMemory[] {
  const weighed = memories
    .map(memory => ({ memory, weight: memory.score * freshness(memory, now) * helpfulness(memory) }))
    .sort((a, b) => b.weight - a.weight)
  const least = (weighed[0]?.weight ?? 0) * leastShare
  return weighed.filter(({ weight }) => weight >= least).map(({ memory }) => memory)
}

function freshness({ updated_at, last_used_at }: FoundMemory, now: number): number {
  const days = (now - Date.parse(last_used_at ?? updated_at)) / dayMs
  return 1 + 0.15 * Math.exp(-Math.max(0, days) / freshDays)
}

function helpfulness({ use_count }: FoundMemory): number {
  return 1 + 0.03 * Math.min(5, Math.log1p(use_count))
}

function withinTokens(memories: FoundMemory[]): RecalledMemory[] {
  let left = memoryTokens
  return memories
    .filter(({ content }) => {
      const tokens = estimateTokens(content) + tokensAround
      if (tokens > left) return false
      left -= tokens
      return true
    })
    .map(({ id, content }) => ({ id, content }))
}
