import type { CitedShop } from './shop.ts'

export const bicycles: CitedShop = {
  name: 'bicycles',
  language: 'en',
  hand: 'first',
  documents: [
    `# Shop guide

## Opening hours

- Monday: closed
- Tuesday to Friday: 9:30 am - 6:30 pm
- Saturday: 10 am - 4 pm
- Sunday: closed

The workshop takes its lunch break from 1 pm to 2 pm.

## Returns

Bikes can be returned within 14 days of delivery if they have not been ridden outdoors. Accessories can be returned within 60 days in their original packaging. Helmets cannot be returned once the hygiene seal is broken. Return shipping is paid by the customer unless the item arrived damaged. Refunds reach your account 5 to 7 business days after we receive the parcel.

## Delivery

Parcels are delivered by DHL within 2-4 working days. Delivery within Germany is free for orders over €75; below that it costs €4.95. Bikes are delivered fully assembled by our partner Velotrans, which costs €39. We do not ship to islands. Orders placed before noon leave our warehouse the same day.

## Servicing

| Service | Price | Duration | Parts included |
|---|---|---|---|
| Basic check | €45 | 1 hour | no |
| Full service | €119 | 3 hours | no |
| Gear tuning | €25 | 30 minutes | no |
| E-bike diagnosis | €69 | 90 minutes | yes |

Every new bike includes one free check after 300 km or three months.

## Guarantee

Frames are guaranteed for 5 years. E-bike batteries are guaranteed for 2 years or 700 charging cycles. Wear parts such as chains and brake pads are not covered.

## Frame sizes

| Frame | Rider height | Inseam |
|---|---|---|
| S | 155-165 cm | 71-76 cm |
| M | 165-175 cm | 76-81 cm |
| L | 175-185 cm | 81-86 cm |
| XL | 185-198 cm | 86-93 cm |

## Rental

City bikes can be rented from 18 a day, cargo bikes from 42 a day. A deposit of €100 is required. Children under 14 may only ride with an adult. Helmets are included free of charge.
`,
  ],
  products: [
    {
      id: 'kestrel-3',
      name: 'Kestrel 3 Gravel Bike',
      category: 'Gravel bikes',
      price: 1899,
      currency: 'EUR',
      short_description:
        'Carbon fork, hydraulic disc brakes and room for tyres up to 45 mm. It has no mounts for mudguards.',
      specs: {
        frame: 'aluminium',
        weight_kg: 10.4,
        gears: '2 x 11',
        sizes: 'S, M, L',
        colour: 'Sand, Forest Green',
        stock: 6,
        folding: false,
      },
    },
    {
      id: 'lumo-60',
      name: 'Lumo 60 Front Light',
      category: 'Lights',
      price: 49.9,
      currency: 'EUR',
      short_description: 'Front light with a brightness sensor. Charged by USB-C in 2.5 hours.',
      specs: { lumens: 320, runtime_h: 8, weight_g: 92, waterproof: 'IPX6', rechargeable: true, stock: 0 },
    },
  ],
  sentences: [
    {
      kind: 'table',
      of: 'Servicing',
      stands: [
        'A full service costs €119 and takes 3 hours.',
        'Gear tuning takes half an hour.',
        'The basic check is €45.',
        'For the e-bike diagnosis, parts are included.',
        'The basic check does not include parts.',
      ],
      falls: [
        'A full service costs €45.',
        'Gear tuning costs €69.',
        'The basic check takes 3 hours.',
        'The e-bike diagnosis costs €90.',
        'A full service takes 90 minutes and costs €119.',
        'The full service includes parts.',
        'Gear tuning costs €30.',
      ],
    },
    {
      kind: 'letter',
      of: 'Frame sizes',
      stands: [
        'Frame size M suits riders from 165 to 175 cm.',
        'For an inseam of 81-86 cm you need frame L.',
        'If you are between 155 and 165 cm tall, take frame S.',
        'XL fits riders of 185-198 cm.',
      ],
      falls: [
        'Frame size S suits riders from 165 to 175 cm.',
        'For an inseam of 81-86 cm you need frame M.',
        'If you are between 155 and 165 cm tall, take frame L.',
        'L fits riders of 185-198 cm.',
        'Frame M fits riders with an inseam of 165-175 cm.',
        'Frame XXL fits riders of 185-198 cm.',
      ],
    },
    {
      kind: 'letter',
      of: 'kestrel-3',
      stands: ['The Kestrel 3 comes in sizes S, M and L.', 'It is available in size M.'],
      falls: [
        'The Kestrel 3 comes in sizes S, M, L and XL.',
        'It is available in size XL.',
        'It comes in XS.',
      ],
    },
    {
      kind: 'option',
      of: 'kestrel-3',
      stands: [
        'The Kestrel 3 is available in Sand and Forest Green.',
        'The frame is made of aluminium.',
        'It has a carbon fork and hydraulic disc brakes.',
        'It does not fold.',
        'The colours are Sand and Forest Green.',
      ],
      falls: [
        'The Kestrel 3 is available in Sand and Midnight Blue.',
        'The frame is made of carbon.',
        'The fork is made of aluminium.',
        'It folds.',
        'It comes in black.',
        'It has a carbon frame and hydraulic disc brakes.',
      ],
    },
    {
      kind: 'option',
      of: 'lumo-60',
      stands: ['It is charged by USB-C.', 'The Lumo 60 is rechargeable.', 'It is waterproof to IPX6.'],
      falls: ['It is charged by Micro-USB.', 'The Lumo 60 is not rechargeable.', 'It is waterproof to IPX7.'],
    },
    {
      kind: 'addition',
      of: 'Delivery',
      stands: [
        'Parcels are delivered by DHL within 2-4 working days.',
        'Bikes arrive fully assembled and are delivered by Velotrans.',
      ],
      falls: [
        'Parcels are delivered by DHL within 2-4 working days, and you can track them by text message.',
        'Bikes are delivered fully assembled by Velotrans, who also take your old bike away.',
        'Parcels are insured and delivered by DHL within 2-4 working days.',
        'Bikes are delivered fully assembled by Velotrans at a time of your choice.',
      ],
    },
    {
      kind: 'addition',
      of: 'kestrel-3',
      stands: ['It weighs 10.4 kg and costs €1,899.'],
      falls: [
        'It weighs 10.4 kg, which makes it the lightest in its class.',
        'It costs €1,899 and includes a set of lights.',
        'It has hydraulic disc brakes by Shimano.',
        'The aluminium frame is hand-built in Italy.',
        'It weighs 10.4 kg including pedals.',
      ],
    },
    {
      kind: 'negation',
      of: 'Returns',
      stands: [
        "Helmets can't be returned once the hygiene seal is broken.",
        'Once the hygiene seal of a helmet is broken, it cannot be sent back.',
      ],
      falls: [
        'Helmets can be returned once the hygiene seal is broken.',
        'Helmets can be sent back even if the hygiene seal is broken.',
        'Accessories cannot be returned within 60 days in their original packaging.',
        'Return shipping is not paid by the customer unless the item arrived damaged.',
      ],
    },
    {
      kind: 'negation',
      of: 'Delivery',
      stands: ['We do not ship to islands.', 'Unfortunately, shipping to islands is not possible.'],
      falls: ['We ship to islands.', 'Yes, we also ship to islands.', 'Bikes are not delivered assembled.'],
    },
    {
      kind: 'negation',
      of: 'Guarantee',
      stands: [
        'Chains and brake pads are not covered by the guarantee.',
        'The guarantee does not cover wear parts.',
      ],
      falls: ['Chains and brake pads are covered by the guarantee.', 'Wear parts are covered for 5 years.'],
    },
    {
      kind: 'negation',
      of: 'kestrel-3',
      stands: ['There are no mounts for mudguards.', 'The Kestrel 3 has no mudguard mounts.'],
      falls: ['It has mounts for mudguards.', 'The Kestrel 3 has no disc brakes.'],
    },
    {
      kind: 'quantifier',
      of: 'Delivery',
      stands: ['Delivery within Germany is free for orders over €75.'],
      falls: [
        'Delivery within Germany is always free.',
        'All orders are delivered free within Germany.',
        'Every parcel is delivered within 2 working days.',
        'We only deliver to Germany.',
        'Bikes are delivered free of charge.',
      ],
    },
    {
      kind: 'quantifier',
      of: 'Rental',
      stands: ['Helmets are free of charge.', 'A helmet is included at no extra cost.'],
      falls: [
        'Rental is free of charge.',
        'Only helmets require a deposit.',
        'All accessories are included free of charge.',
      ],
    },
    {
      kind: 'condition',
      of: 'Returns',
      stands: [
        'You can return a bike within 14 days of delivery as long as it has not been ridden outdoors.',
        'If the item arrived damaged, the customer does not pay for return shipping.',
        'Accessories can be sent back within 60 days if they are in their original packaging.',
      ],
      falls: [
        'You can return a bike within 14 days of delivery.',
        'Return shipping is paid by the customer if the item arrived damaged.',
        'Helmets cannot be returned.',
        'Bikes can be returned within 14 days of delivery if you have the receipt.',
        'Accessories can be returned within 60 days if they are unused.',
      ],
    },
    {
      kind: 'condition',
      of: 'Delivery',
      stands: [
        'For orders over €75 there is no delivery charge within Germany.',
        'Orders placed before noon ship the same day.',
      ],
      falls: [
        'Delivery within Germany is free.',
        'Delivery within Germany is free for orders under €75.',
        'Orders leave our warehouse the same day.',
        'Orders placed before noon leave our warehouse the same day if paid by card.',
      ],
    },
    {
      kind: 'number',
      of: 'Rental',
      stands: ['A deposit of €100 is required.', 'You can rent a cargo bike from 42 a day.'],
      falls: [
        'A deposit of €150 is required.',
        'You can rent a cargo bike from 18 a day.',
        'City bikes can be rented from 42 a day.',
        'A deposit of $100 is required.',
        'You can rent a cargo bike from 42 a week.',
        'Children under 16 may only ride with an adult.',
      ],
    },
    {
      kind: 'number',
      of: 'lumo-60',
      stands: [
        'The Lumo 60 has 320 lumens and runs for 8 hours.',
        'It weighs 92 g.',
        'It charges in two and a half hours.',
      ],
      falls: [
        'The Lumo 60 has 230 lumens.',
        'It runs for 80 hours.',
        'It weighs 92 kg.',
        'It costs €49.',
        'It runs for 2.5 hours.',
        'It charges in 8 hours.',
      ],
    },
    {
      kind: 'time',
      of: 'Opening hours',
      stands: [
        'On Saturday we are open from 10 am to 4 pm.',
        'We are closed on Sundays.',
        'On Wednesday the shop opens at 9:30 am and closes at 6:30 pm.',
        'The shop is closed on Mondays.',
        'The workshop has its lunch break between 1 and 2 pm.',
      ],
      falls: [
        'On Saturday we are open from 9:30 am to 4 pm.',
        'On Saturday we are open until 6:30 pm.',
        'We are open on Sundays.',
        'On Monday the shop opens at 9:30 am.',
        'We are closed on Saturdays.',
        'On Thursday we are open from 10 am to 4 pm.',
        'The shop takes its lunch break from 12 to 1 pm.',
      ],
    },
    {
      kind: 'time',
      of: 'Guarantee',
      stands: ['Frames have a five-year guarantee.'],
      falls: [
        'Frames are guaranteed for 2 years.',
        'E-bike batteries are guaranteed for 5 years.',
        'Frames are guaranteed for 5 months.',
      ],
    },
    {
      kind: 'name',
      of: 'Delivery',
      stands: ['DHL delivers parcels.', 'Our partner Velotrans delivers bikes.'],
      falls: [
        'UPS delivers parcels within 2-4 working days.',
        'Parcels are delivered by Velotrans.',
        'Bikes are delivered by DHL.',
        'Delivery within Austria is free for orders over €75.',
      ],
    },
    {
      kind: 'name',
      of: 'kestrel-3',
      stands: ['The Kestrel 3 is a gravel bike.'],
      falls: [
        'The Kestrel 5 weighs 10.4 kg.',
        'The Falcon 3 weighs 10.4 kg.',
        'The Kestrel 3 is a mountain bike.',
      ],
    },
    {
      kind: 'comparative',
      of: ['kestrel-3', 'lumo-60'],
      stands: [],
      falls: [
        'The Lumo 60 is heavier than the Kestrel 3.',
        'The Kestrel 3 is our cheapest bike.',
        'The Kestrel 3 is faster than other gravel bikes.',
      ],
    },
    {
      kind: 'comparative',
      of: 'kestrel-3',
      stands: ['There is room for tyres of up to 45 mm.'],
      falls: [
        'There is room for tyres of at least 45 mm.',
        'It is lighter than 10 kg.',
        'It weighs more than 10.4 kg.',
      ],
    },
    {
      kind: 'entailment',
      of: 'kestrel-3',
      stands: [
        'The Kestrel 3 is in stock.',
        'It weighs 10,400 g.',
        'It comes in green.',
        'It is currently available.',
      ],
      falls: ['The Kestrel 3 is out of stock.', 'It weighs 104,000 g.', 'It is sold out.'],
    },
    {
      kind: 'entailment',
      of: 'lumo-60',
      stands: [
        'The Lumo 60 is out of stock.',
        'It is not in stock at the moment.',
        'It costs less than €50.',
      ],
      falls: ['The Lumo 60 is in stock.', 'It costs less than €40.'],
    },
    {
      kind: 'entailment',
      of: 'Guarantee',
      stands: [
        'The guarantee on frames is 60 months.',
        'E-bike batteries are guaranteed for 24 months or 700 charging cycles.',
      ],
      falls: ['The guarantee on frames is 50 months.'],
    },
    {
      kind: 'paraphrase',
      of: 'Returns',
      stands: [
        'You will get your money back 5 to 7 working days after the parcel has reached us.',
        'You may send accessories back within 60 days in their original packaging.',
        'The customer has to pay for return shipping unless the product arrived damaged.',
      ],
      falls: ['You will get a voucher 5 to 7 working days after the parcel has reached us.'],
    },
    {
      kind: 'paraphrase',
      of: 'Rental',
      stands: [
        'Yes, helmets are included for free.',
        'Kids younger than 14 have to be accompanied by an adult.',
        'Please note that we require a €100 deposit.',
        'Renting a city bike starts at 18 per day.',
      ],
      falls: ['Kids younger than 14 are not allowed to ride.', 'No deposit is required.'],
    },
    {
      kind: 'translation',
      of: 'Servicing',
      stands: ['全面保养价格为119欧元，需要3小时。', '基础检查45欧元。'],
      falls: ['全面保养价格为199欧元。', '基础检查需要3小时，价格119欧元。', '全面保养价格为119美元。'],
    },
    {
      kind: 'translation',
      of: 'Delivery',
      stands: ['包裹由 DHL 在2-4个工作日内送达。', '我们不向岛屿发货。', '德国境内订单满75欧元免运费。'],
      falls: [
        '包裹由 UPS 在2-4个工作日内送达。',
        '我们可以向岛屿发货。',
        '包裹由 DHL 在2-4周内送达。',
        '德国境内全部免运费。',
      ],
    },
    {
      kind: 'translation',
      of: 'kestrel-3',
      stands: ['Kestrel 3 重10.4公斤，售价1899欧元。', '车架材质为铝。'],
      falls: ['Kestrel 3 重14.4公斤。', '车架材质为钢。', 'Kestrel 3 没有碟刹。'],
    },
    {
      kind: 'heading',
      of: 'Guarantee',
      stands: [
        'The guarantee on frames is 5 years.',
        'The guarantee for e-bike batteries is 2 years or 700 charging cycles.',
      ],
      falls: ['The guarantee on helmets is 5 years.', 'The rental of frames is 5 years.'],
    },
    {
      kind: 'heading',
      of: 'Rental',
      stands: ['The rental deposit is €100.'],
      falls: ['The rental deposit is €42.', 'The repair deposit is €100.'],
    },
    {
      kind: 'joined',
      of: ['kestrel-3', 'lumo-60'],
      stands: [
        'The Kestrel 3 costs €1,899 and the Lumo 60 costs €49.90.',
        'The Lumo 60 weighs 92 g, while the Kestrel 3 weighs 10.4 kg.',
      ],
      falls: [
        'The Kestrel 3 costs €49.90 and the Lumo 60 costs €1,899.',
        'The Lumo 60 weighs 10.4 kg, while the Kestrel 3 weighs 92 g.',
      ],
    },
    {
      kind: 'joined',
      of: ['Delivery', 'Guarantee'],
      stands: ['Delivering a bike costs €39, and the frame is guaranteed for 5 years.'],
      falls: [
        'Delivering a bike costs €49, and the frame is guaranteed for 5 years.',
        'Delivering a bike costs €39, and the frame is guaranteed for life.',
      ],
    },
  ],
}
