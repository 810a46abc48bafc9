import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compose } from '../../server/answering/builtin/compose.ts'
import { createCitationFilter } from '../../server/answering/retrieval/citation/filter.ts'
import { LruCache } from '../../server/answering/retrieval/text/lru-cache.ts'
import { ask, call, openShop, type Shop } from '../fixtures/catalogue.ts'

const file = (name: string) => readFileSync(new URL(`../../loadtest/shops/${name}`, import.meta.url))

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())

async function open(name: string, help = `${name}-help.md`) {
  await shop.handlers['catalogue:import']({ body: JSON.parse(file(`${name}.json`).toString()) }, call)
  await shop.knowledge.addDocument({ name: help, mime: '', bytes: file(help) })
  await shop.knowledge.drain()
}

/** What a visitor reads, the marks that its sources support included. */
async function answer(text: string, extra: Parameters<typeof ask>[1] = {}): Promise<string> {
  const question = ask(text, extra)
  const evidence = await shop.retrieve(question)
  const filter = createCitationFilter(evidence)
  return filter.push(compose({ question, history: [], evidence }, new LruCache(16))) + filter.end()
}

describe('a furniture shop', () => {
  beforeAll(() => open('furniture'))

  test.each([
    // From a column of any name, from the description, from a value that is not among those there are.
    ['how wide is the brunswick 3-seater?', /214 cm \[1\]/],
    ['how much weight can the otis office chair take', /140 kg/],
    ['does the pico lamp come with a bulb?', /Bulb not included \[1\]/],
    ['Does the isla rug come in 250x350?', /^No\. .*140x200/],
    ['do you have the brunswick 2 seater in rust?', /^No\. .*Oatmeal, Moss \[1\]/],
    ['is the arden table fireproof?', /does not mention “fireproof”/],
    // Needs.
    ['a sofa no wider than 170 cm', /^(?!.*3-Seater).*2-Seater Sofa.*162 cm/s],
    ['sofa that is not leather and under 1000', /^(?!.*Hollis).*2-Seater/s],
    ['Which is heavier, the arden dining table or the kip sideboard?', /Kip Sideboard.*58 kg.*Arden/s],
    // Documents: an item of a list, the steps, a row of a table, one sentence.
    ['when are you open on sundays?', /^Sunday: closed \[1\]\.$/],
    ['how do i return something', /- Write to .* \[1\]\.\n- Wait.*\n- Pack/s],
    ['what does delivery of a parcel to austria cost', /Country: Austria; Parcel: 9\.90 EUR/],
    ['when do I get my money back after a return', /within 7 days/],
    // As people write.
    ['how hevy is the kip sidebord', /58 kg/],
    ['yo how much for the lark thingy', /€590/],
    ['how tall is the rowan bookcase and do you deliver to belgium?', /190 cm.*\n\n.*Belgium/s],
    ['are you a robot?', /not a person/],
    ['what is the capital of peru', /could not find/],
  ])('%s', async (text, expected) => expect(await answer(text)).toMatch(expected))

  test('what leans on what was said before is of it, over several turns', async () => {
    const turns: [string, RegExp][] = [
      ['tell me about the wren dining chair', /Wren Dining Chair: .*Bentwood/],
      ['is it heavy?', /4\.2 kg/],
      ['what colours?', /Natural, Black/],
      ['how long is delivery?', /working days/],
    ]
    for (const [at, [text, expected]] of turns.entries())
      expect(await answer(text, { earlier: turns.slice(0, at).map(([before]) => before) }), text).toMatch(
        expected,
      )
  })

  test('on the page of a product it is meant', async () => {
    const context = { product_id: 'SF-01' }
    expect(await answer('is it heavy?', { context })).toMatch(/68 kg/)
    expect(await answer('what about the covers?', { context })).toMatch(/removable covers/)
  })

  test('no quote opens with a pronoun whose noun was left out', async () => {
    for (const text of [
      'do you take old furniture away',
      'how many fabric samples can I get',
      'how do i clean leather',
    ])
      expect(await answer(text)).not.toMatch(/(?:^|\n)(?:- )?(?:It|They|This|These) /)
  })
})

describe('a household shop, in Chinese', () => {
  beforeAll(() => open('household'))

  test.each([
    ['鹅绒冬被的含绒量是多少', /95% \[1\]/],
    ['鹅绒被有180x200的吗', /^不是。.*200x230cm/],
    ['两百到三百块的枕头', /乳胶枕/],
    ['不要鹅绒的被子，五百以内', /^(?!.*鹅绒冬被).*大豆纤维/s],
    ['除了蚕丝和鹅绒，还有什么被子', /^(?!.*桑蚕丝)(?!.*鹅绒冬被).*大豆纤维/s],
    ['铸铁炒锅跟不粘平底锅哪个轻', /不粘平底锅.*1\.1公斤.*铸铁炒锅/s],
    ['寄到西藏要几天', /7到10天/],
    ['怎么退货', /申请售后/],
    ['運費多少', /8元/],
    ['1.8米的床买多大的被子', /220x240cm/],
    ['你是机器人吗', /不是真人/],
  ])('%s', async (text, expected) => expect(await answer(text)).toMatch(expected))
})

describe('a luggage shop, in Chinese, whose sizes stand in the names', () => {
  beforeAll(() => open('luggage', 'luggage-help.txt'))

  test.each([
    // A column of something else has the same unit.
    ['20寸多少钱', /轻旅20寸登机箱 的价格是 ¥299 \[1\]/],
    ['24寸有哪些颜色', /轻旅24寸托运箱 的颜色是 深空灰、墨绿 \[1\]/],
    ['how heavy is the 28 inch one', /铁甲28寸铝框箱 is 5\.6公斤 \[1\]/],
    ['20寸和24寸有什么区别', /对比如下：.*36升.*65升/s],
    ['20寸和28寸哪个便宜', /^价格最低的是：\n- 轻旅20寸登机箱：价格 ¥299/],
    ['有20寸的吗', /^符合要求的有：\n- 轻旅20寸登机箱/],
    ['20寸行李箱', /^轻旅20寸登机箱：价格 ¥299/],
    ['有26寸的吗', /26寸/],
    // An amount that is asked for by its unit.
    ['登山包多少升', /容量是 50升 \[1\]/],
    ['旅行袋能装多少公斤', /承重 10公斤 \[1\]/],
    ['双肩包几升', /通勤双肩包 的容量是 22升 \[1\]/],
    ['24寸几升', /轻旅24寸托运箱：容量 65升 \[1\]|轻旅24寸托运箱 的容量是 65升 \[1\]/],
    // Two brands, of one of which a single thing is sold.
    ['轻旅和铁甲哪个轻', /^重量最轻的是：\n- 轻旅20寸登机箱.*\n- 铁甲28寸铝框箱/s],
    // Two questions, of which only the first has its mark.
    ['可以退货吗,运费谁出', /7天内.*\n\n/s],
  ])('%s', async (text, expected) => expect(await answer(text)).toMatch(expected))
})

describe('a gadget shop, in Chinese', () => {
  beforeAll(() => open('gadgets'))

  test.each([
    ['20000毫安的充电宝多少钱', /^(?!.*5000毫安).*磐石20000毫安充电宝：价格 ¥229/s],
    ['5000毫安的充电宝多少钱', /^(?!.*20000毫安).*轻羽5000毫安磁吸充电宝：价格 ¥129/s],
  ])('an amount that another product of the kind has in its name: %s', async (text, expected) =>
    expect(await answer(text)).toMatch(expected),
  )
})
