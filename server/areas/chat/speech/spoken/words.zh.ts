import type { SpokenWords } from './words.ts'

function unit(name: string) {
  return { one: name, many: name }
}

function currency(name: string, cents = '分') {
  return { one: name, many: name, cents }
}

export const spokenWordsZh: SpokenWords = {
  units: {
    mm: unit('毫米'),
    cm: unit('厘米'),
    m: unit('米'),
    km: unit('公里'),
    'm²': unit('平方米'),
    m2: unit('平方米'),
    'm³': unit('立方米'),
    'km/h': unit('公里每小时'),
    mg: unit('毫克'),
    g: unit('克'),
    kg: unit('公斤'),
    ml: unit('毫升'),
    l: unit('升'),
    L: unit('升'),
    W: unit('瓦'),
    kW: unit('千瓦'),
    Wh: unit('瓦时'),
    kWh: unit('千瓦时'),
    V: unit('伏'),
    A: unit('安'),
    mAh: unit('毫安时'),
    Ah: unit('安时'),
    Hz: unit('赫兹'),
    kHz: unit('千赫'),
    MHz: unit('兆赫'),
    GHz: unit('吉赫'),
    dB: unit('分贝'),
    lm: unit('流明'),
    K: unit('开'),
    '°C': unit('摄氏度'),
    '°F': unit('华氏度'),
    '°': unit('度'),
    MB: unit('兆字节'),
    GB: unit('吉字节'),
    TB: unit('太字节'),
    ms: unit('毫秒'),
    s: unit('秒'),
    min: unit('分钟'),
    h: unit('小时'),
  },
  currencies: {
    '€': currency('欧元'),
    eur: currency('欧元'),
    $: currency('美元'),
    usd: currency('美元'),
    '£': currency('英镑', '便士'),
    gbp: currency('英镑', '便士'),
    '¥': currency('元'),
    cny: currency('元'),
    rmb: currency('元'),
    jpy: currency('日元'),
    chf: currency('瑞士法郎'),
  },
  unitSpace: '',
  range: '到',
  times: '乘',
  and: '和',
  about: '约',
  code: '屏幕上有一段代码。',
  link: '链接',
  cellSeparator: '，',
  valueSeparator: '',
  sentenceEnd: '。',
  // 「49.90 欧元」照小数读，最自然。
  amount: (whole, cents, { one }) => `${whole}${cents === null ? '' : `.${cents}`}${one}`,
}
