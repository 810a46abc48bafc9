import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ProductInput } from '#protocol/shop/catalogue'
import { profileOf } from '../../server/answering/retrieval/catalogue/profile.ts'
import { satisfies, sortValue } from '../../server/answering/retrieval/catalogue/satisfies.ts'
import { readConstraints } from '../../server/answering/retrieval/question/constraints.ts'
import { chairs, lamps, notebooks } from '../fixtures/shops.ts'

/** The ids a question leaves, in the order of its superlative. */
function chosen(shop: ProductInput[], question: string): string {
  const { filters, sort } = readConstraints(question, profileOf(shop))
  const found = shop.filter(product => satisfies(product, filters))
  if (sort) {
    const sign = sort.direction === 'ascending' ? 1 : -1
    found.sort((a, b) => sign * ((sortValue(a, sort) ?? sign * 1e12) - (sortValue(b, sort) ?? sign * 1e12)))
  }
  return found.map(product => product.id).join(' ')
}

function expectChosen(shop: ProductInput[], cases: [question: string, ids: string][]) {
  test.each(cases)('%s -> %s', (question, ids) => expect(chosen(shop, question)).toBe(ids))
}

describe('limits', () => {
  expectChosen(notebooks, [
    ['laptops under 1000 euros with 16 GB', 'N2 N3'],
    ['1000 欧元以内，16G 内存的笔记本', 'N2 N3'],
    ['under 999 euros', 'N2 N4'],
    ['at most 999 euros', 'N2 N3 N4'],
    ['不超过999欧元', 'N2 N3 N4'],
    ['低于999欧元', 'N2 N4'],
    ['between 500 and 1000 euros', 'N2 N3'],
    ['500-1000欧的笔记本', 'N2 N3'],
    ['从500到1000欧元', 'N2 N3'],
    ['around 600 euros', 'N2'],
    ['600欧元左右', 'N2'],
    ['under 1k', 'N2 N3 N4'],
    ['一千以内', 'N2 N3 N4'],
    ['预算 600 欧元', 'N2 N4'],
    ['more than 1000', 'N1'],
    ['lighter than 1500 g', 'N1 N4'],
    ['weight below 1.5', 'N1 N4'],
    ['重量至少2公斤', 'N3'],
    ['at least 15 inches', 'N2 N3'],
    ['a 15 inch screen', 'N2 N3'],
    ['at least 512GB storage', 'N2 N3'],
    ['at least 200GB SSD', 'N2'],
    ['8 GB RAM', 'N1'],
    ['内存不低于16G，价格不超过600欧', 'N2'],
    ['不要超过400', 'N4'],
    ['13 inch 8gb ram under 1400', 'N1'],
    ['a light laptop, max 600 euros', 'N4 N2'],
  ])
  expectChosen(lamps, [
    ['lamp over 1000 lumens under $50', 'L2 L5'],
    ['亮度至少1000流明', 'L2 L3 L5'],
    ['under 10 W', 'L1 L4'],
    ['0.01 kW or less', 'L1 L4'],
    ['taller than 40cm', 'L2 L3'],
    ['height under 0.12 m', 'L1 L4'],
    ['色温3000K以下', 'L1 L3 L4'],
    ['colour temperature around 2700K', 'L1 L3'],
    ['battery of at least 600 minutes', 'L4'],
  ])
  expectChosen(chairs, [
    ['max load at least 130kg', 'C2'],
    ['承重至少130公斤', 'C2'],
    ['chairs under 10 kg', 'C2'],
    ['seat height under 46 cm', 'C1'],
    ['1000元以内', 'C2'],
    ['warranty of at least 30 months', 'C1'],
  ])
})

describe('texts and yes-or-no columns', () => {
  expectChosen(notebooks, [
    ['Lenovo under 500', 'N4'],
    ['brand Apple', 'N1'],
    ['not Lenovo', 'N1 N2'],
    ['不要苹果', 'N2 N3 N4'],
    ['除了联想', 'N1 N2'],
    ['without HDD', 'N1 N4'],
    ['os Linux', 'N4'],
    ['Nvidia graphics', 'N2 N3'],
    ['a gaming laptop', 'N3'],
    ['游戏笔记本', 'N3'],
    ['Apple or HP', 'N1 N2'],
    ['GTX 1050', 'N3'],
  ])
  expectChosen(lamps, [
    ['dimmable E27 bulb', 'L1 L5'],
    ['不可调光的灯', 'L2 L4'],
    ['not dimmable', 'L2 L4'],
    ['a red lamp', 'L2'],
    ['红色的灯', 'L2'],
    ['not white', 'L2 L3 L4'],
  ])
  expectChosen(chairs, [
    ['chair without armrests', 'C2'],
    ['带扶手的椅子', 'C1'],
    ['black chair', 'C1'],
    ['木椅', 'C2'],
  ])
})

describe('superlatives', () => {
  expectChosen(notebooks, [
    ['the cheapest laptop', 'N4 N2 N3 N1'],
    ['最便宜的', 'N4 N2 N3 N1'],
    ['most expensive', 'N1 N3 N2 N4'],
    ['the lightest one', 'N4 N1 N2 N3'],
    ['which one weighs the least?', 'N4 N1 N2 N3'],
    ['what costs the most', 'N1 N3 N2 N4'],
    ['最轻的联想', 'N4 N3'],
    ['屏幕最大', 'N2 N3 N1 N4'],
    ['largest screen', 'N2 N3 N1 N4'],
    ['most memory', 'N2 N3 N1 N4'],
  ])
  expectChosen(lamps, [
    ['most lumens', 'L3 L5 L2 L1 L4'],
    ['the brightest dimmable lamp', 'L3 L5 L1'],
    ['最亮的灯', 'L3 L5 L2 L1 L4'],
    ['longest battery', 'L4 L1 L2 L3 L5'],
  ])
})

describe('what cannot be applied is said', () => {
  test('an amount in a currency the catalogue has no prices in', () => {
    const found = readConstraints('1000元以内的笔记本', profileOf(notebooks))
    expect(found).toMatchObject({ filters: [], foreignCurrency: 'CNY' })
  })

  test('a condition on something the catalogue does not list', () => {
    expect(readConstraints('battery of at least 10 hours', profileOf(notebooks)).unknown).toEqual([
      'at least 10 hours',
    ])
  })

  test('what is asked about, and the words that are left', () => {
    const found = readConstraints('how heavy is the Yoga Book?', profileOf(notebooks))
    expect(found).toMatchObject({ filters: [], sort: null, askedKeys: ['weight_kg'] })
    expect(readConstraints('return within 30 days?', profileOf(notebooks)).filters).toEqual([])
  })
})

test('a limit is kept whatever its number, unit and language', () => {
  const shop = notebooks
  const profile = profileOf(shop)
  fc.assert(
    fc.property(
      fc.integer({ min: 500, max: 4000 }),
      fc.constantFrom('under', 'at most', '低于', '不超过'),
      (grams, words) => {
        const chinese = /\p{Script=Han}/u.test(words)
        const questions = chinese
          ? [`重量${words}${grams}克`, `重量${words}${grams / 1000}公斤`]
          : [`${words} ${grams} g`, `weight ${words} ${grams / 1000} kg`]
        for (const question of questions) {
          const { filters } = readConstraints(question, profile)
          expect(filters).toHaveLength(1)
          for (const product of shop.filter(one => satisfies(one, filters)))
            expect(Number.parseFloat(String(product.specs.weight_kg)) * 1000).toBeLessThanOrEqual(
              grams + 1e-6,
            )
        }
      },
    ),
  )
})

test('law S6: any text is read without failing, whatever the catalogue', () => {
  const odd: ProductInput[] = [
    {
      ...notebooks[0]!,
      specs: { __proto__x: '1 kg', '': '', 'a|b': 5, 重量: '两公斤', '💡': true, constructor: 'x' },
    },
  ]
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      fc.constantFrom(odd, lamps, []),
      (text, shop) => {
        readConstraints(text, profileOf(shop))
      },
    ),
  )
})
