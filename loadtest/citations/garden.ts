import type { CitedShop } from './shop.ts'

export const garden: CitedShop = {
  name: 'garden centre',
  language: 'en',
  hand: 'first',
  documents: [
    `# Help

## Plant guarantee

Hardy trees and shrubs come with a 12-month growing guarantee. If a plant dies within that time, send us a photo and we replace it once. Seasonal bedding plants and seeds are excluded. The guarantee does not apply if the plant was kept indoors.

## Planting table

| Plant | Planting depth | Spacing | Flowering | Full sun |
|---|---|---|---|---|
| Tulip | 15 cm | 10 cm | April to May | yes |
| Snowdrop | 8 cm | 5 cm | February | no |
| Lily | 20 cm | 30 cm | June to August | yes |
| Crocus | 7 cm | 6 cm | March | yes |

## Click and collect

Order online and collect in store from two hours later. We hold your order for 5 days. Bring your order number and photo ID. Collection is free. Large items such as sheds and greenhouses cannot be collected.

## Home delivery

1. Small parcels: £3.95, 3 to 5 days
2. Large items: £35, 7 to 10 days
3. Turf and compost on pallets: £49, weekdays only, kerbside

Deliveries to Northern Ireland take two extra days. We cannot deliver to PO boxes.

## Gift cards

Gift cards are sold in amounts from £10 to £250. They expire 24 months after purchase and cannot be exchanged for cash. A gift card can be used in store and online.

## Visiting

- **Summer (March-October)**: Mon-Sat 8:00-18:00, Sun 10:30-16:30
- **Winter (November-February)**: Mon-Sat 9:00-17:00, Sun closed

Dogs are welcome on a lead in the outdoor areas but not in the café. Parking is free for the first three hours. Wheelchairs can be borrowed at the entrance.

## Lawn care

Mow your lawn once a week from April to September. Water early in the morning. Apply 35 g of feed per square metre every six weeks. Never feed a dry lawn.
`,
  ],
  products: [
    {
      id: 'oakham-shed',
      name: 'Oakham Garden Shed',
      category: 'Sheds',
      price: 429,
      currency: 'GBP',
      short_description:
        'Pressure-treated pine shed with a felt roof. The door can be hung on either side. Floor not included. Delivered flat-packed.',
      specs: {
        width_cm: 183,
        depth_cm: 122,
        height_cm: 198,
        material: 'pine',
        windows: 1,
        warranty: '15 years',
        stock: 12,
      },
    },
    {
      id: 'breeze-40',
      name: 'Breeze 40 Cordless Mower',
      category: 'Mowers',
      price: 279.99,
      currency: 'GBP',
      short_description:
        'Cordless mower for lawns up to 300 m². Battery and charger included. Folds for storage.',
      specs: {
        cutting_width_cm: 38,
        cutting_heights: '25, 40, 55, 70 mm',
        battery: '36 V, 4 Ah',
        weight_kg: 15.5,
        grass_box_l: 40,
        noise: '88 dB',
        colour: 'Green, Orange',
        stock: 3,
      },
    },
  ],
  sentences: [
    {
      kind: 'table',
      of: 'Planting table',
      stands: [
        'Tulips are planted 15 cm deep and 10 cm apart.',
        'Lilies flower from June to August.',
        'Plant snowdrops at a depth of 8 cm.',
        'The crocus flowers in March.',
        'The spacing for lilies is 30 cm.',
        'Snowdrops do not need full sun.',
      ],
      falls: [
        'Tulips are planted 10 cm deep and 15 cm apart.',
        'Lilies flower from April to May.',
        'Plant snowdrops at a depth of 7 cm.',
        'The crocus flowers in February.',
        'The spacing for lilies is 20 cm.',
        'Snowdrops need full sun.',
        'Plant crocuses at a depth of 6 cm.',
        'Tulips flower in March.',
      ],
    },
    {
      kind: 'table',
      of: 'Home delivery',
      stands: [
        'Small parcels cost £3.95 and take 3 to 5 days.',
        'Delivery of large items is £35.',
        'Turf on pallets is delivered on weekdays only.',
      ],
      falls: [
        'Small parcels cost £35.',
        'Large items take 3 to 5 days.',
        'Turf on pallets costs £35.',
        'Compost on pallets takes 7 to 10 days.',
        'Large items cost £49 and take 7 to 10 days.',
      ],
    },
    {
      kind: 'option',
      of: 'breeze-40',
      stands: [
        'The Breeze 40 comes in green and orange.',
        'Cutting heights of 25, 40, 55 and 70 mm can be set.',
        'A battery and a charger are included.',
      ],
      falls: [
        'The Breeze 40 comes in green and black.',
        'Cutting heights of 25, 40, 55 and 80 mm can be set.',
        'It comes in red.',
        'It comes with two batteries and a charger.',
        'The cutting width is 40 cm.',
      ],
    },
    {
      kind: 'option',
      of: 'oakham-shed',
      stands: [
        'The shed is made of pine.',
        'It has a felt roof.',
        'It is 183 cm wide, 122 cm deep and 198 cm high.',
      ],
      falls: [
        'The shed is made of oak.',
        'It has a metal roof.',
        'It is 122 cm wide.',
        'It is 198 cm deep.',
        'It is 183 cm high.',
        'It has two windows.',
      ],
    },
    {
      kind: 'letter',
      of: 'breeze-40',
      stands: ['The battery has 36 V and 4 Ah.'],
      falls: ['The battery has 4 V and 36 Ah.', 'The battery has 36 W.'],
    },
    {
      kind: 'addition',
      of: 'oakham-shed',
      stands: [
        'The door can be hung on the left or right side.',
        'It is delivered flat-packed and the floor is not included.',
      ],
      falls: [
        'It is delivered flat-packed, with assembly available for a fee.',
        'The shed is made of FSC-certified pine.',
        'The pine shed has a felt roof and double doors.',
        'It comes with a lockable door.',
        'The pressure-treated pine never needs painting.',
      ],
    },
    {
      kind: 'addition',
      of: 'Click and collect',
      stands: ['We hold your order for 5 days.'],
      falls: [
        'We hold your order for 5 days and send a reminder.',
        'Collection is free and includes loading into your car.',
        'Bring your order number, photo ID and the payment card.',
        'We hold your order for 5 days in a heated room.',
      ],
    },
    {
      kind: 'negation',
      of: 'Plant guarantee',
      stands: [
        'Seeds are not covered by the guarantee.',
        'Bedding plants are excluded from the guarantee.',
        'Plants kept indoors are not guaranteed.',
      ],
      falls: [
        'Seeds are covered by the guarantee.',
        'The guarantee applies if the plant was kept indoors.',
        'Hardy shrubs are excluded from the guarantee.',
        'Seasonal bedding plants are included.',
      ],
    },
    {
      kind: 'negation',
      of: 'Gift cards',
      stands: ['Gift cards cannot be exchanged for cash.', 'You cannot swap a gift card for cash.'],
      falls: [
        'Gift cards can be exchanged for cash.',
        'Gift cards never expire.',
        'Gift cards cannot be used online.',
        'Gift cards are not valid in store.',
      ],
    },
    {
      kind: 'negation',
      of: 'Visiting',
      stands: ['Dogs are not allowed in the café.', 'In winter we are closed on Sundays.'],
      falls: [
        'Dogs are allowed in the café.',
        'Dogs are not welcome.',
        'Parking is not free for the first three hours.',
      ],
    },
    {
      kind: 'quantifier',
      of: 'Visiting',
      stands: ['Parking is free for the first three hours.'],
      falls: [
        'Parking is always free.',
        'Parking is free.',
        'Dogs are welcome in all areas.',
        'Only dogs on a lead are allowed in the café.',
      ],
    },
    {
      kind: 'quantifier',
      of: 'Home delivery',
      stands: ['Pallets are only delivered on weekdays.'],
      falls: [
        'All deliveries take 3 to 5 days.',
        'Delivery is free.',
        'Large items are delivered on weekdays only.',
        'We deliver everywhere.',
      ],
    },
    {
      kind: 'condition',
      of: 'Plant guarantee',
      stands: [
        'If a hardy shrub dies within 12 months, we replace it once after you send a photo.',
        'Send us a photo if a plant dies within 12 months.',
      ],
      falls: [
        'We replace plants.',
        'If a plant dies within that time, we replace it without a photo.',
        'If you keep the receipt, we replace the plant once.',
        'We replace a plant as often as needed.',
      ],
    },
    {
      kind: 'condition',
      of: 'Lawn care',
      stands: ['Do not feed a lawn that is dry.', 'From April to September, mow once a week.'],
      falls: [
        'Never feed a lawn.',
        'Mow your lawn once a week all year round.',
        'Apply 35 g of feed per square metre every six weeks if the lawn is yellow.',
      ],
    },
    {
      kind: 'number',
      of: 'Gift cards',
      stands: ['Gift cards are available from £10 to £250.', 'They expire after two years.'],
      falls: [
        'Gift cards are available from £20 to £250.',
        'Gift cards are available from $10 to $250.',
        'They expire 12 months after purchase.',
        'They expire 24 weeks after purchase.',
      ],
    },
    {
      kind: 'number',
      of: 'breeze-40',
      stands: [
        'The mower weighs 15.5 kg and has a 40-litre grass box.',
        'It suits lawns of up to 300 m².',
        'The noise level is 88 dB.',
      ],
      falls: [
        'The mower weighs 15.5 lb.',
        'It suits lawns of up to 500 m².',
        'The noise level is 78 dB.',
        'The cutting width is 83 cm.',
        'It costs £297.99.',
        'The grass box holds 38 litres.',
      ],
    },
    {
      kind: 'time',
      of: 'Visiting',
      stands: [
        'In summer we are open Monday to Saturday from 8:00 to 18:00.',
        'On Sundays in summer the shop opens at 10:30.',
        'In December we close at 17:00 on Saturdays.',
      ],
      falls: [
        'In winter we are open Monday to Saturday from 8:00 to 18:00.',
        'On Sundays in summer the shop opens at 8:00.',
        'In winter we are open on Sundays from 10:30 to 16:30.',
        'In summer we close at 17:00.',
        'In summer we are closed on Sundays.',
      ],
    },
    {
      kind: 'time',
      of: 'Click and collect',
      stands: ['You can collect your order two hours after ordering.'],
      falls: [
        'You can collect your order two days later.',
        'We hold your order for 5 weeks.',
        'You can collect your order five hours later.',
      ],
    },
    {
      kind: 'name',
      of: 'Home delivery',
      stands: ['Deliveries to Northern Ireland take two more days.'],
      falls: [
        'Deliveries to Scotland take two extra days.',
        'Deliveries to the Channel Islands take two extra days.',
        'We cannot deliver to Northern Ireland.',
      ],
    },
    {
      kind: 'name',
      of: 'breeze-40',
      stands: ['The Breeze 40 is cordless.'],
      falls: [
        'The Breeze 50 weighs 15.5 kg.',
        'The Breeze 40 is made by Bosch.',
        'The Storm 40 weighs 15.5 kg.',
      ],
    },
    {
      kind: 'comparative',
      of: ['oakham-shed', 'breeze-40'],
      stands: [],
      falls: [
        'The Breeze 40 costs more than the Oakham shed.',
        'The Breeze 40 is our quietest mower.',
        'The Oakham is the largest shed we sell.',
      ],
    },
    {
      kind: 'comparative',
      of: 'breeze-40',
      stands: ['It is suitable for lawns of no more than 300 m².'],
      falls: [
        'It is suitable for lawns of more than 300 m².',
        'It weighs less than 15.5 kg.',
        'It is lighter than petrol mowers.',
      ],
    },
    {
      kind: 'entailment',
      of: 'oakham-shed',
      stands: [
        'The shed is in stock.',
        'It is 1.83 m wide.',
        'It has one window.',
        'It has a warranty of 15 years.',
      ],
      falls: [
        'The shed is out of stock.',
        'It is 18.3 m wide.',
        'It has no window.',
        'It has a warranty of 15 months.',
      ],
    },
    {
      kind: 'entailment',
      of: 'Gift cards',
      stands: ['The smallest gift card is £10.', 'Gift cards are valid for two years.'],
      falls: ['The smallest gift card is £250.', 'Gift cards are valid for one year.'],
    },
    {
      kind: 'paraphrase',
      of: 'Click and collect',
      stands: [
        'There is no charge for collection.',
        'You can pick up your order from the shop two hours after ordering online.',
        'Your order is kept for five days.',
        'Sheds and greenhouses are too large to be collected.',
      ],
      falls: [
        'There is a small charge for collection.',
        'Your order is kept for five weeks.',
        'Sheds can be picked up in store.',
      ],
    },
    {
      kind: 'paraphrase',
      of: 'Lawn care',
      stands: [
        'It is best to water in the early morning.',
        'Give 35 grams of feed per square metre every 6 weeks.',
      ],
      falls: ['It is best to water in the evening.', 'Give 53 grams of feed per square metre every 6 weeks.'],
    },
    {
      kind: 'translation',
      of: 'Planting table',
      stands: ['郁金香的种植深度为15厘米，间距10厘米。'],
      falls: ['郁金香的种植深度为25厘米。'],
    },
    {
      kind: 'translation',
      of: 'Gift cards',
      stands: ['礼品卡面额为10英镑至250英镑。', '礼品卡不能兑换现金。', '礼品卡购买后24个月到期。'],
      falls: [
        '礼品卡面额为10欧元至250欧元。',
        '礼品卡可以兑换现金。',
        '礼品卡购买后36个月到期。',
        '礼品卡永不到期。',
      ],
    },
    {
      kind: 'translation',
      of: 'breeze-40',
      stands: ['Breeze 40 重15.5公斤。', '噪音为88分贝。', '颜色有绿色和橙色。'],
      falls: ['Breeze 40 重18.5公斤。', '噪音为68分贝。', '颜色有绿色和黑色。', 'Breeze 40 防水。'],
    },
    {
      kind: 'heading',
      of: 'Gift cards',
      stands: ['Our gift cards expire 24 months after purchase.'],
      falls: [
        'Our guarantee expires 24 months after purchase.',
        'Our seeds expire 24 months after purchase.',
      ],
    },
    {
      kind: 'heading',
      of: 'Plant guarantee',
      stands: ['The plant guarantee for trees is 12 months.'],
      falls: [
        'The plant guarantee for seeds is 12 months.',
        'The delivery guarantee for trees is 12 months.',
      ],
    },
    {
      kind: 'joined',
      of: ['oakham-shed', 'breeze-40'],
      stands: [
        'The Oakham shed costs £429 and the Breeze 40 costs £279.99.',
        'The shed is made of pine, and the mower weighs 15.5 kg.',
      ],
      falls: [
        'The Oakham shed costs £279.99 and the Breeze 40 costs £429.',
        'The shed is made of pine, and the mower weighs 51.5 kg.',
      ],
    },
    {
      kind: 'joined',
      of: ['Gift cards', 'Click and collect'],
      stands: ['Gift cards can be used online, and collecting your order is free.'],
      falls: [
        'Gift cards can be used online, and collecting your order costs £5.',
        'Gift cards can be used online, and we hold your order for 14 days.',
      ],
    },
  ],
}
