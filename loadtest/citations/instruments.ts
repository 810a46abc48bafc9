import type { CitedShop } from './shop.ts'

export const instruments: CitedShop = {
  name: 'musical instruments',
  language: 'en',
  hand: 'second',
  documents: [
    `# Good to know

## Trying at home

Keep any instrument for 21 days and send it back if it does not suit you. Strings, reeds and mouthpieces must be unused. We collect pianos and drum kits ourselves; the pick-up fee is 60 euros. Instruments made to order cannot be sent back. Your money is paid out by bank transfer within 10 days.

## Hire

| Instrument | Monthly rent | Deposit | Shortest period | Insurance |
|---|---|---|---|---|
| Violin 3/4 | €14 | €50 | 3 months | included |
| Cello 1/2 | €26 | €120 | 6 months | included |
| Clarinet | €19 | €80 | 3 months | extra |
| Upright piano | €55 | none | 12 months | extra |

If you buy the instrument later, the first six monthly rents count towards the price.

## Shipping rates

| Country | Up to 5 kg | Up to 30 kg | Over 30 kg |
|---|---|---|---|
| Ireland | €6 | €12 | €45 |
| France | €9 | €18 | €70 |
| Spain | €10 | €21 | €85 |
| Norway | €19 | €39 | not offered |

Import duties outside the EU are borne by the buyer.

## Workshop

A guitar setup costs €65 and is done in three days. Rehairing a bow costs €48. Pianos are tuned at your home from €95; this takes about ninety minutes. We do not repair electronics older than ten years. Estimates are free and binding.

## Lessons

Lessons last 30 or 45 minutes and take place Monday through Friday between 14:00 and 20:00. The trial lesson is free if you sign up for a term. Lessons missed by the student are not made up. There are no lessons during school holidays. Siblings receive a 15% discount.

## Warranty

New instruments carry a warranty of three years, second-hand ones of one year. Cracks caused by dry air are not a warranty case. Keep humidity between 45% and 60%.
`,
  ],
  products: [
    {
      id: 'sola',
      name: 'Sola SG-20 Acoustic Guitar',
      category: 'Acoustic guitars',
      price: 349,
      currency: 'EUR',
      short_description:
        'Dreadnought with a solid spruce top and mahogany back and sides. Gig bag included, no pickup. For right-handed players.',
      specs: {
        scale_mm: 648,
        frets: 20,
        strings: 'steel',
        finish: 'Natural, Sunburst',
        neck: 'nato',
        weight_kg: 2.1,
        stock: 8,
      },
    },
    {
      id: 'tempo',
      name: 'Tempo P-88 Stage Piano',
      category: 'Stage pianos',
      price: 799,
      currency: 'EUR',
      short_description:
        'Hammer action with 88 keys. Speakers 2 x 10 W. Stand and pedal unit are optional. Runs on mains only.',
      specs: {
        keys: 88,
        sounds: 24,
        polyphony: 192,
        bluetooth: true,
        headphone_sockets: 2,
        colour: 'Black, White',
        weight_kg: 12.3,
        stock: 0,
      },
    },
  ],
  sentences: [
    {
      kind: 'table',
      of: 'Hire',
      stands: [
        'A 3/4 violin rents for €14 a month with a deposit of €50.',
        'The clarinet has a minimum period of 3 months.',
        'For the upright piano there is no deposit.',
        'Insurance is included for the cello.',
        'The deposit for the clarinet is €80.',
        'Insurance costs extra for the clarinet.',
      ],
      falls: [
        'A 3/4 violin rents for €19 a month.',
        'The clarinet has a minimum period of 6 months.',
        'For the cello there is no deposit.',
        'Insurance is included for the clarinet.',
        'The deposit for the clarinet is €120.',
        'The upright piano rents for €26 a month.',
        'A 3/4 violin rents for €50 a month with a deposit of €14.',
      ],
    },
    {
      kind: 'table',
      of: 'Shipping rates',
      stands: [
        'Shipping to France costs €18 for up to 30 kg.',
        'Parcels of up to 5 kg to Spain cost €10.',
        'Over 30 kg, shipping to Ireland is €45.',
        'We do not ship more than 30 kg to Norway.',
      ],
      falls: [
        'Shipping to France costs €18 for up to 5 kg.',
        'Parcels of up to 5 kg to Spain cost €9.',
        'Over 30 kg, shipping to Ireland is €70.',
        'Shipping to Norway costs €45 for over 30 kg.',
        'Shipping to Spain costs €18 for up to 30 kg.',
        'Parcels up to 30 kg to Ireland cost €6.',
      ],
    },
    {
      kind: 'letter',
      of: 'sola',
      stands: ['It is the SG-20.'],
      falls: ['The SG-30 weighs 2.1 kg.', 'The SX-20 weighs 2.1 kg.'],
    },
    {
      kind: 'option',
      of: 'sola',
      stands: [
        'The top is solid spruce; back and sides are mahogany.',
        'You can get it in Natural or Sunburst.',
        'It has steel strings.',
        'The neck is made of nato.',
      ],
      falls: [
        'The top is solid mahogany.',
        'You can get it in Natural or Cherry.',
        'It has nylon strings.',
        'The neck is made of mahogany.',
        'Back and sides are spruce.',
        'It is sold in Black.',
      ],
    },
    {
      kind: 'option',
      of: 'tempo',
      stands: [
        'The P-88 comes in black and white.',
        'It has Bluetooth.',
        'Two headphone sockets are provided.',
      ],
      falls: [
        'The P-88 comes in black and red.',
        'It has no Bluetooth.',
        'Two pedals are provided.',
        'It has 24 keys.',
        'It has 88 sounds.',
      ],
    },
    {
      kind: 'addition',
      of: 'Lessons',
      stands: ['Brothers and sisters get a 15% discount.'],
      falls: [
        'Siblings receive a 15% discount and free sheet music.',
        'Lessons last 30 or 45 minutes and can be booked online.',
        'Lessons last 30 or 45 minutes with qualified teachers.',
        'Group lessons last 30 or 45 minutes.',
      ],
    },
    {
      kind: 'addition',
      of: 'sola',
      stands: ['The guitar has 20 frets and a gig bag is included.'],
      falls: [
        'The guitar has 20 frets and is perfect for beginners.',
        'The gig bag is padded.',
        'A gig bag, a tuner and picks are included.',
        'The spruce comes from sustainable forests.',
        'It weighs 2.1 kg and has a warm tone.',
      ],
    },
    {
      kind: 'negation',
      of: 'Trying at home',
      stands: ['Made-to-order instruments cannot be returned.'],
      falls: [
        'Instruments made to order can be sent back.',
        'Pianos are not collected.',
        'Strings need not be unused.',
        'Used reeds can be sent back.',
      ],
    },
    {
      kind: 'negation',
      of: 'Workshop',
      stands: [
        'Electronics that are more than ten years old are not repaired.',
        'An estimate costs nothing.',
      ],
      falls: [
        'We repair electronics older than ten years.',
        'Estimates are not binding.',
        'Estimates are not free.',
      ],
    },
    {
      kind: 'negation',
      of: 'sola',
      stands: ['The guitar has no pickup.', 'It comes without a pickup.'],
      falls: ['The guitar has a pickup.', 'The gig bag is not included.', 'It is for left-handed players.'],
    },
    {
      kind: 'quantifier',
      of: 'Warranty',
      stands: ['New instruments have a 3-year warranty.'],
      falls: [
        'All instruments carry a warranty of three years.',
        'Only new instruments carry a warranty.',
        'Every crack is a warranty case.',
      ],
    },
    {
      kind: 'quantifier',
      of: 'Lessons',
      stands: ['During school holidays there are no lessons.'],
      falls: [
        'Lessons take place every day.',
        'Lessons are free.',
        'All students receive a 15% discount.',
        'Lessons always last 45 minutes.',
      ],
    },
    {
      kind: 'condition',
      of: 'Trying at home',
      stands: [
        'Reeds can be sent back only if they are unused.',
        'If an instrument does not suit you, return it within 21 days.',
      ],
      falls: [
        'Reeds can be sent back within 21 days.',
        'You can keep any instrument for 21 days if you pay a deposit.',
        'Your money is paid out within 10 days if you have the original box.',
      ],
    },
    {
      kind: 'condition',
      of: 'Lessons',
      stands: ['If you sign up for a term, you get the trial lesson for free.'],
      falls: [
        'The trial lesson is free.',
        'The trial lesson is free if you are under 18.',
        'Lessons missed by the teacher are not made up.',
      ],
    },
    {
      kind: 'condition',
      of: 'Hire',
      stands: ['The first six rents are credited if you buy the instrument later.'],
      falls: [
        'The first six rents are refunded if you return the instrument.',
        'All rents count towards the price if you buy the instrument later.',
      ],
    },
    {
      kind: 'number',
      of: 'Workshop',
      stands: [
        'A guitar setup is €65.',
        'Rehairing costs 48 euros.',
        'Tuning takes roughly an hour and a half.',
      ],
      falls: [
        'A guitar setup is €48.',
        'Rehairing costs 84 euros.',
        'Tuning takes roughly nineteen minutes.',
        'Rehairing costs £48.',
        'Piano tuning at home costs from €59.',
      ],
    },
    {
      kind: 'number',
      of: 'tempo',
      stands: [
        'It weighs 12.3 kg and has 192-voice polyphony.',
        'The speakers have 2 x 10 W.',
        'It offers 24 sounds.',
      ],
      falls: [
        'It weighs 13.2 kg.',
        'The speakers have 2 x 20 W.',
        'It offers 42 sounds.',
        'It has 128-voice polyphony.',
        'It weighs 12.3 lb.',
      ],
    },
    {
      kind: 'time',
      of: 'Lessons',
      stands: [
        'Lessons are held on weekdays from 2 pm to 8 pm.',
        'On Wednesdays lessons take place between 14:00 and 20:00.',
      ],
      falls: [
        'Lessons are held on weekends from 2 pm to 8 pm.',
        'On Saturdays lessons take place between 14:00 and 20:00.',
        'Lessons are held from 4 pm to 8 pm.',
        'Lessons are held on weekdays from 2 am to 8 am.',
      ],
    },
    {
      kind: 'time',
      of: 'Warranty',
      stands: ['Second-hand instruments have a warranty of twelve months.'],
      falls: [
        'Second-hand instruments have a warranty of three years.',
        'New instruments have a warranty of three months.',
      ],
    },
    {
      kind: 'name',
      of: 'Shipping rates',
      stands: ['For Norway, up to 5 kg costs €19.'],
      falls: ['Shipping to Italy costs €18 for up to 30 kg.', 'For Sweden, up to 5 kg costs €19.'],
    },
    {
      kind: 'name',
      of: 'tempo',
      stands: ['The Tempo P-88 has hammer action.'],
      falls: [
        'The Tempo P-99 has hammer action.',
        'The Yamaha P-88 has hammer action.',
        'The Tempo P-88 has Roland hammer action.',
      ],
    },
    {
      kind: 'comparative',
      of: ['sola', 'tempo'],
      stands: [],
      falls: [
        'The Sola SG-20 weighs more than the Tempo P-88.',
        'The Tempo P-88 is the best stage piano under €1000.',
        'The Sola SG-20 is more expensive than the Tempo P-88.',
      ],
    },
    {
      kind: 'comparative',
      of: 'Warranty',
      stands: ['Humidity should be at least 45%.'],
      falls: [
        'Humidity should be above 60%.',
        'Humidity should be below 45%.',
        'Second-hand instruments have a longer warranty than new ones.',
      ],
    },
    {
      kind: 'entailment',
      of: 'sola',
      stands: ['The SG-20 is available now.', 'The scale is 64.8 cm.', 'It weighs 2,100 g.'],
      falls: ['The SG-20 is sold out.', 'The scale is 648 cm.', 'It weighs 21 kg.'],
    },
    {
      kind: 'entailment',
      of: 'tempo',
      stands: [
        'The P-88 is not available at the moment.',
        'It does not run on batteries, only on mains.',
        'A stand is available as an option.',
      ],
      falls: ['The P-88 is in stock.', 'It runs on batteries.', 'A stand is included.'],
    },
    {
      kind: 'paraphrase',
      of: 'Trying at home',
      stands: [
        'You have three weeks to send an instrument back.',
        'Picking up a piano costs €60.',
        'You get your money by bank transfer within ten days.',
        'We pick up drum kits ourselves.',
      ],
      falls: [
        'You have three months to send an instrument back.',
        'Picking up a piano is free.',
        'You get your money in cash within ten days.',
      ],
    },
    {
      kind: 'paraphrase',
      of: 'Shipping rates',
      stands: ['The buyer pays import duties outside the EU.'],
      falls: ['We pay import duties outside the EU.', 'The buyer pays import duties inside the EU.'],
    },
    {
      kind: 'translation',
      of: 'Hire',
      stands: ['单簧管月租19欧元，押金80欧元。', '立式钢琴最短租期12个月。'],
      falls: ['单簧管月租26欧元，押金80欧元。', '立式钢琴最短租期18个月。', '单簧管月租19美元。'],
    },
    {
      kind: 'translation',
      of: 'tempo',
      stands: ['Tempo P-88 有88个琴键，重12.3公斤。', '支持蓝牙。', '颜色有黑色和白色。'],
      falls: ['Tempo P-88 有76个琴键。', '不支持蓝牙。', '颜色有黑色和红色。', 'Tempo P-90 重12.3公斤。'],
    },
    {
      kind: 'heading',
      of: 'Lessons',
      stands: ['A lesson lasts 30 or 45 minutes.'],
      falls: ['A concert lasts 30 or 45 minutes.'],
    },
    {
      kind: 'heading',
      of: 'Shipping rates',
      stands: ['The shipping rate for Ireland is €12 for up to 30 kg.'],
      falls: ['The rental rate for Ireland is €12 for up to 30 kg.'],
    },
    {
      kind: 'joined',
      of: ['sola', 'tempo'],
      stands: [
        'The SG-20 costs €349, the P-88 €799.',
        'The SG-20 weighs 2.1 kg and the P-88 weighs 12.3 kg.',
      ],
      falls: ['The SG-20 costs €799, the P-88 €349.', 'The SG-20 weighs 12.3 kg and the P-88 weighs 2.1 kg.'],
    },
    {
      kind: 'joined',
      of: ['sola', 'Warranty'],
      stands: ['The SG-20 costs €349 and carries a warranty of three years.'],
      falls: ['The SG-20 costs €349 and carries a warranty of five years.'],
    },
  ],
}
