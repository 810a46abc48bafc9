import { describe, expect, test } from 'vitest'
import { supports } from '../../server/answering/retrieval/citation/support.ts'
import type { Evidence } from '../../server/answering/retrieval/evidence.ts'
import { quantities } from '../../server/answering/retrieval/text/quantities.ts'
import { evidence } from '../fixtures/evidence.ts'

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

describe('law A1: a number stands with the same value in any writing', () => {
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

describe('law A1: cells of one row stand as they are written, those of several rows do not', () => {
  const sizes = evidence(
    `Size: 5-6Y; Age: 5-6; Height (cm): 110-116; Chest (inches): 23-24
Size: 6-7Y; Age: 6-7; Height (cm): 116-122; Chest (inches): 24-25`,
    { title: 'Size charts › Children' },
  )
  say(true, sizes, [
    'Size: 6-7Y; Age: 6-7; Height (cm): 116-122; Chest (inches): 24-25.',
    'Size: 6-7Y; Height (cm): 116-122',
  ])
  say(false, sizes, ['Size: 6-7Y; Height (cm): 110-116', 'Size: 6-7Y; Height (cm): 116-124'])
})

describe('law A1: a number counts only for what it is said of', () => {
  say(false, laptop, ['It has 128 GB of RAM.', 'It has 8 GB of storage.'])
  say(false, policy, ['Express delivery takes 3 working days.'])
  say(true, policy, ['Express delivery costs 9.90 euros.'])
  say(false, evidence('It has 2 USB ports and 3 HDMI ports.'), ['It has 3 USB ports and 2 HDMI ports.'])
  say(false, evidence('Delivery takes 14 days. Refunds take 5 days.'), ['Refunds take 14 days.'])
  say(false, evidence('The battery lasts up to 12 hours.'), ['The battery lasts at least 12 hours.'])
  say(false, policy, ['Delivery is free for orders under €50.'])
})

describe('law A1: a name must be the source’s', () => {
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

describe('law A1: a negation must be the source’s', () => {
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

describe('law A1: something must be said by both', () => {
  say(false, laptop, [
    'It is the lightest laptop.',
    'Great for students.',
    'It is cheaper than the Dell.',
    '',
  ])
  say(false, policy, ['Lamps are dimmable.', 'The founder was born 30 days after the war.'])
})

const pairs: [stands: boolean, sentence: string, source: string, title?: string][] = [
  [true, 'The warranty period is two years.', 'Every product has a warranty period of 2 years.'],
  [true, 'You can get a refund within 14 days.', 'Refunds are possible within 14 days of purchase.'],
  [false, 'You can get a refund within 14 weeks.', 'Refunds are possible within 14 days of purchase.'],
  [true, 'The store opens at 9 am on Monday.', 'The store is open Monday to Saturday from 9 am to 7 pm.'],
  [
    false,
    'The store is open on Sunday from 9 am to 7 pm.',
    'The store is open Monday to Saturday from 9 am to 7 pm.',
  ],
  [
    true,
    'Shipping to Austria costs €7.50.',
    'Shipping costs: Germany €4.90, Austria €7.50, Switzerland €12.',
  ],
  [
    false,
    'Shipping to Germany costs €7.50.',
    'Shipping costs: Germany €4.90, Austria €7.50, Switzerland €12.',
  ],
  [
    true,
    'The ThinkPad X1 weighs 1.13 kg and the XPS 13 weighs 1.2 kg.',
    'The ThinkPad X1 weighs 1.13 kg. The XPS 13 weighs 1.2 kg.',
  ],
  [
    false,
    'The ThinkPad X1 weighs 1.2 kg and the XPS 13 weighs 1.13 kg.',
    'The ThinkPad X1 weighs 1.13 kg. The XPS 13 weighs 1.2 kg.',
  ],
  [false, 'The ThinkPad X1 weighs 1.2 kg.', 'The ThinkPad X1 weighs 1.13 kg. The XPS 13 weighs 1.2 kg.'],
  [true, 'Battery life is up to 10 hours.', 'The battery lasts for up to 10 hours.'],
  [false, 'Battery life is up to 10 minutes.', 'The battery lasts for up to 10 hours.'],
  [false, 'The lamp does not need a driver.', 'The lamp needs a driver.'],
  [false, 'The lamp never flickers.', 'The lamp flickers.'],
  [true, 'The lamp can be used without a driver.', 'The lamp can be used without a driver.'],
  [false, 'The lamp can be used with a driver.', 'The lamp can only be used without a driver.'],
  [true, 'The price is 1.299 EUR', 'The price is 1.299 EUR'],
  [true, 'It costs 1299 euros.', 'It costs €1,299.00.'],
  [false, 'It costs 12990 euros.', 'It costs €1,299.00.'],
  [false, 'Delivery takes 2-3 days.', 'Delivery takes 3-5 days.'],
  [true, 'Delivery takes 3–5 days.', 'Delivery takes 3 to 5 days.'],
  [
    true,
    'Our customer service is available 24 hours a day.',
    'Customer service is available 24 hours a day, 7 days a week.',
  ],
  [true, 'Call us at 0800 123 456.', 'Call us at 0800 123 456 for help.'],
  [false, 'Call us at 0800 123 457.', 'Call us at 0800 123 456 for help.'],
  [true, 'The Model Z200 supports Bluetooth 5.0.', 'Z200 supports Bluetooth 5.0 and Wi-Fi 6.'],
  [false, 'The Model Z200 supports Bluetooth 5.2.', 'Z200 supports Bluetooth 5.0 and Wi-Fi 6.'],
  [false, 'The Model Z300 supports Bluetooth 5.0.', 'Z200 supports Bluetooth 5.0 and Wi-Fi 6.'],
  [true, 'We ship with DHL.', 'All parcels are shipped with DHL.'],
  [false, 'We ship with UPS.', 'All parcels are shipped with DHL.'],
  [true, 'The company was founded by Anna Schmidt in 2010.', 'Anna Schmidt founded the company in 2010.'],
  [false, 'The company was founded by Anna Meyer in 2010.', 'Anna Schmidt founded the company in 2010.'],
  [false, 'The company was founded by Anna Schmidt in 2011.', 'Anna Schmidt founded the company in 2010.'],
  [true, '该笔记本的电池可续航 12 小时。', '电池续航时间为12小时。'],
  [false, '该笔记本的电池可续航 12 分钟。', '电池续航时间为12小时。'],
  [true, '支持7天无理由退货。', '本店支持七天无理由退货。'],
  [false, '不支持7天无理由退货。', '本店支持七天无理由退货。'],
  [false, '支持15天无理由退货。', '本店支持七天无理由退货。'],
  [true, '小米手机重量为 200 克。', '小米手机的重量是0.2千克。'],
  [false, '华为手机重量为 200 克。', '小米手机的重量是0.2千克。'],
  [true, '客服时间为周一至周五 9:00-18:00。', '客服工作时间：周一至周五9:00-18:00。'],
  [false, '客服时间为周一至周五 8:00-18:00。', '客服工作时间：周一至周五9:00-18:00。'],
  [true, '订单满 99 元包邮。', '全场订单满99元包邮，新疆西藏除外。'],
  [false, '订单满 199 元包邮。', '全场订单满99元包邮，新疆西藏除外。'],
  [true, 'Standard shipping is free on orders above $35.', 'Free standard shipping on all orders over $35.'],
  [true, 'Gift cards cannot be refunded.', 'Gift cards are non-refundable.'],
  [false, 'Gift cards can be refunded.', 'Gift cards are non-refundable.'],
  [true, 'Gift cards are not refundable.', 'Gift cards are non-refundable.'],
  [false, 'All items are eligible for return.', 'All items except underwear are eligible for return.'],
  [true, 'The price of the chair is 199 dollars', 'Price: $199.', 'Oslo chair'],
  [true, 'Yes, the Luna Bulb is dimmable.', 'Dimmable: yes.\nBase: E27.', 'Luna Bulb'],
  [true, 'The laptop has 16 GB of RAM.', 'Memory: 16 GB.\nStorage: 512 GB SSD.', 'X'],
  [false, 'The laptop has 512 GB of RAM.', 'Memory: 16 GB.\nStorage: 512 GB SSD.', 'X'],
  [true, '这款灯的功率为 9 瓦，色温 2700K。', 'Power: 9 W.\nColour temperature: 2,700 K.', 'Luna'],
  [false, '这款灯的功率为 9 瓦，色温 4000K。', 'Power: 9 W.\nColour temperature: 2,700 K.', 'Luna'],
  [false, 'The first 100 customers get 20% off.', 'The first 200 customers get 20% off.'],
  [false, 'Refunds are issued to your bank account.', 'Refunds are issued to the original payment method.'],
  [true, 'You must keep the receipt.', 'Customers must keep the receipt for returns.'],
  [false, 'The temperature range is 10 to 40 °C.', 'The temperature range is -10 to 40 °C.'],
  [true, 'The warranty does not cover water damage.', 'Water damage is not covered by the warranty.'],
  [false, 'The warranty covers water damage.', 'Water damage is not covered by the warranty.'],
  [false, 'Water damage is covered; scratches are not.', 'Scratches are covered; water damage is not.'],
  [
    true,
    'Please note that orders placed after 3 pm ship the next day.',
    'Orders placed after 3 pm ship the next day.',
  ],
  [false, 'Orders placed before 3 pm ship the next day.', 'Orders placed after 3 pm ship the next day.'],
  [true, 'Half a year of free support is included.', 'Six months of free support are included.'],
  [true, 'It supports resolutions up to 3840 x 2160.', 'Supports resolutions up to 3840x2160.'],
  [true, 'The desk is 120 cm wide.', 'Width: 1.2 m. Depth: 60 cm.', 'Desk'],
  [false, 'The desk is 60 cm wide.', 'Width: 1.2 m. Depth: 60 cm.', 'Desk'],
]

describe('law A1: light paraphrase stands, a small difference falls', () => {
  test.each(pairs)('%s: %s <- %s', (stands, sentence, source, title) => {
    expect(supports(sentence, evidence(source, { title: title ?? 'Help' }))).toBe(stands)
  })
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
