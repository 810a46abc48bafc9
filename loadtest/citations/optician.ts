import type { CitedShop } from './shop.ts'

export const optician: CitedShop = {
  name: 'optician',
  language: 'en',
  hand: 'second',
  documents: [
    `# Customer information

## Eye tests

An eye test lasts around 25 minutes and costs £30. It is free for children under 16 and for anyone over 60. Please bring your current glasses. Appointments can be cancelled up to 24 hours beforehand at no cost. You should not drive for two hours after receiving eye drops.

## Lens packages

| Package | Thickness | Coating | Price | Scratch guarantee |
|---|---|---|---|---|
| Basic | standard | none | £39 | 6 months |
| Comfort | 20% thinner | anti-glare | £79 | 1 year |
| Premium | 40% thinner | anti-glare, blue light | £149 | 3 years |
| Varifocal | 30% thinner | anti-glare | £229 | 2 years |

## Contact lens subscriptions

The first trial pair is free. After that you pay monthly: £18 for monthly lenses or £32 for daily lenses. The subscription can be paused for up to three months a year. It ends with four weeks' notice. Solution is included with monthly lenses only.

## Exchanges

Frames you do not like may be swapped within 45 days, provided the lenses have not been tinted. Sunglasses without prescription are refunded in full within 45 days. Contact lenses can only be swapped in sealed boxes. Made-to-measure sports goggles are excluded from exchange.

## Branches

| Branch | Street | Telephone | Late opening |
|---|---|---|---|
| Leeds | 4 Park Row | 0113 496 0102 | Thursday |
| York | 17 Coney Street | 01904 496 020 | Wednesday |
| Hull | 88 Jameson Street | 01482 496 044 | none |

All branches open at 9:00 and close at 17:30. On late opening days they close at 20:00. We are closed on bank holidays.

## Repairs

Screws and nose pads are replaced while you wait, without charge. Bent frames are straightened for £8. Broken frames from other shops cannot be repaired. A repair that needs a spare part takes six to eight working days.

## Home visits

An optometrist visits people who cannot leave home for health reasons. A visit must be booked at least ten days ahead and covers up to four patients at one address. We travel within 15 miles of a branch.
`,
  ],
  products: [
    {
      id: 'arlo',
      name: 'Arlo Round Frame',
      category: 'Frames',
      price: 95,
      currency: 'GBP',
      short_description:
        'Round frame of bio-acetate with spring hinges. Suitable for varifocal lenses. Case and cloth included; lenses are sold separately.',
      specs: {
        size: 'S, L',
        colour: 'Havana, Crystal, Olive',
        bridge_mm: 21,
        temple_mm: 145,
        weight_g: 19,
        hinge: 'spring hinge',
        stock: 27,
      },
    },
    {
      id: 'glide',
      name: 'Glide Swim Goggles',
      category: 'Goggles',
      price: 34.5,
      currency: 'GBP',
      short_description:
        'Swimming goggles with prescription lenses from -1.5 to -8. Silicone seal, latex-free. Not for diving.',
      specs: { colour: 'Smoke, Aqua', material: 'silicone', uv_protection: '100%', anti_fog: true, stock: 0 },
    },
  ],
  sentences: [
    {
      kind: 'table',
      of: 'Lens packages',
      stands: [
        'The Premium package costs £149 and its lenses are 40% thinner.',
        'Comfort lenses have an anti-glare coating.',
        'With Varifocal you get a scratch guarantee of two years.',
        'Basic lenses have no coating.',
        'The price of the Comfort package is £79.',
        'Blue light coating is part of the Premium package.',
      ],
      falls: [
        'The Premium package costs £229.',
        'Comfort lenses are 40% thinner.',
        'With Varifocal you get a scratch guarantee of three years.',
        'Basic lenses have an anti-glare coating.',
        'The Comfort package has a blue light coating.',
        'Varifocal costs £79 and is 30% thinner.',
        'The Basic package has a scratch guarantee of 1 year.',
      ],
    },
    {
      kind: 'table',
      of: 'Branches',
      stands: [
        'The York branch is at 17 Coney Street.',
        'In Leeds we open late on Thursdays.',
        'You can call the Hull branch on 01482 496 044.',
        'Hull has no late opening.',
      ],
      falls: [
        'The York branch is at 4 Park Row.',
        'In Leeds we open late on Wednesdays.',
        'You can call the Hull branch on 0113 496 0102.',
        'Hull opens late on Thursdays.',
        'The Leeds branch is in Jameson Street.',
      ],
    },
    {
      kind: 'letter',
      of: 'arlo',
      stands: ['The Arlo is made in sizes S and L.', 'Size L is available.'],
      falls: ['The Arlo is made in sizes S, M and L.', 'Size M is available.', 'You can have it in XL.'],
    },
    {
      kind: 'option',
      of: 'arlo',
      stands: [
        'You can choose between Havana, Crystal and Olive.',
        'The Arlo has spring hinges.',
        'The bridge measures 21 mm.',
        'It is offered in Olive.',
      ],
      falls: [
        'You can choose between Havana, Crystal and Tortoise.',
        'The Arlo has screwless hinges.',
        'The temples measure 21 mm.',
        'It is offered in Smoke.',
        'The frame is made of titanium.',
      ],
    },
    {
      kind: 'option',
      of: 'glide',
      stands: [
        'The goggles come in Smoke and Aqua.',
        'The seal is made of silicone.',
        'They have an anti-fog treatment.',
      ],
      falls: [
        'The goggles come in Smoke and Olive.',
        'The seal is made of latex.',
        'They have no anti-fog treatment.',
      ],
    },
    {
      kind: 'addition',
      of: 'Repairs',
      stands: ['We straighten bent frames for £8.'],
      falls: [
        'We straighten and polish bent frames for £8.',
        'Screws and nose pads are replaced while you wait, and your lenses are cleaned as well.',
        'A repair that needs a spare part takes six to eight working days, and we lend you a pair meanwhile.',
        'Bent frames are straightened for £8 at any branch.',
      ],
    },
    {
      kind: 'addition',
      of: 'arlo',
      stands: ['A case and a cloth are included.'],
      falls: [
        'A case, a cloth and a cleaning spray are included.',
        'The Arlo is a handmade round frame.',
        'It weighs 19 g and was designed in Copenhagen.',
        'The bio-acetate is recyclable.',
        'The round frame suits square faces.',
      ],
    },
    {
      kind: 'negation',
      of: 'Repairs',
      stands: ["We can't repair broken frames from other shops."],
      falls: [
        'Broken frames from other shops can be repaired.',
        'We also repair broken frames from other shops.',
        'Bent frames cannot be straightened.',
        'Nose pads are not replaced while you wait.',
      ],
    },
    {
      kind: 'negation',
      of: 'glide',
      stands: ['They are not made for diving.', 'The goggles contain no latex.'],
      falls: [
        'They are made for diving.',
        'The goggles contain latex.',
        'They do not have prescription lenses.',
        'You can dive with them.',
      ],
    },
    {
      kind: 'negation',
      of: 'arlo',
      stands: ['Lenses are not included.'],
      falls: [
        'Lenses are included.',
        'The Arlo is not suitable for varifocal lenses.',
        'The case is not included.',
      ],
    },
    {
      kind: 'quantifier',
      of: 'Eye tests',
      stands: ['For children under 16 the eye test is free.', 'People over 60 pay nothing for an eye test.'],
      falls: [
        'Eye tests are free.',
        'Eye tests are free for everyone.',
        'Every eye test costs £30.',
        'Only people over 60 get a free eye test.',
        'Eye tests are always £30.',
      ],
    },
    {
      kind: 'quantifier',
      of: 'Contact lens subscriptions',
      stands: ['Only monthly lenses include solution.', 'You get a first trial pair for free.'],
      falls: [
        'Solution is included with all lenses.',
        'Daily lenses include solution.',
        'All trial pairs are free.',
        'Monthly lenses are free.',
      ],
    },
    {
      kind: 'condition',
      of: 'Exchanges',
      stands: [
        'If the lenses are not tinted, you can swap a frame within 45 days.',
        'Contact lenses can be swapped if the box is still sealed.',
      ],
      falls: [
        'You can swap a frame within 45 days.',
        'Contact lenses can be swapped.',
        'You can swap a frame within 45 days if it has no scratches.',
        'Sunglasses without prescription are refunded in full within 45 days with a receipt.',
        'Sunglasses are refunded in full within 45 days.',
      ],
    },
    {
      kind: 'condition',
      of: 'Home visits',
      stands: [
        'If you cannot leave home for health reasons, an optometrist will visit you.',
        'We visit addresses up to 15 miles from a branch.',
      ],
      falls: [
        'An optometrist visits anyone at home.',
        'If you pay a fee, an optometrist visits you at home.',
        'A visit must be booked ten days ahead if you are a new customer.',
      ],
    },
    {
      kind: 'number',
      of: 'Contact lens subscriptions',
      stands: [
        'Daily lenses cost £32 a month.',
        'You can end it with 4 weeks notice.',
        'A pause of up to 3 months per year is possible.',
      ],
      falls: [
        'Daily lenses cost £18 a month.',
        'Daily lenses cost £32 a year.',
        'You can end it with 4 days notice.',
        'A pause of up to 6 months per year is possible.',
        'Monthly lenses cost £32.',
      ],
    },
    {
      kind: 'number',
      of: 'glide',
      stands: ['The prescription range is -1.5 to -8.', 'They cost £34.50.', 'UV protection is 100%.'],
      falls: [
        'The prescription range is -1.5 to -6.',
        'They cost £43.50.',
        'UV protection is 90%.',
        'They cost €34.50.',
      ],
    },
    {
      kind: 'time',
      of: 'Eye tests',
      stands: [
        'You can cancel your appointment free of charge until 24 hours before.',
        'The test takes about 25 minutes.',
        'After eye drops you must not drive for 2 hours.',
      ],
      falls: [
        'You can cancel your appointment free of charge until 48 hours before.',
        'The test takes about 25 hours.',
        'After eye drops you must not drive for 2 days.',
        'You may drive two hours before receiving eye drops.',
      ],
    },
    {
      kind: 'time',
      of: 'Branches',
      stands: [
        'Our branches open at 9 am and close at 5:30 pm.',
        'On bank holidays all branches are closed.',
        'The York branch is open late on Wednesday.',
      ],
      falls: [
        'Our branches open at 8 am.',
        'We are open on bank holidays.',
        'Our branches close at 6:30 pm.',
        'The York branch is open late on Thursday.',
        'Our branches open at 17:30.',
      ],
    },
    {
      kind: 'name',
      of: 'Branches',
      stands: ['We have branches in Leeds, York and Hull.'],
      falls: [
        'We have branches in Leeds, York and Bradford.',
        'The Sheffield branch is at 4 Park Row.',
        'The Leeds branch is at 4 Park Lane.',
      ],
    },
    {
      kind: 'name',
      of: 'arlo',
      stands: ['The Arlo costs £95.'],
      falls: [
        'The Milo costs £95.',
        'The Arlo is designed by Ray-Ban.',
        'The Arlo frame is made of Titanflex.',
      ],
    },
    {
      kind: 'comparative',
      of: 'Lens packages',
      stands: ['Premium lenses are thinner than standard.'],
      falls: [
        'Basic lenses are thinner than Premium lenses.',
        'Comfort is more expensive than Varifocal.',
        'Premium is the cheapest package.',
      ],
    },
    {
      kind: 'comparative',
      of: 'Home visits',
      stands: ['No more than four patients at one address are seen.', 'Book ten or more days ahead.'],
      falls: [
        'At least four patients at one address are seen.',
        'A visit must be booked at most ten days ahead.',
        'We travel more than 15 miles from a branch.',
      ],
    },
    {
      kind: 'entailment',
      of: 'arlo',
      stands: ['The Arlo is in stock.', 'The bridge is 2.1 cm wide.', 'It costs under £100.'],
      falls: ['The Arlo is out of stock.', 'The bridge is 21 cm wide.', 'It costs under £90.'],
    },
    {
      kind: 'entailment',
      of: 'glide',
      stands: ['The goggles are currently out of stock.', 'The UV protection is complete, 100 percent.'],
      falls: ['The goggles are in stock.', 'The goggles can be delivered right away.'],
    },
    {
      kind: 'entailment',
      of: 'Lens packages',
      stands: [
        'The scratch guarantee for Comfort is 12 months.',
        'Premium lenses come with a 36-month scratch guarantee.',
      ],
      falls: [
        'The scratch guarantee for Comfort is 24 months.',
        'Basic lenses come with a six-year scratch guarantee.',
      ],
    },
    {
      kind: 'paraphrase',
      of: 'Repairs',
      stands: [
        'New screws and nose pads are fitted free of charge while you wait.',
        'Repairs requiring a spare part need 6 to 8 business days.',
        'Straightening a bent frame costs £8.',
      ],
      falls: [
        'New screws are fitted for £8 while you wait.',
        'Repairs requiring a spare part need 6 to 8 weeks.',
      ],
    },
    {
      kind: 'paraphrase',
      of: 'Exchanges',
      stands: [
        'We give you all your money back on sunglasses without prescription within 45 days.',
        'Custom-made sports goggles cannot be exchanged.',
        'You can exchange a frame within 45 days as long as its lenses are untinted.',
      ],
      falls: [
        'We give you store credit on sunglasses without prescription within 45 days.',
        'Custom-made sports goggles can be exchanged.',
      ],
    },
    {
      kind: 'translation',
      of: 'Lens packages',
      stands: [
        'Premium 套餐价格149英镑，镜片薄40%。',
        'Comfort 套餐的价格是79英镑。',
        'Varifocal 套餐防刮保修2年。',
      ],
      falls: [
        'Premium 套餐价格229英镑。',
        'Comfort 镜片薄40%。',
        'Basic 套餐防刮保修3年。',
        'Comfort 套餐的价格是79欧元。',
      ],
    },
    {
      kind: 'translation',
      of: 'Eye tests',
      stands: ['验光约需25分钟，费用30英镑。', '16岁以下儿童免费。', '请带上您现在的眼镜。'],
      falls: ['验光约需45分钟，费用30英镑。', '18岁以下儿童免费。', '验光免费。'],
    },
    {
      kind: 'heading',
      of: 'Home visits',
      stands: ['A home visit must be booked ten days in advance.'],
      falls: [
        'An eye test must be booked ten days in advance.',
        'A repair must be booked ten days in advance.',
      ],
    },
    {
      kind: 'heading',
      of: 'Contact lens subscriptions',
      stands: ['The contact lens subscription can be paused for up to 3 months a year.'],
      falls: [
        'The guarantee can be paused for up to 3 months a year.',
        'The sunglasses subscription can be paused for up to 3 months a year.',
      ],
    },
    {
      kind: 'joined',
      of: ['arlo', 'Lens packages'],
      stands: ['The Arlo frame costs £95 and Comfort lenses cost £79.'],
      falls: [
        'The Arlo frame costs £79 and Comfort lenses cost £95.',
        'The Arlo frame costs £95 and Comfort lenses cost £149.',
      ],
    },
    {
      kind: 'joined',
      of: ['arlo', 'glide'],
      stands: ['The Arlo weighs 19 g, and the Glide goggles are made of silicone.'],
      falls: ['The Arlo is made of silicone, and the Glide goggles weigh 19 g.'],
    },
  ],
}
