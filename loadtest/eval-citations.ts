import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { baby } from './citations/baby.ts'
import { bicycles } from './citations/bicycles.ts'
import { type Case, isKept, madeCases, writtenCases } from './citations/cases.ts'
import { garden } from './citations/garden.ts'
import { instruments } from './citations/instruments.ts'
import { optician } from './citations/optician.ts'
import type { ShopProduct } from './citations/shop.ts'
import { tea } from './citations/tea.ts'

/**
 * How well reference numbers are checked (law A1): sentences whose truth is known, through the filter that stands before
 * a reader.
 *   npm run eval:citations [-- --wrong HAND] [--json FILE]        HAND: first, second or rule; lists what was judged wrongly
 */
const hands = ['first', 'second', 'rule'] as const
const shops = [bicycles, tea, garden, optician, baby, instruments]
/** Of each of the shared catalogues, evenly. */
const productsMax = 12

async function main() {
  const { values } = parseArgs({ options: { wrong: { type: 'string' }, json: { type: 'string' } } })
  const cases = (await Promise.all([...shops.map(writtenCases), ...shops.map(madeCases)])).flat()
  cases.push(...(await sharedCases()))
  const judged = cases.map(each => ({ ...each, kept: isKept(each) }))
  const figures: Record<string, number> = {}
  const kinds = [...new Set(judged.map(({ kind }) => kind))]
  console.log('unsupported that keep their number, supported that lose it, by kind and by who wrote them')
  console.log(row(['', ...hands.flatMap(hand => [hand, ''])]))
  for (const kind of [...kinds, 'all' as const]) {
    const cells = hands.flatMap(hand => {
      const of = judged.filter(each => each.hand === hand && (kind === 'all' || each.kind === kind))
      const wrong = { kept: of.filter(each => !each.stands), lost: of.filter(each => each.stands) }
      const keptCount = wrong.kept.filter(each => each.kept).length
      const lost = wrong.lost.filter(each => !each.kept).length
      figures[`citations.${hand}.${kind}.unsupported_kept`] = keptCount / (wrong.kept.length || 1)
      figures[`citations.${hand}.${kind}.supported_lost`] = lost / (wrong.lost.length || 1)
      return [share(keptCount, wrong.kept.length), share(lost, wrong.lost.length)]
    })
    console.log(row([kind, ...cells]))
  }
  figures['citations.us_per_sentence'] = timePerSentence(cases)
  console.log(
    `${cases.length} sentences, ${figures['citations.us_per_sentence'].toFixed(0)} us each, reading most of their sources included`,
  )
  for (const each of judged)
    if (each.hand === values.wrong && each.kept !== each.stands)
      console.log(`${each.stands ? 'lost' : 'kept'}  ${each.shop}  ${each.kind}  ${each.sentence}`)
  if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`)
}

async function sharedCases(): Promise<Case[]> {
  const folder = fileURLToPath(new URL('../../shared/data/', import.meta.url))
  if (!existsSync(folder)) return []
  const read = (name: string) => readFile(`${folder}${name}`, 'utf8')
  const products = (text: string): ShopProduct[] => {
    const all: ShopProduct[] = JSON.parse(text)
    return all.filter((_, at) => at % Math.ceil(all.length / productsMax) === 0)
  }
  const fashion = {
    name: 'fashion',
    language: 'en' as const,
    documents: await Promise.all(['shops/fashion-faq.md', 'shops/fashion-sizes.md'].map(read)),
    products: products(await read('shops/fashion.json')),
  }
  const laptops = {
    name: 'laptops',
    language: 'zh' as const,
    documents: [],
    products: products(await read('laptops.json')),
  }
  return (await Promise.all([fashion, laptops].map(madeCases))).flat()
}

function timePerSentence(cases: Case[]): number {
  const started = performance.now()
  for (const each of cases) isKept(each)
  return ((performance.now() - started) * 1000) / cases.length
}

function share(wrong: number, of: number): string {
  return of === 0 ? '' : `${wrong}/${of} ${((wrong / of) * 100).toFixed(1)}%`
}

function row(cells: string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(14) : cell.padStart(15))).join('')
}

await main()
