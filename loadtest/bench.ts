import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { hasBrowser } from '../test/fixtures/browser.ts'
import { type DatabaseServer, openDatabaseServer } from './database.ts'
import { Figures } from './figures.ts'
import { goals, judge } from './goals.ts'
import { report } from './report.ts'
import { createRig, type Rig } from './rig.ts'
import { measureAccept } from './scenarios/accept.ts'
import { measureDurable } from './scenarios/durable.ts'
import { measureEcho } from './scenarios/echo.ts'
import { measureFanOut } from './scenarios/fan-out.ts'
import { measureFirstDelta } from './scenarios/first-delta.ts'
import { measureHold } from './scenarios/hold.ts'
import { measureHop } from './scenarios/hop.ts'
import { measureIdle } from './scenarios/idle.ts'
import { measureImport } from './scenarios/import.ts'
import { measureNoisy } from './scenarios/noisy.ts'
import { measureSignedIn } from './scenarios/signed-in.ts'
import { measureStorm } from './scenarios/storm.ts'
import { measureThread } from './scenarios/thread.ts'
import { measureToken } from './scenarios/token.ts'
import { fullSizes, quickSizes, type Sizes } from './sizes.ts'

const usage = `What the server costs, each figure beside that of a bare baseline in the same run.
  npm run bench -- [--only SCENARIO]… [--rounds N] [--quick] [--strict] [--json FILE] [--profile FOLDER]

  --only      echo, token, first-delta, idle, fan-out, durable, storm, hold, hop, accept, noisy, signed-in, import or thread; all without it
  --rounds    how often each server takes its turn (5); medians are shown, with the least and the greatest
  --quick     small and short: shows that it runs, not what it costs
  --strict    end with status 1 when a goal that was measured is missed
  --json      write every figure there under its name, the spread as NAME.min and NAME.max
  --profile   write a CPU profile of every server there

PostgreSQL is the server that TEST_DATABASE_URL names, or one that test/tooling/postgres.sh starts.`

interface Scenario {
  measure(rig: Rig): Promise<void>
  /** Has no meaning on the embedded database. */
  needsPostgres?: true
  needsRedis?: true
  needsBrowser?: true
}

const scenarios: Readonly<Record<string, Scenario>> = {
  echo: { measure: measureEcho },
  token: { measure: measureToken },
  'first-delta': { measure: measureFirstDelta },
  idle: { measure: measureIdle },
  'fan-out': { measure: measureFanOut },
  durable: { measure: measureDurable, needsPostgres: true },
  storm: { measure: measureStorm, needsPostgres: true },
  hold: { measure: measureHold },
  hop: { measure: measureHop, needsPostgres: true, needsRedis: true },
  accept: { measure: measureAccept },
  noisy: { measure: measureNoisy },
  'signed-in': { measure: measureSignedIn },
  import: { measure: measureImport },
  thread: { measure: measureThread, needsBrowser: true },
}

async function main(): Promise<void> {
  const options = readOptions()
  const databases = await openDatabaseServer()
  console.log(`Node ${process.versions.node}, ${availableParallelism()} cores; ${aboutDatabase(databases)}.`)
  const figures = new Figures()
  try {
    for (const name of options.only) await run(name, { figures, databases, ...options })
  } finally {
    await databases?.close()
  }
  console.log(`\n${report(figures)}`)
  if (options.json) await writeFile(options.json, `${JSON.stringify(figures, null, 2)}\n`)
  if (options.strict && goals.some(goal => judge(goal, figures) === 'MISSED')) process.exitCode = 1
}

interface Run {
  figures: Figures
  databases: DatabaseServer | null
  sizes: Sizes
  profile: string | undefined
}

/** A scenario that fails says so and fails the run, and the others are still measured. */
async function run(name: string, { figures, databases, sizes, profile }: Run): Promise<void> {
  const { measure, needsPostgres, needsRedis, needsBrowser } = scenarios[name]!
  if (needsPostgres && !databases) return console.log(`${name}: left out, there is no PostgreSQL`)
  if (needsRedis && !hasRedis()) return console.log(`${name}: left out, there is no redis-server`)
  if (needsBrowser && !hasBrowser) return console.log(`${name}: left out, there is no Chromium`)
  const began = performance.now()
  const rig = createRig({ figures, sizes, databases, profileFolder: profile })
  try {
    await measure(rig)
    console.log(`${name}: ${sizes.rounds} round(s) in ${Math.round((performance.now() - began) / 1000)} s`)
  } catch (error) {
    console.error(`${name}: failed. ${(error as Error).stack}`)
    process.exitCode = 1
  } finally {
    await rig.close()
  }
}

function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      quick: { type: 'boolean' },
      strict: { type: 'boolean' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  const only = values.only ?? Object.keys(scenarios)
  const unknown = only.find(name => !(name in scenarios))
  const sizes = values.quick ? quickSizes : fullSizes
  const rounds = Number(values.rounds ?? sizes.rounds)
  if (values.help || unknown !== undefined || !(Number.isInteger(rounds) && rounds > 0)) {
    console.log(usage)
    process.exit(values.help ? 0 : 2)
  }
  const { json, profile, strict } = values
  return { only, json, profile, strict, sizes: { ...sizes, rounds } }
}

function aboutDatabase(databases: DatabaseServer | null): string {
  if (databases) return databases.about
  return "no PostgreSQL (name one in TEST_DATABASE_URL): on the embedded database, whose process is the server's own"
}

await main()
