import { parseArgs } from 'node:util'
import { drills } from './drills.ts'
import { type BalancerName, balancers, openHouse } from './house.ts'
import { type Figures, live } from './people.ts'

/**
 * The drills of OPERATING.md's "Several nodes" on this machine: two nodes, PostgreSQL (`TEST_DATABASE_URL`), Redis, and a real
 * balancer with its shipped configuration; visitors type and agents hold talks while something is done to one of them.
 * `npm run growing -- --balancer haproxy|nginx|none --pooling session|transaction --only rolling --only kill`
 */
const { values } = parseArgs({
  options: {
    balancer: { type: 'string', default: 'haproxy' },
    pooling: { type: 'string' },
    only: { type: 'string', multiple: true },
  },
})

const columns = [
  'what was done',
  'sent',
  'refused',
  'lost',
  'doubled',
  'out of order',
  'answers',
  'talks kept',
  'longest wait for an acknowledgement: visitor, agent',
  'told of a lost connection: visitors, agents, longest',
  'pages refused, slowest',
  'newcomers not in, slowest',
  'wrong',
]

function row(what: string, figures: Figures): string {
  const { sent, refused, lost, doubled, outOfOrder, answers, takenBack, talksKept, pages, newcomers, wrong } =
    figures
  const ended = Object.entries(answers).map(([how, count]) => `${count} ${how}`)
  if (takenBack > 0) ended.push(`${takenBack} shorter than shown`)
  const cells = [
    what,
    sent,
    refused,
    lost,
    doubled,
    outOfOrder,
    ended.join(', '),
    talksKept,
    `${figures.visitorWaited} s, ${figures.agentWaited} s`,
    `${figures.visitorsCut}, ${figures.agentsCut}, ${figures.longestCut} s`,
    pages,
    newcomers,
    wrong.length === 0 ? '-' : wrong.join('; '),
  ]
  return `| ${cells.join(' | ')} |`
}

async function main(): Promise<void> {
  const balancer = balancers.find(name => name === values.balancer) as BalancerName
  const pooling = (['session', 'transaction'] as const).find(mode => mode === values.pooling) ?? null
  const house = await openHouse({ balancer, pooling })
  let isRight = true
  console.log(`behind ${balancer}${pooling ? `, with PgBouncer in ${pooling} mode` : ''}\n`)
  console.log(`| ${columns.join(' | ')} |\n|${columns.map(() => '---').join('|')}|`)
  for (const { name, what, behind, act } of drills) {
    if ((values.only && !values.only.includes(name)) || (behind && !behind.includes(balancer))) continue
    const figures = await live(house, () => act(house))
    console.log(row(what, figures))
    isRight &&= figures.lost + figures.doubled + figures.outOfOrder + figures.wrong.length === 0
  }
  await house.close()
  process.exit(isRight ? 0 : 1)
}

await main()
