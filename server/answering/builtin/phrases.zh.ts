import type { Phrases } from './phrases.ts'

export const phrasesZh: Phrases = {
  greeting: '您好！想了解我们的哪款商品或哪项服务？',
  thanks: '不客气。还有什么想了解的吗？',
  person: '您可以转人工：提出后，一有同事空闲就会接手这个对话。',
  goodbye: '再见，感谢您的光临！',
  robot: '我是本店的自动助手，不是真人，根据商品目录和店铺文档回答问题。如果想和真人沟通，直接告诉我就好。',
  wellbeing: '一切都好，谢谢关心。有什么可以帮您？',
  abilities:
    '我是本店的助手，可以帮您找商品、对比商品、说明目录中的信息，也可以回答配送、退货和付款方面的问题。您想了解什么？',
  acknowledged: '好的。如果还有想了解的，随时问我。',
  anger: '很抱歉没能帮到您。您可以转人工，由同事接手这个对话；也可以再说一次您的需要。',
  medical: '我不能提供医疗建议，请咨询医生或药师；紧急情况请拨打急救电话。',
  ownOrder: '我无法查询具体的订单；转人工后，同事可以帮您核实。',
  whatElse: '能再具体一点吗？比如您指的是哪款商品，或者想了解配送还是退货。',
  whichProduct: '您指的是哪款商品？请告诉我名称，或您的用途和预算。',
  nothing: '在商品目录和文档中没有找到相关内容。能换个说法吗？您也可以要求转人工。',
  nothingInFile: '在您的文件、商品目录和文档中都没有找到相关内容。能换个说法吗？您也可以要求转人工。',
  nearest: missing =>
    missing.length > 0
      ? `没有找到关于“${missing.join('”“')}”的说明，最接近的内容是：`
      : '不确定这是否回答了您的问题，最接近的内容是：',
  otherLanguage: '相关资料只有英文：',
  fitting: () => '符合要求的有：',
  best: (label, extreme) => `${label}最${extreme}的是：`,
  some: '我们的部分商品：',
  ofKind: '目录中没有更具体的说明。这类商品有：',
  catalogueSays: '我只能告诉您目录中的信息：',
  next: '其次是：',
  variants: (count, name) => `名为 ${name} 的商品有 ${count} 款：`,
  comparison: '对比如下：',
  foreignCurrency: (foreign, own) => `我们的价格以 ${own} 计，没有换算您给出的 ${foreign} 金额。`,
  unlisted: what => `商品目录中没有列出：${what}。`,
  unmentioned: (title, what) => `目录中没有提到 ${title} 的“${what.join('”“')}”，写明的是：`,
  yes: '是的。',
  no: '不是。',
  comma: '、',
  colon: '：',
  space: '',
  inline: label => label,
  fact: (title, label, value, mark) => `${title} 的${label}是 ${value} ${mark}。`,
  facts: (title, parts, mark) => `${title}：${parts.join('，')} ${mark}。`,
  valued: (label, value) => `${label} ${value}`,
  answered: (label, value) => `${label}${/\p{Script=Han}/u.test(label) ? '：' : ': '}${value}`,
  fullStop: '。',
  extreme(attribute, lowest) {
    const own = attribute?.[lowest ? 'low' : 'high'].find(word =>
      /^[轻重大小长短宽窄深浅厚薄快慢]$/.test(word),
    )
    return own ?? (lowest ? '低' : '高')
  },
}
