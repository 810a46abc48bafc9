const english =
  'a an the and or but if of at by for with about to from in on into onto is are was were be been being am have has had ' +
  'having do does did doing done can could should would will shall may might must i you he she it we they me him us them my ' +
  'your his her hers its our their this that these those what which who whom whose how when where why there here not no so ' +
  'than too very just as any some much many please tell give show get got take make want need know also then s t m re ve ll d'
const chinese =
  '的 了 是 在 和 与 或 吗 呢 吧 啊 什么 怎么 怎样 如何 哪 哪些 哪个 哪种 哪里 多少 几 谁 为 为什么 何 有 没有 被 把 对 于 以 其 中 上 下 里 也 都 就 还 ' +
  '很 这 那 这个 那个 这些 那些 这款 那款 它 他 她 它们 我 你 您 我们 你们 他们 请 请问 一下 可以 能 能够 会 要 想 给 个 种 告诉 到 从 等 之 而 且 用 么 呀 是否 能否 多久 多长 多大 多重 几天 何时 怎么样 哪儿 需要'

/**
 * Words that carry grammar rather than subject, as the stems `tokenize` gives. In a small or one-sided corpus (a price list
 * never says "how") they are rare and would pass for the most informative terms of a question.
 */
export const functionWords: ReadonlySet<string> = new Set(
  `${english} ${chinese} doe wa ha thi hi ani veri pleas onli`.split(' '),
)
