import type { Asking } from './asking.ts'

export const askingZh: Asking = {
  cues: {
    // "可以用什么付款" asks what, not whether.
    whether: /吗[?？]?$|是否|有没有|能不能|能否|可以(?!.*(?:什么|哪|怎|如何|多少|几))/i,
    how: /怎么|怎样|如何|步骤/i,
    why: /为什么|原因/i,
    howMuch: /多少钱/i,
    comparison: /对比|比较|区别|相比|比/i,
    products: /哪些|哪款|哪个|哪种|哪台|有没有|有什么|推荐|想买|想要|找一|寻找|其他|其它|别的|最/iu,
    wish: /有没有|有什么|哪|推荐|想|适合|找/i,
    anything: /东西|商品|产品|礼物|礼品|什么/i,
    refersBack: /它|这款|这个|这台|这把|这盏|那款|那个|那台|该款|该产品|此款|这|那(?!么|些年)/iu,
    continues: /它|这个|那个|这款|那款|这些|那些|前者|后者|呢[？?]?\s*$/i,
    category: /类/i,
  },
  smallTalk: {
    greeting: /^(?:你好+|您好|嗨|哈喽|哈罗|在吗|在么|有人吗|早上好|下午好|晚上好|早)$/i,
    thanks: /^(?:谢谢(?:你|您|啦|了)?|多谢|感谢|好的|好|再见|拜拜)$/i,
    person: /人工|真人|转接?客服|找客服|联系客服/i,
  },
  answers: {
    price: /多少钱|费用|价格|收费|运费/i,
    duration: /多久|多长时间|几天|多少天|几个月|几年|期限/i,
    time: /什么时候|何时|几点|时间/i,
    count: /多少|几|多大|多重/i,
  },
  headings: { price: ['费用', '运费'], duration: ['时间', '期限'], time: ['时间'], count: [] },
  nextQuestion: /[,，]\s*(?=(?:多久|多少|怎么|什么|可以|能不能|有没有))/i,
}
