import { describe, expect, test } from 'vitest'
import type { Evidence } from '../server/retrieval/evidence.ts'
import { quantities } from '../server/retrieval/quantities.ts'
import { supports } from '../server/retrieval/support.ts'
import { evidence } from './evidence-fixture.ts'

const laptop = evidence(
  `Price: €1,339.69.\nBrand: Apple.\nScreen: 13.3 inches.\nResolution: IPS Panel Retina Display 2560x1600.
Processor: Intel Core i5 2.3GHz.\nMemory: 8 GB.\nStorage: 128GB SSD.\nOperating system: macOS.\nWeight: 1.37 kg.`,
  { title: 'Apple MacBook Pro', source: 'product' },
)
const policy = evidence(
  'Returns are accepted within 30 days of delivery. Opened items cannot be returned. Standard delivery takes 3 working ' +
    'days. Express delivery takes 1 working day and costs €9.90. Delivery is free for orders over €50.',
)
const chinese = evidence(
  '收到商品后7天内可以无理由退货。拆封的商品不能退货。标准配送需要3个工作日，运费10元。订单满200元免运费。保修期为两年。',
)

function say(yes: boolean, source: Evidence, sentences: string[]) {
  test.each(sentences)(yes ? 'stands: %s' : 'falls: %s', sentence =>
    expect(supports(sentence, source)).toBe(yes),
  )
}

describe('A1: a number stands with the same value in any writing', () => {
  say(true, laptop, [
    'The MacBook Pro weighs 1.37 kg.',
    'It weighs 1370 g.',
    'It weighs **1.37 kg**.',
    '- Weight: 1.37 kg',
    '1. It weighs 1.37 kg',
    'The price is 1339.69 EUR.',
    'It has a 13.3" display.',
    'It has a 13.3-inch display.',
    'The Apple MacBook Pro has 8 GB of RAM and a 128 GB SSD.',
    'The MacBook Pro costs €1,339.69, weighs 1.37 kg and has a 13.3-inch screen.',
    'The screen resolution is 2560×1600.',
    '这款 MacBook Pro 重 1.37 千克。',
    '屏幕为 13.3 英寸，内存 8 GB。',
  ])
  say(false, laptop, [
    'It weighs 1.73 kg.',
    'It weighs 1.37 g.',
    'It costs $1,339.69.',
    'It costs €1,339.',
    'It has a 13.3 cm display.',
    'The MacBook Pro costs €1,339.69, weighs 2.37 kg and has a 13.3-inch screen.',
    '这款 MacBook Pro 重 1.5 千克。',
  ])
  say(true, policy, [
    'You can return items within thirty days of delivery.',
    'Shipping takes 3 business days.',
  ])
  say(false, policy, [
    'Returns are accepted within 14 days.',
    'Standard delivery takes 3 weeks.',
    'Standard delivery takes 3 days.',
  ])
  say(true, chinese, [
    '保修两年',
    '保修期为2年。',
    '保修24个月',
    '收到商品后七天内可以无理由退货。',
    'The warranty is two years.',
  ])
  say(false, chinese, [
    '保修期为三年',
    '运费为10美元',
    '标准配送需要3天',
    '收到商品后30天内可以退货。',
    'The warranty is 3 years.',
  ])
  say(true, evidence('The drive holds 1024 GB.'), ['The drive holds 1 TB.'])
  say(true, evidence('Students get a discount of 20 percent.'), ['20% discount for students'])
  say(false, evidence('Students get a discount of 20 percent.'), ['25% discount for students'])
})

describe('A1: a number counts only for what it is said of', () => {
  say(false, laptop, ['It has 128 GB of RAM.', 'It has 8 GB of storage.'])
  say(false, policy, ['Express delivery takes 3 working days.'])
  say(true, policy, ['Express delivery costs 9.90 euros.'])
  say(false, evidence('It has 2 USB ports and 3 HDMI ports.'), ['It has 3 USB ports and 2 HDMI ports.'])
  say(false, evidence('Delivery takes 14 days. Refunds take 5 days.'), ['Refunds take 14 days.'])
  say(false, evidence('The battery lasts up to 12 hours.'), ['The battery lasts at least 12 hours.'])
  say(false, policy, ['Delivery is free for orders under €50.'])
})

describe('A1: a name must be the source’s', () => {
  say(false, laptop, [
    'The Dell XPS 13 weighs 1.37 kg.',
    '这款 ThinkPad 重 1.37 千克。',
    'It runs Windows 10.',
    'It has a 128GB HDD.',
    'It has an Intel Core i7 processor.',
  ])
  say(true, laptop, ['It runs macOS.', 'It has an Intel Core i5 processor.'])
  say(false, evidence('Globex offers a two-year warranty.'), ['Acme offers a two-year warranty.'])
  say(false, evidence('Founded in 1998 in Berlin, the shop sells lamps.'), [
    'The shop was founded in Munich in 1998.',
  ])
  say(false, evidence('Payment methods: PayPal, Visa and bank transfer.'), ['We accept PayPal and Amex.'])
  say(true, evidence('Payment methods: PayPal, Visa and bank transfer.'), ['We accept PayPal and Visa.'])
  say(false, policy, ['DHL delivers within 3 working days.'])
})

describe('A1: a negation must be the source’s', () => {
  say(true, policy, ["Opened items can't be returned.", 'Items that were opened cannot be returned.'])
  say(false, policy, [
    'Opened items can be returned.',
    'Returns are not accepted within 30 days of delivery.',
  ])
  say(true, chinese, ['拆封的商品不能退货'])
  say(false, chinese, ['拆封的商品可以退货', '收到商品后7天内不可以退货。'])
  say(false, evidence('我们不支持货到付款。'), ['支持货到付款'])
  say(false, evidence('我们支持货到付款。'), ['不支持货到付款'])
  say(false, evidence('Dimmable: no.'), ['The lamp is dimmable.'])
  say(true, evidence('Dimmable: no.'), ['The lamp is not dimmable.'])
  say(false, evidence('The lamp is unavailable.'), ['The lamp is available.'])
  const both = evidence('Returns are free within 30 days, but opened items cannot be returned.')
  say(true, both, ['Returns are free within 30 days.'])
  say(false, both, ['Returns are not free, but opened items can be returned.'])
  say(true, evidence('Delivery takes no more than 3 days.'), ['Delivery takes at most 3 days.'])
})

describe('A1: something must be said by both', () => {
  say(false, laptop, [
    'It is the lightest laptop.',
    'Great for students.',
    'It is cheaper than the Dell.',
    '',
  ])
  say(false, policy, ['Lamps are dimmable.', 'The founder was born 30 days after the war.'])
})

test('quantities are read in both languages, digits in names are not', () => {
  const read = (text: string) =>
    quantities(text).map(({ amount, unit }) => `${amount}${unit ? ` ${unit.name}` : ''}`)
  expect(read('13.3-inch, 1.0TB, €1,339.69, 5 %')).toEqual(['13.3 inches', '1 TB', '1339.69 EUR', '5 %'])
  expect(read('16G内存，三年保修，两周内，百分之五，一千元')).toEqual([
    '16 GB',
    '3 years',
    '2 weeks',
    '5 %',
    '1000 CNY',
  ])
  expect(read('two years, thirty days, a hundred and fifty euros, 1.5k')).toEqual([
    '2 years',
    '30 days',
    '150 EUR',
    '1500',
  ])
  expect(read('Core i5 7200U, E27, IP65, WH-1000XM4, v2.5.1, one of them')).toEqual([])
  expect(read('90 × 200 cm, 1920x1080')).toEqual(['90 cm', '200 cm', '1920', '1080'])
  expect(read('3000K, 2024年, 一些')).toEqual(['3000 K', '2024'])
})
