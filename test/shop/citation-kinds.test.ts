import { describe, expect, test } from 'vitest'
import { baby } from '../../loadtest/citations/baby.ts'
import { bicycles } from '../../loadtest/citations/bicycles.ts'
import { isKept, writtenCases } from '../../loadtest/citations/cases.ts'
import { garden } from '../../loadtest/citations/garden.ts'
import { instruments } from '../../loadtest/citations/instruments.ts'
import { optician } from '../../loadtest/citations/optician.ts'
import { tea } from '../../loadtest/citations/tea.ts'
import { createCitationFilter } from '../../server/answering/retrieval/citation/filter.ts'
import { supports } from '../../server/answering/retrieval/citation/support.ts'
import { evidence } from '../fixtures/evidence.ts'

const sizes = evidence(
  'Size: S; Chest (inches): 34-36; Length: 27\nSize: M; Chest (inches): 38-40; Length: 28\nSize: L; Chest (inches): 42-44; Length: 29',
  { title: 'Size charts › Shirts' },
)
const shoes = evidence(
  [
    'India/UK: 9; US Men: 10; US Women: 11; EU: 44; Foot Length (cm): 27.1',
    'India/UK: 10; US Men: 11; US Women: 12; EU: 45; Foot Length (cm): 28',
    'India/UK: 11; US Men: 12; US Women: 13; EU: 46; Foot Length (cm): 28.8',
    'India/UK: 12; US Men: 13; US Women: 14; EU: 47; Foot Length (cm): 29.7',
  ].join('\n'),
  { title: 'Size charts › Shoes' },
)
const hours = evidence('Tuesday to Friday: 9:30 am - 6:30 pm\nSaturday: 10 am - 4 pm\nSunday: closed', {
  title: 'Guide › Opening hours',
})
const delivery = evidence(
  'Parcels are delivered by DHL within 2-4 working days. Delivery within Germany is free for orders over €75. We do not ship to islands.',
  { title: 'Guide › Delivery' },
)
const hoodie = evidence(
  'Price: $89.\nSize: S, M, L.\nColour: Black, Sage.\nWeight: 650 g.\nStock: 116.\nHeavy hoodie with a kangaroo pocket.',
  { title: 'Essential Hoodie', source: 'product' },
)
const duffel = evidence(
  'Price: $68.\nColor: Black, Navy.\nLining: Polyester.\nWashable: No.\nWeight: 900 g.',
  {
    title: 'Training Duffel Bag',
    source: 'product',
  },
)
const returns = evidence(
  '收到商品后7天内，未拆封的茶叶可以退货。拆封后的茶叶不支持退换。退货运费由买家承担。',
  {
    title: '说明 › 退换货',
  },
)

const kinds: [kind: string, source: ReturnType<typeof evidence>, stands: string[], falls: string[]][] = [
  [
    'cells in their row',
    sizes,
    ['Size M has a chest of 38-40 inches.', 'For size L the length is 29.'],
    ['Size M has a chest of 34-36 inches.', 'The length of size S is 29.', 'Size L has a length of 42-44.'],
  ],
  [
    'numbers in their row and column',
    shoes,
    [
      'India/UK: 11; US Men: 12; US Women: 13; EU: 46; Foot Length (cm): 28.8',
      'India/UK: 11; US Men: 12',
      'For UK 12 the EU size is 47.',
    ],
    [
      'India/UK: 11; US Men: 10',
      'India/UK: 11; US Men: 11',
      'UK 12 is US Men 12.',
      'For UK 12 the EU size is 46.',
    ],
  ],
  [
    'cells by their names',
    duffel,
    [
      'Training Duffel Bag: price $68, color Black, Navy.',
      'Training Duffel Bag: price $68, color Navy, lining Polyester.',
    ],
    [
      'Training Duffel Bag: price $68, color Navy, lining Black.',
      'Training Duffel Bag: price $68, color Polyester, lining Navy.',
      'Training Duffel Bag: price $68, color Black, Navy, lining Navy.',
      'Training Duffel Bag: price $68, color Black, Navy, washable.',
      'color Navy, lining Black',
    ],
  ],
  [
    'one-letter values',
    hoodie,
    ['It is available in size M.', 'The Essential Hoodie comes in sizes S, M and L.'],
    ['It is available in size XL.', 'The Essential Hoodie comes in sizes S, M, L and XL.'],
  ],
  ['options', hoodie, ['It comes in Black and Sage.'], ['It comes in Black and Navy.', 'It comes in red.']],
  [
    'what is added',
    hoodie,
    ['It weighs 650 g.'],
    [
      'It weighs 650 g and is machine washable.',
      'It costs $89, and you get a free tote bag.',
      'It weighs 650 g, which makes it the lightest in its class.',
    ],
  ],
  [
    'what follows',
    hoodie,
    ['The Essential Hoodie is in stock.', 'It weighs 0.65 kg.'],
    ['The Essential Hoodie is out of stock.', 'It weighs 6.5 kg.'],
  ],
  [
    'days and hours',
    hours,
    [
      'On Saturday we are open from 10 am to 4 pm.',
      'We are closed on Sundays.',
      'On Wednesday we open at 9:30 am.',
    ],
    [
      'On Saturday we are open until 6:30 pm.',
      'We are open on Sundays.',
      'We are closed on Saturdays.',
      'On Sunday we are open from 10 am to 4 pm.',
    ],
  ],
  [
    'negation, quantifiers and conditions',
    delivery,
    [
      'We do not ship to islands.',
      'Delivery within Germany is free for orders over €75.',
      'For orders above €75 delivery within Germany is free.',
    ],
    [
      'We ship to islands.',
      'Delivery within Germany is free.',
      'All orders are delivered free within Germany.',
      'Delivery within Germany is free for orders under €75.',
      'Delivery is always free.',
    ],
  ],
  [
    'negation and conditions, in Chinese',
    returns,
    ['拆封后的茶叶不能退换。', '收到商品后7天内，未拆封的茶叶可以退货。'],
    ['拆封后的茶叶支持退换。', '未拆封的茶叶不能退货。', '收到商品后17天内，未拆封的茶叶可以退货。'],
  ],
  [
    'a translation',
    delivery,
    ['包裹由 DHL 在2-4个工作日内送达。'],
    ['包裹由 UPS 在2-4个工作日内送达。', '包裹由 DHL 在2-4周内送达。'],
  ],
]

describe('law A1: what a sentence says is read with what it is said of', () => {
  describe.each(kinds)('%s', (_, source, stands, falls) => {
    test.each(stands)('stands: %s', sentence => expect(supports(sentence, source)).toBe(true))
    test.each(falls)('falls: %s', sentence => expect(supports(sentence, source)).toBe(false))
  })

  test('two sources that say it together are both cited', () => {
    const bag = evidence('Price: $58.\nWeight: 220 g.', {
      title: 'Crossbody Bag',
      source: 'product',
      source_id: 'bag',
    })
    const shown = (text: string) => {
      const filter = createCitationFilter([{ ...hoodie, source_id: 'hoodie' }, bag])
      return filter.push(text) + filter.end()
    }
    const written = 'The Essential Hoodie costs $89 and the Crossbody Bag costs $58 [1][2].'
    expect(shown(written)).toBe(written)
    expect(shown('The Essential Hoodie costs $58 and the Crossbody Bag costs $89 [1][2].')).not.toContain('[')
  })
})

/** Shares that the check had when this was written, with a little room: what gets worse is seen. */
test.each([
  ['first', [bicycles, tea, garden], 0.05, 0.12],
  ['second', [optician, baby, instruments], 0.06, 0.33],
] as const)('law A1: of the sentences of the %s hand', async (_, shops, keptMax, lostMax) => {
  const cases = (await Promise.all(shops.map(writtenCases))).flat()
  const falls = cases.filter(({ stands }) => !stands)
  const stands = cases.filter(each => each.stands)
  expect(falls.filter(isKept).length / falls.length).toBeLessThanOrEqual(keptMax)
  expect(stands.filter(each => !isKept(each)).length / stands.length).toBeLessThanOrEqual(lostMax)
})

test('law A1: a very long sentence, and thousands of marks, take linear time', () => {
  const timeOf = (count: number) => {
    const text = `${'It weighs 650 g and costs $89, not 1.2.3 no never. '.repeat(count)}[1] ${'[1] It weighs 650 g '.repeat(count)}`
    const started = performance.now()
    const filter = createCitationFilter([hoodie])
    for (let at = 0; at < text.length; at += 9) filter.push(text.slice(at, at + 9))
    filter.end()
    return performance.now() - started
  }
  timeOf(100)
  expect(timeOf(1600)).toBeLessThan(timeOf(200) * 8 * 6)
})
