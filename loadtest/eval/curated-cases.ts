import type { Language } from '#protocol'

/** One thing that customers ask, in several words. */
export interface CuratedCase {
  /** As an owner would write them down. */
  phrasings: readonly string[]
  /** As others ask the same. */
  paraphrases: readonly string[]
  /** Near it, and another question. */
  others: readonly string[]
}

/** The measure was made on the first `tunedCount` of each language; those behind were looked at before its last choices: none is unseen. */
export const tunedCount = 8

const en: readonly CuratedCase[] = [
  {
    phrasings: [
      'Do you offer a student discount?',
      'Is there a discount for students?',
      'Do students get a lower price?',
    ],
    paraphrases: [
      'student discount?',
      'hi, do you have any discounts for students',
      'Is it cheaper for students?',
      "I'm a student, is there a reduced price for me?",
      'do u give student discount',
      'Can students get money off?',
    ],
    others: [
      'Do you have a discount for teachers?',
      'Which laptop is good for students?',
      'Is there a discount on sofas?',
    ],
  },
  {
    phrasings: [
      'Can I change the delivery address after ordering?',
      'How do I change my shipping address?',
      'I entered the wrong address, can you correct it?',
    ],
    paraphrases: [
      'Can I still change the address of my order?',
      'i typed the wrong delivery address',
      'How can I update the shipping address on my order?',
      'Is it possible to change the delivery address?',
      'wrong address in my order what now',
      'Please change my delivery address',
    ],
    others: ['What is your address?', 'Can I change my e-mail address?', 'Can I change the delivery date?'],
  },
  {
    phrasings: [
      'Do you deliver to the islands?',
      'Do you ship to islands?',
      'Is delivery to an island possible?',
    ],
    paraphrases: [
      'can you deliver to an island?',
      'We live on an island, do you ship there?',
      'is shipping to islands possible',
      'Do you send parcels to the islands?',
      'Would you deliver to an island too?',
      'delivery to islands?',
    ],
    others: ['Do you deliver to Norway?', 'How much is delivery?', 'Do you deliver on Saturdays?'],
  },
  {
    phrasings: [
      'Can I split the payment over two cards?',
      'Can I pay with two cards?',
      'Is it possible to use two credit cards?',
    ],
    paraphrases: [
      'can I pay half with one card and half with another card',
      'Is it possible to split the payment between two credit cards?',
      'two cards for one payment?',
      'Can I use 2 cards to pay?',
      'I want to split my payment on two cards',
      'Do you allow paying with two credit cards?',
    ],
    others: ['Can I pay by credit card?', 'Do you accept gift cards?', 'Can I pay in instalments?'],
  },
  {
    phrasings: ['Do you engrave?', 'Can you engrave a name?', 'Is engraving possible?'],
    paraphrases: [
      'can i get something engraved',
      'Do you do engraving?',
      'I would like a name engraved on it, is that possible?',
      'is it possible to have it engraved?',
      'Could you engrave my initials?',
      'engraving available?',
    ],
    others: ['Do you gift wrap?', 'What is the name of the blue lamp?', 'Can I get it in another colour?'],
  },
  {
    phrasings: [
      'Which courier do you use?',
      'Who delivers the parcels?',
      'Which shipping company do you use?',
    ],
    paraphrases: [
      'what courier do you ship with?',
      'Which company delivers my parcel?',
      'who delivers your parcels',
      'What delivery company do you work with?',
      'Which carrier do you use for shipping?',
      'courier used?',
    ],
    others: ['How long does delivery take?', 'Where is my parcel?', 'Which company made this lamp?'],
  },
  {
    phrasings: ['Are you hiring?', 'Do you have any jobs?', 'Can I work for you?'],
    paraphrases: [
      'do you have job openings?',
      'any jobs at your company',
      'I would like to work for you',
      'Are you hiring at the moment?',
      'where can I apply for a job',
      'Do you have vacancies?',
    ],
    others: ['What are your working hours?', 'Does this lamp work with batteries?', 'Can I hire a sofa?'],
  },
  {
    phrasings: [
      'Is the packaging recyclable?',
      'Is your packaging plastic free?',
      'What is the packaging made of?',
    ],
    paraphrases: [
      'can the packaging be recycled?',
      'do you use plastic in your packaging',
      'Is the box recyclable?',
      'What material is the packaging?',
      'plastic free packaging?',
      'Are your packages recyclable?',
    ],
    others: [
      'Can I return it without the packaging?',
      'What is the chair made of?',
      'Do you take back old furniture?',
    ],
  },
  {
    phrasings: [
      'Can I order by phone?',
      'Do you take telephone orders?',
      'Can I place an order over the phone?',
    ],
    paraphrases: [
      'is it possible to order by telephone?',
      'I want to order on the phone',
      'do you accept orders over the phone',
      'Can I call to place an order?',
      'phone orders?',
      'How do I order by phone?',
    ],
    others: ['What is your phone number?', 'Do you sell phones?', 'Can I cancel my order by phone?'],
  },
  {
    phrasings: [
      'Do you buy back used furniture?',
      'Can I sell you my old sofa?',
      'Do you buy second hand furniture?',
    ],
    paraphrases: [
      'would you buy my used furniture?',
      'Do you purchase second-hand furniture',
      'I want to sell my old furniture to you',
      'can I sell you my used sofa',
      'do you buy old furniture back',
      'Do you buy used sofas?',
    ],
    others: ['Do you sell used furniture?', 'Do you sell sofas?', 'How do I clean a sofa?'],
  },
  {
    phrasings: [
      'Can I choose a delivery slot?',
      'Can I pick the time of delivery?',
      'Can I choose when you deliver?',
    ],
    paraphrases: [
      'is it possible to pick a delivery slot?',
      'Can I choose a time slot for my delivery?',
      'can i select the delivery time',
      'I would like to choose the time of delivery',
      'Do you offer delivery slots?',
      'Can I choose the delivery time myself?',
    ],
    others: ['How long is the delivery time?', 'Do you deliver on Sundays?', 'Can I choose the colour?'],
  },
  {
    phrasings: [
      'Do you have a loyalty programme?',
      'Can I collect points?',
      'Are there rewards for regular customers?',
    ],
    paraphrases: [
      'is there a loyalty program?',
      'do I get points for my orders',
      'How do I collect loyalty points?',
      'Do you reward regular customers?',
      'any loyalty scheme?',
      'Do you have a points programme?',
    ],
    others: ['Can I collect my order?', 'Do you have a newsletter?', 'How do I become a business customer?'],
  },
]

const zh: readonly CuratedCase[] = [
  {
    phrasings: ['学生有优惠吗？', '有学生折扣吗？', '学生买可以便宜吗？'],
    paraphrases: [
      '学生能打折吗',
      '请问学生有折扣吗？',
      '我是学生，有没有优惠',
      '学生价有吗',
      '学生购买有什么优惠？',
      '大学生可以打折吗',
    ],
    others: ['老师有优惠吗？', '适合学生的电脑有哪些？', '现在有什么优惠？'],
  },
  {
    phrasings: ['下单后可以改地址吗？', '收货地址填错了怎么办？', '怎么修改收货地址？'],
    paraphrases: [
      '地址写错了能改吗',
      '我想改一下收货地址',
      '订单的收货地址可以修改吗？',
      '下完单还能改地址吗',
      '收货地址填错了',
      '如何更改收货地址？',
    ],
    others: ['你们的地址在哪里？', '可以改送货时间吗？', '下单后可以取消吗？'],
  },
  {
    phrasings: ['能送到海岛吗？', '岛上可以配送吗？', '海岛发货吗？'],
    paraphrases: [
      '我住在岛上，能送货吗？',
      '海岛能配送吗',
      '可以寄到海岛吗',
      '请问岛上送不送货？',
      '快递能送到岛上吗',
      '海岛可以发货吗？',
    ],
    others: ['能送到香港吗？', '运费多少？', '周末送货吗？'],
  },
  {
    phrasings: ['可以用两张卡付款吗？', '能分两张信用卡支付吗？', '一笔订单可以刷两张卡吗？'],
    paraphrases: [
      '两张卡一起付行吗',
      '我想用两张银行卡付款',
      '付款能不能分两张卡？',
      '可以用2张卡支付吗',
      '能刷两张信用卡吗？',
      '一单可以用两张卡付吗',
    ],
    others: ['可以刷信用卡吗？', '可以分期付款吗？', '有礼品卡吗？'],
  },
  {
    phrasings: ['可以刻字吗？', '能刻名字吗？', '提供刻字服务吗？'],
    paraphrases: [
      '请问能刻字吗',
      '我想在上面刻名字',
      '有刻字服务吗？',
      '可以帮我刻上名字吗',
      '支持刻字吗',
      '能不能刻字',
    ],
    others: ['有礼品包装吗？', '可以换颜色吗？', '这款灯叫什么名字？'],
  },
  {
    phrasings: ['你们用什么快递？', '发哪家快递？', '是哪个快递公司送货？'],
    paraphrases: [
      '请问发什么快递',
      '走哪家快递公司',
      '你们是用哪个快递发货的？',
      '快递是哪家',
      '用的哪家物流',
      '默认发什么快递？',
    ],
    others: ['快递几天到？', '我的快递到哪了？', '快递费多少？'],
  },
  {
    phrasings: ['你们招人吗？', '有什么职位？', '怎么应聘？'],
    paraphrases: [
      '你们公司招聘吗',
      '现在还招人吗？',
      '我想应聘',
      '有招聘的职位吗',
      '想去你们公司上班，怎么应聘',
      '招不招人',
    ],
    others: ['几点上班？', '公司采购有优惠吗？', '你们是什么公司？'],
  },
  {
    phrasings: ['包装可以回收吗？', '包装环保吗？', '包装是什么材料的？'],
    paraphrases: [
      '你们的包装能回收吗',
      '包装材料环保吗？',
      '包装用的什么材料',
      '外包装可以回收吗？',
      '包装是不是环保的',
      '包装盒能回收利用吗',
    ],
    others: ['没有包装能退货吗？', '椅子是什么材料的？', '包装费多少？'],
  },
  {
    phrasings: ['可以电话下单吗？', '能打电话订购吗？', '电话订货可以吗？'],
    paraphrases: [
      '请问能电话下单吗',
      '我想打电话下单',
      '打电话可以订吗',
      '电话能下单吗？',
      '支持电话订购吗',
      '可以通过电话订货吗？',
    ],
    others: ['你们电话多少？', '卖电话吗？', '怎么取消订单？'],
  },
  {
    phrasings: ['你们收旧家具吗？', '二手家具回收吗？', '旧沙发可以卖给你们吗？'],
    paraphrases: [
      '旧家具你们收不收',
      '可以回收二手家具吗？',
      '我想把旧沙发卖给你们',
      '收二手家具吗',
      '你们回收旧家具吗？',
      '旧的家具能卖给你们吗',
    ],
    others: ['卖二手家具吗？', '有沙发卖吗？', '沙发怎么清洁？'],
  },
  {
    phrasings: ['可以选择送货时间段吗？', '能指定送货时间吗？', '可以约时间送货吗？'],
    paraphrases: [
      '送货时间能自己选吗',
      '我想指定时间送货',
      '可以预约送货时间吗？',
      '能不能约个时间送货',
      '送货可以选时间段吗',
      '可以指定送货的时间吗',
    ],
    others: ['送货要多长时间？', '周日送货吗？', '可以选颜色吗？'],
  },
  {
    phrasings: ['有会员积分吗？', '购物可以积分吗？', '老顾客有奖励吗？'],
    paraphrases: [
      '你们有积分吗',
      '会员有积分吗？',
      '买东西能积分吗',
      '请问购物有积分吗',
      '老顾客有什么奖励？',
      '有没有会员积分',
    ],
    others: ['怎么注册账号？', '会员日是哪天？', '老顾客的订单在哪里查？'],
  },
]

export const curatedCases: Readonly<Record<Language, readonly CuratedCase[]>> = { en, zh }
