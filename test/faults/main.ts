import { parseArgs } from 'node:util'
import { runSchedule, type Verdict } from './run.ts'
import { rares } from './schedule.ts'

/**
 * Seeded fault schedules, one after the other, for as long as you like:
 * `npm run torture -- --minutes 30 --seed 1 --nodes 2`, with `--rare away|still|restore|ends` for what takes long and strikes few of them, or for answers that all end strangely. Seeds count up from the first; a seed that fails is printed with
 * its diary, and belongs into the list in test/faults/torture.test.ts. `TEST_DATABASE_URL` names the PostgreSQL to torture.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    schedules: { type: 'string', default: 'Infinity' },
    nodes: { type: 'string', default: '1' },
    /** `away`, `still`, `restore` or `ends`: into every schedule. */
    rare: { type: 'string' },
    diary: { type: 'boolean', default: false },
  },
})

function report({ seed, violations, diary, ...counts }: Verdict, started: number): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const { writes, acknowledged, events, faults } = counts
  const outcome = violations.length === 0 ? 'held' : `BROKEN (${violations.length})`
  console.log(
    `seed ${seed}: ${outcome}; ${faults} faults, ${writes} writes, ${acknowledged} acknowledged, ${events} events, ${seconds} s`,
  )
  if (violations.length > 0 || values.diary) console.log(diary.join('\n'))
  for (const line of violations) console.log(`  ${line}`)
}

async function main(): Promise<void> {
  const end = performance.now() + Number(values.minutes) * 60_000
  const failed: number[] = []
  const notRun: number[] = []
  let seed = Number(values.seed)
  let count = 0
  for (; count === 0 || (performance.now() < end && count < Number(values.schedules)); seed++, count++) {
    const started = performance.now()
    try {
      const nodes = Number(values.nodes)
      const verdict = await runSchedule(seed, { nodes, rare: rares.find(rare => rare === values.rare) })
      report(verdict, started)
      if (verdict.violations.length > 0) failed.push(seed)
    } catch (error) {
      // On a busy machine a node may not start in time.
      console.log(`seed ${seed}: not run: ${(error as Error).message}`)
      notRun.push(seed)
    }
  }
  const listed = (what: string, seeds: number[]) =>
    seeds.length > 0 ? `, ${seeds.length} ${what}: seeds ${seeds.join(' ')}` : ''
  console.log(
    `${count - notRun.length} schedules, ${failed.length} broken${listed('of them', failed)}${listed('not run', notRun)}`,
  )
  // Now and then a socket of a schedule is left open: it must not keep what has said its verdict.
  process.exit(failed.length ? 1 : 0)
}

await main()
