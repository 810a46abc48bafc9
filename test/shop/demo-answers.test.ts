import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reference } from '#protocol'
import { createBuiltinModel } from '../../server/answering/builtin/model.ts'
import { citationFilters } from '../../server/answering/retrieval/citation/filter.ts'
import type { Question } from '../../server/answering/retrieval/evidence.ts'
import { ask, call, openShop, type Shop } from '../fixtures/catalogue.ts'
import { lamps } from '../fixtures/shops.ts'

/** A question with what its answer must and must not say, and what its first reference must be. */
interface Case extends Partial<Question> {
  says?: RegExp
  not?: RegExp
  first?: RegExp
  /** Says that it found nothing, and refers to nothing. */
  declines?: true
  /** Asks which product is meant. */
  asksBack?: true
}

const model = createBuiltinModel()
const filterFor = citationFilters()
const declined = /could not find|没有找到/
const back = /Which product|哪款商品/
const demo = new URL('../../server/demo/', import.meta.url)

async function answer(shop: Shop, question: Question): Promise<{ text: string; references: Reference[] }> {
  const evidence = await shop.retrieve(question)
  const filter = filterFor(evidence)
  const pieces: string[] = []
  const never = new AbortController().signal
  await model.answer({ question, history: [], evidence }, piece => pieces.push(filter.push(piece)), never)
  return { text: pieces.join('') + filter.end(), references: filter.references() }
}

async function check(
  shop: Shop,
  requested: string,
  { says, not, first, declines, asksBack, ...extra }: Case,
) {
  const { text, references } = await answer(shop, ask(requested, extra))
  if (says) expect(text).toMatch(says)
  if (not) expect(text).not.toMatch(not)
  if (first) expect(references[0]?.title).toMatch(first)
  if (declines) expect(text).toMatch(declined)
  if (asksBack) expect(text).toMatch(back)
  if (declines || asksBack) expect(references).toEqual([])
  expect(text, 'numbering of a list').not.toMatch(/(?:^|\n)\d+\. /)
}

const on = (product_id: string) => ({ context: { product_id } })
const following = (...earlier: string[]) => ({ earlier })
const others = /Mouse|Lantern|Keyboard|Monitor Light/

describe('demo shop', () => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop()
    const folder = new URL('documents/', demo)
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(new URL(name, folder))
      await shop.knowledge.addDocument({ name, mime: '', bytes })
    }
    await shop.knowledge.drain()
    const body = JSON.parse(readFileSync(new URL('catalogue.json', demo), 'utf8'))
    await shop.handlers['catalogue:import']({ body }, call)
  })
  afterAll(() => shop.close())

  describe('the kind that is named is the kind that is shown', () => {
    test.each<[string, Case]>([
      ['最便宜的笔记本是哪台？', { first: /^Nordlys Go 14$/, not: others }],
      ['What is the cheapest desk lamp?', { first: /Lumen Arc Desk Lamp/, not: others }],
      ['1000欧元以内的笔记本有哪些', { says: /Kestrel/, not: /Clarity|Aurel/ }],
      ['Is there a chair for someone 120 kg?', { first: /Posture Task Chair/, not: /Desk/ }],
      ['What is the lightest laptop?', { first: /Aurel Book 13/, not: /Lamp|Light:|Lantern/ }],
      ['最亮的灯', { first: /Fjord Floor Lamp/ }],
      ['最贵的显示器', { first: /Clarity 32 4K/, not: /Volta Strike/ }],
      ['cheapest standing desk', { first: /Rise Standing Desk 140/, not: /Writing/ }],
      ['哪把椅子承重160公斤', { first: /Posture Task Chair XL/, not: /Desk/ }],
      ['wireless mouse', { says: /Glide/, not: /Hush|Keyboard/ }],
      ['show me keyboards', { says: /Tactile 75[\s\S]*Tactile Full/, not: /Mouse/ }],
      ['laptops with 32 GB RAM', { says: /Kestrel/, not: /Nordlys/ }],
      ['I need a monitor that charges my laptop', { first: /Clarity 27/, not: /Aurel|Nordlys/ }],
      ['Which headphones have noise cancelling?', { says: /Hush One[\s\S]*Hush Lite/, not: /Tonmeister/ }],
      ['哪款耳机有降噪', { says: /Hush One[\s\S]*Hush Lite/, not: /Tonmeister/ }],
      ['有没有适合视频剪辑的电脑', { first: /Aurel Book 15 Pro/, not: /Clarity/ }],
      ['which lamp uses the least power?', { first: /Campfire/, not: /Mouse/ }],
      ['Which laptop is best for gaming?', { first: /Volta Strike 17/ }],
      ['a gift under 50 euros', { says: /€39/, not: /€\d{3}/ }],
      ['what about monitors?', { ...following('laptops under 1000 euros'), says: /Clarity/, not: /Nordlys/ }],
    ])('%s', (requested, expected) => check(shop, requested, expected))
  })

  describe('law A2: what the shop does not sell, and what is none of its business', () => {
    test.each<[string, Case]>([
      ['Do you sell bicycles?', { declines: true }],
      ['Do you have any bikes under 500 euros?', { declines: true }],
      ['有自行车吗', { declines: true }],
      ['which phones do you have?', { declines: true }],
      ['有手机吗', { declines: true }],
      ['Do you have a tablet?', { declines: true }],
      ['who won the world cup in 2014?', { declines: true }],
      ['what is the meaning of life', { declines: true }],
      ["What's the capital of France?", { declines: true }],
      ['今天天气怎么样', { declines: true }],
      ['write me a poem about the sea', { declines: true }],
      ['Tell me a joke', { declines: true }],
      ['what is 2+2', { declines: true }],
      ['best restaurants in Berlin', { declines: true }],
    ])('%s', (requested, expected) => check(shop, requested, expected))
  })

  describe('law A1: documents answer with the sentence about the asked thing', () => {
    test.each<[string, Case]>([
      [
        'How long does delivery take?',
        { says: /2 to 3 working days/, not: /repair|search/i, first: /^Shipping/ },
      ],
      ['送货需要几天', { says: /2 至 3 个工作日/, first: /^配送/ }],
      ['how much is shipping', { says: /4\.90 EUR/, first: /^Shipping/ }],
      ['Can I return opened headphones?', { says: /hygiene/, not: /compressed/, first: /^Returns/ }],
      ['Can I return opened earbuds?', { says: /hygiene/, not: /compressed/, first: /^Returns/ }],
      ['退货要多久？', { says: /天/, not: /账户/ }],
      ['How do I send something back?', { says: /Print the label/, first: /^Returns/ }],
      ['how long until I get my money back?', { says: /3 to 5 working days/, first: /^Returns/ }],
      ['Can I pay by PayPal?', { says: /PayPal/, first: /^Payment/ }],
      ['可以分期付款吗', { says: /分 6、12 或 24 期/, first: /^付款/ }],
      ['保修多久', { says: /2 年/, first: /^保修/ }],
      ['How long is the warranty?', { says: /2 years/, first: /^Warranty/ }],
      ['Do you ship to Switzerland?', { says: /Switzerland/, first: /^Shipping/ }],
      ['What are your opening hours?', { says: /11:00 to 19:00/, first: /^Contact/ }],
      ['你们几点开门', { says: /11:00/, first: /^联系/ }],
      ['Do you repair laptops?', { says: /repairs laptops/, first: /^Repairs/ }],
      ['Do you have student discounts?', { says: /5 %/, first: /companies and schools/ }],
    ])('%s', (requested, expected) => check(shop, requested, expected))
  })

  describe('one product: by name, by page, by what was said', () => {
    test.each<[string, Case]>([
      ['price?', { asksBack: true }],
      ['battery life?', { asksBack: true }],
      ['多少钱？', { asksBack: true }],
      ['price?', { ...on('LP-103'), says: /€699/, first: /^Nordlys Go 14$/ }],
      ['How long is the warranty?', { ...on('LP-102'), says: /3 years/, first: /Aurel Book 15 Pro/ }],
      ['Compare it with the Nordlys Go 14', { ...on('LP-101'), says: /Aurel Book 13[\s\S]*Nordlys Go 14/ }],
      ['is the lamp dimmable?', { ...on('LM-401'), says: /^Yes/, first: /Lumen Arc/ }],
      ['How heavy is the Aurel Book 13?', { says: /1\.08 kg/, first: /Aurel Book 13/ }],
      ['Hush One weight', { says: /254 g/, first: /^Hush One$/ }],
      ['Does the Hush One have noise cancelling?', { says: /^Yes/, first: /^Hush One$/ }],
      [
        'and how much does it cost?',
        { ...following('How heavy is the Aurel Book 13?'), says: /€1,149/, first: /Aurel Book 13/ },
      ],
      [
        'How heavy is it, and can I send it back?',
        { ...on('LP-104'), says: /1\.41 kg[\s\S]*30 days/, first: /^Nordlys Go 14 Plus$/ },
      ],
      [
        'What does it weigh and how long is delivery?',
        { ...on('LP-104'), says: /1\.41 kg[\s\S]*working days/, first: /^Nordlys Go 14 Plus$/ },
      ],
      ['这台多重？可以退货吗？', { ...on('LP-104'), says: /1\.41 千克[\s\S]*30 天/ }],
      [
        'How long is the warranty and can I pay with PayPal?',
        { ...on('LP-102'), says: /3 years[\s\S]*PayPal/ },
      ],
      [
        'Which laptop under 1000 euros has 16 GB, and how long is delivery?',
        { says: /Nordlys Go 14 Plus[\s\S]*working days/ },
      ],
      ['Can I pay with PayPal, and how long is delivery?', { ...on('LP-102'), says: /PayPal/, not: /Aurel/ }],
      ['and the warranty?', { ...following('Tell me about the Rise Standing Desk 140'), says: /5 years/ }],
    ])('%s', (requested, expected) => check(shop, requested, expected))
  })

  describe('the first ten questions of a visitor, word for word', () => {
    test.each([
      [
        'Which laptop is good for travelling?',
        'This one fits:\n- Aurel Book 13: price €1,149 [1]. A 13-inch travel laptop that weighs just over a kilogram and lasts a long-haul flight [1].',
      ],
      ['How heavy is the Aurel Book 13?', 'The weight of the Aurel Book 13 is 1.08 kg [1].'],
      [
        'How long does delivery take to Austria?',
        'Parcels arrive within 2 to 3 working days in Germany, 3 to 5 working days in Austria, Belgium, Denmark, France, Luxembourg, the Netherlands and Poland, and 5 to 8 working days in the other countries we serve [1].',
      ],
      [
        'how much is shipping to France?',
        'Parcels to other EU countries cost 9.90 EUR and are free from 150 EUR [1].',
      ],
      [
        'Can I return it if I don’t like it?',
        'You may return almost everything within 30 days of delivery without giving a reason [1].',
      ],
      [
        'How do I return something?',
        '- Open your order in the account and choose "Return", or write to us with the order number [1].\n- Print the label, or show the QR code at the parcel shop [1].\n- Pack the goods, if possible in their original box, and hand the parcel in within 14 days [1].',
      ],
      [
        'What can I return?',
        'You may return almost everything within 30 days of delivery without giving a reason [1]. The statutory right of withdrawal of 14 days is included in this [1].',
      ],
      [
        'Which payment methods do you accept?',
        'We accept credit and debit cards (Visa, Mastercard, American Express), PayPal, bank transfer in advance, and payment by invoice [1].',
      ],
      [
        '支持哪些付款方式？',
        '我们接受信用卡和借记卡（Visa、Mastercard、American Express）、PayPal、预付银行转账以及凭发票付款 [1]。',
      ],
      [
        'What are your opening hours?',
        'You can try every chair, desk and pair of headphones there [1]. It is open from Tuesday to Friday from 11:00 to 19:00 and on Saturdays from 10:00 to 18:00; closed on Sundays and Mondays [1].',
      ],
      [
        'Which headphones have noise cancelling?',
        'These fit:\n- Hush One: price €249, noise cancelling: yes [1].\n- Hush Lite: price €129, noise cancelling: yes [2].\n- Hush Buds 2: price €159, noise cancelling: yes [3].',
      ],
      [
        'Which laptop under 1000 euros has 16 GB?',
        'This one fits:\n- Nordlys Go 14 Plus: price €849, memory 16 GB [1].',
      ],
      [
        'Where is my order?',
        'As soon as the parcel has been handed over we send an e-mail with a tracking link [1]. Tracking shows the first scan after about 6 hours [1].',
      ],
      [
        '哪款笔记本适合出差？',
        '符合要求的有：\n- Aurel Book 13：价格 €1,149 [1]。A 13-inch travel laptop that weighs just over a kilogram and lasts a long-haul flight [1].',
      ],
      ['Aurel Book 13 有多重？', 'Aurel Book 13 的重量是 1.08 千克 [1]。'],
      [
        '寄到奥地利要几天？',
        '德国境内 2 至 3 个工作日送达；奥地利、比利时、丹麦、法国、卢森堡、荷兰和波兰 3 至 5 个工作日送达；其他国家 5 至 8 个工作日送达 [1]。',
      ],
      ['寄到法国运费多少？', '其他欧盟国家运费 9.90 欧元，满 150 欧元免运费 [1]。'],
      ['不喜欢可以退货吗？', '除少数商品外，您可以在收货后 30 天内无理由退货 [1]。'],
      [
        '怎么退货？',
        '- 在账户中打开订单并选择“退货”，或写邮件告诉我们订单号 [1]。\n- 打印退货标签，或在包裹站出示二维码 [1]。\n- 尽量使用原包装，并在 14 天内交寄 [1]。',
      ],
      ['你们几点营业？', '周二至周五 11:00 至 19:00、周六 10:00 至 18:00 营业，周日和周一休息 [1]。'],
      [
        '哪些耳机有降噪功能？',
        '符合要求的有：\n- Hush One：价格 €249，降噪：是 [1]。\n- Hush Lite：价格 €129，降噪：是 [2]。\n- Hush Buds 2：价格 €159，降噪：是 [3]。',
      ],
      [
        '1000欧元以内16GB内存的笔记本有哪些',
        '符合要求的有：\n- Nordlys Go 14 Plus：价格 €849，内存 16 GB [1]。',
      ],
      [
        '我的订单在哪里？',
        '包裹交给承运商后，我们会发送带有查询链接的邮件 [1]。大约 6 小时后可以看到第一条物流信息 [1]。',
      ],
    ])('%s', async (requested, expected) => {
      expect((await answer(shop, ask(requested))).text).toBe(expected)
    })
  })

  test('columns stand in the shop’s own order', async () => {
    const { items } = await shop.handlers['catalogue:list']({ page: 1, page_size: 1, search: 'LP-101' }, call)
    expect(Object.keys(items[0]!.specs).slice(0, 4)).toEqual(['brand', 'screen_inches', 'resolution', 'cpu'])
  })
})

describe('other shops', () => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop.close())

  test('lamps', async () => {
    await shop.handlers['catalogue:import']({ body: lamps }, call)
    await check(shop, 'What is the cheapest desk lamp?', { first: /Sol Desk Lamp/, not: /Luna/ })
    await check(shop, '最便宜的灯', { first: /Luna Bulb/ })
    await check(shop, 'cheapest bulb', { first: /Luna Bulb/, not: /Candela/ })
    await check(shop, 'dimmable lamps over 1000 lumens', { says: /Nova|Helios/, not: /Sol/ })
    await check(shop, '落地灯多少钱', { says: /129/, first: /Nova Floor Lamp/ })
    await check(shop, 'do you sell chairs?', { declines: true })
    await check(shop, 'cheapest laptop', { declines: true })
    await check(shop, 'who wrote Hamlet?', { declines: true })
  })

  const file = new URL('../../shared/data/laptops.json', import.meta.url)
  test.skipIf(!existsSync(file))('a shop of laptops only', async () => {
    await shop.handlers['catalogue:import']({ body: JSON.parse(readFileSync(file, 'utf8')) }, call)
    const cheapest = await answer(shop, ask('What is the cheapest laptop?'))
    const rows: { name: string; price: number }[] = JSON.parse(readFileSync(file, 'utf8'))
    const least = rows.reduce((a, b) => (b.price < a.price ? b : a))
    expect(cheapest.references[0]?.title).toBe(least.name)
    await check(shop, '1000 欧元以内的笔记本', { says: /€/, not: /€\d,/ })
    await check(shop, 'gaming laptop under 1000 euros', { says: /€/, not: /€\d,/ })
    await check(shop, 'Do you sell lamps?', { declines: true })
    await check(shop, '有打印机吗', { declines: true })
    await check(shop, 'who won the world cup in 2014?', { declines: true })
  })
})
