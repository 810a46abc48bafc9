import { readFile } from 'node:fs/promises'
import type { Language, Product } from '#protocol'
import { compose } from '../../server/answering/builtin/compose.ts'
import { isChinese } from '../../server/answering/retrieval/text/language.ts'
import { LruCache } from '../../server/answering/retrieval/text/lru-cache.ts'
import { type ShopFiles, withShop } from './shop.ts'

/** A question made of a catalogue, whose answer its rows tell. */
interface Choice {
  kind: 'superlative' | 'limit'
  text: string
  /** In the order in which they are shown, at most three: whether they answer. */
  share(shown: readonly Product[]): number
}

export interface ChoiceFigures {
  /** How often the product of the least or greatest value is shown first. */
  superlatives: number
  /** Of the first three that are shown under a limit, how many are of the kind and keep it. */
  precision_at_3: number
  questions: number
  wrong: string[]
}

const shownMax = 3

/** Asks for the cheapest and dearest of each category, the lightest where weights are listed, and for those under a limit. */
export async function measureChoices(shop: ShopFiles): Promise<ChoiceFigures | null> {
  if (!shop.catalogue) return null
  const products: Product[] = JSON.parse(await readFile(shop.catalogue, 'utf8'))
  const choices = choicesOf(products)
  if (choices.length === 0) return null
  return withShop(shop, async ({ retrieve }) => {
    const shares = { superlative: [] as number[], limit: [] as number[] }
    const wrong: string[] = []
    for (const { kind, text, share } of choices) {
      const language: Language = isChinese(text) ? 'zh' : 'en'
      const question = { text, earlier: [], language, context: {} }
      const evidence = await retrieve(question)
      const answer = compose({ question, history: [], evidence }, new LruCache(16))
      const result = share(shownIn(answer, products))
      shares[kind].push(result)
      if (result < 1) wrong.push(text)
    }
    return {
      superlatives: mean(shares.superlative),
      precision_at_3: mean(shares.limit),
      questions: choices.length,
      wrong,
    }
  })
}

function choicesOf(products: readonly Product[]): Choice[] {
  return [...Map.groupBy(products, product => product.category ?? '')].flatMap(([category, all]) => {
    const priced = all.filter(({ price }) => price !== null).toSorted((a, b) => a.price! - b.price!)
    const [least, most] = [priced[0], priced.at(-1)]
    if (category === '' || !least || !most || least.price === most.price) return []
    const words = isChinese(category) ? wordsZh : wordsEn
    const first = (price: number | null) => (shown: readonly Product[]) =>
      Number(shown[0]?.category === category && shown[0].price === price)
    const limit = priced[Math.floor((priced.length - 1) / 2)]!.price!
    return [
      { kind: 'superlative', text: words.cheapest(category), share: first(least.price) },
      { kind: 'superlative', text: words.dearest(category), share: first(most.price) },
      {
        kind: 'limit',
        text: words.under(category, limit),
        share: shown =>
          mean(shown.map(({ price, category: of }) => Number(of === category && price! <= limit))),
      },
    ] satisfies Choice[]
  })
}

const wordsEn = {
  cheapest: (category: string) => `what is the cheapest of your ${category.toLowerCase()}?`,
  dearest: (category: string) => `the most expensive ${category.toLowerCase()}`,
  under: (category: string, limit: number) => `${category.toLowerCase()} for at most ${limit}`,
}
const wordsZh = {
  cheapest: (category: string) => `最便宜的${category}是哪个`,
  dearest: (category: string) => `最贵的${category}`,
  under: (category: string, limit: number) => `${limit}元以内的${category}`,
}

/** The products whose names stand in an answer, in that order. */
function shownIn(answer: string, products: readonly Product[]): Product[] {
  return products
    .map(product => ({ product, at: answer.indexOf(product.name) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ product }) => product)
    .slice(0, shownMax)
}

/** Nothing shown is nothing right. */
function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
