import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, openShop, type Shop } from '../fixtures/catalogue.ts'

const rows = [
  { id: 'l1', name: 'Aurora 14', category: 'Laptop', price: 900, currency: 'EUR', specs: { weight_kg: 1.2 } },
  {
    id: 'l2',
    name: 'Boreal 15',
    category: 'Laptop',
    price: 1200,
    currency: 'EUR',
    specs: { weight_kg: 1.8 },
  },
  { id: 'd1', name: 'Halo', category: 'Desk lamp', price: 40, currency: 'EUR', specs: { lumens: 800 } },
]
const admin = { caller: { id: null, role: 'admin' }, address: null, requestId: 'test' } as never

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
  await shop.handlers['catalogue:import']({ body: rows }, admin)
  await shop.addDocument('returns.md', '# Returns\n\nGoods can be sent back within 30 days.')
})
afterAll(async () => {
  await shop.knowledge.stop()
  await shop.close()
})

/** As a version of long ago left it: no kinds, no numbers, other terms, and the number that version had. */
async function leaveAsOlder() {
  const { sql } = shop.database
  await sql`update catalogue_versions set derivation = 0, profile = profile - 'kinds'`
  await sql`update products set kinds = '{}', numbers = '{}'`
  await sql`update documents set derivation = 0`
  await sql`update corpora set derivation = 0`
  await sql`update passage_terms set terms = '{7}', frequencies = '{1}', weights = '{7:1}/1000000000'`
  await sql`delete from term_statistics`
  await sql`
    insert into term_statistics (corpus_id, term, passages)
    select corpus_id, 7, count(*)::int from passage_terms group by corpus_id`
}

const lightLaptops = async () =>
  (
    await shop.handlers['product:search']({ query: 'laptop under 1.5 kg', page: 1, page_size: 20 }, admin)
  ).items.map(item => item.id)
const returned = async () => (await shop.knowledge.findEvidence(ask('Can I send goods back?'), 3)).length

/** What a start does, and the job it leaves. */
async function start() {
  await shop.knowledge.start({ productsOutdated: await shop.catalogue.isOutdated() })
}

test('H7: what an older derivation left is made anew after the start, by one job, and then nothing more is to do', async () => {
  await leaveAsOlder()
  expect(await shop.catalogue.isOutdated()).toBe(true)
  await start()
  await expect
    .poll(async () => [await lightLaptops(), await returned()], { timeout: 20_000 })
    .toEqual([['l1'], 1])
  const jobs = () => shop.database.sql`select status from jobs where kind = 'derive'`
  await expect.poll(jobs, { timeout: 20_000 }).toEqual([{ status: 'done' }])
  expect(await shop.catalogue.isOutdated()).toBe(false)
  await start()
  expect(await jobs()).toHaveLength(1)
})

test('H7: a rebuild that is asked for makes everything anew, products as well', async () => {
  await leaveAsOlder()
  await shop.knowledge.handlers['index:rebuild']({}, admin)
  await expect
    .poll(async () => [await lightLaptops(), await returned()], { timeout: 20_000 })
    .toEqual([['l1'], 1])
})

test('H7: an older version of the catalogue that is made active again is derived anew', async () => {
  const { version } = await shop.handlers['catalogue:import']({ body: rows.slice(2) }, admin)
  await shop.database.sql`update products set kinds = '{}', numbers = '{}' where version < ${version}`
  await shop.database.sql`update catalogue_versions set derivation = 0 where version < ${version}`
  await shop.handlers['catalogue:restore']({ version: version - 1 }, admin)
  expect(await lightLaptops()).toEqual(['l1'])
})
