import type { SpokenWords } from './words.ts'

function unit(one: string, many = `${one}s`) {
  return { one, many }
}

function currency(one: string, many = `${one}s`, cents = 'cents') {
  return { one, many, cents }
}

const isOne = (number: string) => /^1([.,]0+)?$/.test(number)

export const spokenWordsEn: SpokenWords = {
  units: {
    mm: unit('millimetre'),
    cm: unit('centimetre'),
    m: unit('metre'),
    km: unit('kilometre'),
    'm²': unit('square metre'),
    m2: unit('square metre'),
    'm³': unit('cubic metre'),
    'km/h': unit('kilometre an hour', 'kilometres an hour'),
    mg: unit('milligram'),
    g: unit('gram'),
    kg: unit('kilogram'),
    ml: unit('millilitre'),
    l: unit('litre'),
    L: unit('litre'),
    W: unit('watt'),
    kW: unit('kilowatt'),
    Wh: unit('watt hour'),
    kWh: unit('kilowatt hour'),
    V: unit('volt'),
    A: unit('amp'),
    mAh: unit('milliamp hour'),
    Ah: unit('amp hour'),
    Hz: unit('hertz', 'hertz'),
    kHz: unit('kilohertz', 'kilohertz'),
    MHz: unit('megahertz', 'megahertz'),
    GHz: unit('gigahertz', 'gigahertz'),
    dB: unit('decibel'),
    lm: unit('lumen'),
    K: unit('kelvin', 'kelvin'),
    '°C': unit('degree Celsius', 'degrees Celsius'),
    '°F': unit('degree Fahrenheit', 'degrees Fahrenheit'),
    '°': unit('degree'),
    '%': unit('percent', 'percent'),
    MB: unit('megabyte'),
    GB: unit('gigabyte'),
    TB: unit('terabyte'),
    ms: unit('millisecond'),
    s: unit('second'),
    min: unit('minute'),
    h: unit('hour'),
  },
  currencies: {
    '€': currency('euro'),
    eur: currency('euro'),
    $: currency('dollar'),
    usd: currency('US dollar'),
    '£': currency('pound', 'pounds', 'pence'),
    gbp: currency('pound', 'pounds', 'pence'),
    '¥': currency('yuan', 'yuan', 'fen'),
    cny: currency('yuan', 'yuan', 'fen'),
    rmb: currency('yuan', 'yuan', 'fen'),
    jpy: currency('yen', 'yen', 'sen'),
    chf: currency('Swiss franc', 'Swiss francs', 'centimes'),
  },
  unitSpace: ' ',
  range: ' to ',
  times: ' by ',
  and: ' and ',
  about: 'about ',
  code: 'There is code on the screen.',
  link: 'a link',
  cellSeparator: ', ',
  valueSeparator: ' ',
  sentenceEnd: '.',
  amount(whole, cents, { one, many, cents: minor }) {
    const major = `${whole} ${isOne(whole) ? one : many}`
    return cents === null ? major : `${major} and ${Number(cents)} ${minor}`
  },
}
