import type { ProductInput } from '#protocol/shop/catalogue'

function product(id: string, name: string, more: Partial<ProductInput>): ProductInput {
  const url = `https://shop.example/p/${id}`
  return {
    id,
    name,
    category: null,
    url,
    short_description: '',
    price: null,
    currency: null,
    specs: {},
    ...more,
  }
}

export const lamps: ProductInput[] = [
  product('L1', 'Luna Bulb', {
    category: 'Bulb',
    price: 9.9,
    currency: 'USD',
    short_description: 'A warm bulb for the living room. Comes in a box of two.',
    specs: {
      lumens: 806,
      colour_temperature_k: 2700,
      power_w: 8.5,
      height_cm: 11,
      dimmable: true,
      base: 'E27',
      colour: 'white',
    },
  }),
  product('L2', 'Sol Desk Lamp', {
    category: 'Desk lamp',
    price: 39.9,
    currency: 'USD',
    short_description: 'A bright lamp for working. The arm folds flat.',
    specs: {
      lumens: 1200,
      colour_temperature_k: 4000,
      power_w: 14,
      height_cm: 45,
      dimmable: false,
      base: 'E14',
      colour: 'red',
    },
  }),
  product('L3', 'Nova Floor Lamp', {
    category: 'Floor lamp',
    price: 129,
    currency: 'USD',
    short_description: 'Lights a whole room.',
    specs: {
      lumens: 2400,
      colour_temperature_k: 3000,
      power_w: 28,
      height_cm: 160,
      dimmable: true,
      base: 'GX53',
      colour: 'black',
    },
  }),
  product('L4', 'Candela Night Light', {
    category: 'Night light',
    price: 14.5,
    currency: 'USD',
    short_description: 'Runs on its battery through the night. Not for use in bathrooms.',
    specs: {
      lumens: 40,
      colour_temperature_k: 2200,
      power_w: 0.8,
      height_cm: 9,
      dimmable: false,
      base: null,
      battery_h: 12,
    },
  }),
  product('L5', 'Helios Pro', {
    category: 'Bulb',
    price: 24,
    currency: 'USD',
    specs: {
      lumens: 1521,
      colour_temperature_k: 4000,
      power_w: '13 W',
      height_cm: 13,
      dimmable: true,
      base: 'E27',
      colour: 'white',
    },
  }),
]

export const chairs: ProductInput[] = [
  product('C1', 'Oslo', {
    category: 'Office chair',
    price: 1999,
    currency: 'CNY',
    specs: {
      seat_height_cm: 45,
      max_load_kg: 120,
      weight_kg: 12,
      material: 'mesh',
      armrests: true,
      warranty_years: 3,
      colour: '黑色',
    },
  }),
  product('C2', 'Bergen', {
    category: 'Dining chair',
    price: 899,
    currency: 'CNY',
    specs: {
      seat_height_cm: 48,
      max_load_kg: 150,
      weight_kg: 7,
      material: 'oak wood',
      armrests: false,
      warranty_years: 2,
      colour: 'red',
    },
  }),
]

export const notebooks: ProductInput[] = [
  product('N1', 'Apfel Book 13', {
    category: 'Ultrabook',
    price: 1339.69,
    currency: 'EUR',
    specs: {
      brand: 'Apple',
      screen_inches: 13.3,
      ram_gb: 8,
      storage: '128GB SSD',
      gpu: 'Intel Iris 640',
      os: 'macOS',
      weight_kg: 1.37,
    },
  }),
  product('N2', 'Pavilion 15', {
    category: 'Notebook',
    price: 575,
    currency: 'EUR',
    specs: {
      brand: 'HP',
      screen_inches: 15.6,
      ram_gb: 16,
      storage: '256GB SSD + 1TB HDD',
      gpu: 'Nvidia GeForce MX150',
      os: 'No OS',
      weight_kg: 1.86,
    },
  }),
  product('N3', 'Legion Y520', {
    category: 'Gaming',
    price: 999,
    currency: 'EUR',
    specs: {
      brand: 'Lenovo',
      screen_inches: 15.6,
      ram_gb: 16,
      storage: '1TB HDD',
      gpu: 'Nvidia GeForce GTX 1050',
      os: 'Windows 10',
      weight_kg: '2.4 kg',
    },
  }),
  product('N4', 'Yoga Book', {
    category: '2 in 1 Convertible',
    price: 319,
    currency: 'EUR',
    specs: {
      brand: 'Lenovo',
      screen_inches: 10.1,
      ram_gb: 4,
      storage: '64GB Flash Storage',
      gpu: 'Intel HD Graphics 400',
      os: 'Linux',
      weight_kg: 0.69,
    },
  }),
]
