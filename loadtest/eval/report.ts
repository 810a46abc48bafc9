import { measureChoices } from './choices.ts'
import { judge, type Verdict } from './expectation.ts'
import { type Answered, askShop, type ShopFiles } from './shop.ts'

const verdicts: readonly Verdict[] = ['right', 'wrong', 'declined', 'unchecked']

type Counts = Record<Verdict, number>

/** Asks a shop everything, prints what was right by category, the simplest answerer's figures beside it, and every failure. */
export async function printShop(shop: ShopFiles, figures: Record<string, number>): Promise<void> {
  const answered = await askShop(shop)
  const ours = countBy(answered, ({ answer }) => answer)
  const anchor = countBy(answered, each => each.anchor)
  console.log(`\n${row([shop.name, ...verdicts, 'anchor right'])}`)
  for (const [category, counts] of ours)
    console.log(row([category, ...verdicts.map(each => `${counts[each]}`), `${anchor.get(category)!.right}`]))
  const [all, simple] = [total(ours), total(anchor)]
  const share = (count: number) => `${((count / answered.length) * 100).toFixed(0)} %`
  console.log(row(['all', ...verdicts.map(each => share(all[each])), share(simple.right)]))
  const times = answered.map(({ elapsedMs }) => elapsedMs).sort((a, b) => a - b)
  console.log(
    `an answer takes ${times[Math.floor(times.length * 0.5)]!.toFixed(0)} ms, p95 ${times[Math.floor(times.length * 0.95)]!.toFixed(0)} ms`,
  )
  await printChoices(shop, figures)
  for (const each of answered) printFailure(each)
  for (const verdict of verdicts) figures[`answers.${shop.name}.${verdict}`] = all[verdict] / answered.length
  figures[`answers.${shop.name}.anchor_right`] = simple.right / answered.length
}

async function printChoices(shop: ShopFiles, figures: Record<string, number>): Promise<void> {
  const measured = await measureChoices(shop)
  if (!measured) return
  const { superlatives, precision_at_3, questions, wrong } = measured
  console.log(
    `${questions} questions of the catalogue: superlative first ${superlatives.toFixed(2)}, precision@3 under a limit ${precision_at_3.toFixed(2)}`,
  )
  for (const text of wrong) console.log(`  not so: ${text}`)
  figures[`choices.${shop.name}.superlatives`] = superlatives
  figures[`choices.${shop.name}.precision_at_3`] = precision_at_3
}

function countBy(answered: readonly Answered[], answerOf: (each: Answered) => string): Map<string, Counts> {
  const counted = new Map<string, Counts>()
  for (const each of answered) {
    const { category } = each.conversation
    const counts = counted.get(category) ?? { right: 0, wrong: 0, declined: 0, unchecked: 0 }
    counted.set(category, counts)
    counts[judge(each.expect, answerOf(each))] += 1
  }
  return counted
}

function total(counted: Map<string, Counts>): Counts {
  const sum: Counts = { right: 0, wrong: 0, declined: 0, unchecked: 0 }
  for (const counts of counted.values()) for (const verdict of verdicts) sum[verdict] += counts[verdict]
  return sum
}

function printFailure({ question, expect, answer }: Answered): void {
  const verdict = judge(expect, answer)
  if (verdict === 'right') return
  console.log(
    `  ${verdict}: ${question}\n    expected: ${expect}\n    answered: ${answer.replaceAll('\n', '\n              ')}`,
  )
}

function row(cells: string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(18) : cell.padStart(14))).join('')
}
